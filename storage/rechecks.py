"""Young articles that are to be asked again: they are corrected, grow and vanish after the first night, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from ingest.outcome import Outcome
from storage.seeds import Task, task_in
from storage.tables import outcome, run, url


def due_tasks(
    tx: Connection, sources: Sequence[str], now: datetime, after: Sequence[timedelta], most: int
) -> tuple[Task, ...]:
    """Articles whose turn has come, the youngest first.

    Args:
        tx: the connection.
        sources: whose articles.
        now: the time.
        after: how long after it was stored an article is asked again, in order. What was asked since is not due before
            the next of these times, and nothing is for longer than twice the last.
        most: articles of a source at most.
    """
    if not after or not most:
        return ()
    since = now - 2 * after[-1]
    stored = select(outcome.c.key, func.min(run.c.started_at).label("at")).join(run, run.c.id == outcome.c.run_id)
    lately = run.c.started_at > since.isoformat(), outcome.c.outcome == Outcome.STORED
    first = stored.where(*lately).group_by(outcome.c.key).subquery()
    query = select(url, first.c.at).join(first, first.c.key == url.c.key)
    known = query.where(url.c.source.in_(sources), url.c.state == "done").order_by(first.c.at.desc(), url.c.key)
    taken: Counter[str] = Counter()
    found: list[Task] = []
    for row in tx.execute(known):
        if taken[row.source] < most and _is_due(datetime.fromisoformat(row.at), row.settled_at, now, after):
            taken[row.source] += 1
            found.append(task_in(row))
    return tuple(found)


def _is_due(first: datetime, asked: str | None, now: datetime, after: Sequence[timedelta]) -> bool:
    passed = [first + one for one in after if first + one <= now]
    return bool(passed) and (asked is None or datetime.fromisoformat(asked) < passed[-1])
