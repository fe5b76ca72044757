"""Plain text to an article: paragraphs are lines or blank-line blocks, headings are told by their shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.charset import Decoded
from ingest.extract.common import article_of, squeeze
from ingest.lang.words import STOPS
from ingest.model import Article, Block, Page, Precision, Role
from ingest.text import script_of
from ingest.value import note_repair, well_formed

PLAIN_READER = "newsmill-plain 1"

# A heading: one short line that does not end as a sentence does. Of the titles of 268 news pages the longest has 136
# characters.
_HEADING_MAX = 150
_SENTENCE_END = re.compile(rf"""(?![?？؟])[,;{STOPS}"”»)\]]$""")
_QUESTION = re.compile(r"""[?？؟]["'”»)\]]*$""")
_TWO_SENTENCES = re.compile(rf"\w{{3}}[{STOPS}]\s")
_LIST_ITEM = re.compile(r"^(?:[-*•–]|\d{1,2}[.)])\s+")
# Speech, as Swedish, French and others print it: a dash, and a sentence. Lists of sentences have hyphens.
_SPEECH = re.compile(r"^–\s+[^\W\d_a-zà-öø-ÿ].{10,}[.!?…]$")
# Hard-wrapped text: lines broken by an editor at 60 to 90 columns, in mid-sentence.
_WRAP_MIN, _WRAP_MAX = 50, 95


def read_plain(page: Page, decoded: Decoded) -> Article | None:
    """The article in a plain text, or ``None`` where it holds no letters."""
    text = well_formed(decoded.text)
    if text.splitlines() != decoded.text.splitlines():  # line ends may be of any kind
        note_repair("page")
    paragraphs = split_paragraphs(text)
    if not any(character.isalpha() for paragraph in paragraphs for character in paragraph):
        return None
    title = find_title(paragraphs)
    blocks = tuple(_block(paragraph, is_title=paragraph == title) for paragraph in paragraphs)
    seed = page.seed  # what a text does not say, the feed may have said
    article = article_of(page, decoded, blocks, title=title or seed.title, reader=PLAIN_READER)
    precision = Precision.INSTANT if seed.published_at is not None else None
    return replace(article, published_at=seed.published_at, published_precision=precision)


def split_paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a plain text.

    Each line is one, except inside a blank-line block that was hard-wrapped: its lines are joined again.
    """
    lines = [squeeze(line) for line in text.lstrip("\ufeff").splitlines()]
    paragraphs: list[str] = []
    for blank, group in groupby(lines, key=lambda line: line == ""):
        if not blank:
            block = list(group)
            paragraphs.extend([" ".join(block)] if _hard_wrapped(block) else block)
    return tuple(paragraphs)


def find_title(paragraphs: Sequence[str]) -> str | None:
    """The first line, if it looks like a heading. Lines before it in another script than the text's are passed over.

    A text of one line is no heading of anything.
    """
    if len(paragraphs) < 2:
        return None
    script = script_of("".join(paragraphs))
    own = (paragraph for paragraph in paragraphs if script_of(paragraph) == script)
    first = next(own, None)
    return first if first is not None and _looks_like_heading(first) else None


def _block(paragraph: str, *, is_title: bool) -> Block:
    """A paragraph with its role. A question that stands alone may be the writer's; as a heading it can only be told at
    the top.
    """
    if _LIST_ITEM.match(paragraph) and not _SPEECH.match(paragraph):
        return Block(text=paragraph, role=Role.LIST)
    heading = _looks_like_heading(paragraph) and (is_title or not _QUESTION.search(paragraph))
    return Block(text=paragraph, role=Role.HEADING if heading else Role.BODY)


def _looks_like_heading(paragraph: str) -> bool:
    return (
        3 <= len(paragraph) <= _HEADING_MAX
        and not _SENTENCE_END.search(paragraph)
        and not _TWO_SENTENCES.search(paragraph)
        and not _LIST_ITEM.match(paragraph)
        and not paragraph.startswith(("[", "http://", "https://", "©", "("))
        and any(character.isalpha() for character in paragraph)
    )


def _hard_wrapped(block: Sequence[str]) -> bool:
    *body, last = block
    return (
        len(body) >= 2
        and not any(_LIST_ITEM.match(line) for line in block[1:])
        and all(_WRAP_MIN <= len(line) <= _WRAP_MAX for line in body)
        and len(last) <= _WRAP_MAX
        and sum(line[-1] not in '.!?…:”»"' for line in body) > len(body) / 2
    )
