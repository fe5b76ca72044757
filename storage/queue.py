"""The queues of open runs: the seeds that have no outcome yet, in the order in which they are to be done."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, union, update

from ingest.model import Via
from ingest.outcome import Outcome
from storage.seeds import Task, poisoned, seen_again, task_in
from storage.store import chunks, insert, upsert
from storage.tables import claim, outcome, queue, run, url

# What an interrupted run did is not done again within this time; later, pages may have changed.
_FRESH = timedelta(hours=24)
# What another run that is still under way did is not done again within this time.
_AT_ONCE = timedelta(minutes=10)
_QUEUED = (queue.c.turn, queue.c.site, queue.c.share, queue.c.local, queue.c.deaths)
# More than there are seeds in a run.
_LAST = 1_000_000_000
_PLACE = ("archive_file", "archive_offset", "fetched_at")


def inherit(tx: Connection, run_id: str, dead: Sequence[str]) -> tuple[Task, ...]:
    """Give this run the seeds of dead runs that have no outcome yet, as seeds that it has accepted."""
    if not dead:
        return ()
    query = select(url, *_QUEUED).join(queue, queue.c.key == url.c.key).where(queue.c.run_id.in_(dead))
    left = {row.key: row for row in tx.execute(query.order_by(url.c.key))}
    tx.execute(delete(queue).where(queue.c.run_id.in_(dead)))
    rows = [
        {"run_id": run_id, "key": key, **{c.name: getattr(row, c.name) for c in _QUEUED}} for key, row in left.items()
    ]
    if rows:
        tx.execute(queue.insert(), rows)
    tx.execute(update(run).where(run.c.id == run_id).values(seeds=run.c.seeds + len(rows)))
    tx.execute(update(run).where(run.c.id.in_(dead)).values(continued_by=run_id))
    return tuple(task_in(row) for row in left.values())


def accept(
    tx: Connection,
    run_id: str,
    tasks: Sequence[Task],
    after: Sequence[str] = (),
    beside: Sequence[str] = (),
    *,
    poison: bool = False,
    first: int = 0,
) -> tuple[Task, ...]:
    """Enter seeds into the state table and the queue of this run.

    Args:
        tx: the transaction.
        run_id: the run.
        tasks: the seeds in the order in which they are to be done, each key once.
        after: interrupted runs that this one goes on with: what they settled lately is not done again.
        poison: whether to do also what was set aside as poison.
        first: the turn of the first of them: how many were accepted before.
        beside: runs that are under way: nor is what they have just settled, and what they have in hand they go on with.

    Returns:
        The seeds that are to be done, in the order given; the others have their outcome already.
    """
    keys = [task.key for task in tasks]
    accepted = _accepted(tx, run_id, keys)
    settled = {} if not (after or beside) else _settled_before(tx, keys, after, beside)
    settled |= {} if poison else _set_aside(tx, keys)
    settled = {key: row for key, row in settled.items() if key not in accepted}
    todo = [task for task in tasks if task.key not in settled and accepted.get(task.key, True)]
    fresh = [task for task in todo if task.key not in accepted]
    tx.execute(update(run).where(run.c.id == run_id).values(seeds=run.c.seeds + len(fresh) + len(settled)))
    _enter(tx, fresh, _in_hand(tx, [task.key for task in fresh], beside))
    for chunk in chunks(list(enumerate(todo, first))):
        rows = [{"run_id": run_id, "key": task.key, "turn": turn, **_place_of(task)} for turn, task in chunk]
        upsert(tx, queue, rows)
    put_back(tx, run_id)
    for chunk in chunks(list(settled.items())):
        tx.execute(outcome.insert(), [{"run_id": run_id, "key": key, **row} for key, row in chunk])
    return tuple(todo)


def put_back(tx: Connection, run_id: str) -> None:
    """Let the suspects of a run wait until all other seeds are done."""
    suspects = (queue.c.run_id == run_id) & (queue.c.deaths > 0) & (queue.c.turn < _LAST)
    tx.execute(update(queue).where(suspects).values(turn=queue.c.turn + _LAST))


def open_count(tx: Connection, run_id: str) -> int:
    """How many seeds of a run have no outcome yet."""
    return tx.execute(select(func.count()).select_from(queue).where(queue.c.run_id == run_id)).scalar_one()


def _accepted(tx: Connection, run_id: str, keys: Sequence[str]) -> dict[str, bool]:
    """Those of these seeds that a run has accepted already: whether they have no outcome yet."""
    found: dict[str, bool] = {}
    for chunk in chunks(keys):
        for table, is_open in ((outcome, False), (queue, True)):
            query = select(table.c.key).where(table.c.run_id == run_id, table.c.key.in_(chunk))
            found |= dict.fromkeys(tx.execute(query).scalars(), is_open)
    return found


def _settled_before(
    tx: Connection, keys: Sequence[str], after: Sequence[str], beside: Sequence[str]
) -> dict[str, dict[str, str | None]]:
    """What these seeds came to in interrupted runs lately, or just now in others; a failure is no reason to rest."""
    now = datetime.now(UTC)
    lately = run.c.id.in_(after) & (run.c.started_at > (now - _FRESH).isoformat())
    just_now = run.c.id.in_(beside) & (url.c.settled_at > (now - _AT_ONCE).isoformat())
    found: dict[str, dict[str, str | None]] = {}
    for chunk in chunks(keys):
        query = (
            select(outcome)
            .join(run, run.c.id == outcome.c.run_id)
            .join(url, url.c.key == outcome.c.key)
            .where(outcome.c.key.in_(chunk), outcome.c.outcome != Outcome.FAILED, lately | just_now)
        )
        for row in tx.execute(query.order_by(run.c.started_at)):
            found[row.key] = {
                "outcome": seen_again(row.outcome),
                **{name: getattr(row, name) for name in ("stage", "reason", "detail", "record_id")},
            }
    return found


def _set_aside(tx: Connection, keys: Sequence[str]) -> dict[str, dict[str, str | None]]:
    """The outcome of those of these seeds that are poison."""
    return {
        row.key: {name: getattr(row, name) for name in ("outcome", "stage", "reason", "detail", "record_id")}
        for chunk in chunks(keys)
        for row in poisoned(tx, outcome.c.key.in_(chunk))
    }


def _in_hand(tx: Connection, keys: Sequence[str], beside: Sequence[str]) -> set[str]:
    """Those of these seeds that runs under way wait for, or that somebody works on."""
    found: set[str] = set()
    for chunk in chunks(keys):
        waiting = select(queue.c.key).where(queue.c.key.in_(chunk), queue.c.run_id.in_(beside))
        claimed = select(claim.c.key).where(claim.c.key.in_(chunk), claim.c.rests_until.is_(None))
        found |= set(tx.execute(union(waiting, claimed)).scalars())
    return found


def _enter(tx: Connection, fresh: Sequence[Task], in_hand: set[str]) -> None:
    """Begin anew with these URLs, but for those that somebody has in hand."""
    for chunk in chunks([task for task in fresh if task.key not in in_hand]):
        rows = [_row(task) for task in chunk]
        statement = insert(tx, url)
        changed: dict[str, Any] = {name: statement.excluded[name] for name in rows[0] if name not in ("key", *_PLACE)}
        # Where an earlier response lies stays known until there is a newer one.
        changed |= {name: func.coalesce(statement.excluded[name], url.c[name]) for name in _PLACE}
        tx.execute(statement.on_conflict_do_update(index_elements=[url.c.key], set_=changed), rows)


def _row(task: Task) -> dict[str, object]:
    seed = task.seed
    return {
        "key": task.key,
        "url": seed.url,
        "source": seed.source,
        "language": seed.language,
        "via": seed.via,
        "feed_title": seed.title,
        "feed_published_at": seed.published_at.isoformat() if seed.published_at else None,
        "state": "fetched" if task.archive else "queued",
        "archive_file": task.archive.file if task.archive else None,
        "archive_offset": task.archive.offset if task.archive else None,
        "fetched_at": task.captured_at.isoformat() if task.captured_at else None,
    }


def _place_of(task: Task) -> dict[str, object]:
    share = zlib.crc32(task.site.encode()) & 0x7FFFFFFF
    return {"site": task.site, "share": share, "local": task.seed.via in (Via.FILE, Via.WARC)}
