"""The text of an HTML page as a tree."""

from __future__ import annotations

import re

from lxml.etree import ElementDefaultClassLookup, LxmlError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ingest.lang.words import extent
from ingest.text import without_odd_references
from ingest.value import note_repair, well_formed

_PARSER = HTMLParser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
# lxml.html would give forms and labels classes of their own, by a call of Python for every element that is looked at.
_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r"})  # no text may hold them, nor U+FFFE and U+FFFF
_MORE_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_TAG = re.compile(r"<[A-Za-z]")
# Feeds and sitemaps; of XML, only XHTML is a page.
_OTHER_XML = re.compile(
    r"\s*(?:<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b|<\?xml\b(?!.{0,2000}?<(?:html|body|p|div)\b))",
    re.IGNORECASE | re.DOTALL,
)
# Behind <html ... /> libxml2 reads no further.
_CLOSED_AT_ONCE = re.compile(rb"(<html[^<>]*?)\s*/>", re.IGNORECASE)
_OPENING = 4096
# Most of the bytes of a page, and no text. Of scripts those that hold linked data are kept ("application/ld+json").
_NO_TEXT = XPath("/descendant::script[not(contains(@type, '+json'))] | /descendant::style")
# What browsers show only in place of scripts, or once a script takes it.
_WITHOUT_SCRIPTS = ("noscript", "template")
_LEAST_FRAMED = 150  # letters
_LEAST_HIDDEN = 400  # characters: what asks to switch on JavaScript is shorter


def parse(text: str) -> HtmlElement | None:
    """The tree of a page, from `<html>` down, without comments, scripts and styles; ``None`` where it is none.

    A part of a page is taken for one. trafilatura's `load_html` gives the same text in 1.35 times the time (it looks
    for control characters in the text, here they go as bytes), leaves the scripts in for all that follows, and refuses
    parts of a page.
    """
    text = text.removeprefix("\ufeff")
    fit = without_odd_references(text.replace("\ufffe", "").replace("\uffff", ""))
    if _TAG.search(fit) is None or _OTHER_XML.match(fit):
        return None
    encoded = fit.encode("utf-8", "surrogatepass")
    page = encoded.translate(None, _CONTROLS)
    page = _MORE_CONTROLS.sub(lambda found: well_formed(found[0].decode()).encode(), page)
    if len(fit) != len(text) or page != encoded:
        note_repair("page")
    page = _CLOSED_AT_ONCE.sub(rb"\1>", page[:_OPENING], count=1) + page[_OPENING:]
    try:
        tree = document_fromstring(page, parser=_PARSER)
    except LxmlError:  # nothing but comments
        return None
    for element in _NO_TEXT(tree):
        element.drop_tree()
    _show_inner(tree)
    _reveal(tree)
    for element in list(tree.iter("template")):
        element.drop_tree()
    return tree


def _show_inner(tree: HtmlElement) -> None:
    """Make a part of the page of what browsers show as one: a template that declares a shadow root, a frame's `srcdoc`.

    A frame with less than an article, or less than the page around it, is an advertisement or a player.
    """
    for element in list(tree.iter("template", "iframe")):
        if element.tag == "template":
            if element.get("shadowrootmode"):
                element.tag = "div"
            continue
        inner = _inside(element.get("srcdoc", ""))
        if inner is not None and extent(inner.text_content()) >= max(_LEAST_FRAMED, extent(_own_text(tree))):
            element.addnext(inner)


def _inside(markup: str) -> HtmlElement | None:
    """What stands in a frame, as a box; nothing where no text does."""
    if _TAG.search(markup) is None:
        return None
    try:
        inner = document_fromstring(markup.encode("utf-8", "surrogatepass"), parser=_PARSER)
    except LxmlError:
        return None
    for element in _NO_TEXT(inner):
        element.drop_tree()
    body: HtmlElement | None = inner.find("body")
    if body is not None:
        body.tag = "div"
        body.attrib.clear()
    return body


def _own_text(tree: HtmlElement) -> str:
    body = tree.find("body")
    return "" if body is None else body.text_content().strip()


def _reveal(tree: HtmlElement) -> None:
    """Make a part of the page of what stands there for browsers without scripts, where the page has more of it.

    Pages that a script builds have their whole text there; all others a picture, a counter, or a second copy.
    """
    hidden = [(one, one.text_content().strip()) for one in tree.iter(*_WITHOUT_SCRIPTS)]
    large = [one for one, text in hidden if extent(text) >= _LEAST_HIDDEN and _TAG.search(text) is None]
    if large and len(tree.text_content().strip()) < 2 * sum(len(text) for _, text in hidden):
        for one in large:
            one.tag = "div"
