"""What a text is, by what stands at its beginning: content types of feeds are often wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ingest.discover.listing import BadListingError

WINDOW = 65_536
"""Characters of the beginning in which the root element must stand."""

# PHP warnings and the like before a feed are shorter than this.
_JUNK = 4_096
_TAG = re.compile(r"<(?P<name>(?:[\w.-]{1,40}:)?(?P<local>[A-Za-z][\w.-]{0,60}))(?=[\s/>])")
_ROOTS = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF|urlset|sitemapindex|html|opml)(?=[\s/>])", re.IGNORECASE)
_BLANK = " \t\r\n\0\ufeff"
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_HTML_TAGS = frozenset(
    {"html", "head", "body", "title", "meta", "link", "script", "style", "div", "span", "p", "a", "h1", "h2", "h3"}
    | {"table", "center", "br", "b", "i", "font", "img", "main", "article"}
)


class Form(StrEnum):
    """What a text is written in."""

    RSS = "rss"
    FEED = "feed"
    RDF = "rdf"
    URLSET = "urlset"
    SITEMAPINDEX = "sitemapindex"
    HTML = "html"
    JSON = "json"
    ADDRESSES = "addresses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The form of a text, where its root element begins, and the root's name with its prefix."""

    form: Form
    start: int = 0
    root: str = ""


def recognise(head: str) -> Recognised:
    """Tell what a text is by its first characters.

    Raises:
        BadListingError: it is nothing that can be read; the message says what it is instead.
    """
    text = head[:WINDOW]
    if not text.strip(_BLANK):
        raise BadListingError("an empty answer: look at the address in a browser")
    start = _prolog(text)
    if text.startswith(("{", "["), start):
        return Recognised(form=Form.JSON, start=start)
    if _ADDRESS.match(text, start):
        return Recognised(form=Form.ADDRESSES, start=start)
    junk_or_tag = _TAG.match(text, start) or _ROOTS.search(text, start, start + _JUNK)
    tag = _TAG.match(text, junk_or_tag.start()) if junk_or_tag else None
    if tag is None:
        raise BadListingError(f"neither a feed nor a sitemap, but {_kind_of(text)}: look at the address in a browser")
    return _by_root(text, tag)


def _by_root(text: str, tag: re.Match[str]) -> Recognised:
    local = tag["local"].lower()
    if local in (Form.RSS, Form.FEED, Form.RDF, Form.URLSET, Form.SITEMAPINDEX):
        return Recognised(form=Form(local), start=tag.start(), root=tag["name"])
    if local in _HTML_TAGS:
        # A warning of PHP, in HTML, before the feed.
        feed = None if local == "html" else _ROOTS.search(text, tag.start(), tag.start() + _JUNK)
        inner = _TAG.match(text, feed.start()) if feed else None
        if inner is not None and inner["local"].lower() not in ("html", "opml"):
            return _by_root(text, inner)
        return Recognised(form=Form.HTML, start=tag.start(), root=tag["name"])
    if local == "opml":
        raise BadListingError("an OPML list of feeds: name the feeds in it one by one")
    raise BadListingError(f"XML with the root <{tag['name']}>, neither a feed nor a sitemap: look for another address")


def _prolog(text: str) -> int:
    """Where the XML declaration, comments and document type end, and the content begins."""
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(_BLANK))
        if text.startswith("<?", at):
            end = text.find("?>", at)
            length = 2
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
            length = 3
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = _end_of_doctype(text, at)
            length = 1
        else:
            return at
        if end < 0:
            raise BadListingError(f"XML whose root is not among the first {WINDOW:,} characters")
        at = end + length


def _end_of_doctype(text: str, start: int) -> int:
    """The position of the ">" that ends a document type, past quotes, comments and its internal subset; -1 if none."""
    inside, at = 0, start + 9
    while at < len(text):
        character = text[at]
        if character in "\"'" or text.startswith("<!--", at):
            closing = "-->" if character == "<" else character
            end = text.find(closing, at + 1)
            if end < 0:
                return -1
            at = end + len(closing) - 1
        elif character in "[<":
            inside += 1
        elif character == "]" or (character == ">" and inside):
            inside -= 1
        elif character == ">":
            return at
        at += 1
    return -1


def _kind_of(text: str) -> str:
    if "\0" in text or sum(character == "\ufffd" or character < "\t" for character in text[:1000]) > 20:
        return "binary data"
    return f"text that begins {' '.join(text.split())[:40]!r}"
