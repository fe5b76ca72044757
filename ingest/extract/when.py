"""When a page was published and last changed, by the witness that knows most, and what speaks against it."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

from htmldate import find_date
from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.dates import MONTHS, YEAR_FIRST, parse_date
from ingest.extract.declared import Declared
from ingest.model import Precision, Seed

# A date further ahead than this is a mistake or a placeholder: no time zone is more than 14 hours from UTC, and a day
# without a time may be today in a zone that is ahead of ours. Feed and page may differ by as much.
_SLACK = timedelta(days=2)
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date"),
    *("date", "pubdate", "publish-date", "publishdate", "publish_date", "publication_date", "article.published"),
    *("article:published:time", "datepublished", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created"),
    "dcterms.issued",
)
_MODIFIED = (
    "article:modified_time",
    "article:modified:time",
    "og:updated_time",
    "dcterms.modified",
    "datemodified",
    "lastmod",
)
_IN_URL = re.compile(
    rf"/((?:19|20)\d\d)[/-]?(?<=[/-])(\d\d?|(?:{'|'.join(MONTHS)})[a-z]{{0,6}})[/-](\d\d?)(?=[/-])", re.IGNORECASE
)
# A day with dots is day first everywhere, if not year first; with slashes it may be month first, and is not read.
_SHOWN = re.compile(
    rf"(?<!\w)(?:(?P<year_first>{YEAR_FIRST})"
    r"|(?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})\b"
    r"|(?P<words>[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})\b)"
)
_DATE_LINES = XPath(
    "//*[self::span or self::p or self::div or self::dd or self::time or self::li]"
    "[string-length(.) < 60][contains(translate(@class, 'DP', 'dp'), 'date') or contains(@id, 'date')"
    r" or contains(@class, 'publi') or re:test(., '^\W*(date|datum|dato|data|fecha|дата|published|publicerad)\b', 'i')]"
    "[not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::a)]",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)
_TIMES_IN_LINKS = XPath("//a[@href]//time[@datetime][not(ancestor::nav or ancestor::footer or ancestor::aside)]")
_MOST_TIMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Instants with an offset; `published_source` and `modified_source` name the witnesses."""

    published_at: datetime | None = None
    precision: Precision | None = None
    published_source: str | None = None
    modified_at: datetime | None = None
    modified_source: str | None = None
    flags: tuple[str, ...] = ()


def read_when(tree: HtmlElement, declared: Declared, url: str, now: datetime, seed: Seed | None) -> When:
    """Read the dates of a page.

    Flags: published_in_future and modified_in_future (refused), modified_before_published (kept), dates_disagree (the
    day is more than two days from what the feed said).
    """
    flags: list[str] = []
    published, precision, source = _first(declared, "datePublished", _PUBLISHED)
    if published is None:
        published, precision = next((found for found in map(parse_date, declared.times) if found[0]), (None, None))
        source = "time"
    if published is None:
        published, precision, source = _undeclared(tree, url, now)
    if published is not None and published > now + _SLACK:
        published, precision = None, None
        flags.append("published_in_future")
    told = seed.published_at if seed is not None else None
    if told is not None and told > now + _SLACK:
        told = None
    if published is None and told is not None:
        published, precision, source = told, Precision.INSTANT, "feed"
    if published is not None and told is not None and abs(published - told) > _SLACK:
        flags.append("dates_disagree")
    modified, modified_precision, modified_source = _first(declared, "dateModified", _MODIFIED)
    if modified is not None and modified > now + _SLACK:
        modified = None
        flags.append("modified_in_future")
    if modified is not None and published is not None:
        coarse = Precision.DAY in (precision, modified_precision)
        if modified < published - (timedelta(days=1) if coarse else timedelta(minutes=1)):
            flags.append("modified_before_published")
    return When(
        published_at=published,
        precision=precision,
        published_source=source if published is not None else None,
        modified_at=modified,
        modified_source=modified_source if modified is not None else None,
        flags=tuple(flags),
    )


def _first(
    declared: Declared, name: str, metas: tuple[str, ...]
) -> tuple[datetime | None, Precision | None, str | None]:
    """The first date that can be read; an instant of a later witness on the same day says more than a day."""
    found = [
        (date, precision, source)
        for source, value in declared.witnesses(name, *metas)
        for date, precision in [parse_date(value)]
        if date is not None
    ]
    if not found:
        return None, None, None
    first = found[0]
    if first[1] is Precision.DAY:
        exact = (one for one in found if one[1] is Precision.INSTANT and one[0].date() == first[0].date())
        return next(exact, first)
    return first


def _undeclared(tree: HtmlElement, url: str, now: datetime) -> tuple[datetime | None, Precision | None, str | None]:
    """The day that the page does not declare, or the instant where a link of the page to itself shows that."""
    day, precision, source = _undeclared_day(tree, url, now)
    if day is not None and (instant := _permalinked(tree, url, day)) is not None:
        return instant, Precision.INSTANT, "time"
    return day, precision, source


def _undeclared_day(tree: HtmlElement, url: str, now: datetime) -> tuple[datetime | None, Precision | None, str | None]:
    """The day in the address, else in a line of the page that is marked as its date, else what htmldate finds."""
    in_url = _IN_URL.search(urlsplit(url).path)
    if in_url:
        year, month, day = in_url.groups()
        number = month if month.isdecimal() else str(MONTHS.index(month[:3].lower()) + 1)
        found, precision = parse_date(f"{year}-{number:0>2}-{day:0>2}")
        if found is not None:
            return found, precision, "url"
    for element in _DATE_LINES(tree)[:10]:
        shown = _SHOWN.search(squeeze(element.text_content()))
        if shown:
            text = shown["year_first"] or shown["words"] or "{2}-{1:0>2}-{0:0>2}".format(*shown["dotted"].split("."))
            found, precision = parse_date(text)
            if found is not None and precision is Precision.DAY:
                return found, precision, "html"
    found, precision = parse_date(_searched_date(tree, url, now))
    return found, precision, "htmldate"


def _permalinked(tree: HtmlElement, url: str, day: datetime) -> datetime | None:
    """The first instant of a day in a link of the page to itself: so forums show the time of a post."""
    page = urldefrag(url).url
    for time in _TIMES_IN_LINKS(tree)[:_MOST_TIMES]:
        href = next(link.get("href") for link in time.iterancestors("a"))
        instant, precision = parse_date(time.get("datetime"))
        if instant is None or precision is not Precision.INSTANT or instant.date() != day.date():
            continue
        try:
            target = urldefrag(urljoin(url, href)).url
        except ValueError:
            continue
        if target == page:
            return instant
    return None


def _searched_date(tree: HtmlElement, url: str, now: datetime) -> str | None:
    """The day that htmldate finds in the address and the elements of a page.

    Without its search through the whole text, which guesses (a copyright year becomes 1 January); on 268 news pages
    that found no day that the declarations did not have.
    """
    latest = f"{now + _SLACK:%Y-%m-%d}"
    # What scripts declare of this page's article was read; what is left in them is of other articles.
    copy = deepcopy(tree)
    strip_elements(copy, "script", with_tail=False)
    found: str | None = find_date(copy, url=url, extensive_search=False, original_date=True, max_date=latest)
    return found
