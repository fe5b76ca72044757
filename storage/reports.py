"""What became of the seeds of a run: each function is one small table. Counts of records are in `storage.stats`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, case, func, select

from ingest.outcome import Outcome
from storage.tables import capture, outcome, record, run, url

Rows = list[tuple[Any, ...]]

_START = 500  # characters by which a text is known, with its length


def last_run(tx: Connection) -> str | None:
    """The id of the newest run that finished."""
    finished = select(run.c.id).where(run.c.status == "finished")
    return tx.execute(finished.order_by(run.c.started_at.desc()).limit(1)).scalar()


def outcomes(tx: Connection, run_id: str) -> Rows:
    """(source, stored, unchanged, rejected, failed) of a run."""
    kinds = (Outcome.STORED, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.FAILED)
    counts = [func.sum(case((outcome.c.outcome == kind, 1), else_=0)) for kind in kinds]
    source = func.coalesce(url.c.source, url.c.via)
    query = (
        select(source, *counts)
        .join(outcome, outcome.c.key == url.c.key)
        .where(outcome.c.run_id == run_id)
        .group_by(source)
        .order_by(source)
    )
    return [tuple(row) for row in tx.execute(query)]


def rejections(tx: Connection, run_id: str) -> Rows:
    """(reason, detail, URL) of what a run rejected or failed on, by reason."""
    query = (
        select(outcome.c.reason, outcome.c.detail, url.c.url)
        .join(url, outcome.c.key == url.c.key)
        .where(outcome.c.run_id == run_id, outcome.c.outcome.in_((Outcome.REJECTED, Outcome.FAILED)))
        .order_by(outcome.c.reason, url.c.url)
    )
    return [tuple(row) for row in tx.execute(query)]


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


def responses(tx: Connection, run_id: str) -> Rows:
    """(URL, when it was fetched) of what a run archived, in the order in which it came."""
    query = select(capture.c.url, capture.c.fetched_at).where(capture.c.run_id == run_id)
    return [tuple(row) for row in tx.execute(query.order_by(capture.c.fetched_at, capture.c.url))]


def equal_texts(tx: Connection, run_id: str, least: int) -> Rows:
    """(start of a text, URL, title) of the records that a run stored with one text at so many addresses or more.

    The same start and length are the same text; what a page calls itself may differ.
    """
    start, length = func.substr(record.c.text, 1, _START).label("start"), func.length(record.c.text).label("length")
    of_run = (outcome.c.run_id == run_id) & (outcome.c.outcome == Outcome.STORED)
    texts = select(record.c.url, record.c.title, start, length).join(outcome, outcome.c.record_id == record.c.id)
    stored = texts.where(of_run).cte("stored")
    same = (stored.c.start, stored.c.length)
    often = select(*same).group_by(*same).having(func.count() >= least).subquery()
    query = select(stored.c.start, stored.c.url, stored.c.title).join(
        often, (often.c.start == stored.c.start) & (often.c.length == stored.c.length)
    )
    return [tuple(row) for row in tx.execute(query.order_by(stored.c.start, stored.c.url))]


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
