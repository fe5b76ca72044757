"""Clusters in the database: what is linked with what, and each record's place among its copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select

from ingest.link import COPIES, Certain, Link, Relation
from ingest.model import Precision, UrlKey
from storage.links import ORIGINAL_SIDE
from storage.store import chunks, insert
from storage.tables import duplicate, fingerprint, link, record, unlinked

Pair = tuple[UrlKey, UrlKey]
"""Two records, the smaller key first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """A record's place among its copies; `evidence` are (rule, detail) of who has it from whom."""

    record_id: UrlKey
    cluster: str
    canonical_id: UrlKey
    relation: Relation
    score: float | None
    overlap: float | None
    evidence: tuple[tuple[str, str], ...]
    certain: Certain


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """What the choice of the canonical record looks at."""

    key: UrlKey
    published_at: datetime | None
    published_precision: Precision | None
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    original_url: str | None
    original_name: str | None
    reposted_by: str | None
    machine_translated: bool
    reworded: bool
    tokens: int
    local: bool


def component(tx: Connection, ids: Iterable[UrlKey]) -> tuple[set[UrlKey], list[Link]]:
    """All records that duplicate links or old clusters connect with these, and the links among them, without spans.

    These are the links that make copies, and those that say of two of these records that they share a template only.
    """
    seen: set[UrlKey] = set()
    links: dict[tuple[str, str], Link] = {}
    edge = set(ids)
    columns = (link.c.a, link.c.b, link.c.relation, link.c.score, link.c.compared, link.c.overlap)
    copies = select(*columns).where(link.c.relation.in_(COPIES))
    while edge:
        seen |= edge
        reached: set[UrlKey] = set()
        for chunk in chunks(sorted(edge)):
            for row in tx.execute(copies.where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))):
                if (row.a, row.b) not in links:
                    links[row.a, row.b] = _bare(row)
                    reached |= {row.a, row.b}
            clusters = select(duplicate.c.cluster).where(duplicate.c.record_id.in_(chunk))
            reached |= set(tx.execute(select(duplicate.c.record_id).where(duplicate.c.cluster.in_(clusters))).scalars())
        edge = reached - seen
    ends = {end for pair in links for end in pair}
    apart = select(*columns).where(link.c.relation == Relation.SAME_TEMPLATE)
    for chunk in chunks(sorted(ends)):
        links |= {(row.a, row.b): _bare(row) for row in tx.execute(apart.where(link.c.a.in_(chunk))) if row.b in ends}
    return seen, [links[pair] for pair in sorted(links)]


def _bare(row: Row[Any]) -> Link:
    return Link(
        a=row.a,
        b=row.b,
        relation=Relation(row.relation),
        compared=Relation(row.compared),
        score=row.score,
        overlap=row.overlap,
        spans=(),
    )


def members(tx: Connection, ids: Iterable[UrlKey]) -> list[MemberRow]:
    """What is known of records that may be the canonical one."""
    found: list[MemberRow] = []
    known = record.c
    told = (known.published_at, known.published_precision, known.url, known.requested_url, known.canonical_url)
    for chunk in chunks(sorted(ids)):
        query = (
            select(known.id, *told, known.publisher, known.source, known.attribution, fingerprint.c.tokens)
            .join(fingerprint, fingerprint.c.record_id == known.id)
            .where(known.id.in_(chunk), fingerprint.c.side == ORIGINAL_SIDE)
        )
        for row in tx.execute(query):
            said = row.attribution
            addresses = (row.url, row.requested_url, row.canonical_url)
            found.append(
                MemberRow(
                    key=row.id,
                    published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
                    published_precision=Precision(row.published_precision) if row.published_precision else None,
                    addresses=tuple(sorted({address for address in addresses if address})),
                    names=tuple(sorted({name for name in (row.publisher, row.source) if name})),
                    original_url=said.get("original_url"),
                    original_name=said.get("original_name"),
                    reposted_by=said.get("reposted_by"),
                    machine_translated=bool(said.get("machine_translated")),
                    reworded=bool(said.get("reworded")),
                    tokens=row.tokens,
                    local=not row.url.startswith(("http://", "https://")),
                )
            )
    return found


def set_clusters(tx: Connection, ids: Iterable[UrlKey], rows: Sequence[ClusterRow]) -> None:
    """Replace the cluster rows of these records."""
    for chunk in chunks(sorted(ids)):
        tx.execute(delete(duplicate).where(duplicate.c.record_id.in_(chunk)))
    made = [
        {
            "record_id": row.record_id,
            "cluster": row.cluster,
            "canonical_id": row.canonical_id,
            "is_canonical": row.record_id == row.canonical_id,
            "relation": row.relation,
            "score": row.score,
            "overlap": row.overlap,
            "evidence": [list(clue) for clue in row.evidence],
            "certainty": row.certain,
        }
        for row in rows
    ]
    if made:
        tx.execute(duplicate.insert(), made)


def unlink(tx: Connection, one: UrlKey, other: UrlKey) -> bool:
    """Keep two records apart for good: their link goes, and none is made again. Returns whether there was one."""
    a, b = sorted((one, other))
    tx.execute(insert(tx, unlinked).values(a=a, b=b).on_conflict_do_nothing())
    between = or_((link.c.a == a) & (link.c.b == b), (link.c.a == b) & (link.c.b == a))
    return tx.execute(delete(link).where(between)).rowcount > 0


def relink(tx: Connection, one: UrlKey, other: UrlKey) -> bool:
    """Take back `unlink`. Returns whether the two were kept apart."""
    a, b = sorted((one, other))
    return tx.execute(delete(unlinked).where(unlinked.c.a == a, unlinked.c.b == b)).rowcount > 0


def kept_apart(tx: Connection, ids: Iterable[UrlKey]) -> set[Pair]:
    """The pairs with one of these records that a person keeps apart."""
    found: set[Pair] = set()
    for chunk in chunks(sorted(ids)):
        query = select(unlinked.c.a, unlinked.c.b).where(or_(unlinked.c.a.in_(chunk), unlinked.c.b.in_(chunk)))
        found |= {(UrlKey(a), UrlKey(b)) for a, b in tx.execute(query)}
    return found
