"""Clusters by the page: a story and all records that tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.stats import Copy, clusters
from storage.store import Transaction
from storage.tables import duplicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Some clusters, by name; `total` is how many there are, `after` the name to go on behind, if there are more."""

    clusters: dict[str, list[Copy]]
    total: int
    after: str | None


def list_clusters(tx: Transaction, after: str, limit: int) -> Clusters:
    """The clusters behind the one named, `limit` at most, each with its canonical record first."""
    distinct = select(duplicate.c.cluster).distinct()
    behind = distinct.where(duplicate.c.cluster > after).order_by(duplicate.c.cluster).limit(limit + 1)
    names = list(tx.execute(behind).scalars())
    total = tx.execute(select(func.count()).select_from(distinct.subquery())).scalar_one()
    found = clusters(tx, names[:limit])
    more = names[limit - 1] if len(names) > limit else None
    return Clusters(clusters=dict(sorted(found.items())), total=total, after=more)


def named_clusters(tx: Transaction, names: Sequence[str]) -> dict[str, list[Copy]]:
    """These clusters with their members."""
    return clusters(tx, names) if names else {}
