"""What runs were given, and how far they have looked through archives: what a run after them goes on with.

All records of an archive before its reach are seeds in the state table, in the same transaction, or need not be. The
file may be another one by then, so what was read is known by its size, its time, and a hash of two pieces of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ingest.model import ArchivePointer
from storage.archive.reading import path_of, pointer_to
from storage.store import upsert
from storage.tables import reach, run

_PIECE = 65_536
"""Bytes that are hashed at the beginning of a file, and before an offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far an archive was looked through for a choice of its captures: up to the record at `offset`.

    `content` tells the file from what it may have become since.
    """

    file: str
    choice: str
    content: str
    offset: int


def reach_at(file: Path, choice: str, offset: int) -> Reach:
    """The reach of a file that was looked through up to a byte.

    Raises:
        OSError: it cannot be read.
    """
    return Reach(file=named(file), choice=choice, content=_content(file, offset), offset=offset)


def named(file: Path) -> str:
    """The name of a file, as text that can be stored."""
    return pointer_to(file, 0).file


def holds(known: Reach) -> bool:
    """Whether the file is still what was read."""
    try:
        file = path_of(ArchivePointer(file=known.file, offset=0))
        return known.content == _content(file, known.offset)
    except OSError:
        return False


def note_reaches(tx: Connection, run_id: str, reaches: Sequence[Reach]) -> None:
    """Note how far a run has come with files."""
    rows = [
        {"run_id": run_id, "file": one.file, "choice": one.choice, "content": one.content, "offset": one.offset}
        for one in reaches
    ]
    upsert(tx, reach, rows)


def inherit_reaches(tx: Connection, run_id: str, dead: Collection[str]) -> dict[tuple[str, str], Reach]:
    """Make what dead runs have noted this run's own: by file and choice."""
    known: dict[tuple[str, str], Reach] = {}
    for row in tx.execute(select(reach).where(reach.c.run_id.in_(dead)).order_by(reach.c.offset)):
        known[row.file, row.choice] = Reach(file=row.file, choice=row.choice, content=row.content, offset=row.offset)
    forget_reaches(tx, dead)
    note_reaches(tx, run_id, list(known.values()))
    return known


def forget_reaches(tx: Connection, run_ids: Collection[str]) -> None:
    """Drop what these runs have noted: their work is done, or another's."""
    tx.execute(delete(reach).where(reach.c.run_id.in_(run_ids)))


def note_given(tx: Connection, run_id: str, given: Sequence[Any]) -> None:
    """Note what a run was given, as JSON values."""
    tx.execute(update(run).where(run.c.id == run_id).values(given=list(given)))


def given_to(tx: Connection, run_ids: Collection[str]) -> list[Any]:
    """What these runs were given, the oldest first."""
    query = select(run.c.given).where(run.c.id.in_(run_ids)).order_by(run.c.started_at, run.c.id)
    return [one for given in tx.execute(query).scalars() for one in given or ()]


def _content(file: Path, offset: int) -> str:
    with file.open("rb") as opened:
        known = os.fstat(opened.fileno())
        hashed = hashlib.sha256(opened.read(_PIECE))
        opened.seek(max(0, offset - _PIECE))
        hashed.update(opened.read(min(offset, _PIECE)))
    return f"{known.st_size} {known.st_mtime_ns} {hashed.hexdigest()[:32]}"
