"""Sentences that bad markup cuts at a hyperlink, joined again in the tree."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.scope import Scope
from ingest.lang.clauses import is_open

_GOES_ON = re.compile(r"[\w,–-]$")  # the text before the link is no whole sentence
_WENT_ON = re.compile(r"^[a-zà-öø-ÿа-яёіїєґ0-9,;]")  # nor is what follows a new one
_BOXES = ("p", "div")
_SENTENCES = ("p", "li", "span", "b", "i", "em", "strong", "h1", "h2", "h3", "td")  # a link in these is in its place
_LONGEST = 200  # characters; a longer link is no part of a sentence
_MOST_LINKS = 1_000  # of 268 pages the article's part of none has more than 544


def join_cut_sentences(scope: Scope) -> None:
    """Join "The news that", "NEXTA spread" (a link in a box of its own) and "this Tuesday is not confirmed" in place.

    Told by the shape of the text: nothing that ends a sentence before the link, and a small letter after it, or a word
    or comma before it with which no line ends ("laut der", then a noun with its capital).
    """
    for link in list(islice(scope.element.iter("a"), _MOST_LINKS)):
        box = _box_of(link)
        parent = box.getparent()
        if parent is None or (box is link and parent.tag in _SENTENCES):
            continue
        before, after = box.getprevious(), box.getnext()
        loose_before = squeeze((parent.text if before is None else before.tail) or "")
        loose_after = squeeze(box.tail or "")
        if loose_before or loose_after:
            if box is not link and _cut(loose_before, loose_after):
                box.tag = "span"
        elif _is_paragraph(before) and _is_paragraph(after) and 0 < len(squeeze(box.text_content())) < _LONGEST:
            _join(before, link, box, after)


def _box_of(link: HtmlElement) -> HtmlElement:
    """The paragraph that holds nothing but this link, else the link."""
    parent = link.getparent()
    alone = parent is not None and parent.tag in _BOXES and len(parent) == 1
    return parent if alone and squeeze(parent.text_content()) == squeeze(link.text_content()) else link


def _is_paragraph(element: HtmlElement | None) -> bool:
    return element is not None and element.tag == "p"


def _cut(before: str, after: str) -> bool:
    return bool(after and _GOES_ON.search(before) and (_WENT_ON.search(after) or is_open(before)))


def _join(before: HtmlElement, link: HtmlElement, box: HtmlElement, after: HtmlElement) -> None:
    if not _cut(squeeze(before.text_content()), squeeze(after.text_content())):
        return
    parent = box.getparent()
    if box is not link:
        parent.remove(box)
    if len(before):
        before[-1].tail = (before[-1].tail or "") + " "
    else:
        before.text = (before.text or "") + " "
    before.append(link)
    link.tail = " " + (after.text or "")
    before.extend(list(after))
    before.tail = after.tail
    parent.remove(after)
