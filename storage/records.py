"""Records into the database: added, with further versions, refreshed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ingest.model import WITHDRAWAL_NOTICE, Article, Labels, Record, Segment, UrlKey
from ingest.outcome import Outcome
from ingest.record import rights_value, segment_values, values_of
from ingest.value import flat
from storage.as_json import as_json
from storage.authors import set_authors
from storage.links import drop_links, forget_texts
from storage.sightings import Book, instant, open_books, records_at, write_books
from storage.store import chunks, insert_rows
from storage.tables import (
    fingerprint,
    record,
    segment,
    translation,
    translation_state,
)
from storage.timeline import Identity, Sighting, State, Version, shown_of


def text_sha256(article: Article) -> str:
    """What decides whether an article has changed: its title and its clean text."""
    return hashlib.sha256(f"{article.title or ''}\n\n{article.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A capture without a text: of which address (its key), what it says (GONE or SAME), and when.

    `since` is when the capture was taken that it repeats, as far as it tells.
    """

    address: str
    state: State
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of records that were read: an outcome each, and those of them whose text is shown from now on."""

    outcomes: Sequence[Outcome]
    shown: Sequence[Record]


def add_records(
    tx: Connection,
    news: Sequence[Record],
    run_id: str,
    *,
    refresh: bool = False,
    read: Sequence[tuple[str, str]] | None = None,
    taken: Mapping[UrlKey, Collection[str]] = MappingProxyType({}),
) -> Added:
    """Store what was read from captures: new records, new versions of them, the same text once more.

    A record shows the newest capture, in whatever order captures come. What was derived from a text that it shows no
    more (translations, fingerprints, links) goes: it is made anew.

    Args:
        tx: the transaction.
        news: the records, several of one key among them.
        run_id: the run that made them.
        refresh: whether what is known of an unchanged text (its metadata, languages, roles) takes the place of what was
            known before; its translations stay.
        read: for each the key of the address it was captured at, and the hash of its text as it was read, before
            `ingest.clean` looked at what else there is of its site.
        taken: for records the ids of others that there are no more: their captures are theirs (`storage.twins`).

    Returns:
        For each STORED, or UNCHANGED where the very same text is stored already; and what records show now.
    """
    read = read or [(new.article.key, text_sha256(new.article)) for new in news]
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for new, (address, _) in zip(news, read, strict=True):
        addresses[new.article.key].add(address)
    for key, others in taken.items():
        addresses[key].update(others)
    books = open_books(tx, addresses)
    outcomes = [
        books[new.article.key].enter(_sighting(new, address, as_read), new, refresh=refresh)
        for new, (address, as_read) in zip(news, read, strict=True)
    ]
    shown = _settle(tx, list(books.values()), run_id, refresh=refresh)
    return Added(outcomes=outcomes, shown=shown)


def add_sightings(tx: Connection, seen: Sequence[Seen], run_id: str) -> list[str]:
    """Note captures that have no text of their own; returns the ids of the records that they are of."""
    keys = records_at(tx, sorted({one.address for one in seen}))
    books = open_books(tx, dict.fromkeys(keys.values(), ()))
    for one in seen:
        books[keys[one.address]].enter(
            Sighting(
                captured_at=instant(one.at),
                body=str(one.state),
                address=one.address,
                state=one.state,
                repeats=instant(one.since) if one.since else None,
            )
        )
    _settle(tx, list(books.values()), run_id, refresh=False)
    return sorted(books)


def set_segments(tx: Connection, key: str, segments: Sequence[Segment]) -> None:
    """Give a record other segments. The translation of one stays if its place, text and language do."""
    old = {row.position: row for row in tx.execute(select(segment).where(segment.c.record_id == key))}
    rows = _segments(key, segments)
    same = {
        row["position"]
        for row in rows
        if (was := old.get(row["position"])) and (was.text, was.language) == (row["text"], row["language"])
    }
    stale = sorted(old.keys() - same)
    for chunk in chunks(stale):
        gone = (translation.c.record_id == key) & translation.c.position.in_(chunk)
        tx.execute(delete(translation).where(gone))
    tx.execute(delete(segment).where(segment.c.record_id == key))
    insert_rows(tx, segment, _segment_rows(key, segments))


def set_rights(tx: Connection, articles: Mapping[str, Article]) -> None:
    """Note what is said now of the use of records whose text is as it was, where it is something else than before."""
    for chunk in chunks(list(articles)):
        for key, before in tx.execute(select(record.c.id, record.c.rights).where(record.c.id.in_(chunk))).all():
            now = rights_value(articles[key].rights)
            if _undated(now) != _undated(before):
                values = {"rights": now, "reserved": " ".join(articles[key].rights.reserved)}
                tx.execute(update(record).where(record.c.id == key).values(**values))


def set_languages(tx: Connection, key: str, labels: Labels, detector: str) -> None:
    """Give a record other languages: of its segments, its title and the whole."""
    set_segments(tx, key, labels.segments)
    made = tx.execute(select(record.c.provenance).where(record.c.id == key)).scalar_one()
    values = {
        "title_language": labels.title_language,
        "language": labels.language,
        "languages": dict(labels.languages),
        "provenance": {**made, "detector": detector},
    }
    tx.execute(update(record).where(record.c.id == key).values(**values))


def set_flag(tx: Connection, ids: Sequence[str], flag: str, flagged: Collection[str]) -> None:
    """Let exactly those of these records that are in `flagged` have a flag."""
    for chunk in chunks(ids):
        for key, flags in tx.execute(select(record.c.id, record.c.flags).where(record.c.id.in_(chunk))).all():
            if (flag in flags) != (key in flagged):
                now = [*flags, flag] if key in flagged else [one for one in flags if one != flag]
                tx.execute(update(record).where(record.c.id == key).values(flags=now))


def set_deduplicator(tx: Connection, ids: Sequence[str], version: str) -> None:
    """Note what the fingerprints of these records were made by."""
    for chunk in chunks(ids):
        rows = tx.execute(select(record.c.id, record.c.provenance).where(record.c.id.in_(chunk))).all()
        for key, made in rows:
            values = {"provenance": {**made, "deduplicator": version}}
            tx.execute(update(record).where(record.c.id == key).values(**values))


def _settle(tx: Connection, books: Sequence[Book], run_id: str, *, refresh: bool) -> list[Record]:
    """Let each record show its newest text, and keep what the others said; returns what is shown from now on."""
    contents = {book.key: _contents(tx, book) for book in books}
    fresh: list[tuple[Record, Version, int]] = []
    told: list[Record] = []
    for book in books:
        versions = book.versions
        shown = shown_of(versions)
        if shown is None or shown.text is None:
            continue
        number = versions.index(shown) + 1
        new = book.at_hand(shown, refresh=refresh)
        if new is not None and book.shows is None:
            fresh.append((new, shown, number))
            told.append(new)
        elif new is not None:
            if refresh or text_sha256(new.article) != book.text_sha256:
                told.append(new)
            _show(tx, book, new, shown, refresh=refresh)
            _update(tx, book.key, {**_values(new, run_id), **_place(shown, number)})
            set_authors(tx, {book.key: new.article.authors})
        elif book.shows != shown.head.identity and book.text_sha256 == shown.text.wording:
            _update(tx, book.key, {**_place(shown, number), **_told_of(book, shown)})
        else:
            if book.shows is not None:
                _update(tx, book.key, {"revision": number}, only_new=True)
            continue
        book.shows = shown.head.identity
    _insert(tx, fresh, run_id)
    write_books(tx, books, contents, run_id)
    return told


def _show(tx: Connection, book: Book, new: Record, shown: Version, *, refresh: bool) -> None:
    """Give a record other segments, and take away what was made from a text that it shows no more."""
    if text_sha256(new.article) != book.text_sha256:
        _forget_derived(tx, UrlKey(book.key))
        insert_rows(tx, segment, _segment_rows(book.key, new.labels.segments))
    elif refresh or shown.head.identity != book.shows:
        set_segments(tx, book.key, new.labels.segments)


def _insert(tx: Connection, fresh: Sequence[tuple[Record, Version, int]], run_id: str) -> None:
    """Write new records, all at once."""
    if fresh:
        now = datetime.now(UTC).isoformat()
        rows = [{"first_seen_at": now, **_values(new, run_id), **_place(shown, number)} for new, shown, number in fresh]
        tx.execute(record.insert(), rows)
        set_authors(tx, {new.article.key: new.article.authors for new, *_ in fresh}, fresh=True)
        insert_rows(
            tx, segment, [row for new, *_ in fresh for row in _segment_rows(new.article.key, new.labels.segments)]
        )


def _update(tx: Connection, key: str, values: Mapping[str, Any], *, only_new: bool = False) -> None:
    changed = update(record).where(record.c.id == key).values(**values)
    tx.execute(changed.where(record.c.revision != values["revision"]) if only_new else changed)


def _place(shown: Version, number: int) -> dict[str, Any]:
    """Which version a record shows."""
    at, body = shown.head.identity
    return {"revision": number, "captured_at": at, "body_sha256": body}


def _told_of(book: Book, shown: Version) -> dict[str, Any]:
    """What a record takes from another capture of the same text."""
    made = book.stored.get(shown.head.identity, {}).get("provenance")
    return {"provenance": made} if made else {}


def _contents(tx: Connection, book: Book) -> dict[Identity, Any]:
    """What the versions say that the record does not show: all of what a record says, and its segments.

    Where a text came back and only an older capture between its two is new, what is known of the second time is what
    was known of the first.
    """
    versions = [one for one in book.versions if one.text is not None]
    if len(versions) < 2:
        return {}
    known = {key: row["content"] for key, row in book.stored.items() if row["content"] is not None}
    known |= {key: _content(new) for key, new in book.hand.items()}
    if book.shows is not None and book.shows not in known:
        known[book.shows] = _stored_content(tx, book.key)
    by_text = {book.sightings[key].wording: value for key, value in known.items() if key in book.sightings}
    found: dict[Identity, Any] = {}
    for one in versions:
        text = one.text or one.head
        found[one.head.identity] = known.get(one.head.identity) or known.get(text.identity) or by_text.get(text.wording)
    return found


def _content(new: Record) -> dict[str, Any]:
    values = _values(new, "")
    return {name: values[name] for name in values if name not in ("id", "run_id")} | {
        "segments": [_without_key(row) for row in _segments(new.article.key, new.labels.segments)]
    }


def _stored_content(tx: Connection, key: str) -> dict[str, Any]:
    """What a record that is stored says."""
    row = tx.execute(select(record).where(record.c.id == key)).one()._mapping
    parts = tx.execute(select(segment).where(segment.c.record_id == key).order_by(segment.c.position))
    left_out = ("id", "run_id", "revision", "first_seen_at", "captured_at", "body_sha256")
    return {name: row[name] for name in row if name not in left_out} | {
        "segments": [_without_key(dict(part._mapping)) for part in parts]
    }


def _without_key(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "record_id"}


def _sighting(new: Record, address: str, as_read: str) -> Sighting:
    known = new.article.provenance
    text = State.TWIN if new.article.is_twin else State.TEXT
    return Sighting(
        captured_at=instant(known.captured_at or known.fetched_at),
        body=known.body_sha256,
        address=address,
        state=State.NOTICE if WITHDRAWAL_NOTICE in new.article.flags else text,
        wording=text_sha256(new.article),
        as_read=as_read,
    )


def _segments(key: str, segments: Sequence[Segment]) -> list[dict[str, Any]]:
    return [{"record_id": key, **values} for values in segment_values(segments)]


def _segment_rows(key: str, segments: Sequence[Segment]) -> list[tuple[Any, ...]]:
    """Rows of the table `segment` with their columns in its order."""
    names = [column.name for column in segment.columns]
    return [
        tuple(as_json(row[name]) if name == "marks" else row[name] for name in names)
        for row in _segments(key, segments)
    ]


def _values(new: Record, run_id: str) -> dict[str, Any]:
    values = values_of(new)
    return {
        **{f"{field}_confidence": sure for field, sure in values.pop("confidence").items()},
        **values,
        "title_language": new.labels.title_language,
        "residue": [flat(one) for one in new.article.residue],
        "dated": values["published_at"] or values["fetched_at"],
        "text_sha256": text_sha256(new.article),
        "reserved": " ".join(new.article.rights.reserved),
        "run_id": run_id,
    }


def _forget_derived(tx: Connection, key: UrlKey) -> None:
    """Take away what was made from a text that is no more."""
    forget_texts(tx, tx.execute(select(fingerprint.c.id).where(fingerprint.c.record_id == key)).scalars())
    for table in (segment, translation, translation_state):
        tx.execute(delete(table).where(table.c.record_id == key))
    drop_links(tx, [key])


def _undated(rights: Mapping[str, Any] | None) -> list[Any]:
    return [{**one, "seen_at": None} for one in rights["evidence"]] if rights else []
