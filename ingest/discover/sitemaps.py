"""Sitemaps (sitemaps.org 0.9): of pages, of news, of sitemaps, and as plain lists of addresses.

The XML is read as a stream of events, so no tree grows, however many entries there are. lxml's parser recovers from
what is not well-formed; document types are cut off before it sees them, so there are no entities to expand or to load.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from ingest.discover.dates import read_moment
from ingest.discover.listing import (
    NOT_XML,
    BadListingError,
    Entry,
    Further,
    Kind,
    Listing,
    absolute,
    entry_of,
    newest_first,
    squeeze,
    younger,
)
from ingest.discover.recognise import Form
from ingest.model import Page
from ingest.text import without_odd_references

MAX_ENTRIES = 50_000
"""Most entries of a sitemap, by the protocol; what follows is not read."""

_FULL = (f"more than {MAX_ENTRIES:,} entries: the others were not read",)

# An ampersand that begins no reference: in addresses it is as often bare as not. What it may be cut through is held
# back until the next piece comes.
_BARE = re.compile(r"&(?!(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)")
_UNDECIDED = re.compile(r"&#?\w{0,8}$")
# Text of one element that is kept; addresses and titles are shorter.
_MAX_TEXT = 8_192
_WANTED = frozenset({"loc", "lastmod", "publication_date", "title", "language"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What stands in one <url> or <sitemap>."""

    loc: str
    lastmod: str = ""
    publication_date: str = ""
    title: str = ""
    language: str = ""
    news: bool = False


class _Full(Exception):  # noqa: N818 - no error: there are as many entries as we want
    """Ends the parsing."""


class _Rows:
    """lxml's parser target: collects rows, by the local names of the elements and what they stand in.

    Namespaces are misspelt too often to go by; <image:loc> is told from <loc> by what it stands in.
    """

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self._path: list[str] = []
        self._fields: dict[str, str] = {}
        self._text: list[str] | None = None
        self._length = 0

    def start(self, tag: str, _attributes: object) -> None:
        """An element begins."""
        name = tag.rpartition("}")[2].lower()
        self._path.append(name)
        if name in ("url", "sitemap") and len(self._path) == 2:
            self._fields = {}
        if name == "news" and self._path[-2:-1] == ["url"]:
            self._fields["news"] = "news"
        # <loc> and <lastmod> stand in the row; a title and its date in <news:news>; a language one deeper.
        around = self._path[-2] if len(self._path) > 1 else ""
        rooms = ("url", "sitemap") if name in ("loc", "lastmod") else ("news", "publication")
        wanted = name in _WANTED and around in rooms and name not in self._fields
        self._text, self._length = ([], 0) if wanted else (None, 0)

    def data(self, text: str) -> None:
        """Text."""
        if self._text is not None and self._length < _MAX_TEXT:
            self._text.append(text)
            self._length += len(text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        name = self._path.pop() if self._path else ""
        if self._text is not None:
            self._fields[name] = "".join(self._text)[:_MAX_TEXT].strip()
            self._text = None
        if name in ("url", "sitemap") and len(self._path) == 1:
            if self._fields.get("loc"):
                self._add(self._fields)
            self._fields = {}

    def close(self) -> None:
        """The document ends."""

    def _add(self, fields: dict[str, str]) -> None:
        if len(self.rows) == MAX_ENTRIES:
            raise _Full
        news = bool(fields.pop("news", ""))
        self.rows.append(_Row(**fields, news=news))


def read_sitemap(pieces: Iterable[str], page: Page, form: Form, since: datetime | None = None) -> Listing:
    """Read a sitemap or an index of sitemaps.

    Args:
        pieces: Its text from the root element on.
        page: Where it was found.
        form: URLSET or SITEMAPINDEX.
        since: Leave out what is older.

    Raises:
        BadListingError: it breaks off before its first address.
    """
    target = _Rows()
    notes = _FULL if _fill(target, pieces) else ()
    if form is Form.SITEMAPINDEX:
        more = tuple(_children(target.rows, page))
        return Listing(kind=Kind.SITEMAP_INDEX, more=more, found=len(more), notes=notes)
    news = any(row.news for row in target.rows)
    kind = Kind.NEWS_SITEMAP if news else Kind.SITEMAP
    entries = [entry for row in target.rows if (entry := _entry(row, page, kind)) is not None]
    return _listing(kind, entries, since, notes)


def read_addresses(pieces: Iterable[str], page: Page, since: datetime | None = None) -> Listing:
    """Read a sitemap that is a plain list of addresses, one a line.

    Raises:
        BadListingError: most lines are no addresses.
    """
    entries: list[Entry] = []
    notes: tuple[str, ...] = ()
    other = 0
    for line in _lines(pieces):
        if not re.match(r"https?://[^\s<>]+$", line, re.IGNORECASE):
            other += 1
        elif len(entries) < MAX_ENTRIES:
            entry = entry_of(page, Kind.TEXT_SITEMAP, line, title=None, moment=None)
            entries += [entry] if entry is not None else []
        else:
            notes = _FULL
            break
    if other > len(entries):
        raise BadListingError("text in which most lines are no addresses: neither a feed nor a sitemap")
    return _listing(Kind.TEXT_SITEMAP, entries, since, notes)


def _listing(kind: Kind, entries: list[Entry], since: datetime | None, notes: tuple[str, ...]) -> Listing:
    if entries and since is not None and all(entry.at is None for entry in entries):
        notes += ("no entry has a date: all are taken, however old",)
    kept = newest_first(younger(entries, since))
    return Listing(kind=kind, entries=kept, found=len(entries), notes=notes)


def _fill(target: _Rows, pieces: Iterable[str]) -> bool:
    """Parse into the target; whether there was more than it takes."""
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for piece in _repaired(pieces):
            parser.feed(piece.encode())
        parser.close()
    except _Full:
        return True
    except etree.XMLSyntaxError as error:  # what came before it counts
        if not target.rows:
            raise BadListingError("a sitemap that breaks off before its first address") from error
    return False


def _repaired(pieces: Iterable[str]) -> Iterator[str]:
    held = ""
    for piece in pieces:
        text = held + piece
        undecided = _UNDECIDED.search(text, max(0, len(text) - 10))
        cut = undecided.start() if undecided else len(text)
        text, held = text[:cut], text[cut:]
        yield _sound(text)
    yield _sound(held)


def _sound(text: str) -> str:
    return NOT_XML.sub("", without_odd_references(_BARE.sub("&amp;", text)))


def _children(rows: Iterable[_Row], page: Page) -> Iterator[Further]:
    for row in rows:
        url = absolute(page.final_url, _address(row.loc))
        if url is not None:
            moment = read_moment(row.lastmod, page.fetched_at)
            yield Further(url=url, modified_at=moment.instant if moment else None)


def _entry(row: _Row, page: Page, kind: Kind) -> Entry | None:
    published = read_moment(row.publication_date, page.fetched_at, row.language)
    title = squeeze(html.unescape(row.title))
    entry = entry_of(page, kind, _address(row.loc), title=title, moment=published, language=row.language)
    changed = None if published else read_moment(row.lastmod, page.fetched_at)
    return replace(entry, at=changed.instant) if entry is not None and changed is not None else entry


def _address(loc: str) -> str:
    # In CDATA an ampersand is written as it is, and was made a reference by `_repaired`; others escape it twice.
    return loc.replace("&amp;", "&")


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    held = ""
    for piece in pieces:
        *lines, held = (held + piece).split("\n")
        if len(held) > _MAX_TEXT:  # no line of a list of addresses
            lines, held = [*lines, held], ""
        yield from (line.strip() for line in lines if line.strip())
    if held.strip():
        yield held.strip()
