"""What has changed since when: every record has a number that grows whenever something that is exported of it changes.

Triggers of the database note in `mark` which records were written to, so no writer can forget it. Before an export the
marked records get their numbers, if what is exported of them is not what it was (their digest says). Portion by portion
that happens in one transaction, under a lock, from one snapshot: a transaction that commits later has its marks still
there. So an export neither misses nor repeats a change, in whatever order transactions commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import delete, func, select, union

from storage.as_json import sorted_json
from storage.store import Store, Transaction, by_key, chunks, upsert
from storage.tables import change, mark, record, translation, translation_state
from storage.views import read_records

# Some tenths of a second, for which other writers wait.
_PORTION = 500


@contextmanager
def numbered(store: Store) -> Iterator[tuple[Transaction, int]]:
    """A snapshot in which every change has its number, and the newest number (0: nothing is stored)."""
    while True:
        with store.reading() as snapshot:
            if snapshot.execute(select(mark.c.id).limit(1)).first() is None:
                yield snapshot, newest_number(snapshot)
                return
        _number_portion(store)


def newest_number(tx: Transaction) -> int:
    """The highest number that a record has."""
    return tx.execute(select(func.max(change.c.number))).scalar() or 0


def forgotten_since(tx: Transaction, number: int) -> list[str]:
    """The ids of records that have been forgotten since a number: whoever holds copies should forget them, too."""
    there = select(record.c.id).where(record.c.id == change.c.record_id).exists()
    query = select(change.c.record_id).where(change.c.number > number, ~there).order_by(change.c.record_id)
    return list(tx.execute(query).scalars())


def _number_portion(store: Store) -> None:
    # In this order: nobody else is writing when the snapshot is taken, so what others have numbered is in it.
    with store.writing() as tx, store.reading() as snapshot:
        marks = snapshot.execute(select(mark.c.id, mark.c.record_id).order_by(mark.c.record_id).limit(_PORTION)).all()
        digests = _digests(snapshot, sorted({key for _, key in marks}))
        query = select(change.c.record_id, change.c.digest).where(change.c.record_id.in_(digests))
        known: dict[str, str] = by_key(tx.execute(query))
        number = newest_number(tx) + 1
        rows = [
            {"record_id": key, "number": number, "digest": digest}
            for key, digest in digests.items()
            if known.get(key) != digest
        ]
        upsert(tx, change, rows)
        # By their own ids: a mark that came after the snapshot stays.
        for chunk in chunks([one for one, _ in marks]):
            tx.execute(delete(mark).where(mark.c.id.in_(chunk)))


def _digests(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """For each of these records that exists: a hash of all that is exported of it, in every target language it has."""
    asked, made = translation_state.c, translation.c
    pairs = union(
        select(asked.record_id, asked.target).where(asked.record_id.in_(ids)),
        select(made.record_id, made.target).where(made.record_id.in_(ids)),
    )
    by_target: dict[str, set[str]] = {}
    for key, target in tx.execute(pairs):
        by_target.setdefault(target, set()).add(key)
    by_target[""] = set(ids).difference(*by_target.values())
    hashes = {key: hashlib.blake2b(digest_size=16) for key in ids}
    for target, keys in sorted(by_target.items()):
        for one in read_records(tx, sorted(keys), target):
            hashes[one["id"]].update(sorted_json(one))
    return {key: made.hexdigest() for key, made in hashes.items()}
