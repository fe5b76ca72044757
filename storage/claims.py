"""Claims: which worker has which seeds in hand, so that any number of them share the queues and no URL is done twice.

A worker claims some seeds of a run, fetches and stores them, and settles them in the transaction that stores them. What
a worker that died had in hand goes back into the queues: it is claimed again. One that was only slow finds out when it
comes to store (`in_hand`), and leaves the seeds to whoever has them now.

Politeness is kept by each process on its own. So all seeds of a site are with one worker at a time, and for some
seconds after (`rest_s` of `let_go`) no other worker is given any.

Writing transactions come one after the other (`storage.store`), which is what makes a claim exclusive.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, delete, func, select, update

from ingest.outcome import Reason, Rejection, Stage
from storage import seeds, workers
from storage.queue import open_count, put_back
from storage.runs import OpenRun, open_runs
from storage.seeds import Task, task_in
from storage.store import by_key, chunks, upsert
from storage.tables import claim, queue, run, url

# Several workers share the rest of a queue in ever smaller portions, so that none works long after the others.
_LEAST = 10
# A site that is to rest for longer does so because the clock was put back.
_LONGEST_REST = timedelta(minutes=10)


def claim_seeds(tx: Connection, worker_id: str, of: OpenRun, limit: int) -> tuple[Task, ...]:
    """Take the next seeds of a run in hand.

    Args:
        tx: a writing transaction.
        worker_id: whose they are from now on.
        of: the run.
        limit: how many at most.

    Returns:
        The seeds, in the order of the queue. None may be free for the moment: see `open_count`.
    """
    now = workers.clock(tx)
    rested, absurd = claim.c.rests_until <= now.isoformat(), claim.c.rests_until > (now + _LONGEST_REST).isoformat()
    tx.execute(delete(claim).where(rested | absurd))
    crew = _crew(tx, worker_id, of)
    free = _free(tx, worker_id, of)
    if len(crew) > 1:
        limit = min(limit, max(_LEAST, open_count(tx, of.id) // (2 * len(crew))))
        # Each has sites of its own, which it asks in turn; who has no more of them takes of the others'.
        own = free.where(queue.c.share % len(crew) == crew.index(worker_id))
        rows = tx.execute(own.limit(limit)).all() or tx.execute(free.limit(limit)).all()
    else:
        rows = tx.execute(free.limit(limit)).all()
    rows = _apart(tx, worker_id, rows)
    if not rows:
        return ()
    taken = {"worker": worker_id, "run_id": of.id, "rests_until": None}
    upsert(tx, claim, [{"key": key, "site": site, **taken} for key, site, _ in rows])
    return _tasks(tx, [key for key, _, _ in rows])


def in_hand(tx: Connection, worker_id: str, keys: Sequence[str]) -> set[str]:
    """Those of these seeds that this worker still has in hand."""
    found: set[str] = set()
    for chunk in chunks(keys):
        query = select(claim.c.key).where(claim.c.key.in_(chunk), claim.c.worker == worker_id, ~_resting())
        found |= set(tx.execute(query).scalars())
    return found


def let_go(tx: Connection, worker_id: str, keys: Sequence[str], rest_s: float) -> None:
    """Have these seeds in hand no more: they are settled. No other worker asks their sites for so many seconds."""
    until = (workers.clock(tx) + timedelta(seconds=rest_s)).isoformat()
    for chunk in chunks(keys):
        mine = claim.c.key.in_(chunk) & (claim.c.worker == worker_id)
        tx.execute(delete(claim).where(mine, claim.c.site == ""))
        tx.execute(update(claim).where(mine).values(rests_until=until))


def claimed_by(tx: Connection, worker_id: str) -> dict[str, str]:
    """What a worker has in hand and whose response is not known: the keys of seeds, and the run that each is of."""
    query = select(claim.c.key, claim.c.run_id).join(url, url.c.key == claim.c.key)
    mine = query.where(claim.c.worker == worker_id, url.c.state == "queued", ~_resting())
    return by_key(tx.execute(mine))


def bury(tx: Connection, worker_id: str) -> None:
    """Give back what a dead worker had in hand, unless it is what killed it.

    Whoever said that it ends was killed by nothing.
    """
    if not workers.resigned(tx, worker_id):
        mine = select(claim.c.key).where(claim.c.worker == worker_id, ~_resting()).order_by(claim.c.key)
        _suspect(tx, list(tx.execute(mine).scalars()))
    tx.execute(delete(claim).where(claim.c.worker == worker_id))
    workers.leave(tx, worker_id)


def is_idle(tx: Connection, worker_id: str) -> bool:
    """Whether no run whose owner lives has a seed without outcome."""
    return not any(one.alive and open_count(tx, one.id) for one in open_runs(tx, worker_id))


def _suspect(tx: Connection, keys: Sequence[str]) -> None:
    """Note that a worker died with these seeds in hand. One that was alone, and not for the first time, is poison.

    A kill from outside hits any batch, so none of several is condemned: each is done alone the next time, after all
    others of its run.
    """
    known = select(queue.c.key, func.max(queue.c.deaths)).where(queue.c.key.in_(keys)).group_by(queue.c.key)
    deaths = by_key(tx.execute(known)) if len(keys) == 1 else {}
    for key, before in deaths.items():
        if before:
            address, source = tx.execute(select(url.c.url, url.c.source).where(url.c.key == key)).one()
            detail = f"in hand when {before + 1} runs died, the last time alone"
            why = Rejection(url=address, source=source, stage=Stage.STORE, reason=Reason.POISON, detail=detail)
            seeds.settle(tx, "", [seeds.Settled(key=key, outcome=why.outcome, rejection=why)])
    for chunk in chunks(keys):
        tx.execute(update(queue).where(queue.c.key.in_(chunk)).values(deaths=queue.c.deaths + 1))
        for run_id in tx.execute(select(queue.c.run_id).where(queue.c.key.in_(chunk)).distinct()).scalars().all():
            put_back(tx, run_id)


def _apart(tx: Connection, worker_id: str, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Of seeds that are free those that a worker may do beside what it has in hand: a suspect is done alone."""
    mine = select(claim.c.key).where(claim.c.worker == worker_id, ~_resting())
    busy = tx.execute(mine.limit(1)).first() is not None
    if busy and tx.execute(select(queue.c.key).where(queue.c.key.in_(mine), queue.c.deaths > 0).limit(1)).first():
        return []
    innocent = list(takewhile(lambda row: not row.deaths, rows))
    return innocent or ([] if busy else rows[:1])


def _crew(tx: Connection, worker_id: str, of: OpenRun) -> list[str]:
    """The workers that may work on a run: its owner, and those that help with all."""
    alive = set(workers.living(tx, worker_id))
    owners = set(tx.execute(select(run.c.id).where(run.c.id.in_(alive))).scalars())
    return sorted((alive - owners) | (alive & {of.id}) | {worker_id})


def _free(tx: Connection, worker_id: str, of: OpenRun) -> Select[Any]:
    """(key, site, deaths) of the seeds of a run that this worker may take in hand now, in the order of the queue."""
    others = select(claim.c.site).where(claim.c.worker != worker_id, claim.c.site != "")
    free = (
        select(queue.c.key, queue.c.site, queue.c.deaths)
        .where(queue.c.run_id == of.id, queue.c.key.not_in(_claimed()), queue.c.site.not_in(others.scalar_subquery()))
        .order_by(queue.c.turn, queue.c.key)
    )
    if not of.here:  # files lie on the machine of the run
        free = free.where(queue.c.local.is_(False))
    beside = [one.id for one in open_runs(tx, worker_id) if one.alive and one.id != of.id]
    return free.where(queue.c.site.not_in(_wanted(tx, beside, of))) if beside else free


def _wanted(tx: Connection, beside: Collection[str], of: OpenRun) -> ScalarSelect[str]:
    """The sites that other runs wait for with seeds nearer to the head of their queue than any that this run waits for.

    A long run would otherwise keep a short one from a site to its end.
    """
    head = select(func.min(queue.c.turn)).where(queue.c.run_id == of.id, queue.c.key.not_in(_claimed()))
    nearer = queue.c.turn < (tx.execute(head).scalar() or 0)
    waiting = select(queue.c.site).where(queue.c.run_id.in_(beside), nearer, queue.c.key.not_in(_claimed()))
    return waiting.where(queue.c.site != "").scalar_subquery()


def _tasks(tx: Connection, keys: Sequence[str]) -> tuple[Task, ...]:
    found: dict[str, Task] = {}
    for chunk in chunks(keys):
        found |= {row.key: task_in(row) for row in tx.execute(select(url).where(url.c.key.in_(chunk)))}
    return tuple(found[key] for key in keys)


def _claimed() -> ScalarSelect[str]:
    return select(claim.c.key).where(~_resting()).scalar_subquery()


def _resting() -> ColumnElement[bool]:
    return claim.c.rests_until.is_not(None)
