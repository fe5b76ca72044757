"""When a page was published and last changed, by the witness that knows most, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from htmldate import find_date
from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from ingest.extract.beside import lines_beside, lines_marked
from ingest.extract.common import squeeze
from ingest.extract.declared import Declared
from ingest.lang.codes import country_of
from ingest.lang.dates import AHEAD, FIRST_YEAR, NOWHERE, Line, Setting, Stamp, read_line, read_value, refused
from ingest.model import Precision, Seed
from ingest.urls import host_of

_SLACK = timedelta(days=2)  # feed and page may differ by as much
_ZONES = timedelta(hours=14)  # no zone is further from UTC
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
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(?<=[/-])(\d\d?|[a-z]{3,9})[/-](\d\d?)(?=[/-])", re.IGNORECASE)
_FIGURES = re.compile(r"(?<![\d/-])(\d\d?)([/-])(\d\d?)\2(?:19|20)\d\d(?![\d/-])")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one witness says: an instant, or the midnight of a day."""

    at: datetime
    precision: Precision
    source: str

    @property
    def is_day(self) -> bool:
        """Whether only the day is known."""
        return self.precision is Precision.DAY


class _Reader:
    """Reads what the witnesses of one page write, and remembers what speaks against it."""

    def __init__(self, tree: HtmlElement, setting: Setting, now: datetime) -> None:
        self._tree = tree
        self._setting = setting
        self._now = now
        self._order_known = False
        self.ambiguous = False

    def value(self, written: object) -> Line:
        """What a declaration says."""
        return self._read(read_value, written) if isinstance(written, str) else Line()

    def line(self, text: str) -> Line:
        """What a line of the page says."""
        return self._read(read_line, text)

    def _read(self, read: Callable[[str, Setting], Line], text: str) -> Line:
        line = read(text, self._setting)
        if line.ambiguous and not self._order_known:
            self._order_known = True
            order = self._setting.month_first if self._setting.month_first is not None else _order_of(self._tree)
            self._setting = replace(self._setting, month_first=order)
            line = read(text, self._setting)
        self.ambiguous |= line.ambiguous
        return line


def read_when(
    tree: HtmlElement,
    declared: Declared,
    url: str,
    now: datetime,
    seed: Seed | None,
    language: str | None = None,
    title: str | None = None,
) -> When:
    """Read the dates of a page, which is written in a language and has a title, as far as these are known.

    Flags: published_in_future and modified_in_future (refused), modified_before_published (kept), dates_disagree (the
    day is more than two days from what the feed said), date_ambiguous (the day can be read in two ways: not known).
    """
    flags: list[str] = []
    told = seed.published_at if seed is not None and seed.published_at is not None else None
    told = None if told is None or told > now + AHEAD else told
    in_url = _in_url(url)
    near = tuple(day for day in (in_url, told.date() if told else None) if day is not None)
    reader = _Reader(tree, Setting(language=language, country=country_of(host_of(url)), now=now, near=near), now)
    found = _declared(reader, declared, "datePublished", _PUBLISHED, now, flags)
    found = found or _first((reader.value(time), "time") for time in declared.times)
    shown = Line()
    if (found is None or found.is_day or found.source == "time") and not flags:
        shown = _shown(tree, title, reader, now)
    if found is None and not flags:
        found = _undeclared(tree, url, now, in_url, shown, reader)
    modified = _declared(reader, declared, "dateModified", _MODIFIED, now, flags) or _told(shown.updated, "html")
    found = _finer(_unless_changed(found, modified, shown), _told(shown.published, "html"))
    found = _finer(found, None if told is None else _Told(at=told, precision=Precision.INSTANT, source="feed"))
    if found is None and reader.ambiguous:
        flags.append("date_ambiguous")
    if found is not None and told is not None and abs(found.at - told) > _SLACK:
        flags.append("dates_disagree")
    if modified is not None and found is not None:
        coarse = found.is_day or modified.is_day
        if modified.at < found.at - (timedelta(days=1) if coarse else timedelta(minutes=1)):
            flags.append("modified_before_published")
    return When(
        published_at=found.at if found else None,
        precision=found.precision if found else None,
        published_source=found.source if found else None,
        modified_at=modified.at if modified else None,
        modified_source=modified.source if modified else None,
        flags=tuple(dict.fromkeys(flags)),
    )


def read_stated(
    texts: Iterable[str], date_format: str | None, tree: HtmlElement, url: str, now: datetime, language: str | None
) -> tuple[datetime, Precision] | None:
    """The first of some texts that is a date which can be, read by a format (of strptime) where one is given."""
    reader = _Reader(tree, Setting(language=language, country=country_of(host_of(url)), now=now), now)
    for text in texts:
        stamp = _formatted(squeeze(text), date_format) if date_format else None
        if stamp is None:
            stamp = reader.value(squeeze(text)).published or reader.line(squeeze(text)).published
        told = _told(stamp, "site rule")
        if told is not None and not refused(told.at, now):
            return told.at, told.precision
    return None


def _formatted(text: str, date_format: str) -> Stamp | None:
    try:
        read = datetime.strptime(text, date_format)  # noqa: DTZ007 - the format says whether there is a zone
    except ValueError:
        return None
    clocked = any(part in date_format for part in ("%H", "%I", "%c", "%X", "%T"))
    return Stamp(read.date(), read.time() if clocked else None, read.tzinfo)


def _declared(
    reader: _Reader, declared: Declared, name: str, metas: tuple[str, ...], now: datetime, flags: list[str]
) -> _Told | None:
    """The first declared date that can be; an instant of a later witness on the same day says more than a day."""
    found: list[_Told] = []
    in_future = False
    for source, value in declared.witnesses(name, *metas):
        line = reader.value(value)
        told = _told(line.published or line.updated, source)
        if told is not None and not refused(told.at, now):
            found.append(told)
        elif told is not None and told.at > now + AHEAD:
            in_future = True
    if not found:
        if in_future:  # no other witness knows better
            flags.append("published_in_future" if name == "datePublished" else "modified_in_future")
        return None
    first = found[0]
    return next((one for one in found if first.is_day and not one.is_day and _agree(first.at, one.at)), first)


def _told(stamp: Stamp | None, source: str) -> _Told | None:
    if stamp is None:
        return None
    if (instant := stamp.instant) is None:
        return _Told(at=stamp.midnight, precision=Precision.DAY, source=source)
    try:
        instant.astimezone(UTC)  # at the ends of the calendar an offset leads out of it
    except OverflowError:
        return None
    return _Told(at=instant, precision=Precision.INSTANT, source=source)


def _first(lines: Iterable[tuple[Line, str]]) -> _Told | None:
    return next((told for line, source in lines if (told := _told(line.published, source)) is not None), None)


def _finer(found: _Told | None, other: _Told | None) -> _Told | None:
    """The one of two witnesses that says more: an instant of the day that the first one names."""
    if found is None or (found.is_day and other is not None and not other.is_day and _agree(found.at, other.at)):
        return other if other is not None else found
    return found


def _agree(day: datetime, instant: datetime) -> bool:
    """Whether an instant is in a day (its midnight in UTC) somewhere on earth, or in the day of its own zone."""
    return instant.date() == day.date() or -_ZONES < instant - day < timedelta(days=1) + _ZONES


def _in_url(url: str) -> date | None:
    found = _IN_URL.search(urlsplit(url).path)
    if found is None:
        return None
    text = "-".join(found.groups()) if found[2].isdecimal() else f"{found[3]} {found[2]} {found[1]}"
    stamp = read_line(text, NOWHERE).published
    return stamp.day if stamp is not None and stamp.day.year >= FIRST_YEAR else None


def _unless_changed(found: _Told | None, modified: _Told | None, shown: Line) -> _Told | None:
    """A day of publication, or the earlier one beside the headline where the declared one is that of the last change.

    Templates declare the day of change as both; what stands first on the page as `<time>` may be another article's.
    """
    beside = _told(shown.published, "html")
    if found is None or beside is None or abs(beside.at - found.at) <= _SLACK:
        return found
    is_change = found.is_day and modified is not None and modified.at <= found.at and beside.at < found.at
    return beside if is_change or found.source == "time" else found


def _shown(tree: HtmlElement, title: str | None, reader: _Reader, now: datetime) -> Line:
    """What the page shows beside its headline, and in lines that are marked as its date.

    The first day of publication, and the first of change.
    """
    published = updated = None
    for text in (*lines_beside(tree, title), *lines_marked(tree)):
        line = reader.line(text)
        published = published or _possible(line.published, now)
        updated = updated or _possible(line.updated, now)
    return Line(published=published, updated=updated)


def _possible(stamp: Stamp | None, now: datetime) -> Stamp | None:
    return stamp if stamp is not None and not refused(stamp.instant or stamp.midnight, now) else None


def _undeclared(
    tree: HtmlElement, url: str, now: datetime, in_url: date | None, shown: Line, reader: _Reader
) -> _Told | None:
    """The day that the page does not declare, or the instant where a link of the page to itself shows that.

    The day is the one in the address, else in a line that is marked as the page's date, else what htmldate finds.
    """
    told = _told(Stamp(in_url), "url") if in_url else _told(shown.published, "html")
    if told is None and not reader.ambiguous:  # htmldate would read it day first
        told = _first([(reader.value(_searched_date(tree, url, now)), "htmldate")])
    if told is None or refused(told.at, now):
        return None
    instant = _permalinked(tree, url, told.at) if told.is_day else None
    return told if instant is None else _Told(at=instant, precision=Precision.INSTANT, source="time")


def _order_of(tree: HtmlElement) -> bool | None:
    """Whether the page writes the month before the day, by those of its dates that can be read in one way only."""
    first, second = set[bool](), set[bool]()
    for found in islice(_FIGURES.finditer(tree.text_content()), 200):
        first.add(int(found[1]) > 12)
        second.add(int(found[3]) > 12)
    day_first, month_first = True in first, True in second
    return None if day_first == month_first else month_first


def _permalinked(tree: HtmlElement, url: str, day: datetime) -> datetime | None:
    """The first instant of a day in a link of the page to itself: so forums show the time of a post."""
    page = urldefrag(url).url
    for time in _TIMES_IN_LINKS(tree)[:_MOST_TIMES]:
        href = next(link.get("href") for link in time.iterancestors("a"))
        stamp = read_value(time.get("datetime")).published
        if stamp is None or stamp.instant is None or stamp.day != day.date():
            continue
        try:
            target = urldefrag(urljoin(url, href)).url
        except ValueError:
            continue
        if target == page:
            return stamp.instant
    return None


def _searched_date(tree: HtmlElement, url: str, now: datetime) -> str | None:
    """The day that htmldate finds in the address and the elements of a page.

    Without its search through the whole text, which guesses (a copyright year becomes 1 January); on 268 news pages
    that found no day that the declarations did not have.
    """
    latest = f"{now + AHEAD:%Y-%m-%d}"
    # What scripts declare of this page's article was read; what is left in them is of other articles.
    copy = deepcopy(tree)
    strip_elements(copy, "script", with_tail=False)
    found: str | None = find_date(copy, url=url, extensive_search=False, original_date=True, max_date=latest)
    return found
