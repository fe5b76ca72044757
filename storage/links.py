"""Fingerprints, candidates, links and clusters in the database; what makes copies is decided in `ingest.dedup`."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select

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
    for table in (fingerprint, anchor):
        _forget(tx, table, made)
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
    keys = [{"key": number, "record_id": key, "side": side} for (key, side), one in made.items() for number in one.keys]
    for table, values in ((fingerprint, rows), (anchor, keys)):
        if values:
            tx.execute(table.insert(), values)


def add_lines(tx: Connection, texts: Mapping[Side, tuple[str, Collection[int]]], *, most: int) -> set[Side]:
    """Count the lines of texts. Replaces what was there.

    Args:
        tx: the transaction.
        texts: for each text its site and the keys of its lines.
        most: how many texts of a site may hold a line before it is frequent.

    Returns:
        The texts that hold a line which only now has become frequent.
    """
    _forget(tx, line, texts)
    changed: set[Side] = set()
    for (site, side), keys in _by_site(texts).items():
        before = Counter(_line_counts(tx, site, side, keys))
        crossed = [number for number, count in keys.items() if before[number] <= most < before[number] + count]
        for chunk in chunks(crossed):
            query = select(line.c.record_id).where(line.c.site == site, line.c.side == side, line.c.key.in_(chunk))
            changed |= {(UrlKey(key), side) for key in tx.execute(query.distinct()).scalars()}
        rows = [
            {"site": site, "key": number, "record_id": text[0], "side": side}
            for text, (home, numbers) in texts.items()
            if (home, text[1]) == (site, side)
            for number in sorted(numbers)
            if before[number] < _LINE_ROWS
        ]
        if rows:
            tx.execute(line.insert(), rows)
    return changed


def frequent_lines(tx: Connection, side: str, site: str, keys: Collection[int], *, most: int) -> set[int]:
    """Those of these lines that stand in more than `most` texts of a site."""
    return {number for number, count in _line_counts(tx, site, side, keys).items() if count > most}


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


def _line_counts(tx: Connection, site: str, side: str, keys: Collection[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for chunk in chunks(sorted(keys)):
        wanted = (line.c.site == site) & (line.c.side == side) & line.c.key.in_(chunk)
        query = select(line.c.key, func.count().label("texts")).where(wanted).group_by(line.c.key)
        counts |= {row.key: row.texts for row in tx.execute(query)}
    return counts


def _by_site(texts: Mapping[Side, tuple[str, Collection[int]]]) -> dict[tuple[str, str], Counter[int]]:
    """For each site and side: in how many of these texts each line stands."""
    counts: dict[tuple[str, str], Counter[int]] = {}
    for (_, side), (site, numbers) in texts.items():
        counts.setdefault((site, side), Counter()).update(set(numbers))
    return counts


def _forget(tx: Connection, table: Table, texts: Iterable[Side]) -> None:
    by_side: dict[str, list[UrlKey]] = {}
    for key, side in texts:
        by_side.setdefault(side, []).append(key)
    for side, keys in by_side.items():
        for chunk in chunks(keys):
            tx.execute(delete(table).where(table.c.record_id.in_(chunk), table.c.side == side))


def candidates(tx: Connection, record_id: UrlKey, side: str, *, cap: int, limit: int, min_score: float) -> list[Side]:
    """Texts that may share a passage with this one: (record id, side), best first.

    A key that n <= `cap` texts have adds 1/sqrt(n) to each of them; keys in more texts say nothing. The best `limit`
    with at least `min_score` are returned; texts with the same token sequence always are.
    """
    own = select(anchor.c.key).where(anchor.c.record_id == record_id, anchor.c.side == side)
    rare = (
        select(anchor.c.key, func.count().label("texts"))
        .where(anchor.c.key.in_(own))
        .group_by(anchor.c.key)
        .having(func.count().between(2, cap))
        .subquery()
    )
    query = select(anchor.c.record_id, anchor.c.side, rare.c.texts).join(rare, rare.c.key == anchor.c.key)
    scores: dict[Side, float] = defaultdict(float)
    for other, other_side, texts in tx.execute(query.where(anchor.c.record_id != record_id)):
        scores[other, other_side] += 1 / math.sqrt(texts)
    same = select(fingerprint.c.exact).where(fingerprint.c.record_id == record_id, fingerprint.c.side == side)
    twins = select(fingerprint.c.record_id, fingerprint.c.side).where(
        fingerprint.c.exact == same.scalar_subquery(), fingerprint.c.record_id != record_id
    )
    found = {(UrlKey(other), other_side): math.inf for other, other_side in tx.execute(twins.limit(limit))}
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    found |= {pair: score for pair, score in ranked if score >= min_score and pair not in found}
    return list(found)


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
