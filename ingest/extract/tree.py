"""The text of an HTML page as a tree."""

from __future__ import annotations

import re

from lxml.etree import ElementDefaultClassLookup, LxmlError, XPath
from lxml.html import HtmlElement, HTMLParser, fromstring

_PARSER = HTMLParser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
# lxml.html would give forms and labels classes of their own, by a call of Python for every element that is looked at.
_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})  # no XML may hold them, nor U+FFFE and U+FFFF
# Behind <html ... /> libxml2 reads no further.
_CLOSED_AT_ONCE = re.compile(rb"(<html[^<>]*?)\s*/>", re.IGNORECASE)
_OPENING = 4096
# Most of the bytes of a page, and no text. Scripts that hold data are kept: linked data is in them.
_NO_TEXT = XPath("/descendant::script[not(contains(@type, 'json'))] | /descendant::style")


def parse(text: str) -> HtmlElement | None:
    """The tree of a page, without comments, scripts and styles; ``None`` where there is none.

    trafilatura's `load_html` makes the same tree in twice the time: it looks for control characters in the text, here
    they go as bytes.
    """
    text = text.replace("\ufffe", "").replace("\uffff", "")
    page = text.encode("utf-8", "surrogatepass").translate(None, _CONTROLS)
    page = _CLOSED_AT_ONCE.sub(rb"\1>", page[:_OPENING], count=1) + page[_OPENING:]
    try:
        tree = fromstring(page, parser=_PARSER)
    except LxmlError:  # no markup at all
        return None
    if len(tree) < 2 and b"html" not in page[:50].lower():
        return None
    for element in _NO_TEXT(tree):
        element.drop_tree()
    return tree
