"""Runs and their seeds: the state table that says how far each URL came, and one outcome for each seed of a run."""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from ingest.model import ArchivePointer, Page, Seed, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage
from storage.store import chunks, insert
from storage.tables import duplicate, feed, outcome, run, url

# A run whose process cannot be seen from here (another machine) is taken for dead after this long without a batch.
_SILENCE = timedelta(minutes=15)
# What an interrupted run did is not done again within this time; later, pages may have changed.
_FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A seed of a run: its key in the state table, and where its response lies if it was fetched before."""

    key: str
    seed: Seed
    archive: ArchivePointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A seed's outcome. `text_sha256` is of the clean text that the URL gave."""

    key: str
    outcome: Outcome
    record_id: str | None = None
    text_sha256: str | None = None
    rejection: Rejection | None = None


def start_run(tx: Connection, kind: str, target: str) -> str:
    """Open a run; its id starts with the time, so that ids sort."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    tx.execute(
        run.insert().values(
            id=run_id,
            kind=kind,
            target=target,
            status="running",
            host=socket.gethostname(),
            pid=os.getpid(),
            started_at=now.isoformat(),
            heartbeat_at=now.isoformat(),
        )
    )
    return run_id


def heartbeat(tx: Connection, run_id: str) -> None:
    """Say that a run is alive."""
    tx.execute(update(run).where(run.c.id == run_id).values(heartbeat_at=datetime.now(UTC).isoformat()))


def finish_run(tx: Connection, run_id: str, summary: dict[str, object], continued: Sequence[str] = ()) -> None:
    """Close a run with its summary, and with it the interrupted runs whose work it finished."""
    tx.execute(update(run).where(run.c.id.in_(continued)).values(status="interrupted"))
    tx.execute(
        update(run)
        .where(run.c.id == run_id)
        .values(status="finished", finished_at=datetime.now(UTC).isoformat(), summary=summary)
    )


def take_over(tx: Connection, run_id: str, kinds: Sequence[str]) -> tuple[tuple[str, ...], tuple[Task, ...]]:
    """Find runs of these kinds that died, and give their open seeds to this run.

    They stay open until this run is finished: if it dies too, the next one goes on with all of them.

    Returns:
        The ids of the runs that were interrupted and not gone on with to the end, and their seeds without outcome.
    """
    rows = tx.execute(select(run).where(run.c.status == "running", run.c.kind.in_(kinds), run.c.id != run_id)).all()
    dead = tuple(row.id for row in rows if not _alive(row.host, row.pid, datetime.fromisoformat(row.heartbeat_at)))
    if not dead:
        return (), ()
    open_seeds = (url.c.run_id.in_(dead)) & (url.c.state != "done")
    tasks = tuple(_task(row) for row in tx.execute(select(url).where(open_seeds).order_by(url.c.key)))
    tx.execute(update(url).where(open_seeds).values(run_id=run_id))
    return dead, tasks


def accept(tx: Connection, run_id: str, tasks: Sequence[Task], after: Sequence[str] = ()) -> tuple[Task, ...]:
    """Enter seeds into the state table as seeds of this run.

    Args:
        tx: the transaction.
        run_id: the run.
        tasks: the seeds, each key once.
        after: interrupted runs that this one goes on with: what they settled lately is not done again.

    Returns:
        The seeds that are to be done, in the order given; the others have their outcome already.
    """
    tx.execute(update(run).where(run.c.id == run_id).values(seeds=run.c.seeds + len(tasks)))
    settled = _settled_before(tx, after)
    for chunk in chunks(tasks):
        rows = [_row(run_id, task, "fetched" if task.archive else "queued") for task in chunk]
        statement = insert(tx, url)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "key"}
        tx.execute(statement.on_conflict_do_update(index_elements=[url.c.key], set_=changed), rows)
    done = [(task.key, *settled[task.key]) for task in tasks if task.key in settled]
    for key, kind, stage, reason, detail, record_id in done:
        tx.execute(
            outcome.insert().values(
                run_id=run_id, key=key, outcome=kind, stage=stage, reason=reason, detail=detail, record_id=record_id
            )
        )
        tx.execute(update(url).where(url.c.key == key).values(state="done", record_id=record_id))
    return tuple(task for task in tasks if task.key not in settled)


def mark_fetched(tx: Connection, pages: Sequence[tuple[str, Page]]) -> None:
    """The raw responses of these seeds are in the archive."""
    rows = [
        {"seed": key, "file": page.archive.file, "place": page.archive.offset, "at": page.fetched_at.isoformat()}
        for key, page in pages
        if page.archive is not None
    ]
    if rows:
        fetched = update(url).where(url.c.key == bindparam("seed")).values(state="fetched")
        place = fetched.values(archive_file=bindparam("file"), archive_offset=bindparam("place"))
        tx.execute(place.values(fetched_at=bindparam("at")), rows)


def settle(tx: Connection, run_id: str, settled: Sequence[Settled]) -> None:
    """Give seeds their outcome in this run. Idempotent: the last word counts."""
    for chunk in chunks(settled):
        rows = [
            {
                "run_id": run_id,
                "key": one.key,
                "outcome": one.outcome,
                "record_id": one.record_id,
                "stage": one.rejection.stage if one.rejection else None,
                "reason": one.rejection.reason if one.rejection else None,
                "detail": one.rejection.detail if one.rejection else None,
            }
            for one in chunk
        ]
        statement = insert(tx, outcome)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in ("run_id", "key")}
        tx.execute(statement.on_conflict_do_update(index_elements=["run_id", "key"], set_=changed), rows)
        done = update(url).where(url.c.key == bindparam("seed")).values(state="done")
        tx.execute(done, [{"seed": one.key} for one in chunk])
        gave = [
            {"seed": one.key, "gave": one.record_id, "sha": one.text_sha256 or ""}
            for one in chunk
            if one.record_id is not None
        ]
        if gave:
            tx.execute(done.values(record_id=bindparam("gave"), text_sha256=bindparam("sha")), gave)


def last_text(tx: Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What each URL gave when it was last stored: {key: (record id, SHA-256 of its clean text)}."""
    found: dict[str, tuple[str, str]] = {}
    for chunk in chunks(keys):
        query = select(url.c.key, url.c.record_id, url.c.text_sha256).where(
            url.c.key.in_(chunk), url.c.record_id.is_not(None)
        )
        found.update((key, (record_id, text or "")) for key, record_id, text in tx.execute(query))
    return found


def outcome_counts(tx: Connection, run_id: str) -> Counter[str]:
    """How many seeds of a run had which outcome."""
    rows = tx.execute(
        select(outcome.c.outcome, func.count().label("count"))
        .where(outcome.c.run_id == run_id)
        .group_by(outcome.c.outcome)
    )
    return Counter({row.outcome: row.count for row in rows})


def seed_count(tx: Connection, run_id: str) -> int:
    """How many seeds a run accepted."""
    return int(tx.execute(select(run.c.seeds).where(run.c.id == run_id)).scalar_one())


def duplicate_count(tx: Connection, run_id: str) -> int:
    """How many of the records that a run stored are copies of another."""
    query = (
        select(func.count(outcome.c.record_id.distinct()))
        .join(duplicate, duplicate.c.record_id == outcome.c.record_id)
        .where(outcome.c.run_id == run_id, outcome.c.outcome == Outcome.STORED, duplicate.c.is_canonical.is_(False))
    )
    return tx.execute(query).scalar_one()


def add_feed(tx: Connection, run_id: str, source: str, address: str, found: int | Rejection) -> None:
    """Note what a feed announced in a run: a number of entries, or why it could not be read."""
    broken = found if isinstance(found, Rejection) else None
    tx.execute(
        feed.insert().values(
            run_id=run_id,
            url=address,
            source=source,
            entries=0 if isinstance(found, Rejection) else found,
            reason=broken.reason if broken else None,
            detail=broken.detail if broken else None,
        )
    )


def broken_feeds(tx: Connection, run_id: str) -> tuple[Rejection, ...]:
    """The feeds that a run could not read."""
    rows = tx.execute(select(feed).where(feed.c.run_id == run_id, feed.c.reason.is_not(None)).order_by(feed.c.url))
    return tuple(
        Rejection(
            url=row.url, source=row.source, stage=Stage.DISCOVER, reason=Reason(row.reason), detail=row.detail or ""
        )
        for row in rows
    )


def failed_tasks(tx: Connection) -> tuple[Task, ...]:
    """Seeds whose newest outcome is `failed`: a retry may help."""
    known = select(outcome.c.key, outcome.c.outcome, run.c.started_at)
    tried = known.join(run, run.c.id == outcome.c.run_id).subquery()
    newest = select(tried.c.key, func.max(tried.c.started_at).label("at")).group_by(tried.c.key).subquery()
    query = (
        select(url)
        .join(newest, newest.c.key == url.c.key)
        .join(tried, (tried.c.key == newest.c.key) & (tried.c.started_at == newest.c.at))
        .where(tried.c.outcome == Outcome.FAILED)
        .order_by(url.c.key)
    )
    return tuple(_task(row) for row in tx.execute(query))


def _settled_before(tx: Connection, runs: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
    fresh = (datetime.now(UTC) - _FRESH).isoformat()
    query = (
        select(outcome)
        .join(run, run.c.id == outcome.c.run_id)
        .where(run.c.id.in_(runs), run.c.started_at > fresh, outcome.c.outcome != Outcome.FAILED)
        .order_by(run.c.started_at)
    )
    return {
        row.key: (
            Outcome.UNCHANGED if row.outcome == Outcome.STORED else row.outcome,
            row.stage,
            row.reason,
            row.detail,
            row.record_id,
        )
        for row in tx.execute(query)
    }


def _row(run_id: str, task: Task, state: str) -> dict[str, object]:
    seed = task.seed
    return {
        "key": task.key,
        "url": seed.url,
        "source": seed.source,
        "via": seed.via,
        "feed_title": seed.title,
        "feed_published_at": seed.published_at.isoformat() if seed.published_at else None,
        "state": state,
        "run_id": run_id,
        "archive_file": task.archive.file if task.archive else None,
        "archive_offset": task.archive.offset if task.archive else None,
    }


def _task(row: Row[Any]) -> Task:
    fields = row._mapping
    published = fields["feed_published_at"]
    archived = fields["state"] == "fetched" and fields["archive_file"] is not None
    return Task(
        key=fields["key"],
        seed=Seed(
            url=fields["url"],
            source=fields["source"],
            via=Via(fields["via"]),
            title=fields["feed_title"],
            published_at=datetime.fromisoformat(published) if published else None,
        ),
        archive=ArchivePointer(file=fields["archive_file"], offset=fields["archive_offset"]) if archived else None,
    )


def _alive(host: str, pid: int, heartbeat_at: datetime) -> bool:
    if host != socket.gethostname():
        return datetime.now(UTC) - heartbeat_at < _SILENCE
    if pid == os.getpid():  # a run of this very process that ended in an error
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process is dead but not yet buried by its parent; it still answers to signals."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123 - one line of a pseudo file
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
