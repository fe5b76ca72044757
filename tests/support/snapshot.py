"""What a database holds, without what differs between two runs that did the same: ids of runs, times, places."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy
from support.command import PATIENCE_S
from support.warm import Warm

_QUERIES = {
    "records": "SELECT id, url, title, title_language, language, languages, text, text_sha256, attribution, citations,"
    " residue, flags, revision, published_at FROM record",
    "segments": "SELECT record_id, position, text, language, confidence, role FROM segment",
    "translations": "SELECT record_id, target, position, text, model FROM translation",
    "states": "SELECT record_id, target, status FROM translation_state",
    "fingerprints": "SELECT record_id, side, language, exact, tokens, version FROM fingerprint",
    "anchors": "SELECT key, record_id, side FROM anchor JOIN fingerprint ON id = text_id",
    "lines": "SELECT key, record_id, side FROM line JOIN fingerprint ON id = text_id",
    "links": "SELECT a, b, relation, score, side_a, side_b, spans FROM link",
    "duplicates": "SELECT record_id, cluster, canonical_id, is_canonical, relation, score FROM duplicate",
    "versions": "SELECT record_id, number, state, wording, change FROM sighting WHERE number IS NOT NULL",
    "memory": "SELECT key, text FROM memory",
    "urls": "SELECT key, url, state, record_id, text_sha256 FROM url",
}
# What must be empty when no process works on the database.
_LEFT = {
    "seeds of finished runs without outcome": "SELECT key FROM queue JOIN run ON id = run_id WHERE status = 'finished'",
    "claims of nobody": "SELECT key FROM claim WHERE rests_until IS NULL AND worker NOT IN (SELECT id FROM worker)",
    "finished runs with more or fewer outcomes than seeds": "SELECT id FROM run WHERE status = 'finished'"
    " AND seeds <> (SELECT count(*) FROM outcome WHERE run_id = id)",
    "runs that nobody went on with": "SELECT id FROM run WHERE status = 'running'",
}
# The seeds of the run that a process owns, and what is being done about them.
_HOW_FAR = (
    "SELECT (SELECT sum(seeds) FROM run JOIN worker ON run.id = worker.id WHERE status = 'running' AND pid = {pid}),"
    " (SELECT count(*) FROM claim WHERE rests_until IS NULL), (SELECT count(*) FROM url WHERE state = 'fetched'),"
    " (SELECT count(*) FROM outcome), (SELECT count(*) FROM memory), (SELECT count(*) FROM translation)"
)


def snapshot(database: Path | str) -> dict[str, list[Any]]:
    """Every table that a run fills, as sorted rows; of an SQLite file or the database at a URL."""
    with _opened(database) as connection:
        found = {
            name: sorted(json.dumps([_plain(value) for value in row]) for row in connection.exec_driver_sql(query))
            for name, query in _QUERIES.items()
        }
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    return found


def left_over(database: Path | str) -> dict[str, int]:
    """What a database has no business to hold when all runs have ended well, and how much of it."""
    with _opened(database) as connection:
        counts = {name: len(connection.exec_driver_sql(query).all()) for name, query in _LEFT.items()}
    return {name: count for name, count in counts.items() if count}


def count_interrupted(database: Path | str) -> int:
    """How many runs died and were gone on with by another."""
    with _opened(database) as connection:
        return len(connection.exec_driver_sql("SELECT id FROM run WHERE status = 'interrupted'").all())


def how_far(database: str, owner: int) -> tuple[int, ...] | None:
    """How far the run is that a process of this machine owns, in numbers that any commit of it changes.

    None where that process has no run under way: it has not begun one, or has ended it.
    """
    found = _asked(database, _HOW_FAR.format(pid=owner))
    return found if found and found[0] else None


def follow(warm: Warm, database: str, owner: int, steps: int | None = None) -> int:
    """Wait until the run that a process owns has gone so many steps, or has ended; returns how many were seen."""
    seen: set[tuple[int, ...] | None] = {None}
    until = time.monotonic() + PATIENCE_S
    while (steps is None or len(seen) - 1 <= steps) and warm.is_running():
        assert time.monotonic() < until, "a run neither goes on nor ends"
        seen.add(how_far(database, owner))
        time.sleep(0.01)
    return len(seen) - 1


def is_registered(database: str, process: int) -> bool:
    """Whether a process of this machine is known as one that works on a database."""
    return any(_asked(database, f"SELECT count(*) FROM worker WHERE pid = {process}"))


def in_hand(database: str, process: int) -> int:
    """How many seeds a process of this machine has in hand."""
    mine = f"worker IN (SELECT id FROM worker WHERE pid = {process})"
    return sum(_asked(database, f"SELECT count(*) FROM claim WHERE rests_until IS NULL AND {mine}"))


def _asked(database: str, query: str) -> tuple[int, ...]:
    """The row that a query gives; nothing while the database is not there, not yet or not at the moment."""
    url = sqlalchemy.make_url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return ()
    try:
        with _opened(database) as connection:
            return tuple(connection.exec_driver_sql(query).one())
    except sqlalchemy.exc.DBAPIError:  # no tables yet, or a server that is down
        return ()


def _plain(value: object) -> object:
    """A value as SQLite has it: JSON as text, in one spelling; no booleans."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("[", "{"):
        with suppress(ValueError):  # a text that only begins so
            return json.dumps(json.loads(value), ensure_ascii=False)
    if isinstance(value, bool):
        return int(value)
    return round(value, 6) if isinstance(value, float) else value


@contextmanager
def _opened(database: Path | str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(f"sqlite:///{database}" if isinstance(database, Path) else database)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
