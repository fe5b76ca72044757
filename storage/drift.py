"""What the pages of the newest runs came to, in the order in which they were met: rows for `ingest.drift`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from ingest.model import RULE_FAILED
from ingest.outcome import Outcome, Stage
from storage.tables import outcome, record, run, url

_RUNS = 40
_ROWS = 10_000
_LOW = "low_confidence"  # ingest.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A page that a run read: its address, what it lacks, how long its text is, and whether the newest run met it.

    `record_id` is of the record that it became, if it did, `source` the outlet that announced it.
    """

    url: str
    lacks: frozenset[str]
    length: int
    fresh: bool
    record_id: str | None = None
    source: str | None = None


def newest_of(tx: Connection, kind: str) -> str | None:
    """The id of the newest run of a kind that finished."""
    query = select(run.c.id).where(run.c.kind == kind, run.c.status == "finished")
    return tx.execute(query.order_by(run.c.started_at.desc()).limit(1)).scalar()


def pages_met(tx: Connection, run_id: str, kind: str) -> list[Met]:
    """The pages that a run and those of its kind before it stored, or rejected as no article; the oldest first.

    Each address counts once, as it was met last. At most ten thousand, of forty runs.
    """
    own = select(run.c.started_at).where(run.c.id == run_id).scalar_subquery()
    newest = (
        select(run.c.id, run.c.started_at)
        .where(run.c.kind == kind, run.c.started_at <= own)
        .order_by(run.c.started_at.desc())
        .limit(_RUNS)
        .subquery()
    )
    read = or_(
        outcome.c.outcome == Outcome.STORED,
        and_(outcome.c.outcome == Outcome.REJECTED, outcome.c.stage == Stage.EXTRACT),
    )
    query = (
        select(
            outcome.c.key,
            outcome.c.run_id,
            func.coalesce(record.c.url, url.c.url).label("url"),
            url.c.source,
            record.c.id.label("record_id"),
            record.c.title,
            record.c.published_at,
            record.c.authors,
            record.c.organisations,
            record.c.flags,
            case((record.c.id.is_(None), 0), else_=func.length(record.c.text)).label("length"),
        )
        .join(newest, newest.c.id == outcome.c.run_id)
        .join(url, url.c.key == outcome.c.key)
        .outerjoin(record, and_(record.c.id == outcome.c.record_id, outcome.c.outcome == Outcome.STORED))
        .where(read)
        .order_by(
            newest.c.started_at.desc(), func.coalesce(record.c.fetched_at, url.c.fetched_at).desc(), outcome.c.key
        )
        .limit(_ROWS)
    )
    met: dict[str, Met] = {}
    for row in tx.execute(query):
        if row.key not in met:
            lacks = {"article"} if row.record_id is None else _lacks(row)
            met[row.key] = Met(
                url=row.url,
                lacks=frozenset(lacks),
                length=row.length,
                fresh=row.run_id == run_id,
                record_id=row.record_id,
                source=row.source,
            )
    return list(reversed(met.values()))


def _lacks(row: Row[Any]) -> set[str]:
    signs = {
        "title": not row.title,
        "date": not row.published_at,
        "authors": not (row.authors or row.organisations),
        "confidence": _LOW in row.flags,
        "rule": RULE_FAILED in row.flags,
    }
    return {sign for sign, lacking in signs.items() if lacking}
