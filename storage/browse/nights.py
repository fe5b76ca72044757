"""Runs, and what they came to: by hour, language and source, and the sources over several nights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from ingest.model import Precision
from ingest.outcome import Outcome
from storage import workers
from storage.runs import stored_ids
from storage.tables import listing, outcome, record, run, source_run, url


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run: `summary` is what it came to, ``None`` while it is under way or where it died."""

    id: str
    kind: str
    target: str
    status: str
    started_at: str
    finished_at: str | None
    seeds: int
    summary: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A seed that came to no record: rejected, or failed for the moment."""

    outcome: str
    reason: str
    detail: str | None
    source: str | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNight:
    """A source in one run: what it announced and what of it was expected, what became of it, listings not read."""

    announced: int | None = None
    expected: int | None = None
    stored: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0
    unread: int = 0

    @property
    def short(self) -> bool:
        """Whether it announced fewer articles than expected."""
        return self.expected is not None and self.announced is not None and self.announced < self.expected


def recent_runs(tx: Connection, limit: int, *, kind: str | None = None) -> list[RunRow]:
    """The newest runs, the newest first; only those of a kind, if it is given."""
    query = select(run).order_by(run.c.started_at.desc(), run.c.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(run.c.kind == kind)
    return [_run(row) for row in tx.execute(query)]


def find_run(tx: Connection, run_id: str) -> RunRow | None:
    """One run."""
    row = tx.execute(select(run).where(run.c.id == run_id)).first()
    return None if row is None else _run(row)


def status(tx: Connection, shown: RunRow) -> str:
    """How a run stands: a process that died could not say so, so a run without one is interrupted."""
    if shown.status != "running" or shown.id in workers.living(tx, ""):
        return shown.status
    return "interrupted"


def misfit_count(
    tx: Connection, run_id: str, kind: str | None = None, reason: str | None = None, source: str | None = None
) -> int:
    """How many `misfits` there are."""
    return tx.execute(select(func.count()).select_from(_misfits(run_id, kind, reason, source).subquery())).scalar_one()


def hours(tx: Connection, run_id: str) -> list[int]:
    """What a run stored, by the hour of publication as the pages give it; 24 counts. Records with no time are none."""
    hour = func.substr(record.c.published_at, 12, 2)
    query = (
        select(hour, func.count())
        .where(record.c.id.in_(stored_ids(run_id)), record.c.published_precision == Precision.INSTANT)
        .group_by(hour)
    )
    counted = {row[0]: row[1] for row in tx.execute(query)}
    return [counted.get(f"{number:02}", 0) for number in range(24)]


def misfits(
    tx: Connection,
    run_id: str,
    limit: int | None,
    offset: int = 0,
    *,
    kind: str | None = None,
    reason: str | None = None,
    source: str | None = None,
) -> list[Misfit]:
    """What failed in a run, then what was rejected, by reason; all, or of one outcome, reason or source."""
    query = _misfits(run_id, kind, reason, source).order_by(outcome.c.outcome, outcome.c.reason, url.c.url)
    return [Misfit(**row._asdict()) for row in tx.execute(query.limit(limit).offset(offset))]


def _misfits(run_id: str, kind: str | None, reason: str | None, source: str | None) -> Select[Any]:
    columns = (outcome.c.outcome, outcome.c.reason, outcome.c.detail, url.c.source, url.c.url)
    kinds = (kind,) if kind else (Outcome.REJECTED, Outcome.FAILED)
    query = select(*columns).join(url, outcome.c.key == url.c.key)
    query = query.where(outcome.c.run_id == run_id, outcome.c.outcome.in_(kinds))
    if source is not None:
        query = query.where(url.c.source == source)
    return query if reason is None else query.where(outcome.c.reason == reason)


def nights(tx: Connection, run_ids: Sequence[str], source: str | None = None) -> dict[str, dict[str, SourceNight]]:
    """For each source, by name, or for one, what it came to in these runs, by the run's id."""
    cells: dict[tuple[str, str], dict[str, Any]] = {}

    def cell(name: str, run_id: str) -> dict[str, Any]:
        return cells.setdefault((name, run_id), {})

    def of(column: ColumnElement[str | None]) -> ColumnElement[bool]:
        return column.is_not(None) if source is None else column == source

    announced = select(source_run).where(source_run.c.run_id.in_(run_ids), of(source_run.c.source))
    for row in tx.execute(announced):
        cell(row.source, row.run_id).update(announced=row.announced, expected=row.expected)
    for row in tx.execute(_by_source(run_ids, source)):
        if row.run_id not in run_ids:
            continue
        counts = {kind.value: getattr(row, kind.value) for kind in Outcome}
        cell(row.source, row.run_id).update(counts)
    unread = (
        select(listing.c.source, listing.c.run_id, func.count().label("unread"))
        .where(listing.c.run_id.in_(run_ids), listing.c.reason.is_not(None), of(listing.c.source))
        .group_by(listing.c.source, listing.c.run_id)
    )
    for row in tx.execute(unread):
        cell(row.source, row.run_id).update(unread=row.unread)
    found: dict[str, dict[str, SourceNight]] = {}
    for (name, run_id), values in sorted(cells.items()):
        found.setdefault(name, {})[run_id] = SourceNight(**values)
    return found


def _by_source(run_ids: Sequence[str], source: str | None) -> Select[Any]:
    """What sources came to in these runs; of one source in all runs since the first of these.

    Of one source its addresses are few, and each is looked up once: asked for in each run they would be looked up for
    each of the runs.
    """
    since = outcome.c.run_id >= min(run_ids, default="")
    chosen = outcome.c.run_id.in_(run_ids) & url.c.source.is_not(None) if source is None else since
    counts = [func.sum(case((outcome.c.outcome == kind, 1), else_=0)).label(kind.value) for kind in Outcome]
    return (
        select(url.c.source, outcome.c.run_id, *counts)
        .join(outcome, outcome.c.key == url.c.key)
        .where(chosen, *(() if source is None else (url.c.source == source,)))
        .group_by(url.c.source, outcome.c.run_id)
    )


def _run(row: Row[Any]) -> RunRow:
    return RunRow(
        id=row.id,
        kind=row.kind,
        target=row.target,
        status=row.status,
        started_at=row.started_at,
        finished_at=row.finished_at,
        seeds=row.seeds,
        summary=row.summary,
    )
