"""trafilatura's tree of the main text as blocks with roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Document
from trafilatura.xpaths import BODY_XPATH

from ingest.extract.common import squeeze
from ingest.lang.words import STOPS
from ingest.model import Block, Role

# What stands as a block of its own in trafilatura's tree, and what it is. The other tags stand inside a sentence.
_ROLES = {"head": Role.HEADING, "list": Role.LIST, "quote": Role.QUOTE}
_STRUCTURE = frozenset({*_ROLES, "ab", "cell", "div", "item", "p", "row", "table"})
_SENTENCE_END = re.compile(rf"""[:{STOPS}]["'”»)\]]*$""")
_BRIEF = deepcopy(DEFAULT_CONFIG)
_BRIEF["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "25"
_MARKER = re.compile(r"\[[^\[\]]{1,30}\]")  # "[ad_2]", a mark of the site's software


def extract_blocks(tree: HtmlElement, url: str, *, wide: bool, short: bool = False) -> tuple[Block, ...]:
    """The main text as trafilatura sees it; none where it sees none.

    Args:
        tree: the page; it is left as it is.
        url: its address.
        wide: run its fall-backs too (two more extractors, whose results it compares with its own).
        short: believe it of a text of a sentence or two; where it finds less than 250 characters it would else take all
            that a page shows.
    """
    # Without metadata: they would be read a second time, and take as long as the text.
    document = bare_extraction(
        tree, url=url, include_comments=False, fast=not wide, config=_BRIEF if short else DEFAULT_CONFIG
    )
    if not isinstance(document, Document) or document.body is None:
        return ()
    origin = "trafilatura-wide" if wide else "trafilatura"
    # Not always a <body>: what is short may be its only element.
    return tuple(Block(text=text, role=role, origin=origin) for text, role in _structure(document.body, Role.BODY))


def finds_article(tree: HtmlElement) -> bool:
    """Whether trafilatura finds the article by the names of elements.

    Where it does not, it takes paragraphs from all over the page: menus too, and no headings.
    """
    # The other names are patterns, and take a hundred times as long.
    return tree.find(".//article") is not None or any(find(tree) for find in BODY_XPATH)


Run = tuple[str, Role]


def _blocks(parent: etree._Element, role: Role = Role.BODY) -> Iterator[Run]:
    """The text of an element in reading order: that of its children, and what stands loose between them."""
    loose = parent.text or ""
    for child in parent:
        if _stands_apart(child, parent):
            yield from _paragraphs(loose, role)
            yield from _structure(child, role)
            loose = ""
        else:
            loose += _inline(child)
        loose += child.tail or ""
    yield from _paragraphs(loose, role)


def _stands_apart(child: etree._Element, parent: etree._Element) -> bool:
    """Whether an element is a block. A quotation of a few words (`<q>`) is part of the paragraph it stands in."""
    if child.tag == "quote" and parent.tag in ("p", "head"):
        return any(inner.tag in _STRUCTURE for inner in child)
    return child.tag in _STRUCTURE


def _structure(element: etree._Element, role: Role) -> Iterator[Run]:
    """A quotation keeps its role all through, and its paragraphs apart: each may be in a language of its own."""
    if element.tag == "table":
        for row in element.findall("row"):
            yield from _row(row, role)
    else:
        yield from _blocks(element, _ROLES.get(element.tag, role) if role is not Role.QUOTE else role)


def _row(row: etree._Element, role: Role) -> Iterator[Run]:
    """A row of data is one block; a row that lays out the page holds paragraphs, which stay apart."""
    cells = row.findall("cell")
    if any(child.tag in _STRUCTURE for cell in cells for child in cell):
        for cell in cells:
            yield from _blocks(cell, role)
        return
    texts = [squeeze(" ".join(cell.itertext())) for cell in cells]
    if any(texts):
        yield " | ".join(text for text in texts if text), Role.TABLE


def _inline(element: etree._Element) -> str:
    if element.tag == "lb":
        return "\n"
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _paragraphs(text: str, role: Role) -> Iterator[Run]:
    """The paragraphs of a text, parted at line breaks that end one.

    Forums part paragraphs by `<br><br>`, and trafilatura keeps breaks as `<lb/>`. A single break inside a sentence is
    layout and becomes a space.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        squeezed = squeeze(line)
        if lines and (not squeezed or _ends(lines[-1])):
            yield " ".join(lines), role
            lines.clear()
        if squeezed:
            lines.append(squeezed)
    if lines:
        yield " ".join(lines), role


def _ends(line: str) -> bool:
    return _SENTENCE_END.search(line[-8:]) is not None or _MARKER.fullmatch(line) is not None
