"""Fingerprints, candidates, links and clusters in the database; what makes copies is decided in `ingest.dedup`."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select

from ingest.model import Fingerprint, Link, UrlKey
from storage.store import chunks, insert
from storage.tables import anchor, fingerprint, line, link, record, segment, translation

ORIGINAL_SIDE = "original"

Side = tuple[UrlKey, str]
"""A text of a record: its key, and "original" or the language it was translated into."""

# A line in so many texts is frequent beyond doubt: no more rows are kept of it.
_LINE_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SideText:
    """One text of a record: as published, or its translation. `side` is "original" or the target language."""

    key: UrlKey
    side: str
    language: str
    url: str
    published_at: datetime | None
    original_url: str | None
    text: str


def add_fingerprints(tx: Connection, made: Mapping[Side, Fingerprint]) -> None:
    """Store what finds the copies of texts. Replaces what was there."""
    known = text_ids(tx, made)
    for table in (anchor, line):
        for chunk in chunks(sorted(known.values())):
            tx.execute(delete(table).where(table.c.text_id.in_(chunk)))
    for chunk in chunks(sorted(known.values())):
        tx.execute(delete(fingerprint).where(fingerprint.c.id.in_(chunk)))
    rows = [
        {
            "record_id": key,
            "side": side,
            "language": one.language,
            "exact": one.exact,
            "tokens": one.tokens,
            "version": one.version,
        }
        for (key, side), one in made.items()
    ]
    if rows:
        tx.execute(fingerprint.insert(), rows)
    ids = text_ids(tx, made)
    keys = [{"key": number, "text_id": ids[side]} for side, one in made.items() for number in one.keys]
    if keys:
        tx.execute(anchor.insert(), keys)


def text_ids(tx: Connection, sides: Iterable[Side]) -> dict[Side, int]:
    """The numbers under which the keys of these texts are stored."""
    wanted = set(sides)
    found: dict[Side, int] = {}
    for chunk in chunks(sorted({key for key, _ in wanted})):
        query = select(fingerprint.c.id, fingerprint.c.record_id, fingerprint.c.side)
        for number, key, side in tx.execute(query.where(fingerprint.c.record_id.in_(chunk))):
            if (key, side) in wanted:
                found[UrlKey(key), side] = number
    return found


def add_lines(tx: Connection, texts: Mapping[Side, Collection[int]], *, most: int) -> set[Side]:
    """Count the lines of texts that have a fingerprint and no lines yet.

    Args:
        tx: the transaction.
        texts: the keys of their lines; a key stands for a line on one site.
        most: how many texts may hold a line before it is frequent.

    Returns:
        The texts stored before that hold a line which only now has become frequent.
    """
    new = Counter(number for numbers in texts.values() for number in set(numbers))
    before = Counter(_line_counts(tx, new))
    crossed = sorted(number for number, count in new.items() if before[number] <= most < before[number] + count)
    changed: set[Side] = set()
    for chunk in chunks(crossed):
        query = select(fingerprint.c.record_id, fingerprint.c.side).join(line, line.c.text_id == fingerprint.c.id)
        changed |= {(UrlKey(key), side) for key, side in tx.execute(query.where(line.c.key.in_(chunk)))}
    ids = text_ids(tx, texts)
    rows = [
        {"key": number, "text_id": ids[side]}
        for side, numbers in texts.items()
        for number in sorted(set(numbers))
        if before[number] < _LINE_ROWS
    ]
    if rows:
        tx.execute(line.insert(), rows)
    return changed


def frequent_lines(tx: Connection, keys: Collection[int], *, most: int) -> set[int]:
    """Those of these lines that stand in more than `most` texts."""
    return {number for number, count in _line_counts(tx, keys).items() if count > most}


def linked_with(tx: Connection, ids: Iterable[UrlKey]) -> set[UrlKey]:
    """The records that these are linked with."""
    found: set[UrlKey] = set()
    for chunk in chunks(sorted(ids)):
        for a, b in tx.execute(select(link.c.a, link.c.b).where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))):
            found |= {a, b}
    return found


def drop_links(tx: Connection, ids: Iterable[UrlKey]) -> None:
    """Forget the links of these records: they are to be found anew."""
    for chunk in chunks(sorted(ids)):
        tx.execute(delete(link).where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk))))


def _line_counts(tx: Connection, keys: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for chunk in chunks(sorted(keys)):
        query = select(line.c.key, func.count().label("texts")).where(line.c.key.in_(chunk)).group_by(line.c.key)
        counts |= {row.key: row.texts for row in tx.execute(query)}
    return counts


def candidates(
    tx: Connection, sides: Iterable[Side], *, cap: int, limit: int, min_score: float
) -> dict[Side, list[Side]]:
    """For each of these texts: those that may share a passage with it, best first.

    A key that n <= `cap` texts have adds 1/sqrt(n) to each of them; keys in more texts say nothing. The best `limit`
    with at least `min_score` are returned; texts with the same token sequence always are.
    """
    ids = text_ids(tx, sides)
    scores: dict[int, dict[int, float]] = {number: defaultdict(float) for number in ids.values()}
    for chunk in chunks(sorted(scores)):
        for own, other, score in _shared(tx, chunk, cap):
            scores[own][other] += score
    ranked = {own: sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit] for own, found in scores.items()}
    chosen = {own: [other for other, score in best if score >= min_score] for own, best in ranked.items()}
    sides_by_id = _sides_by_id(tx, {number for numbers in chosen.values() for number in numbers})
    return {side: [sides_by_id[number] for number in chosen[own]] for side, own in ids.items()}


def _shared(tx: Connection, ids: Sequence[int], cap: int) -> Iterator[tuple[int, int, float]]:
    """(a text of these, another text, what one key or the same token sequence that both have adds)."""
    mine, theirs = anchor.alias("mine"), anchor.alias("theirs")
    own_keys = select(anchor.c.key).where(anchor.c.text_id.in_(ids))
    rare = (
        select(anchor.c.key, func.count().label("texts"))
        .where(anchor.c.key.in_(own_keys))
        .group_by(anchor.c.key)
        .having(func.count().between(2, cap))
        .subquery()
    )
    query = (
        select(mine.c.text_id, theirs.c.text_id, rare.c.texts)
        .select_from(mine.join(rare, rare.c.key == mine.c.key).join(theirs, theirs.c.key == mine.c.key))
        .where(mine.c.text_id.in_(ids), theirs.c.text_id != mine.c.text_id)
    )
    for own, other, texts in tx.execute(query):
        yield own, other, 1 / math.sqrt(texts)
    one, twin = fingerprint.alias("one"), fingerprint.alias("twin")
    same = (one.c.exact == twin.c.exact) & (one.c.record_id != twin.c.record_id)
    for own, other in tx.execute(select(one.c.id, twin.c.id).join(twin, same).where(one.c.id.in_(ids))):
        yield own, other, math.inf


def _sides_by_id(tx: Connection, ids: Iterable[int]) -> dict[int, Side]:
    found: dict[int, Side] = {}
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.id, fingerprint.c.record_id, fingerprint.c.side)
        for number, key, side in tx.execute(query.where(fingerprint.c.id.in_(chunk))):
            found[number] = (UrlKey(key), side)
    return found


def languages(tx: Connection, ids: Iterable[UrlKey]) -> dict[UrlKey, str]:
    """The languages of records."""
    found: dict[UrlKey, str] = {}
    for chunk in chunks(sorted(ids)):
        query = select(record.c.id, record.c.language).where(record.c.id.in_(chunk))
        found |= {UrlKey(key): language for key, language in tx.execute(query)}
    return found


def sides_of(tx: Connection, ids: Iterable[UrlKey]) -> list[Side]:
    """The texts that these records have fingerprints of."""
    found: list[Side] = []
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.record_id, fingerprint.c.side).where(fingerprint.c.record_id.in_(chunk))
        found += [(UrlKey(key), side) for key, side in tx.execute(query)]
    return found


def side_texts(tx: Connection, sides: Sequence[Side]) -> dict[Side, SideText]:
    """The texts behind fingerprints."""
    found: dict[Side, SideText] = {}
    for chunk in chunks(sorted({key for key, _ in sides})):
        for row in tx.execute(select(record).where(record.c.id.in_(chunk))):
            found[row.id, ORIGINAL_SIDE] = SideText(
                key=row.id,
                side=ORIGINAL_SIDE,
                language=row.language,
                url=row.url,
                published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
                original_url=row.attribution["original_url"],
                text=row.text,
            )
    for key, side in sides:
        if side != ORIGINAL_SIDE:
            text = _translated_text(tx, key, side)
            found[key, side] = replace(found[key, ORIGINAL_SIDE], side=side, language=side, text=text)
    return {side: found[side] for side in sides}


def add_links(tx: Connection, links: Iterable[Link]) -> None:
    """Store links; of two between the same records the higher score stays, so a rerun adds and changes nothing."""
    for one in links:
        values = {
            "a": one.a,
            "b": one.b,
            "relation": one.relation,
            "score": one.score,
            "side_a": one.side_a,
            "side_b": one.side_b,
            "spans": [[span.a_start, span.a_end, span.b_start, span.b_end] for span in one.spans],
        }
        # A quotation may be stored in either direction: both ends are looked at.
        rows = tx.execute(select(link).where(_between(one.a, one.b))).all()
        if any((row.score, row.relation) >= (one.score, one.relation) for row in rows):
            continue
        tx.execute(delete(link).where(_between(one.a, one.b)))
        tx.execute(insert(tx, link).values(**values))


def _translated_text(tx: Connection, key: UrlKey, target: str) -> str:
    wanted = (translation.c.record_id == segment.c.record_id) & (translation.c.position == segment.c.position)
    query = (
        select(func.coalesce(translation.c.text, segment.c.text))
        .select_from(segment.outerjoin(translation, wanted & (translation.c.target == target)))
        .where(segment.c.record_id == key)
        .order_by(segment.c.position)
    )
    return "\n\n".join(tx.execute(query).scalars())


def _between(one: str, other: str) -> ColumnElement[bool]:
    return or_((link.c.a == one) & (link.c.b == other), (link.c.a == other) & (link.c.b == one))
