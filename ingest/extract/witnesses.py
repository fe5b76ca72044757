"""How many places of a page agree with what was read from it: headline, day of publication and authors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.lang.words import extent
from ingest.text import letters

_HEADINGS = XPath("/descendant::h1")
_TITLES = XPath("/descendant::title | /descendant::*[self::h2][1]")
_METAS = XPath("/descendant::meta[@content]")
_LINKED = XPath("/descendant::script[contains(@type, 'ld+json')]/text()", smart_strings=False)
_TIMES = XPath("/descendant::*[@datetime or @data-date or @data-published]")
_BYLINES = XPath(
    "/descendant::*[@class or @rel or @itemprop]"
    "[contains(@class, 'uthor') or contains(@class, 'yline') or @rel = 'author' or @itemprop = 'author']"
)
_MOST = 40  # elements that are looked at for one field
_TELLING = 6  # letters


def count_witnesses(
    tree: HtmlElement, url: str, title: str | None, published_at: datetime | None, authors: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    """How many kinds of witnesses agree with each field that has a value: (("title", 3), ...)."""
    metas = [(meta.get("property") or meta.get("name") or "", meta.get("content")) for meta in _METAS(tree)[:300]]
    linked = letters(" ".join(_LINKED(tree)))
    counts: list[tuple[str, int]] = []
    if title:
        counts.append(("title", _title(tree, title, metas, linked)))
    if published_at:
        counts.append(("date", _day(tree, url, published_at, metas, linked)))
    if names := [letters(name) for name in authors]:
        counts.append(("authors", _authors(tree, names, metas, linked)))
    return tuple(counts)


def _title(tree: HtmlElement, title: str, metas: list[tuple[str, str]], linked: str) -> int:
    wanted = letters(title)
    told = [
        [element.text_content() for element in _HEADINGS(tree)[:_MOST]],
        [element.text_content() for element in _TITLES(tree)[:_MOST]],
        [value for name, value in metas if name == "og:title"],
        [value for name, value in metas if name.endswith("title") and name != "og:title"],
        [linked],
    ]
    return sum(any(_holds(letters(one), wanted) for one in some) for some in told)


def _holds(told: str, wanted: str) -> bool:
    return wanted in told or (extent(told) >= _TELLING and told in wanted and 2 * len(told) >= len(wanted))


def _day(tree: HtmlElement, url: str, published_at: datetime, metas: list[tuple[str, str]], linked: str) -> int:
    day = f"{published_at:%Y-%m-%d}"
    plain, parted = f"{published_at:%Y%m%d}", f"{published_at:%Y/%m/%d}"
    told = [
        any(day in value for name, value in metas if name.startswith("article:")),
        any(day in value for name, value in metas if not name.startswith("article:")),
        any(day in value for element in _TIMES(tree)[:_MOST] for value in element.values()),
        f"{day[:4]}{day[5:7]}{day[8:]}" in linked,
        plain in url or parted in url or day in url,
    ]
    return sum(told)


def _authors(tree: HtmlElement, names: list[str], metas: list[tuple[str, str]], linked: str) -> int:
    told = (
        letters(" ".join([value for name, value in metas if "author" in name or name in ("byl", "dc.creator")])),
        linked,
        letters(" ".join([element.text_content()[:200] for element in _BYLINES(tree)[:_MOST]])),
    )
    return sum(all(name in some for name in names) for some in told)
