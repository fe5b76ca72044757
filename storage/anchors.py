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

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.store import chunks
from storage.tables import anchor, fingerprint

_COMMON = 0
"""Stands in place of a text where a word is too common to be a key."""


def add_anchors(tx: Connection, texts: Mapping[int, Iterable[int]], *, cap: int) -> None:
    """Store the keys of new texts, by the numbers of the texts."""
    count: dict[int, int] = {}
    common: set[int] = set()
    for chunk in chunks(sorted({key for keys in texts.values() for key in keys})):
        query = select(anchor.c.key, func.count(), func.min(anchor.c.text_id)).where(anchor.c.key.in_(chunk))
        for key, holders, first in tx.execute(query.group_by(anchor.c.key)):
            count[key] = holders
            if first == _COMMON:
                common.add(key)
    rows: list[tuple[int, int]] = []
    crowded: set[int] = set()
    for number, keys in sorted(texts.items()):
        for key in keys:
            if key in common:
                continue
            count[key] = count.get(key, 0) + 1
            if count[key] <= cap + key % 2:
                rows.append((key, number))
            elif key % 2 == 0:
                crowded.add(key)
    for chunk in chunks(sorted(crowded)):
        tx.execute(delete(anchor).where(anchor.c.key.in_(chunk)))
    rows = [row for row in rows if row[0] not in crowded] + [(key, _COMMON) for key in crowded]
    if rows:
        tx.execute(anchor.insert(), [{"key": key, "text_id": number} for key, number in sorted(rows)])


def forget_anchors(tx: Connection, texts: Mapping[int, Iterable[int]]) -> None:
    """Take keys away from texts."""
    gone = [{"one": key, "text": number} for number, keys in texts.items() for key in keys]
    if gone:
        tx.execute(delete(anchor).where(anchor.c.key == bindparam("one"), anchor.c.text_id == bindparam("text")), gone)


def nearest(tx: Connection, ids: Iterable[int], *, cap: int, limit: int, min_score: float) -> dict[int, list[int]]:
    """For each of these texts the numbers of those that may share a passage with it, best first.

    A key that n texts have adds 1/sqrt(n) to each of them, and a pair that more than `cap` have no more to the first
    of these. The best `limit` with at least `min_score` are returned; texts with the same words always come first.
    """
    scores: dict[int, defaultdict[int, float]] = {number: defaultdict(float) for number in ids}
    for chunk in chunks(sorted(scores)):
        for own, other, score in _shared(tx, chunk, cap):
            scores[own][other] += score
        for own, other in _twins(tx, chunk, limit):
            scores[own][other] = math.inf
    ranked = {own: sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit] for own, found in scores.items()}
    return {own: [other for other, score in best if score >= min_score] for own, best in ranked.items()}


def pack(keys: Sequence[int]) -> bytes:
    """Keys as a fingerprint keeps them."""
    return struct.pack(f"<{len(keys)}i", *keys)


def unpack(packed: bytes) -> tuple[int, ...]:
    """The keys that were packed."""
    return struct.unpack(f"<{len(packed) // 4}i", packed)


def short_hash(digest: str) -> int:
    """The first 64 bits of a hex digest, as databases have integers."""
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


def _shared(tx: Connection, ids: Sequence[int], cap: int) -> Iterator[tuple[int, int, float]]:
    """(a text of these, another text, what one key that both have adds)."""
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for number, packed in tx.execute(select(fingerprint.c.id, fingerprint.c.anchors).where(fingerprint.c.id.in_(ids))):
        for key in unpack(packed):
            owners[key].append(number)
    weights = [0.0, *(1 / math.sqrt(count) for count in range(1, cap + 2))]
    for key, holders in _held(tx, owners).items():
        weight = weights[len(holders)]
        if holders[0] == _COMMON or (len(holders) == 1 and owners[key] == holders):
            continue
        for own in owners[key]:
            for other in holders:
                if own != other:
                    yield own, other, weight


def _twins(tx: Connection, ids: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """(a text of these, one of the first texts with the same words)."""
    one, twin, same = fingerprint.alias("one"), fingerprint.alias("twin"), fingerprint.alias("same")
    first = select(same.c.id).where(same.c.exact == one.c.exact).order_by(same.c.id).limit(limit + 1).correlate(one)
    query = select(one.c.id, twin.c.id).where(
        one.c.id.in_(ids), twin.c.id.in_(first), one.c.record_id != twin.c.record_id
    )
    for own, other in tx.execute(query):
        yield own, other


def _held(tx: Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """The texts that have each of these keys, in the order in which they came."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for chunk in chunks(sorted(keys)):
        query = select(anchor.c.key, anchor.c.text_id).where(anchor.c.key.in_(chunk))
        for key, number in tx.execute(query.order_by(anchor.c.key, anchor.c.text_id)):
            found[key].append(number)
    return found
