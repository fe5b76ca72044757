"""The keys of texts in the database, and the texts that share them: the candidates for a comparison.

A key of two neighbouring words is odd, one of a single word even (`ingest.dedup.fingerprint`). A word that more than
`cap` texts have tells nothing: its rows go, and one that says so stays. So many texts have a pair only where they have
a story in common: the first of them stay, and stand for the others. No key ever has more than `cap` + 1 rows, so a
lookup costs the same in a large store as in a small one.
"""

from __future__ import annotations

import math
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.store import any_of, chunks, insert_rows
from storage.tables import anchor, fingerprint

_Scores: TypeAlias = defaultdict[int, float]

_COMMON = 0
"""Stands in place of a text where a word is too common to be a key."""


def add_anchors(tx: Connection, texts: Mapping[int, Iterable[int]], *, cap: int) -> None:
    """Store the keys of new texts, by the numbers of the texts."""
    count, common = _counts(tx, {key for keys in texts.values() for key in keys})
    rows: list[tuple[int, int]] = []
    crowded: set[int] = set()
    for number, key in ((number, key) for number, keys in sorted(texts.items()) for key in keys if key not in common):
        count[key] += 1
        if count[key] <= cap + key % 2:
            rows.append((key, number))
        elif key % 2 == 0:
            crowded.add(key)
    for chunk in chunks(sorted(crowded)):
        tx.execute(delete(anchor).where(anchor.c.key.in_(chunk)))
    rows = [row for row in rows if row[0] not in crowded] + [(key, _COMMON) for key in crowded]
    insert_rows(tx, anchor, sorted(rows))


def forget_anchors(tx: Connection, texts: Mapping[int, Iterable[int]]) -> None:
    """Take keys away from texts."""
    gone = [{"one": key, "text": number} for number, keys in texts.items() for key in keys]
    if gone:
        tx.execute(delete(anchor).where(anchor.c.key == bindparam("one"), anchor.c.text_id == bindparam("text")), gone)


def nearest(
    tx: Connection, ids: Iterable[int], *, cap: int, limit: int, stand_ins: int, min_score: float
) -> dict[int, list[int]]:
    """For each of these texts the numbers of those that may share a passage with it.

    A key that n texts have adds 1/sqrt(n) to the score of each of them. `limit` candidates come from those that share a
    key of at most `cap` texts, `stand_ins` from those that share pairs of more, each with at least `min_score`. Texts
    with the same words always come first. For a story that many have the first texts that came stand, so that
    all of its copies meet the same ones.
    """
    scores: dict[int, _Scores] = {number: defaultdict(float) for number in ids}
    crowded: dict[int, _Scores] = {number: defaultdict(float) for number in scores}
    for chunk in chunks(sorted(scores)):
        for owners, holders in _shared(tx, chunk):
            to, share = (scores if len(holders) <= cap else crowded), 1 / math.sqrt(len(holders))
            for own in owners:
                found = to[own]
                for other in holders:
                    if other != own:
                        found[other] += share
        for own in chunk:
            for other in scores[own].keys() & crowded[own].keys():
                scores[own][other] += crowded[own][other]
        for own, other in _twins(tx, chunk, limit):
            scores[own][other] = math.inf
    return {
        own: list(dict.fromkeys([*_best(found, limit, min_score), *_first(crowded[own], stand_ins, min_score)]))
        for own, found in scores.items()
    }


def pack(keys: Sequence[int]) -> bytes:
    """Keys as a fingerprint keeps them."""
    return struct.pack(f"<{len(keys)}i", *keys)


def unpack(packed: bytes) -> tuple[int, ...]:
    """The keys that were packed."""
    return struct.unpack(f"<{len(packed) // 4}i", packed)


def _best(scores: _Scores, limit: int, least: float) -> list[int]:
    ranked = sorted((-score, number) for number, score in scores.items() if score >= least)
    return [number for _, number in ranked[:limit]]


def _first(scores: _Scores, limit: int, least: float) -> list[int]:
    """The first that came of those that share a good part: copies that were cut or reworded alike are not preferred."""
    best = max(scores.values(), default=0.0)
    return sorted(number for number, score in scores.items() if score >= max(least, best / 3))[:limit]


def _shared(tx: Connection, ids: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """(those of these texts that have a key, all that have it), for each key that several texts have."""
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for number, packed in tx.execute(select(fingerprint.c.id, fingerprint.c.anchors).where(fingerprint.c.id.in_(ids))):
        for key in unpack(packed):
            owners[key].append(number)
    for key, holders in _held(tx, owners).items():
        yield owners[key], holders


def _twins(tx: Connection, ids: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """(a text of these, one of the first texts with the same words)."""
    one, twin, same = fingerprint.alias("one"), fingerprint.alias("twin"), fingerprint.alias("same")
    first = select(same.c.id).where(same.c.exact == one.c.exact).order_by(same.c.id).limit(limit + 1).correlate(one)
    query = select(one.c.id, twin.c.id).where(
        one.c.id.in_(ids), twin.c.id.in_(first), one.c.record_id != twin.c.record_id
    )
    yield from ((own, other) for own, other in tx.execute(query))


def _counts(tx: Connection, keys: Iterable[int]) -> tuple[defaultdict[int, int], set[int]]:
    """How many texts have each of these keys, and which of them are too common."""
    counts: defaultdict[int, int] = defaultdict(int)
    common: set[int] = set()
    query = select(anchor.c.key, func.count(), func.min(anchor.c.text_id)).where(any_of(tx, anchor.c.key, keys))
    for key, holders, first in tx.execute(query.group_by(anchor.c.key)).all():
        counts[key] = holders
        if first == _COMMON:
            common.add(key)
    return counts, common


def _held(tx: Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """The texts that have each of those of these keys that several have, in the order in which they came."""
    # Four keys in five no other text has: they are left in the database, and so are those that are too common.
    several = select(anchor.c.key).where(any_of(tx, anchor.c.key, keys)).group_by(anchor.c.key)
    several = several.having((func.count() > 1) & (func.min(anchor.c.text_id) != _COMMON))
    wanted = tx.execute(several).scalars().all()
    found: defaultdict[int, list[int]] = defaultdict(list)
    query = select(anchor.c.key, anchor.c.text_id).where(any_of(tx, anchor.c.key, wanted))
    for key, number in tx.execute(query.order_by(anchor.c.key, anchor.c.text_id)).all():
        found[key].append(number)
    return found
