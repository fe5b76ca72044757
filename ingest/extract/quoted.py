"""Who is quoted in a post of a forum: the line that says so is no text of the quotation ("annlee said:")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.scope import Scope
from ingest.lang.words import count_words
from ingest.model import Residue

_BOXES = ("blockquote", "div", "aside")
_QUOTE = re.compile(
    r"(?:^|[\s_-])(?:bbCodeBlock--)?(?:bb)?quote(?:d|-?box|-?content|-?container)?(?=$|\s)", re.IGNORECASE
)
_LABELS = frozenset({"a", "b", "cite", "div", "dt", "header", "p", "span", "strong"})
_TITLE = re.compile(
    r"quote[_-]?(?:title|author|header)|bbCodeBlock-title|sourceJump|posted-?by|attribution", re.IGNORECASE
)
_MOST_WORDS = 8
_ENDS = (":", "：")


def take_labels(scope: Scope) -> tuple[Residue, ...]:
    """Take the names of the quoted out of the quotations in the article's part; return them in reading order."""
    return tuple(_labels(scope.element))


def _labels(root: HtmlElement) -> Iterator[Residue]:
    for box in list(root.iter(*_BOXES)):
        if box.tag != "blockquote" and _QUOTE.search(box.get("class", "")) is None:
            continue
        loose = squeeze(box.text or "")
        if _is_label(loose, box) and len(box) and box[0].tag == "br":
            box.text = None
            yield Residue(text=loose, rule="quoted_name")
            continue
        first = None if loose else _first(box)
        if first is None or first.tag not in _LABELS:
            continue
        text = squeeze(first.text_content())
        named = first.tag == "cite" or _TITLE.search(first.get("class", "")) is not None
        if _is_label(text, box, named=named):
            first.drop_tree()
            yield Residue(text=text, rule="quoted_name")


def _first(box: HtmlElement) -> HtmlElement | None:
    """The first element of a box, inside whatever stands around all of its text."""
    first = next(iter(box), None)
    while first is not None and len(first) and not (first.text or "").strip() and len(box) == 1:
        box, first = first, first[0]
    return first


def _is_label(text: str, box: HtmlElement, *, named: bool = False) -> bool:
    """Whether the first words of a quotation name its writer: they end in a colon, or markup says so."""
    whole = squeeze(box.text_content())
    short = 0 < count_words(text) <= _MOST_WORDS and len(whole) > len(text)
    return short and (text.endswith(_ENDS) or named)
