"""An article over several pages as one: what was fetched as a further page is looked at before its text is believed.

It must not contradict the first page in its headline, its authors or its day, and go on with another text: the next
article has another headline, a page of comments or of teasers has the same text again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ingest.extract.kinds import kind_of
from ingest.extract.page import extract
from ingest.findings import Findings
from ingest.lang.pages import is_row, read_count
from ingest.lang.words import extent
from ingest.model import JOINED_PAGES, Article, Block, Kind, Page, Part, Picture, Role, Series
from ingest.outcome import Rejection
from ingest.text import letters
from ingest.urls import address_key

_LEAST_NEW: Final = 25  # letters that a page must add: a short sentence
_LEAST_SHARE: Final = 0.4  # of its letters
_REPEATED: Final = 20  # letters of a block that says something
_EDGE: Final = 4  # blocks
_HELD, _LONGER = 0.9, 1.15  # of the letters of the first page in a page that holds all; how much more it has
_COUNT: Final = re.compile(r"\s*[-–—|(:,·]?\s*\(?([^-–—|(:,·]{0,40})\)?\s*$")
_TELLING: Final = 8  # letters of a headline


def extract_whole(page: Page) -> Article | Rejection:
    """Read a page's article together with the further pages of it that are at hand (`Page.parts`).

    What belongs to it is named in the provenance; `series` is what is still to be had.
    """
    first = extract(page)
    if isinstance(first, Rejection) or not page.parts:
        return first
    whole = first
    used: list[tuple[Page, Article]] = []
    for part in page.parts:
        made = extract(replace(part, rule=page.rule, parts=()))
        if isinstance(made, Rejection) or not _agrees(first, made):
            continue
        if _holds(made, first):
            whole, used = _with_blocks(first, made.blocks, made.pictures), [(part, made)]
            break
        if news := _news(whole, made):
            whole = _joined(whole, news, made)
            used.append((part, made))
    if not used:
        return first
    parts = tuple(Part(url=one.final_url, body_sha256=one.body_sha256, archive=one.archive) for one, _ in used)
    return replace(
        whole.flagged(JOINED_PAGES),
        provenance=replace(first.provenance, parts=parts),
        series=None if len(used) == 1 and _holds(used[0][1], first) else _left(page, first, used),
        kind=kind_of(None, whole.blocks) if first.kind in (Kind.ARTICLE, Kind.BRIEF) else first.kind,
    )


def _left(page: Page, first: Article, used: Sequence[tuple[Page, Article]]) -> Series | None:
    """The pages of an article that are still to be had."""
    known = {page.final_url, *page.redirects, first.url, first.canonical_url or first.url}
    for part, _ in used:
        known |= {part.final_url, part.seed.url, *part.redirects}
    keys = set(map(address_key, known))
    of_all = [series for series in (first.series, *(made.series for _, made in used)) if series is not None]
    named = [url for series in of_all for url in series.further]
    named += [made.series.onward for _, made in used[-1:] if made.series is not None and made.series.onward is not None]
    further = dict.fromkeys(url for url in named if address_key(url) not in keys)
    return Series(further=tuple(further)) if further else None


def _agrees(first: Article, other: Article) -> bool:
    """Whether a page may be another page of an article: nothing speaks against it, and its headline for it."""
    one, two = first.published_at, other.published_at
    if one is not None and two is not None and abs(one - two) > timedelta(days=1):
        return False
    ours, theirs = set(map(letters, first.authors)), set(map(letters, other.authors))
    if ours and theirs and not ours & theirs:
        return False
    home = {address_key(url) for url in (first.url, first.canonical_url) if url}
    if other.canonical_url is not None and address_key(other.canonical_url) in home:
        return True
    mine, yours = _headline(first.title), _headline(other.title)
    if extent(mine) >= _TELLING and extent(yours) >= _TELLING and (mine in yours or yours in mine):
        return True
    leads_back = other.series is not None and other.series.first is not None and address_key(other.series.first) in home
    return leads_back and (bool(ours & theirs) or (one is not None and one == two))


def _headline(title: str | None) -> str:
    """The letters of a headline, without the count of pages behind it."""
    if not title:
        return ""
    found = _COUNT.search(title)
    if found is not None and found.start() and any(map(str.isdigit, found[1])):
        said = found[1].strip()
        if read_count(said) or read_count(f"{said}/99"):
            title = title[: found.start()]
    return letters(title)


def _text(blocks: Sequence[Block]) -> list[str]:
    return [text for block in blocks if block.role is not Role.CAPTION and (text := letters(block.text))]


def _holds(page: Article, first: Article) -> bool:
    """Whether a page has all of the text of another, and more."""
    ours, whole = _text(first.blocks), "".join(_text(page.blocks))
    total = sum(map(len, ours))
    return len(whole) >= _LONGER * total > 0 and sum(len(one) for one in ours if one in whole) >= _HELD * total


def _news(whole: Article, page: Article) -> tuple[Block, ...]:
    """The blocks of a page that say what was not said before; none where it is mostly the same again.

    What stands at its ends word for word as on a page before, however short, is its frame.
    """
    lines = [letters(block.text) for block in whole.blocks]
    known, exact = "\n".join(lines), set(lines)
    last = len(page.blocks) - _EDGE

    def is_new(place: int, block: Block) -> bool:
        text = letters(block.text)
        at_an_end = not _EDGE <= place < last
        said = text in known if extent(text) >= _REPEATED else at_an_end and text in exact
        return not said and not is_row(block.text)

    new = tuple(block for place, block in enumerate(page.blocks) if is_new(place, block))
    fresh, total = (sum(map(extent, _text(blocks))) for blocks in (new, page.blocks))
    captions = sum(extent(letters(block.text)) for block in new if block.role is Role.CAPTION)
    return new if fresh + captions >= _LEAST_NEW and fresh >= _LEAST_SHARE * total else ()


def _joined(whole: Article, news: tuple[Block, ...], page: Article) -> Article:
    """The article with more blocks, numbered on, so that each picture stays in its place."""
    before = _numbered(whole.blocks)
    start = max((block.number for block in before if block.number is not None), default=-1) + 1
    positions = {id(block): number for number, block in enumerate(page.blocks)}
    behind = tuple(
        replace(block, number=start + (positions[id(block)] if block.number is None else block.number))
        for block in news
    )
    shown = {picture.url for picture in whole.pictures}
    pictures = tuple(
        replace(one, after=start - 1 if one.after is None else start + one.after)
        for one in page.pictures
        if one.url not in shown
    )
    joined = _with_blocks(whole, (*before, *behind), (*whole.pictures, *pictures))
    expected = None
    if whole.expected_length is not None and page.expected_length is not None:
        expected = whole.expected_length + page.expected_length
    findings = Findings.joined((whole.findings, page.findings))
    return replace(joined, expected_length=expected, residue=(*whole.residue, *page.residue), findings=findings)


def _numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(
        block if block.number is not None else replace(block, number=number) for number, block in enumerate(blocks)
    )


def _with_blocks(article: Article, blocks: tuple[Block, ...], pictures: tuple[Picture, ...]) -> Article:
    return replace(article, blocks=blocks, pictures=pictures)
