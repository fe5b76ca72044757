"""What a page says about itself: JSON-LD first (it alone gives time and zone on most sites), then OpenGraph, `<time>`.

Measured on news pages in 17 languages: trafilatura finds the day (.94) but never the time; JSON-LD and OpenGraph
together give the instant with its zone on nine pages of ten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.names import Names, read_names
from ingest.model import Precision
from ingest.urls import canonicalize, same_site, site_of

# A date further ahead than this is a mistake or a placeholder: no time zone is more than 14 hours from UTC, and a day
# without a time may be today in a zone that is ahead of ours.
_FUTURE_SLACK = timedelta(days=2)
_FIRST_NEWSPAPER = 1605  # the Relation of Strasbourg; .NET writes an unset date as the year 1
_SOURCE_LINK = (
    r"^\W*(?:source(?: link)?|original (?:article|source)|read (?:the )?(?:full|original) (?:article|story)(?: here)?"
    r"|quelle|zum original|källa|originalartikel|источник|оригинал|المصدر)\W*$"
)

# XPath finds them without a Python object for each element of the page: a page may have 40,000 links.
_LINKED_DATA = XPath("//script[contains(@type, 'ld+json')]")
_META = XPath("//meta[@content][@property or @name or @itemprop]")
_ONE_ARTICLE = XPath("count(//article) = 1")  # several are the teasers of an index
_TIME = XPath("//time/@datetime")
_CANONICAL = XPath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
_SOURCE_LINKS = XPath(
    f"//a[string-length(.) < 60][re:test(., '{_SOURCE_LINK}', 'i')]/@href",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page declares. Instants carry an offset; a date without a time has precision "day"."""

    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    source_link: str | None = None
    language: str | None = None
    names: Names
    says_article: bool = False
    flags: tuple[str, ...] = ()


def read_metadata(tree: HtmlElement, url: str, now: datetime) -> Metadata:
    """Read the declarations of a parsed page.

    Args:
        tree: the page, parsed, not yet stripped of scripts.
        url: the page's final URL, against which links resolve.
        now: the time of fetching; dates after it (and a slack) are refused with a flag.
    """
    flags: list[str] = []
    linked = _json_ld(tree)
    metas = _metas(tree)
    published_at, precision = _first_date(
        linked.get("datePublished"), metas.get("article:published_time"), metas.get("date"), *_TIME(tree)[:1]
    )
    if published_at is None:
        published_at, precision = parse_date(_searched_date(tree, url, now))
    if published_at is not None and published_at > now + _FUTURE_SLACK:
        published_at, precision = None, None
        flags.append("future_date")
    modified_at, _ = _first_date(linked.get("dateModified"), metas.get("article:modified_time"))
    canonical, flag = _canonical(tree, url)
    return Metadata(
        published_at=published_at,
        published_precision=precision,
        modified_at=modified_at if modified_at is None or modified_at <= now + _FUTURE_SLACK else None,
        canonical_url=canonical,
        source_link=_source_link(tree, url, site=canonical or url),
        names=read_names(tree, linked, metas),
        says_article=bool(linked) or metas.get("og:type") == "article" or _ONE_ARTICLE(tree),
        language=(tree.get("lang") or metas.get("og:locale", "")).strip().replace("_", "-") or None,
        flags=(*flags, *flag),
    )


def _searched_date(tree: HtmlElement, url: str, now: datetime) -> str | None:
    """The day that htmldate finds in the address and the elements of a page.

    Without its search through the whole text, which guesses (a copyright year becomes 1 January); on 268 news pages
    that found no day that the declarations did not have.
    """
    latest = f"{now + _FUTURE_SLACK:%Y-%m-%d}"
    found: str | None = find_date(deepcopy(tree), url=url, extensive_search=False, original_date=True, max_date=latest)
    return found


def parse_date(text: object) -> tuple[datetime | None, Precision | None]:
    """An ISO 8601 date or instant, with its precision; anything else is (None, None).

    A time without a zone is kept as a day: which instant it means is not known.
    """
    if not isinstance(text, str):
        return None, None
    text = text.strip()
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    if parsed.year < _FIRST_NEWSPAPER:
        return None, None
    if parsed.tzinfo is not None:
        return parsed, Precision.INSTANT
    return parsed.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), Precision.DAY


def _first_date(*witnesses: object) -> tuple[datetime | None, Precision | None]:
    """The first date that can be read: a page may write it badly in one place and well in the next."""
    return next((found for found in map(parse_date, witnesses) if found[0] is not None), (None, None))


def _json_ld(tree: HtmlElement) -> dict[str, Any]:
    """The first JSON-LD object that describes an article, or an empty one."""
    for script in _LINKED_DATA(tree):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _objects(data, depth=0):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name.endswith(("Article", "Posting")) for name in names):
                return node
    return {}


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 8:  # no site nests its article deeper; a hostile page must not exhaust the stack
        return
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value, depth + 1)


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in _META(tree):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name and meta.get("content"):
            found.setdefault(name, meta.get("content"))
    return found


def _canonical(tree: HtmlElement, url: str) -> tuple[str | None, tuple[str, ...]]:
    """The page's own canonical URL, believed only within its site and if it is not just the home page.

    A saved page has no site; what it says of itself is all there is.
    """
    for href in _CANONICAL(tree):
        try:
            canonical = canonicalize(urljoin(url, href))
        except ValueError:
            return None, ("canonical_unreadable",)
        if site_of(url) and not same_site(canonical, url):
            return None, ("canonical_elsewhere",)
        if _is_home(canonical) and site_of(url) and not _is_home(canonicalize(url)):
            return None, ("canonical_home",)
        return canonical, ()
    return None, ()


def _is_home(canonical_url: str) -> bool:
    parts = urlsplit(canonical_url)
    return parts.path == "/" and not parts.query


def _source_link(tree: HtmlElement, url: str, site: str) -> str | None:
    """Where a bare "Source link" anchor of a repost leads, if that is another site."""
    for href in _SOURCE_LINKS(tree):
        try:
            target = canonicalize(urljoin(url, href))
        except ValueError:
            continue
        if not same_site(target, site):
            return target
    return None
