"""Which lines many texts of a site have, counted in the database."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, func, select

from ingest.model import UrlKey
from storage.store import any_of, by_key, chunks, insert_rows
from storage.tables import fingerprint, line

# A line in so many texts is frequent beyond doubt: no more rows are kept of it.
_LINE_ROWS = 50


def add_lines(tx: Connection, texts: Mapping[int, Collection[int]], *, most: int) -> set[tuple[UrlKey, str]]:
    """Count the lines of texts that were not counted before.

    Args:
        tx: the transaction.
        texts: the keys of their lines, by the number of the text; a key stands for a line on one site.
        most: how many texts may hold a line before it is frequent.

    Returns:
        The texts stored before (record and side) that hold a line which only now has become frequent.
    """
    touched = {key for keys in texts.values() for key in keys}
    rows = Counter(_held(tx, touched))
    before = _frequent(tx, rows, most)
    made = []
    for number, keys in sorted(texts.items()):
        for key in sorted(keys):
            if rows[key] < _LINE_ROWS:
                made.append((key, number))
                rows[key] += 1
    insert_rows(tx, line, made)
    crossed = sorted(_frequent(tx, {key: rows[key] for key in touched - before}, most))
    changed: set[tuple[UrlKey, str]] = set()
    for chunk in chunks(crossed):
        query = (
            select(fingerprint.c.id, fingerprint.c.record_id, fingerprint.c.side)
            .join(line, line.c.text_id == fingerprint.c.id)
            .where(line.c.key.in_(chunk))
        )
        changed |= {(UrlKey(key), side) for number, key, side in tx.execute(query) if number not in texts}
    return changed


def frequent_lines(tx: Connection, keys: Collection[int], *, most: int) -> set[int]:
    """Those of these lines that stand in more than `most` texts.

    Texts with the same words count once: one story under four addresses of a site is no template.
    """
    return _frequent(tx, _held(tx, keys), most)


def _frequent(tx: Connection, held: Mapping[int, int], most: int) -> set[int]:
    """The frequent lines of those of which it is known in how many texts each stands."""
    often = sorted(key for key, count in held.items() if count > most)
    found: set[int] = set()
    for chunk in chunks(often):
        query = (
            select(line.c.key)
            .join(fingerprint, fingerprint.c.id == line.c.text_id)
            .where(line.c.key.in_(chunk))
            .group_by(line.c.key)
            .having(func.count(fingerprint.c.exact.distinct()) > most)
        )
        found |= set(tx.execute(query).scalars())
    return found


def forget_lines(tx: Connection, texts: Mapping[int, Iterable[int]]) -> None:
    """Take the lines of texts out of the count."""
    gone = [{"one": key, "text": number} for number, keys in texts.items() for key in keys]
    if gone:
        tx.execute(delete(line).where(line.c.key == bindparam("one"), line.c.text_id == bindparam("text")), gone)


def pack_lines(keys: Iterable[int]) -> bytes:
    """Keys of lines as a fingerprint keeps them."""
    ordered = sorted(keys)
    return struct.pack(f"<{len(ordered)}q", *ordered)


def unpack_lines(packed: bytes) -> tuple[int, ...]:
    """The keys that were packed."""
    return struct.unpack(f"<{len(packed) // 8}q", packed)


def _held(tx: Connection, keys: Iterable[int]) -> dict[int, int]:
    """In how many texts each line stands."""
    query = select(line.c.key, func.count()).where(any_of(tx, line.c.key, keys)).group_by(line.c.key)
    return by_key(tx.execute(query))
