"""Everything that holds something of an article, and how to get rid of it: in the database and in the archives.

What is known of where texts go stands here alone (`WITH_RECORD` and what follows it). A test fails where a column is
added that none of these covers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, func, or_, select, update

from ingest.model import ArchivePointer, UrlKey, Via
from storage.archive import erase
from storage.archive.reading import is_there
from storage.links import forget_texts, linked_with
from storage.store import chunks, short_hash
from storage.tables import (
    anchor,
    author,
    capture,
    change,
    claim,
    duplicate,
    fingerprint,
    forgotten,
    line,
    link,
    listing,
    mark,
    memory,
    outcome,
    queue,
    reach,
    reading,
    record,
    run,
    segment,
    sighting,
    site_line,
    source_run,
    translation,
    translation_state,
    twin,
    unlinked,
    url,
    worker,
)

WITH_RECORD: Mapping[Table, tuple[Column[Any], ...]] = {
    link: (link.c.a, link.c.b),
    unlinked: (unlinked.c.a, unlinked.c.b),
    duplicate: (duplicate.c.record_id,),
    translation: (translation.c.record_id,),
    translation_state: (translation_state.c.record_id,),
    segment: (segment.c.record_id,),
    sighting: (sighting.c.record_id,),
    author: (author.c.record_id,),
    twin: (twin.c.record_id,),
    record: (record.c.id,),
}
"""Rows that go with a record, in an order that foreign keys allow, and what names the record in them."""

OF_TEXTS = (fingerprint, anchor, line, site_line)
"""Hashes of words and lines: they go with the record, too, in ways of their own."""

WITH_ADDRESS: Mapping[Table, Column[Any]] = {reading: reading.c.key, capture: capture.c.url_key}
"""Rows that go with an address."""

BLANKED: Mapping[Table, tuple[str, ...]] = {
    url: (
        "feed_title", "feed_published_at", "archive_file", "archive_offset", "fetched_at", "text_sha256", "record_id",
        "etag", "last_modified", "body_sha256", "full_at",
    ),
    outcome: ("detail", "record_id"),
    listing: ("detail", "etag", "last_modified", "body_sha256", "full_at"),
    change: ("digest",),  # the number stays: cursors of exports go by it
}  # fmt: skip
"""Columns of rows that stay, for they say what runs did, or that something is no more."""

EMPTIED = (memory,)
"""Nobody can tell whose the sentences there are: all of them are translated anew when they are needed."""

HARMLESS = (forgotten, mark, queue, claim, reach, run, source_run, worker)
"""Names, addresses, times and counts; nothing of what pages say."""

HOLDING = (*WITH_RECORD, *WITH_ADDRESS, *BLANKED, *EMPTIED, fingerprint)
"""Tables that something is deleted from that may not lie on between the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What there is of something: ids of records, keys of addresses in `url`, listings, places in archives.

    `bound` are other records that are linked with these, or in one cluster with them.
    """

    records: frozenset[UrlKey] = frozenset()
    addresses: frozenset[str] = frozenset()
    listings: frozenset[str] = frozenset()
    places: frozenset[ArchivePointer] = frozenset()
    bound: frozenset[UrlKey] = frozenset()


def records_of(
    tx: Connection, own: Callable[[str], bool], asked: Callable[[str], bool]
) -> dict[UrlKey, tuple[str, ...]]:
    """The records that something is forgotten with, and the addresses that are theirs.

    Args:
        tx: the connection.
        own: whether an id, or an address of the article itself, is what is to be forgotten.
        asked: whether an address is by which an article may have been asked for.
    """
    last = {
        record_id
        for key, address, record_id in tx.execute(select(url.c.key, url.c.url, url.c.record_id))
        if record_id is not None and (asked(key) or asked(address))
    }
    known = record.c
    named: defaultdict[str, list[str]] = defaultdict(list)
    for record_id, address in tx.execute(select(twin.c.record_id, twin.c.url).order_by(twin.c.url)):
        named[record_id].append(address)
    found: dict[UrlKey, tuple[str, ...]] = {}
    columns = (known.id, known.url, known.canonical_url, known.requested_url, known.provenance)
    for key, address, canonical, requested, made in tx.execute(select(*columns)):
        parts = (part["url"] for part in made.get("parts", ()))
        theirs = [one for one in (address, canonical, *parts, *named[key]) if one]
        if key in last or own(key) or any(map(own, theirs)) or asked(requested):
            found[UrlKey(key)] = tuple(dict.fromkeys(theirs))
    return found


def traces_of(tx: Connection, records: Iterable[UrlKey], own: Callable[[str], bool]) -> Traces:
    """All that there is of these records, and of the addresses that are to be forgotten."""
    ids = frozenset(records)
    bodies, places = _captures_of(tx, ids)
    addresses: set[str] = set()
    columns = (url.c.key, url.c.url, url.c.record_id, url.c.via, url.c.archive_file, url.c.archive_offset)
    for key, address, record_id, via, *place in tx.execute(select(*columns)):
        ours = own(key) or own(address)
        if ours or record_id in ids:
            addresses.add(key)
        if ours and via == Via.WARC:  # of all others, `capture` knows more
            places |= _place(*place)
    kept = (capture.c.url_key, capture.c.url, capture.c.body_sha256, capture.c.archive_file, capture.c.archive_offset)
    for key, address, body, *place in tx.execute(select(*kept)):
        if own(key) or own(address) or (body in bodies and key in addresses):
            places |= _place(*place)
    return Traces(
        records=ids,
        addresses=frozenset(addresses),
        listings=frozenset(one for one in tx.execute(select(listing.c.url).distinct()).scalars() if own(one)),
        places=frozenset(places),
        bound=frozenset(_bound(tx, ids)),
    )


def weigh(tx: Connection, what: Traces) -> dict[str, int]:
    """How many records that is, versions of them, and translations into one language each."""
    counts = dict.fromkeys(("records", "versions", "translations"), 0)
    for chunk in chunks(sorted(what.records)):
        heads = select(func.count()).where(sighting.c.record_id.in_(chunk), sighting.c.number.is_not(None))
        pairs = select(translation.c.record_id, translation.c.target).where(translation.c.record_id.in_(chunk))
        counts["records"] += len(chunk)
        counts["versions"] += tx.execute(heads).scalar_one()
        counts["translations"] += len(tx.execute(pairs.distinct()).all())
    return counts


def titles_of(tx: Connection, what: Traces, most: int = 20) -> tuple[str, ...]:
    """The titles of the first of these records, or their addresses."""
    some = sorted(what.records)[:most]
    rows = tx.execute(select(record.c.title, record.c.url).where(record.c.id.in_(some)).order_by(record.c.id))
    return tuple(title or address for title, address in rows)


def erase_places(places: Iterable[ArchivePointer]) -> tuple[int, tuple[str, ...]]:
    """Overwrite pages in archives; returns how many records, and the files that are not there.

    Raises:
        StorageError: a file cannot be overwritten; what came before it has been.
    """
    count, missing = 0, set()
    for place in sorted(places, key=lambda one: (one.file, one.offset)):
        if is_there(place):
            count += erase(place)
        else:
            missing.add(place.file)
    return count, tuple(sorted(missing))


def erase_rows(tx: Connection, what: Traces) -> bool:
    """Take all of it out of the database, and out of the index.

    Returns:
        Whether the index is to be made anew.
    """
    from storage.search import take_out  # late: runs need the rest of this module, and not what it takes to search

    ids = sorted(what.records)
    for chunk in chunks(ids):
        forget_texts(tx, tx.execute(select(fingerprint.c.id).where(fingerprint.c.record_id.in_(chunk))).scalars())
        tx.execute(delete(site_line).where(site_line.c.page.in_([short_hash(key) for key in chunk])))
    again = take_out(tx, ids) if ids else False
    for table, columns in WITH_RECORD.items():
        for chunk in chunks(ids):
            tx.execute(delete(table).where(or_(*(column.in_(chunk) for column in columns))))
    erase_addresses(tx, what.addresses, what.places)
    for chunk in chunks(sorted(what.listings)):
        tx.execute(update(listing).where(listing.c.url.in_(chunk)).values(dict.fromkeys(BLANKED[listing])))
    for chunk in chunks(ids):
        tx.execute(update(change).where(change.c.record_id.in_(chunk)).values(digest=""))
    for table in EMPTIED if ids else ():
        tx.execute(delete(table))
    return again


def erase_addresses(tx: Connection, keys: Collection[str], places: Collection[ArchivePointer]) -> None:
    """Take out of the database what is known of addresses, but that they were asked for and what became of them."""
    for chunk in chunks(sorted(keys)):
        for table, key in ((url, url.c.key), (outcome, outcome.c.key)):
            tx.execute(update(table).where(key.in_(chunk)).values(dict.fromkeys(BLANKED[table])))
        tx.execute(delete(reading).where(reading.c.key.in_(chunk)))
        # Of an address that has no record, and none had.
        tx.execute(delete(sighting).where(sighting.c.record_id.in_(chunk)))
    for one in places:
        lies = (capture.c.archive_file == one.file) & (capture.c.archive_offset == one.offset)
        tx.execute(delete(capture).where(lies))


def _captures_of(tx: Connection, ids: Collection[str]) -> tuple[set[str], set[ArchivePointer]]:
    """The bodies that records were read from, and where these lie."""
    bodies: set[str] = set()
    places: set[ArchivePointer] = set()
    for chunk in chunks(sorted(ids)):
        seen = select(sighting.c.body_sha256, sighting.c.provenance).where(sighting.c.record_id.in_(chunk))
        shown = select(record.c.body_sha256, record.c.provenance).where(record.c.id.in_(chunk))
        for body, made in (*tx.execute(seen), *tx.execute(shown)):
            bodies.add(body)
            for one in (made or {}, *(made or {}).get("parts", ())):
                place = one.get("archive")
                places |= _place(place["file"], place["offset"]) if place else set()
    return bodies, places


def _place(file: str | None, offset: int | None) -> set[ArchivePointer]:
    return set() if file is None or offset is None else {ArchivePointer(file=file, offset=offset)}


def _bound(tx: Connection, ids: Collection[UrlKey]) -> set[UrlKey]:
    found = linked_with(tx, ids)
    for chunk in chunks(sorted(ids)):
        clusters = select(duplicate.c.cluster).where(duplicate.c.record_id.in_(chunk))
        members = select(duplicate.c.record_id).where(duplicate.c.cluster.in_(clusters))
        found |= {UrlKey(key) for key in tx.execute(members).scalars()}
    return found - set(ids)
