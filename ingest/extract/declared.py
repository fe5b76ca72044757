"""Everything a page declares about itself, by the way in which it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.linked import Node, read_linked
from ingest.extract.microdata import read_microdata
from ingest.extract.names import clean, shown_headlines

_META = XPath("/descendant::meta[@content][@property or @name or @itemprop]")
_TIME = XPath(
    "/descendant::time"
    "[not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::a or ancestor::li)]/@datetime"
)
_MOST_METAS = 2_000  # of 268 pages none has more than 185


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The declarations of a page: its JSON-LD article, microdata in the same shape, meta elements and `<time>`."""

    linked: Node
    microdata: Node
    metas: Mapping[str, Sequence[str]]
    times: Sequence[str]

    def witnesses(self, name: str, *metas: str) -> Iterator[tuple[str, object]]:
        """What is said of a property: by JSON-LD, by these meta elements in their order, by microdata."""
        if name in self.linked:
            yield "json-ld", self.linked[name]
        for meta in metas:
            for value in self.metas.get(meta, ())[:1]:
                yield source_of(meta), value
        if name in self.microdata:
            yield "microdata", self.microdata[name]


def read_declared(tree: HtmlElement, urls: Sequence[str]) -> Declared:
    """Read the declarations of a parsed page, whose addresses are `urls`."""
    metas: dict[str, list[str]] = {}
    for meta in islice(_META(tree), _MOST_METAS):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name and meta.get("content").strip():
            metas.setdefault(name, []).append(meta.get("content"))
    titles = [tree.findtext(".//title"), *metas.get("og:title", ())[:1], *shown_headlines(tree)]
    linked = read_linked(tree, urls, [text for title in titles if (text := clean(title))])
    return Declared(linked=linked, microdata=read_microdata(tree), metas=metas, times=_TIME(tree)[:1])


def source_of(meta: str) -> str:
    """The vocabulary that a meta element belongs to."""
    for start, source in _VOCABULARIES.items():
        if meta.startswith(start):
            return source
    return "meta"


_VOCABULARIES = {
    "og:": "opengraph",
    "article:": "opengraph",
    "twitter:": "twitter",
    "parsely": "parsely",
    "sailthru": "sailthru",
    "dc": "dublin-core",
}
