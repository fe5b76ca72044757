"""What a report of one run shows: each function is one small table. Counts over all that is stored are in `stats`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, case, func, select

from ingest.outcome import Outcome
from storage.tables import capture, duplicate, outcome, record, run, translation_state, url

Rows = list[tuple[Any, ...]]


def reasons(tx: Connection, run_id: str) -> Rows:
    """(outcome, reason, seeds) of what a run rejected or failed on, most frequent first."""
    query = (
        select(outcome.c.outcome, outcome.c.reason, func.count())
        .where(outcome.c.run_id == run_id, outcome.c.outcome.in_((Outcome.REJECTED, Outcome.FAILED)))
        .group_by(outcome.c.outcome, outcome.c.reason)
        .order_by(func.count().desc(), outcome.c.outcome, outcome.c.reason)
    )
    return [tuple(row) for row in tx.execute(query)]


def failures(tx: Connection, run_id: str, limit: int) -> Rows:
    """(source, URL, reason, detail) of the seeds that failed for the moment, by source."""
    query = (
        select(url.c.source, url.c.url, outcome.c.reason, outcome.c.detail)
        .join(url, outcome.c.key == url.c.key)
        .where(outcome.c.run_id == run_id, outcome.c.outcome == Outcome.FAILED)
        .order_by(url.c.source, url.c.url)
        .limit(limit)
    )
    return [tuple(row) for row in tx.execute(query)]


def languages(tx: Connection, run_id: str, target: str) -> Rows:
    """(language, stored, and of these by translation: complete, partial, pending, not needed) of a run's records."""

    def counted(name: str) -> Any:  # noqa: ANN401 - a labelled SQL expression
        return func.sum(case((translation_state.c.status == name, 1), else_=0)).label(name)

    stored = _stored(run_id).subquery()
    state_of = (translation_state.c.record_id == record.c.id) & (translation_state.c.target == target)
    counts = [counted(name) for name in ("complete", "partial", "pending", "not_needed")]
    query = (
        select(record.c.language, func.count(), *counts)
        .select_from(
            record.join(stored, stored.c.record_id == record.c.id).outerjoin(translation_state, state_of),
        )
        .group_by(record.c.language)
        .order_by(func.count().desc(), record.c.language)
    )
    return [tuple(row) for row in tx.execute(query)]


def copies(tx: Connection, run_id: str) -> Rows:
    """(relation, records) of the records that a run stored and that are copies of another."""
    query = (
        select(duplicate.c.relation, func.count())
        .where(duplicate.c.record_id.in_(_stored(run_id)), duplicate.c.is_canonical.is_(False))
        .group_by(duplicate.c.relation)
        .order_by(duplicate.c.relation)
    )
    return [tuple(row) for row in tx.execute(query)]


def responses(tx: Connection, run_id: str) -> Rows:
    """(URL, when it was fetched) of what a run archived, in the order in which it came."""
    query = select(capture.c.url, capture.c.fetched_at).where(capture.c.run_id == run_id)
    return [tuple(row) for row in tx.execute(query.order_by(capture.c.fetched_at, capture.c.url))]


def stored_by_run(tx: Connection, kind: str, limit: int) -> Rows:
    """(start of the run, language, records stored) of the newest runs of a kind, oldest first."""
    newest = select(run.c.id, run.c.started_at).where(run.c.kind == kind)
    runs = newest.order_by(run.c.started_at.desc()).limit(limit).subquery()
    stored = (outcome.c.run_id == runs.c.id) & (outcome.c.outcome == Outcome.STORED)
    query = (
        select(runs.c.started_at, record.c.language, func.count(record.c.id))
        .select_from(runs.outerjoin(outcome, stored).outerjoin(record, record.c.id == outcome.c.record_id))
        .group_by(runs.c.started_at, record.c.language)
        .order_by(runs.c.started_at, record.c.language)
    )
    return [tuple(row) for row in tx.execute(query)]


def _stored(run_id: str) -> Any:  # noqa: ANN401 - a select
    """The ids of the records that a run stored, each once: two addresses may give one record."""
    stored = (outcome.c.run_id == run_id, outcome.c.outcome == Outcome.STORED)
    return select(outcome.c.record_id).where(*stored).distinct()
