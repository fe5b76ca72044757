"""What a page says of its use: meta elements, its licence, lines of copyright and what these reserve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.declared import Declared
from ingest.extract.names import clean
from ingest.lang.optouts import may_reserve, reserved_in
from ingest.lang.sentences import split_sentences
from ingest.rights import RESERVED, STATED, Stated, kinds_of, read_directives, read_signal

_FIELDS = ("tdm-reservation", "content-usage", "content-signal")
_SIGNED = XPath("/descendant::*[not(self::script or self::style)]/text()[contains(., '©') or contains(., '(c)')]")
_COPYRIGHT = re.compile(r"^(?:copyright\s*)?(?:©|\(c\))", re.IGNORECASE)
# Where a site says what may be done with its pages. What an article says of the same elsewhere is a report of it.
_FEET = XPath(
    "/descendant::*[self::footer or contains(@class, 'foot') or contains(@id, 'foot') or contains(@class, 'opyright')"
    " or contains(@class, 'legal')]"
)
_BLOCKS = ("p", "div", "li", "small", "td", "dd", "section", "footer", "span")
_HOLDS_BLOCKS = XPath(
    "boolean(descendant::*[self::p or self::div or self::li or self::td or self::dd or self::section])"
)
_LINES, _LONGEST = 3, 200
_MOST_FEET, _MOST_BLOCKS, _LONGEST_BLOCK = 12, 300, 1_500


def read_terms(
    tree: HtmlElement, declared: Declared, licence: str | None, origin: str | None, language: str | None = None
) -> tuple[Stated, ...]:
    """What a parsed page says of its use; `licence` is what it names as such, found in `origin`."""
    return tuple(_terms(tree, declared, licence, origin, language or ""))


def _terms(
    tree: HtmlElement, declared: Declared, licence: str | None, origin: str | None, language: str
) -> Iterator[Stated]:
    for name, values in declared.metas.items():
        if name == "robots" or any(kinds_of(name)):
            said = [one for value in values for one in read_directives(value, None if name == "robots" else name)]
        elif name in _FIELDS:
            said = [one for value in values for one in read_signal(name, value)]
        else:
            continue
        yield from (("meta", one) for one in said)
    if licence:
        yield origin or "meta", ("licence", STATED, licence)
        yield from ((origin or "meta", one) for one in _reserved(licence, language))
    signed = [(text, clean(text)) for text in _SIGNED(tree)]
    known = [(text, line) for text, line in signed if line and len(line) <= _LONGEST and _COPYRIGHT.match(line)]
    for _, line in known[:_LINES]:
        yield "text", ("copyright", STATED, line)
    around = [_block_of(text.getparent()) for text, _ in known[:_LINES]]
    for one in dict.fromkeys(said for foot in (*around, *_FEET(tree)[:_MOST_FEET]) for said in _foot(foot, language)):
        yield "text", one


def _block_of(element: HtmlElement) -> HtmlElement:
    """The paragraph, or what stands for one, in which an element stands."""
    around = (element, *element.iterancestors())
    return next((one for one in around if one.tag in ("p", "div", "li", "footer")), element)


def _foot(foot: HtmlElement, language: str) -> Iterator[tuple[str, str, str]]:
    """What a part of a page reserves, in the first of its blocks from below that says so."""
    if not may_reserve(foot.text_content().lower()):
        return
    for element in [one for _, one in zip(range(_MOST_BLOCKS), foot.iter(*_BLOCKS), strict=False)][::-1]:
        text = "" if _HOLDS_BLOCKS(element) else squeeze(element.text_content())
        if len(text) <= _LONGEST_BLOCK and (said := list(_reserved(text, language))):
            yield from said
            return


def _reserved(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """What the sentences of a text reserve, each with its words."""
    for sentence in split_sentences(text, language) if may_reserve(text.lower()) else ():
        yield from ((about, RESERVED, sentence.strip()) for about in reserved_in(sentence))
