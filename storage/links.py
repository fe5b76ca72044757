"""Fingerprints, candidates, links and clusters in the database; what makes copies is decided in `ingest.dedup`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, delete, func, or_, select

from ingest.model import Fingerprint, Link, UrlKey
from storage.store import chunks, insert
from storage.tables import anchor, fingerprint, line, link, record, segment, translation

ORIGINAL_SIDE = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideText:
    """One text of a record: as published, or its translation. `side` is "original" or the target language."""

    key: UrlKey
    side: str
    language: str
    url: str
    published_at: datetime | None
    text: str


def add_fingerprint(tx: Connection, record_id: UrlKey, side: str, made: Fingerprint) -> None:
    """Store what finds the copies of a text. Replaces what was there."""
    for table in (fingerprint, anchor):
        tx.execute(delete(table).where(table.c.record_id == record_id, table.c.side == side))
    tx.execute(
        fingerprint.insert().values(
            record_id=record_id,
            side=side,
            language=made.language,
            exact=made.exact,
            tokens=made.tokens,
            version=made.version,
        )
    )
    if made.keys:
        tx.execute(anchor.insert(), [{"key": key, "record_id": record_id, "side": side} for key in made.keys])


def add_lines(
    tx: Connection, record_id: UrlKey, side: str, site: str, keys: Collection[int], *, most: int
) -> set[tuple[UrlKey, str]]:
    """Count the lines of a text of a site. Replaces what was there.

    Returns:
        The texts that hold a line which only now has become frequent, that is stands in more than `most` texts.
    """
    tx.execute(delete(line).where(line.c.record_id == record_id, line.c.side == side))
    if not keys:
        return set()
    rows = [{"site": site, "key": key, "record_id": record_id, "side": side} for key in sorted(keys)]
    tx.execute(line.insert(), rows)
    crossed = _counted_lines(site, side, keys).having(func.count() == most + 1)
    query = select(line.c.record_id).where(line.c.site == site, line.c.side == side, line.c.key.in_(crossed))
    return {(UrlKey(key), side) for key in tx.execute(query.distinct()).scalars()}


def frequent_lines(tx: Connection, side: str, site: str, keys: Collection[int], *, most: int) -> set[int]:
    """Those of these lines that stand in more than `most` texts of a site."""
    return set(tx.execute(_counted_lines(site, side, keys).having(func.count() > most)).scalars().all())


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


def _counted_lines(site: str, side: str, keys: Collection[int]) -> Select[int]:
    wanted = (line.c.site == site) & (line.c.side == side) & line.c.key.in_(sorted(keys))
    return select(line.c.key).where(wanted).group_by(line.c.key)


def candidates(
    tx: Connection, record_id: UrlKey, side: str, *, cap: int, limit: int, min_score: float
) -> list[tuple[UrlKey, str]]:
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
    scores: dict[tuple[UrlKey, str], float] = defaultdict(float)
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


def sides_of(tx: Connection, ids: Iterable[UrlKey]) -> list[tuple[UrlKey, str]]:
    """The texts that these records have fingerprints of."""
    found: list[tuple[UrlKey, str]] = []
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.record_id, fingerprint.c.side).where(fingerprint.c.record_id.in_(chunk))
        found += [(UrlKey(key), side) for key, side in tx.execute(query)]
    return found


def side_texts(tx: Connection, sides: Sequence[tuple[UrlKey, str]]) -> dict[tuple[UrlKey, str], SideText]:
    """The texts behind fingerprints."""
    found: dict[tuple[UrlKey, str], SideText] = {}
    for chunk in chunks(sorted({key for key, _ in sides})):
        for row in tx.execute(select(record).where(record.c.id.in_(chunk))):
            found[row.id, ORIGINAL_SIDE] = SideText(
                key=row.id,
                side=ORIGINAL_SIDE,
                language=row.language,
                url=row.url,
                published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
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
