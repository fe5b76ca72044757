"""A page's JSON-LD: the object that describes its article, of all the objects that sites put there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

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
_WHAT_IS_AN_ARTICLE = ("Article", "Posting", "Report")

Node = dict[str, Any]


def read_linked(tree: HtmlElement, urls: Iterable[str]) -> Node:
    """The JSON-LD object of the page's article, or an empty one.

    Of several articles it is the one that names this page as its own, else the first with a headline, else the first.
    Objects that it only refers to by ``@id`` (author, publisher) are put in their places.

    Args:
        tree: the page, with its scripts.
        urls: addresses of this page: the one it was fetched from, and its own canonical one.
    """
    nodes: list[Node] = []
    for script in islice(_SCRIPTS(tree), _MOST_SCRIPTS):
        nodes += islice(_objects(_parsed(script.text or ""), 0), _MOST_NODES - len(nodes))
    articles = [node for node in nodes if is_kind(node, *_WHAT_IS_AN_ARTICLE)]
    if not articles:
        return {}
    own = {_address(url) for url in urls}
    article = next(
        (node for node in articles if own & set(map(_address, _addresses(node)))),
        next((node for node in articles if isinstance(node.get("headline"), str)), articles[0]),
    )
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return {name: _resolved(value, by_id) for name, value in article.items()}


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
    """A value without what is nested too deep, so that whoever follows it down need not count."""
    if not isinstance(value, dict | list):
        return value
    if depth > _DEEPEST_VALUE:
        return None
    if isinstance(value, list):
        return [_shallow(one, depth + 1) for one in value]
    return {name: _shallow(one, depth + 1) for name, one in value.items()}


def _objects(data: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value, depth + 1)


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
