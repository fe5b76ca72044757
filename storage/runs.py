"""Runs: opened, alive, dead or finished, and what they came to."""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select, update

from ingest.outcome import Outcome
from storage.tables import duplicate, outcome, run

# A run whose process cannot be seen from here (another machine) is taken for dead after this long without a batch.
_SILENCE = timedelta(minutes=15)


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


def dead_runs(tx: Connection, run_id: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """The runs of these kinds that died and were not gone on with to the end, this one aside.

    They stay open until a run that takes over their seeds is finished: if it dies too, the next one goes on with all.
    """
    open_runs = select(run).where(run.c.status == "running", run.c.kind.in_(kinds), run.c.id != run_id)
    rows = tx.execute(open_runs.order_by(run.c.started_at)).all()
    return tuple(row.id for row in rows if not _alive(row.host, row.pid, datetime.fromisoformat(row.heartbeat_at)))


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
