"""What feeds, sitemaps and section pages announced, run by run, and which sources fell short of what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ingest.model import Validators
from ingest.outcome import Reason, Rejection, Stage
from ingest.value import Value
from storage.seeds import validators_in
from storage.store import insert, upsert
from storage.tables import listing, source_run


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow(Value):
    """What one feed, sitemap or section page announced.

    Of an unmodified one (`unmodified` says how that was told) what was known goes on to hold.
    """

    url: str
    source: str
    kind: str | None
    entries: int
    unmodified: str | None = None
    validators: Validators | None = None
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow(Value):
    """How many articles a source announced, and how many were expected."""

    source: str
    announced: int
    expected: int | None

    @property
    def short(self) -> bool:
        """Whether it announced fewer than expected."""
        return self.expected is not None and self.announced < self.expected


def add_listings(tx: Connection, run_id: str, rows: Iterable[ListingRow]) -> None:
    """Note what listings announced in a run; an unmodified one goes on with what was known of it."""
    now = datetime.now(UTC).isoformat()
    for one in rows:
        last = _newest(tx, one.url) if one.unmodified else None
        validators = one.validators or Validators()
        values = {
            "run_id": run_id,
            "url": one.url,
            "source": one.source,
            "kind": last.kind if last else one.kind,
            "entries": last.entries if last else one.entries,
            "unmodified": one.unmodified is not None,
            "reason": one.rejection.reason if one.rejection else None,
            "detail": one.rejection.detail if one.rejection else None,
            "etag": last.etag if last else validators.etag,
            "last_modified": last.last_modified if last else validators.last_modified,
            "body_sha256": last.body_sha256 if last else validators.body_sha256,
            "full_at": last.full_at if last and one.unmodified == "304" else now,
        }
        upsert(tx, listing, [values])


def add_sources(tx: Connection, run_id: str, rows: Iterable[SourceRow]) -> None:
    """Note how many articles sources announced in a run."""
    values = [
        {"run_id": run_id, "source": one.source, "announced": one.announced, "expected": one.expected} for one in rows
    ]
    if values:
        tx.execute(insert(tx, source_run).on_conflict_do_nothing(), values)


def known_listings(tx: Connection, sources: Sequence[str]) -> dict[str, tuple[Validators, int]]:
    """What tells whether the listings of sources are still as they were read last, and how many entries they had.

    By address. An index of sitemaps is always read: it may stay as it is while the sitemaps in it change.
    """
    read = listing.c.reason.is_(None) & listing.c.body_sha256.is_not(None) & (listing.c.kind != "sitemap_index")
    query = select(listing).where(read, listing.c.source.in_(sources))
    rows = tx.execute(query.order_by(listing.c.full_at, listing.c.run_id)).all()
    return {row.url: (validators_in(row), row.entries) for row in rows}


def broken_listings(tx: Connection, run_id: str) -> tuple[Rejection, ...]:
    """The feeds, sitemaps and section pages that a run could not read."""
    query = select(listing).where(listing.c.run_id == run_id, listing.c.reason.is_not(None)).order_by(listing.c.url)
    return tuple(
        Rejection(
            url=row.url, source=row.source, stage=Stage.DISCOVER, reason=Reason(row.reason), detail=row.detail or ""
        )
        for row in tx.execute(query)
    )


def short_sources(tx: Connection, run_id: str) -> tuple[SourceRow, ...]:
    """The sources that announced fewer articles in a run than are expected of them."""
    query = select(source_run).where(source_run.c.run_id == run_id).order_by(source_run.c.source)
    rows = [SourceRow(source=row.source, announced=row.announced, expected=row.expected) for row in tx.execute(query)]
    return tuple(row for row in rows if row.short)


def _newest(tx: Connection, address: str) -> Row[Any] | None:
    """A listing as it was read last."""
    read = select(listing).where(listing.c.url == address, listing.c.reason.is_(None))
    return tx.execute(read.order_by(listing.c.full_at.desc(), listing.c.run_id.desc()).limit(1)).one_or_none()
