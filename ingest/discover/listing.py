"""What a page announces: addresses, each with what is said about it, and further listings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urljoin

from ingest.discover.dates import Moment
from ingest.model import Page, Seed, Via
from ingest.outcome import Rejection, Unmodified
from ingest.urls import canonicalize
from ingest.value import Value

Fetch = Callable[[Seed], Page | Rejection | Unmodified]
"""Gets one listing; `Unmodified` where the validators of the seed say that what was read last is still the newest."""

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""A character that no XML may hold, and parsers stumble over."""

# Longer ones are data: URIs and mistakes; servers refuse them from about 8,000 characters on.
_MAX_URL = 2_048  # bytes: no index of a database takes more than 2,700, and the protocol of sitemaps allows no more
_MAX_TITLE = 500
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u00ad]")
_HALF = re.compile("[\ud800-\udfff]")


class Kind(StrEnum):
    """What a listing is written in."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON_FEED = "json_feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP_INDEX = "sitemap_index"
    TEXT_SITEMAP = "text_sitemap"
    PAGE = "page"

    @property
    def via(self) -> Via:
        """How its seeds were heard of."""
        return _VIA.get(self, Via.SITEMAP)


_VIA = dict.fromkeys((Kind.RSS, Kind.ATOM, Kind.RDF, Kind.JSON_FEED), Via.FEED) | {Kind.PAGE: Via.SECTION}


class BadListingError(Exception):
    """What cannot be read as a listing; the message is the detail of the rejection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A seed, and the instant that it is ordered by: its publication, else its last change, else ``None``.

    The instant may be rough (a day, a time without an offset), so it is kept apart from `seed.published_at`.
    """

    seed: Seed
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Further(Value):
    """Another listing that a listing names: a child of a sitemap index, a feed that a page links to."""

    url: str
    modified_at: datetime | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Value):
    """What a page announces, newest first where dates are given.

    `found` counts the entries before those were left out that are older than the caller asked for; `title` and
    `language` are what it says of itself; `notes` tell a person what was not read, and why.
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    more: tuple[Further, ...] = ()
    found: int = 0
    title: str | None = None
    language: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """The seeds of the entries."""
        return tuple(entry.seed for entry in self.entries)


def entry_of(
    page: Page, kind: Kind, link: str, *, title: str | None, moment: Moment | None, language: str | None = None
) -> Entry | None:
    """An entry for a link of a page, or ``None`` for a link that is none.

    A link that cannot be read as a URL is kept as it is: its seed is counted, and rejected like any other.
    """
    url = absolute(page.final_url, link)
    if url is None:
        return None
    seed = Seed(
        url=url,
        source=page.seed.source,
        via=kind.via,
        title=squeeze(title or "") or None,
        published_at=moment.instant if moment is not None and moment.exact else None,
        language=language_code(language),
    )
    return Entry(seed=seed, at=moment.instant if moment is not None else None)


def absolute(base: str, link: str) -> str | None:
    """A link as an absolute URL, without the white space that browsers ignore; ``None`` if it is empty or endless."""
    plain = _HALF.sub("\ufffd", re.sub(r"[\t\r\n]", "", link.strip()))
    if not plain or len(plain) > _MAX_URL:
        return None
    try:
        target = urljoin(base, plain)
    except ValueError:
        target = plain
    return target if len(target.encode()) <= _MAX_URL else None


def address_key(url: str) -> str:
    """What is the same for all spellings of an address; what is no URL is its own."""
    try:
        return canonicalize(url)
    except ValueError:
        return url


def squeeze(text: str) -> str:
    """One space for every run of white space, no controls, no halves of characters, letters composed, not endless."""
    storable = _HALF.sub("\ufffd", _CONTROL.sub("", text[: _MAX_TITLE * 8]))
    return unicodedata.normalize("NFC", " ".join(storable.split()))[:_MAX_TITLE]


def language_code(text: str | None) -> str | None:
    """The primary BCP-47 subtag of a declared language ("sv-SE", "en_US"), or ``None`` where it is none."""
    primary = re.split(r"[-_]", (text or "").strip(), maxsplit=1)[0].lower()
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) and primary != "und" else None


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by date; one without a date keeps its place behind the one that it stands behind."""
    listed = list(entries)
    place = next((entry.at for entry in listed if entry.at is not None), None)
    if place is None:
        return tuple(listed)
    placed: list[tuple[datetime, Entry]] = []
    for entry in listed:
        place = entry.at or place
        placed.append((place, entry))
    placed.sort(key=lambda pair: pair[0], reverse=True)  # stable, also in reverse
    return tuple(entry for _, entry in placed)


def younger(entries: Sequence[Entry], since: datetime | None) -> tuple[Entry, ...]:
    """The entries that are not older than an instant, if one is given.

    An entry without a date, or with one that cannot be read, is kept: nobody knows that it is old.
    """
    return tuple(entry for entry in entries if since is None or entry.at is None or entry.at >= since)
