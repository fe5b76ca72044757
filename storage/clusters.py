"""Clusters in the database: what is linked with what, and each record's place among its copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select

from ingest.model import Link, Relation, Span, UrlKey
from storage.links import ORIGINAL_SIDE
from storage.store import chunks
from storage.tables import duplicate, fingerprint, link, record


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
