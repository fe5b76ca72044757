"""Runs: opened, under way, taken over or finished, and what they came to."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Select, func, select, update

from ingest.outcome import Outcome
from storage import workers
from storage.reach import forget_reaches
from storage.tables import duplicate, outcome, run


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """What whoever works on the seeds of a run must know of it.

    `alive` is whether its owner is; `here`, whether that is or was a process of this machine.
    """

    id: str
    target: str
    refresh: bool
    source_delays: Mapping[str, float]
    alive: bool
    here: bool


def start_run(
    tx: Connection, kind: str, target: str, *, refresh: bool = False, source_delays: Mapping[str, float] | None = None
) -> str:
    """Open a run, owned by this process; its id starts with the time, so that ids sort.

    Which outcome of a seed is its newest goes by when runs began: a run begins after all that came before it, also
    where the clock has been put back.
    """
    newest = tx.execute(select(func.max(run.c.started_at))).scalar()
    now = datetime.now(UTC)
    if newest is not None:
        now = max(now, datetime.fromisoformat(newest) + timedelta(microseconds=1))
    run_id = workers.new_id(now)
    tx.execute(
        run.insert().values(
            id=run_id,
            kind=kind,
            target=target,
            status="running",
            host=socket.gethostname(),
            started_at=now.isoformat(),
            refresh=refresh,
            source_delays=dict(source_delays or {}),
        )
    )
    workers.register(tx, run_id)
    return run_id


def finish_run(tx: Connection, run_id: str, summary: dict[str, object], continued: Sequence[str] = ()) -> None:
    """Close a run with its summary, and with it the interrupted runs whose work it finished."""
    forget_reaches(tx, [run_id, *continued])
    tx.execute(update(run).where(run.c.id.in_(continued)).values(status="interrupted"))
    tx.execute(
        update(run)
        .where(run.c.id == run_id)
        .values(status="finished", finished_at=datetime.now(UTC).isoformat(), summary=summary)
    )


def dead_runs(tx: Connection, run_id: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """The runs of these kinds that died and were not gone on with to the end, this one aside.

    They stay open until a run that takes over their seeds is finished: if it dies too, the next one goes on with all.
    """
    alive = workers.living(tx, run_id)
    of_kinds = select(run.c.id).where(run.c.status == "running", run.c.kind.in_(kinds), run.c.id.not_in(alive))
    return tuple(tx.execute(of_kinds.order_by(run.c.started_at, run.c.id)).scalars())


def open_runs(tx: Connection, own: str) -> tuple[OpenRun, ...]:
    """The runs that are not finished, the newest first; `own` is the id of the worker that asks."""
    alive = workers.living(tx, own)
    here = socket.gethostname()
    newest_first = select(run).where(run.c.status == "running").order_by(run.c.started_at.desc(), run.c.id.desc())
    return tuple(
        OpenRun(
            id=row.id,
            target=row.target,
            refresh=row.refresh,
            source_delays=row.source_delays,
            alive=row.id in alive,
            here=row.host == here,
        )
        for row in tx.execute(newest_first)
    )


def continued_by(tx: Connection, run_id: str) -> str | None:
    """The run that took over the seeds of this one, if any did."""
    found: str | None = tx.execute(select(run.c.continued_by).where(run.c.id == run_id)).scalar_one()
    return found


def targets(tx: Connection, run_ids: Collection[str]) -> set[str]:
    """The languages that these runs translate into."""
    return set(tx.execute(select(run.c.target).where(run.c.id.in_(run_ids))).scalars())


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


def stored_ids(run_id: str) -> Select[tuple[str | None]]:
    """The ids of the records that a run stored; twice where two addresses gave one record."""
    return select(outcome.c.record_id).where(outcome.c.run_id == run_id, outcome.c.outcome == Outcome.STORED)


def duplicate_count(tx: Connection, run_id: str) -> int:
    """How many of the records that a run stored are copies of another."""
    query = (
        select(func.count())
        .select_from(duplicate)
        .where(duplicate.c.record_id.in_(stored_ids(run_id)), duplicate.c.is_canonical.is_(False))
    )
    return tx.execute(query).scalar_one()
