"""Who copies whom: the duplicates by the outlet of their original and their own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from storage.store import Transaction
from storage.tables import duplicate, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A duplicate and its original, by outlet; `dated` and `original_dated` are ``None`` where a page gave no date."""

    id: str
    title: str | None
    outlet: str
    dated: str | None
    relation: str
    original_id: str
    original_title: str | None
    original_outlet: str
    original_dated: str | None


def copied(tx: Transaction, *, original: str | None = None, outlet: str | None = None, most: int) -> list[Copied]:
    """Duplicates of another outlet's records of which the evidence tells the original, the newest first.

    Args:
        tx: where to read.
        original: only those of originals of this outlet.
        outlet: only those in this outlet.
        most: how many at most.
    """
    source = record.alias("source")
    own, others = (func.coalesce(one.c.source, one.c.publisher) for one in (record, source))
    query = (
        select(
            record.c.id,
            record.c.title,
            own.label("outlet"),
            record.c.published_at.label("dated"),
            duplicate.c.relation,
            source.c.id.label("original_id"),
            source.c.title.label("original_title"),
            others.label("original_outlet"),
            source.c.published_at.label("original_dated"),
        )
        .select_from(
            duplicate.join(record, record.c.id == duplicate.c.record_id).join(
                source, source.c.id == duplicate.c.canonical_id
            )
        )
        .where(duplicate.c.is_canonical.is_(False), duplicate.c.certainty != "no", own != others)
        .order_by(record.c.dated.desc(), record.c.id)
        .limit(most)
    )
    if original is not None:
        query = query.where(others == original)
    if outlet is not None:
        query = query.where(own == outlet)
    return [Copied(**row) for row in tx.execute(query).mappings()]
