"""The processes that work on one database: who is alive.

Each has a row under the id of the run that it owns, or, where it helps with the runs of others, under an id of its own.
It says that it is alive every `BEAT_S` seconds.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from storage.store import insert
from storage.tables import worker

BEAT_S = 20.0
"""Seconds between two signs of life."""

# A process that was not heard of for so long is dead. On this machine its end is seen at once.
_SILENCE = timedelta(minutes=5)


def new_id(now: datetime, prefix: str = "") -> str:
    """An id that begins with the time, so that ids sort."""
    return f"{prefix}{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def register(tx: Connection, worker_id: str) -> None:
    """Say that this process works from now on; also that it goes on, where it was taken for dead."""
    now = clock(tx).isoformat()
    values = {"id": worker_id, "host": socket.gethostname(), "pid": os.getpid(), "started_at": now, "heartbeat_at": now}
    statement = insert(tx, worker).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=[worker.c.id], set_={"heartbeat_at": now}))


def leave(tx: Connection, worker_id: str) -> None:
    """Say that this process has nothing in hand any more."""
    tx.execute(delete(worker).where(worker.c.id == worker_id))


def resign(tx: Connection, worker_id: str) -> None:
    """Say that this process ends now, with what it has in hand: nobody, on any machine, need wait for it."""
    long_ago = datetime.fromtimestamp(0, UTC).isoformat()
    tx.execute(update(worker).where(worker.c.id == worker_id).values(heartbeat_at=long_ago))


def living(tx: Connection, own: str) -> tuple[str, ...]:
    """The ids of the workers that are alive, sorted; `own` is that of the caller."""
    now = clock(tx)
    return tuple(row.id for row in _rows(tx) if row.id == own or _lives(row, now))


def dead(tx: Connection, own: str) -> tuple[str, ...]:
    """The ids of the workers that died with something in hand, sorted; `own` is that of the caller."""
    now = clock(tx)
    return tuple(row.id for row in _rows(tx) if row.id != own and not _lives(row, now))


def resigned(tx: Connection, worker_id: str) -> bool:
    """Whether a process said that it ends: nothing that it had in hand killed it."""
    at = tx.execute(select(worker.c.heartbeat_at).where(worker.c.id == worker_id)).scalar()
    return at is not None and datetime.fromisoformat(at) == datetime.fromtimestamp(0, UTC)


def clock(tx: Connection) -> datetime:
    """The time by which all workers go: the server's, where there is one."""
    if tx.dialect.name == "postgresql":
        now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)


def _rows(tx: Connection) -> Sequence[Row[Any]]:
    return tx.execute(select(worker).order_by(worker.c.id)).all()


def _lives(row: Row[Any], now: datetime) -> bool:
    if abs(now - datetime.fromisoformat(row.heartbeat_at)) > _SILENCE:  # later than now: the clock was put back
        return False
    if row.host != socket.gethostname():
        return True
    if row.pid == os.getpid():  # a run of this very process that ended in an error
        return False
    try:
        os.kill(row.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(row.pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process is dead but not yet buried by its parent; it still answers to signals."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123 - one line of a pseudo file
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
