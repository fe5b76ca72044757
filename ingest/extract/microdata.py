"""Microdata of an article (itemscope, itemprop), in the shape of JSON-LD."""

from __future__ import annotations

from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

_ARTICLE = XPath(
    "/descendant::*[@itemscope][contains(@itemtype, 'Article') or contains(@itemtype, 'BlogPosting')"
    " or contains(@itemtype, 'Report')][1]"
)
_PROPERTY = {
    name: XPath(
        f".//*[contains(concat(' ', @itemprop, ' '), ' {name} ')][count(ancestor::*[@itemscope][1] | $scope) = 1]"
    )
    for name in ("headline", "author", "datePublished", "dateModified", "articleSection", "publisher", "license")
}
_NAME = XPath("(.//*[contains(concat(' ', @itemprop, ' '), ' name ')])[1]")
_MOST = 20


def read_microdata(tree: HtmlElement) -> dict[str, Any]:
    """The properties of the first article in a page's microdata, or an empty dictionary."""
    found = _ARTICLE(tree)
    if not found:
        return {}
    article = found[0]
    read: dict[str, Any] = {}
    for name, values in _PROPERTY.items():
        texts = [_value(element) for element in values(article, scope=article)[:_MOST]]
        if kept := [text for text in texts if text]:
            read[name] = kept if len(kept) > 1 else kept[0]
    return read


def _value(element: HtmlElement) -> str | dict[str, str]:
    if element.get("itemscope") is not None:
        inner = _NAME(element)
        kind = (element.get("itemtype") or "").rstrip("/").rpartition("/")[2]
        return {"@type": kind, "name": _text(inner[0])} if inner else ""
    return _text(element)


def _text(element: HtmlElement) -> str:
    return str(element.get("content") or element.get("datetime") or element.text_content()).strip()
