"""A page's JSON-LD: the object that describes its article, of all the objects that sites put there."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.names import alike

_SCRIPTS = XPath("/descendant::script[contains(@type, 'ld+json')]")
# Of 268 pages none has more than 8 scripts of linked data and 3,433 objects in them; a hostile one may have any number.
_MOST_SCRIPTS = 60
_MOST_NODES = 10_000
# No site nests its article deeper, nor what it says of it: a hostile page must not exhaust the stack.
_DEEPEST = 8
_DEEPEST_VALUE = 2 * _DEEPEST
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# Properties whose articles are not the page's own.
_OTHERS = frozenset(
    {
        *("itemListElement", "mentions", "citation", "isBasedOn", "relatedLink", "hasPart", "about", "subjectOf"),
        *("isRelatedTo", "workExample", "exampleOfWork", "significantLink", "isPartOf", "blogPost", "comment"),
    }
)
_WHAT_IS_AN_ARTICLE = ("Article", "Posting", "Report")

Node = dict[str, Any]


def read_linked(tree: HtmlElement, urls: Iterable[str], shown: Sequence[str] = ()) -> Node:
    """Return the JSON-LD object of the page's own article, or an empty one.

    Of several articles it is the one that names this page as its address, else one whose headline the page shows, else
    the first that is no item of a list and names no other page. Objects that it only refers to by ``@id`` (author,
    publisher) are put in their places.

    Args:
        tree: the page, with its scripts.
        urls: addresses of this page: the one it was fetched from, and its own canonical one.
        shown: the titles that the page shows or declares elsewhere.
    """
    found: list[tuple[Node, bool]] = []
    for script in islice(_SCRIPTS(tree), _MOST_SCRIPTS):
        found += islice(_objects(_parsed(script.text or ""), 0, listed=False), _MOST_NODES - len(found))
    nodes = [node for node, _ in found]
    articles = [(node, listed) for node, listed in found if is_kind(node, *_WHAT_IS_AN_ARTICLE)]
    own = {_address(url) for url in urls}
    ranked = [(_claim(node, own, shown, listed=listed), node) for node, listed in articles]
    best, article = max(ranked, key=lambda one: one[0], default=(0, {}))
    if best <= 0:
        return _dates_of_page(nodes)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return {name: _resolved(value, by_id) for name, value in article.items()}


def every_object(tree: HtmlElement) -> Iterator[Node]:
    """All JSON-LD objects of a page, in their order."""
    for script in islice(_SCRIPTS(tree), _MOST_SCRIPTS):
        for node, _ in islice(_objects(_parsed(script.text or ""), 0, listed=False), _MOST_NODES):
            yield node


def _dates_of_page(nodes: Iterable[Node]) -> Node:
    """The days of the page itself, where it declares no article: WordPress's plugins write them so."""
    for node in nodes:
        if is_kind(node, "WebPage") and isinstance(node.get("datePublished"), str):
            return {name: node[name] for name in ("datePublished", "dateModified") if name in node}
    return {}


def _claim(node: Node, own: set[str], shown: Sequence[str], *, listed: bool) -> int:
    """How strongly an object claims to be the page's article; 0 where it is another one's."""
    places = set(map(_address, _addresses(node))) - {"no path"}
    if own & places:
        return 8
    headline = node.get("headline")
    if isinstance(headline, str) and any(alike(html.unescape(html.unescape(headline)), text) for text in shown):
        return 6 - listed
    if listed or (headline and places and shown):
        return 0
    return 4 if headline else 3


def is_kind(node: Node, *endings: str) -> bool:
    """Whether one of the types of an object ends in one of these words."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(endings) for name in names)


def strings(value: object) -> Iterator[str]:
    """The names in a JSON-LD value: a string, an object with a name, or a list of such."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(value.get("name") or value.get("@value"))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def addresses(value: object) -> Iterator[str]:
    """The URLs in a JSON-LD value: a string, an object with a url, or a list of such."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from addresses(value.get("url") or value.get("contentUrl") or value.get("@id"))
    elif isinstance(value, list):
        for one in value:
            yield from addresses(one)


def _parsed(text: str) -> object:
    """The data of a script; slips that browsers' search engines forgive are mended, the rest is None."""
    bare = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for mended in (bare, _TRAILING_COMMA.sub(r"\1", bare), html.unescape(bare)):
        try:
            return _shallow(json.JSONDecoder(strict=False).raw_decode(mended)[0], 0)
        except (ValueError, RecursionError):
            continue
    return None


def _shallow(value: object, depth: int) -> object:
    """A value without what is nested too deep, so that whoever follows it down need not count; its letters composed."""
    if isinstance(value, str):  # escapes may part an accent from its letter where the page's own text does not
        return unicodedata.normalize("NFC", value)
    if not isinstance(value, dict | list):
        return value
    if depth > _DEEPEST_VALUE:
        return None
    if isinstance(value, list):
        return [_shallow(one, depth + 1) for one in value]
    return {name: _shallow(one, depth + 1) for name, one in value.items()}


def _objects(data: object, depth: int, *, listed: bool) -> Iterator[tuple[Node, bool]]:
    """The objects in JSON-LD, each with whether it stands in a list of other pages or among what an article names."""
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        yield data, listed
        for name, value in data.items():
            yield from _objects(value, depth + 1, listed=listed or name in _OTHERS)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value, depth + 1, listed=listed)


def _resolved(value: object, by_id: dict[str, Node]) -> object:
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value[:100]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


def _addresses(node: Node) -> Iterator[str]:
    for name in ("url", "mainEntityOfPage", "@id"):
        yield from addresses(node.get(name))


def _address(url: str) -> str:
    """A URL without scheme, host, parameters and fragment: sites are careless about these."""
    try:
        return unquote(urlsplit(url).path).rstrip("/") or "no path"
    except ValueError:
        return "no path"
