"""Fingerprints, candidates, links and clusters in the database; what makes copies is decided in `ingest.dedup`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select

from ingest.model import Fingerprint, Link, Relation, Span, UrlKey
from storage.store import chunks, insert
from storage.tables import anchor, duplicate, fingerprint, link, record, segment, translation

ORIGINAL_SIDE = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideText:
    """One text of a record: as published, or its translation. `side` is "original" or the target language."""

    key: UrlKey
    side: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """A record's place among its copies."""

    record_id: UrlKey
    cluster: str
    canonical_id: UrlKey
    relation: Relation
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """What the choice of the canonical record looks at."""

    key: UrlKey
    published_at: datetime | None
    attributed: bool
    tokens: int


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


def side_texts(tx: Connection, sides: Sequence[tuple[UrlKey, str]]) -> dict[tuple[UrlKey, str], SideText]:
    """The texts behind fingerprints."""
    found: dict[tuple[UrlKey, str], SideText] = {}
    published = sorted({key for key, side in sides if side == ORIGINAL_SIDE})
    for chunk in chunks(published):
        query = select(record.c.id, record.c.language, record.c.text).where(record.c.id.in_(chunk))
        for key, language, text in tx.execute(query):
            found[key, ORIGINAL_SIDE] = SideText(key=key, side=ORIGINAL_SIDE, language=language, text=text)
    for key, side in sides:
        if side != ORIGINAL_SIDE:
            found[key, side] = SideText(key=key, side=side, language=side, text=_translated_text(tx, key, side))
    return found


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


def component(tx: Connection, ids: Iterable[UrlKey]) -> tuple[set[UrlKey], list[Link]]:
    """All records that duplicate links or old clusters connect with these, and the links among them."""
    seen: set[UrlKey] = set()
    links: dict[tuple[str, str], Link] = {}
    edge = set(ids)
    while edge:
        seen |= edge
        reached: set[UrlKey] = set()
        for chunk in chunks(sorted(edge)):
            query = select(link).where(
                link.c.relation != Relation.QUOTES, or_(link.c.a.in_(chunk), link.c.b.in_(chunk))
            )
            for row in tx.execute(query):
                links[row.a, row.b] = _link(row)
                reached |= {row.a, row.b}
            clusters = select(duplicate.c.cluster).where(duplicate.c.record_id.in_(chunk))
            reached |= set(tx.execute(select(duplicate.c.record_id).where(duplicate.c.cluster.in_(clusters))).scalars())
        edge = reached - seen
    return seen, [links[pair] for pair in sorted(links)]


def members(tx: Connection, ids: Iterable[UrlKey]) -> list[MemberRow]:
    """What is known of records that may be the canonical one."""
    found: list[MemberRow] = []
    for chunk in chunks(sorted(ids)):
        query = (
            select(record.c.id, record.c.published_at, record.c.attribution, fingerprint.c.tokens)
            .join(fingerprint, fingerprint.c.record_id == record.c.id)
            .where(record.c.id.in_(chunk), fingerprint.c.side == ORIGINAL_SIDE)
        )
        for row in tx.execute(query):
            published = datetime.fromisoformat(row.published_at) if row.published_at else None
            attributed = any(row.attribution.get(name) for name in ("original_name", "original_url"))
            found.append(MemberRow(key=row.id, published_at=published, attributed=attributed, tokens=row.tokens))
    return found


def set_clusters(tx: Connection, ids: Iterable[UrlKey], rows: Iterable[ClusterRow]) -> None:
    """Replace the cluster rows of these records."""
    for chunk in chunks(sorted(ids)):
        tx.execute(delete(duplicate).where(duplicate.c.record_id.in_(chunk)))
    for row in rows:
        tx.execute(
            duplicate.insert().values(
                record_id=row.record_id,
                cluster=row.cluster,
                canonical_id=row.canonical_id,
                is_canonical=row.record_id == row.canonical_id,
                relation=row.relation,
                score=row.score,
            )
        )


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


def _link(row: Row[Any]) -> Link:
    fields = row._mapping
    return Link(
        a=fields["a"],
        b=fields["b"],
        relation=Relation(fields["relation"]),
        score=fields["score"],
        side_a=fields["side_a"],
        side_b=fields["side_b"],
        spans=tuple(Span(a_start=a, a_end=b, b_start=c, b_end=d) for a, b, c, d in fields["spans"]),
    )
