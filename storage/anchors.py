"""The keys of texts in the database, and the texts that share them: the candidates for a comparison.

A key of two neighbouring words is odd, one of a single word even (`ingest.dedup.fingerprint`). A key that more than
`cap` texts have is crowded: a row of its own counts them, with their number below zero in place of a text. A crowded
word tells nothing, and of its texts no rows stay. So many texts have a pair only where they have a story in common: of
them `cap` stay, those with the smallest ids, whoever came first. They stand for the others. No key has more rows, so a
lookup costs the same in a large store as in a small one.
"""

from __future__ import annotations

import math
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, case, delete, func, select

from storage.store import any_of, chunks, insert_rows
from storage.tables import anchor, fingerprint

_Scores: TypeAlias = defaultdict[int, float]
_Rank: TypeAlias = tuple[str, str]
"""Record and side of a text: what orders texts alike in every database."""

# Of what the nearest text shares, a text of its story shares so much at least: copies that were cut or reworded alike
# are not preferred.
_GOOD_PART = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The texts that may share a passage with one.

    Attributes:
        others: their numbers; the nearest first.
        stands_for: of these the ones whose copies are near, too: the text is one of the few that stand for a story
            of which not all texts are kept.
    """

    others: tuple[int, ...]
    stands_for: tuple[int, ...] = ()


class Crowd(NamedTuple):
    """The crowded keys of a store: how many words and pairs of words, and how many texts the most frequent has."""

    words: int
    pairs: int
    most: int


class _Held(NamedTuple):
    """How many texts have a key, and of how many of them a row is kept. `counted` says that there is a row for that."""

    texts: int
    kept: int
    counted: bool


def add_anchors(tx: Connection, texts: Mapping[int, Iterable[int]], *, cap: int) -> None:
    """Store the keys of new texts, by the numbers of the texts."""
    new: defaultdict[int, list[int]] = defaultdict(list)
    for number, keys in sorted(texts.items()):
        for key in keys:
            new[key].append(number)
    held = _counts(tx, new)
    counts = {key: held[key].texts + len(numbers) for key, numbers in new.items()}
    rows = [(key, number) for key, numbers in new.items() if counts[key] <= cap for number in numbers]
    crowded = {key: numbers for key, numbers in new.items() if counts[key] > cap}
    _delete(tx, [key for key in crowded if key % 2 == 0 and held[key].kept])
    rows += _smallest(tx, {key: numbers for key, numbers in crowded.items() if key % 2}, cap)
    kept = {key: held[key].kept + len(new[key]) for key in new.keys() - crowded.keys()}
    _count(tx, held, {key: count for key, count in counts.items() if kept.get(key) != count})
    insert_rows(tx, anchor, sorted(rows))


def forget_anchors(tx: Connection, texts: Mapping[int, Iterable[int]]) -> None:
    """Take keys away from texts. Where fewer are left than a key may have, those that were not kept stay unknown."""
    gone = [{"one": key, "text": number} for number, keys in texts.items() for key in keys]
    if not gone:
        return
    fewer: defaultdict[int, int] = defaultdict(int)
    for each in gone:
        fewer[each["one"]] += 1
    before = _counts(tx, fewer)
    tx.execute(delete(anchor).where(anchor.c.key == bindparam("one"), anchor.c.text_id == bindparam("text")), gone)
    counted = {key for key, held in before.items() if held.counted}
    after = _counts(tx, counted)
    left = {key: before[key].texts - fewer[key] for key in counted}
    _count(tx, after, {key: count for key, count in left.items() if count > after[key].kept})


def crowd(tx: Connection) -> Crowd:
    """How many keys so many texts have that not all are kept."""
    pair = case((anchor.c.key % 2 == 0, 0), else_=1)
    query = select(func.count(), func.coalesce(func.sum(pair), 0), func.coalesce(func.min(anchor.c.text_id), 0))
    keys, pairs, most = tx.execute(query.where(anchor.c.text_id < 0)).one()
    return Crowd(words=keys - pairs, pairs=pairs, most=-most)


def nearest(
    tx: Connection, ids: Iterable[int], *, cap: int, limit: int, stand_ins: int, min_score: float
) -> dict[int, Near]:
    """For each of these texts those that may share a passage with it.

    A key that n texts have adds 1/sqrt(n) to the score of each of them; of a crowded pair those that are kept have it.
    `limit` candidates, from `min_score` on, are those with the highest scores that share more than crowded pairs. Texts
    with the same words always come first.

    Of a story with more texts than that, all have to meet the same few, or its copies would fall apart: the `stand_ins`
    with the smallest ids of those that share a good part. Where a text becomes one of these itself, it meets all that
    are known.
    """
    scores: dict[int, _Scores] = {number: defaultdict(float) for number in ids}
    crowded: dict[int, _Scores] = {number: defaultdict(float) for number in scores}
    for chunk in chunks(sorted(scores)):
        for owners, holders, beyond in _shared(tx, chunk):
            to, share = (crowded if beyond else scores), 1 / math.sqrt(len(holders))
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
    near = {
        own: {other: score for other, score in found.items() if score >= min_score} for own, found in scores.items()
    }
    story = {own: _story(found, crowded[own], min_score) for own, found in near.items()}
    many = {own for own, found in near.items() if len(found) > limit or crowded[own]}
    ranks = _ranks(tx, {*many, *(other for own in many for other in (*near[own], *story[own]))})
    return {
        own: _chosen(own, found, story[own], ranks, limit, stand_ins, beyond=bool(crowded[own]))
        if own in many
        else Near(others=tuple(sorted(found, key=lambda each: (-found[each], each))))
        for own, found in near.items()
    }


def _story(scores: Mapping[int, float], crowded: Mapping[int, float], min_score: float) -> list[int]:
    """The texts that share a good part, of all that share anything."""
    every = {**crowded, **scores}
    best = max((score for score in every.values() if score < math.inf), default=0.0)
    return [other for other, score in every.items() if score >= max(min_score, best * _GOOD_PART)]


def _chosen(
    own: int,
    scores: Mapping[int, float],
    story: Iterable[int],
    ranks: Mapping[int, _Rank],
    limit: int,
    stand_ins: int,
    *,
    beyond: bool,
) -> Near:
    """The nearest of very many, and those that stand for their story."""
    ranked = sorted(scores, key=lambda each: (-scores[each], ranks[each]))
    known = sorted(story, key=lambda each: ranks[each])
    first = known[:stand_ins]
    stands = len(first) < stand_ins or ranks[own] < ranks[first[-1]]
    chosen = [*ranked[:limit], *(known if stands else first)]
    return Near(others=tuple(dict.fromkeys(chosen)), stands_for=tuple(first) if stands and beyond else ())


def pack(keys: Sequence[int]) -> bytes:
    """Keys as a fingerprint keeps them."""
    return struct.pack(f"<{len(keys)}i", *keys)


def unpack(packed: bytes) -> tuple[int, ...]:
    """The keys that were packed."""
    return struct.unpack(f"<{len(packed) // 4}i", packed)


def _shared(tx: Connection, ids: Sequence[int]) -> Iterator[tuple[list[int], list[int], bool]]:
    """(those of these texts that have a key, all of which that is kept, whether others have it, too).

    For each key of which several texts are kept.
    """
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for number, packed in tx.execute(select(fingerprint.c.id, fingerprint.c.anchors).where(fingerprint.c.id.in_(ids))):
        for key in unpack(packed):
            owners[key].append(number)
    for key, holders in _held(tx, owners).items():
        crowded = holders[0] < 0
        yield owners[key], holders[1:] if crowded else holders, crowded


def _twins(tx: Connection, ids: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """(a text of these, one of the first texts with the same words)."""
    one, twin, same = fingerprint.alias("one"), fingerprint.alias("twin"), fingerprint.alias("same")
    first = select(same.c.id).where(same.c.exact == one.c.exact).order_by(same.c.id).limit(limit + 1).correlate(one)
    query = select(one.c.id, twin.c.id).where(
        one.c.id.in_(ids), twin.c.id.in_(first), one.c.record_id != twin.c.record_id
    )
    yield from ((own, other) for own, other in tx.execute(query))


def _counts(tx: Connection, keys: Iterable[int]) -> defaultdict[int, _Held]:
    """How many texts have each of these keys."""
    counts: defaultdict[int, _Held] = defaultdict(lambda: _Held(texts=0, kept=0, counted=False))
    query = select(anchor.c.key, func.count(), func.min(anchor.c.text_id)).where(any_of(tx, anchor.c.key, keys))
    for key, rows, first in tx.execute(query.group_by(anchor.c.key)).all():
        counted = first < 0
        counts[key] = _Held(texts=-first if counted else rows, kept=rows - counted, counted=counted)
    return counts


def _count(tx: Connection, held: Mapping[int, _Held], counts: Mapping[int, int]) -> None:
    """Note how many texts have keys of which not all are kept, in place of what was noted of these and of others."""
    for chunk in chunks(sorted(key for key, one in held.items() if one.counted)):
        tx.execute(delete(anchor).where(anchor.c.key.in_(chunk), anchor.c.text_id < 0))
    insert_rows(tx, anchor, sorted((key, -count) for key, count in counts.items()))


def _delete(tx: Connection, keys: Iterable[int]) -> None:
    for chunk in chunks(sorted(keys)):
        tx.execute(delete(anchor).where(anchor.c.key.in_(chunk), anchor.c.text_id > 0))


def _smallest(tx: Connection, new: Mapping[int, Sequence[int]], cap: int) -> list[tuple[int, int]]:
    """Rows of those new texts that are among the first of a pair by their ids. Those beyond have none any more."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    query = select(anchor.c.key, anchor.c.text_id).where(any_of(tx, anchor.c.key, new), anchor.c.text_id > 0)
    for key, number in tx.execute(query).all():
        held[key].append(number)
    ranks = _ranks(tx, {number for numbers in (*new.values(), *held.values()) for number in numbers})
    rows: list[tuple[int, int]] = []
    gone: list[dict[str, int]] = []
    for key, numbers in new.items():
        ranked = sorted((*held[key], *numbers), key=lambda number: ranks[number])
        stay = set(ranked[:cap])
        rows += [(key, number) for number in numbers if number in stay]
        gone += [{"one": key, "text": number} for number in held[key] if number not in stay]
    if gone:
        tx.execute(delete(anchor).where(anchor.c.key == bindparam("one"), anchor.c.text_id == bindparam("text")), gone)
    return rows


def _ranks(tx: Connection, ids: Iterable[int]) -> dict[int, _Rank]:
    """What orders texts, whenever they came."""
    if not (wanted := set(ids)):
        return {}
    query = select(fingerprint.c.id, fingerprint.c.record_id, fingerprint.c.side)
    rows = tx.execute(query.where(any_of(tx, fingerprint.c.id, wanted)))
    return {number: (record, side) for number, record, side in rows}


def _held(tx: Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """The texts that are kept of each of those of these keys of which several are; before them a count, below zero."""
    # Four keys in five no other text has: they are left in the database, and so are words that are too common.
    several = select(anchor.c.key).where(any_of(tx, anchor.c.key, keys)).group_by(anchor.c.key)
    wanted = tx.execute(several.having(func.count() > 1)).scalars().all()
    found: defaultdict[int, list[int]] = defaultdict(list)
    query = select(anchor.c.key, anchor.c.text_id).where(any_of(tx, anchor.c.key, wanted))
    for key, number in tx.execute(query.order_by(anchor.c.key, anchor.c.text_id)).all():
        found[key].append(number)
    return found
