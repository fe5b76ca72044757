"""The captures of records in the database: one row each, and with the first of a version all that it said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, select

from ingest.model import ArchivePointer, Record
from ingest.outcome import Outcome
from ingest.record import provenance_value
from storage.store import by_key, chunks, upsert
from storage.tables import record, sighting
from storage.timeline import TEXTS, Identity, Sighting, State, Version, shown_of, versions_of

Place: TypeAlias = tuple[datetime, ArchivePointer]
"""When something was captured, and where it lies."""


@dataclass(slots=True, kw_only=True)
class Book:
    """The captures of one record, as they are stored and as they come in.

    Attributes:
        key: the record's id, or the key of an address that has no record.
        shows: the capture that the stored record shows; ``None`` where none is stored.
        text_sha256: the hash of its text.
        sightings: all captures.
        stored: the rows of those that are stored.
        moved: keys of addresses under which some of them were kept while there was no record.
        before: the rows of these.
        hand: the records that were read from captures just now.
    """

    key: str
    shows: Identity | None = None
    text_sha256: str = ""
    sightings: dict[Identity, Sighting] = field(default_factory=dict)
    stored: dict[Identity, Mapping[str, Any]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    before: dict[Identity, Mapping[str, Any]] = field(default_factory=dict)
    hand: dict[Identity, Record] = field(default_factory=dict)

    def enter(self, one: Sighting, new: Record | None = None, *, refresh: bool = False) -> Outcome:
        """Take in a capture; the last reading of one counts.

        Returns:
            STORED where there is a version more, or the reading is another; UNCHANGED for the same text again.
        """
        known = self.sightings.get(one.identity)
        if known is None:
            before = self.versions
            self._keep(one, new)
            return Outcome.STORED if _is_news(before, self.versions) else Outcome.UNCHANGED
        same = one.state is known.state and one.says(known)
        if same and not refresh:
            return Outcome.UNCHANGED
        # Captures that had the same text have the same text still, though only one of them was read again.
        for each in [each for each in self.sightings.values() if each.state is known.state and each.says(known)]:
            self.sightings[each.identity] = replace(each, state=one.state, wording=one.wording, as_read=one.as_read)
        self._keep(replace(one, address=min(one.address, known.address)), new)
        return Outcome.UNCHANGED if same else Outcome.STORED

    @property
    def versions(self) -> list[Version]:
        """What these captures tell of."""
        return versions_of(self.sightings.values())

    def at_hand(self, version: Version, *, refresh: bool) -> Record | None:
        """The record of a version, if it was read just now: from its first capture, or to refresh it from any."""
        text = version.text
        if text is None:
            return None
        if (new := self.hand.get(version.head.identity) or self.hand.get(text.identity)) or not refresh:
            return new
        return next((self.hand[one] for one in self.hand if self.sightings[one].says(text)), None)

    def _keep(self, one: Sighting, new: Record | None) -> None:
        self.sightings[one.identity] = one
        if new is not None:
            self.hand[one.identity] = new


def _is_news(before: Sequence[Version], now: Sequence[Version]) -> bool:
    """Whether there is a version more, or another text is shown."""
    was, shown = shown_of(before), shown_of(now)
    if len(now) > len(before) or was is None or shown is None or was.text is None or shown.text is None:
        return len(now) > len(before)
    return not shown.text.says(was.text)


def instant(at: datetime) -> str:
    """A time as it sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def open_books(tx: Connection, addresses: Mapping[str, Collection[str]]) -> dict[str, Book]:
    """What is stored of these records, each with the addresses that it was captured at just now."""
    books = {key: Book(key=key) for key in addresses}
    for chunk in chunks(sorted(books)):
        shown = select(record.c.id, record.c.captured_at, record.c.body_sha256, record.c.text_sha256)
        for key, at, body, sha in tx.execute(shown.where(record.c.id.in_(chunk))):
            books[key].shows, books[key].text_sha256 = (at, body), sha
        for row in tx.execute(select(sighting).where(sighting.c.record_id.in_(chunk))):
            _put(books[row.record_id], row)
    _adopt(tx, books, addresses)
    return books


def records_at(tx: Connection, addresses: Sequence[str]) -> dict[str, str]:
    """The record that each address gave last; of one that gave none, the key under which that is noted: its own."""
    found = {address: address for address in addresses}
    for chunk in chunks(addresses):
        query = select(sighting.c.address, sighting.c.record_id).where(
            sighting.c.address.in_(chunk), sighting.c.state.in_((*TEXTS, State.NOTICE))
        )
        found |= by_key(tx.execute(query.order_by(sighting.c.captured_at)))
    return found


def places_of(tx: Connection, addresses: Sequence[str]) -> dict[str, list[Place]]:
    """When each address was captured, and where that lies, as far as it is archived."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for chunk in chunks(addresses):
        columns = (sighting.c.address, sighting.c.captured_at, sighting.c.provenance)
        for address, at, made in tx.execute(select(*columns).where(sighting.c.address.in_(chunk))):
            if made and made["archive"]:
                found[address].append((datetime.fromisoformat(at), ArchivePointer(**made["archive"])))
    return found


def write_books(
    tx: Connection, books: Iterable[Book], contents: Mapping[str, Mapping[Identity, Any]], run_id: str
) -> None:
    """Store what has come in, with the numbers of the versions and what those say that the record does not show.

    Args:
        tx: the transaction.
        books: the captures of each record.
        contents: by record, what its versions say, by their first captures.
        run_id: the run that met what is new.
    """
    rows: list[dict[str, Any]] = []
    for book in books:
        for address in book.moved:
            tx.execute(delete(sighting).where(sighting.c.record_id == address))
        rows += _changed_rows(book, contents.get(book.key, {}), run_id)
    for chunk in chunks(rows):
        upsert(tx, sighting, chunk)


def _changed_rows(book: Book, contents: Mapping[Identity, Any], run_id: str) -> list[dict[str, Any]]:
    versions = book.versions
    heads = {one.head.identity: number for number, one in enumerate(versions, 1)}
    before = _pairs(sorted((row["number"], key) for key, row in book.stored.items() if row["number"] is not None))
    now = _pairs(sorted((number, key) for key, number in heads.items()))
    rows = []
    for key, one in book.sightings.items():
        old = book.stored.get(key)
        known = old or book.before.get(key)
        row = {
            **_row(book, one, run_id if known is None else known["run_id"]),
            "number": heads.get(key),
            "change": old["change"] if old is not None and before.get(key) == now.get(key) else None,
            "content": contents.get(key) if key in heads and key != book.shows else None,
        }
        if known is not None and row["provenance"] is None:
            row["provenance"] = known["provenance"]
        if old is None or any(old[name] != value for name, value in row.items()):
            rows.append(row)
    return rows


def _pairs(heads: Sequence[tuple[int, Identity]]) -> dict[Identity, Identity | None]:
    """What stands before each."""
    keys = [key for _, key in heads]
    return dict(zip(keys, [None, *keys], strict=False))


def _row(book: Book, one: Sighting, run_id: str) -> dict[str, Any]:
    new = book.hand.get(one.identity)
    return {
        "record_id": book.key,
        "captured_at": one.captured_at,
        "body_sha256": one.body,
        "address": one.address,
        "state": str(one.state),
        "wording": one.wording,
        "as_read": one.as_read,
        "repeats": one.repeats,
        "provenance": None if new is None else provenance_value(new),
        "run_id": run_id,
    }


def _put(book: Book, row: Row[Any]) -> None:
    one = Sighting(
        captured_at=row.captured_at,
        body=row.body_sha256,
        address=row.address,
        state=State(row.state),
        wording=row.wording,
        as_read=row.as_read,
        repeats=row.repeats,
    )
    book.sightings[one.identity] = one
    rows = book.stored if row.record_id == book.key else book.before
    rows[one.identity] = row._asdict()


def _adopt(tx: Connection, books: Mapping[str, Book], addresses: Mapping[str, Collection[str]]) -> None:
    """Take in what was noted of addresses before it was known whose they are."""
    homes = {address: key for key, known in addresses.items() for address in known if address not in books}
    for chunk in chunks(sorted(homes)):
        nobody = ~select(record.c.id).where(record.c.id == sighting.c.record_id).exists()
        for row in tx.execute(select(sighting).where(sighting.c.record_id.in_(chunk), nobody)):
            book = books[homes[row.record_id]]
            _put(book, row)
            book.moved.add(row.record_id)
