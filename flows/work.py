"""A process that helps with the runs of others: it works on the seeds of every open run, as their owners do.

Any number of them may work on one database, on one machine or on several. Discovery, translation and the summary of a
run stay with its owner.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from flows.loop import POLL_S, Batch, Pace, bury_dead, ingest, resign
from flows.settings import Settings
from flows.stages import Work
from flows.stop import at_stop
from flows.tools import open_tools
from flows.watch import Watch, silently
from storage import claims, queue, runs, workers
from storage.store import Store


def work(settings: Settings, watch: Watch = silently, *, until_idle: bool = False) -> int:
    """Work on all open runs until this process is told to stop, or with `until_idle` until nothing is left.

    Returns:
        How many seeds this process saw to their outcome.
    """
    delays: dict[str, float] = {}  # of the sources of the runs met so far
    done, pace = 0, Pace(settings.run.batch_size)
    with Store(settings.storage.url) as store:
        with store.writing() as tx:
            worker_id = workers.new_id(workers.clock(tx), "work-")
            workers.register(tx, worker_id)

        with (
            at_stop(partial(resign, store, worker_id)),
            at_stop(lambda: f"{done} URLs done"),
            open_tools(store, worker_id, settings, delays) as tools,
        ):
            tools.workers.prepare(settings.run.batch_size)  # it will not be for one page
            while True:
                if now := ingest(_claimed(tools, pace, delays), pace):
                    done += now
                    watch("articles", done, done)
                if until_idle and _is_idle(tools):
                    break
                time.sleep(POLL_S)
    return done


def _claimed(tools: Work, pace: Pace, delays: dict[str, float]) -> Iterator[Batch]:
    """Batches of any run, the newest first: a long one has been at work for longest."""
    while True:
        bury_dead(tools)
        batch = None
        with tools.store.writing() as tx:
            for one in runs.open_runs(tx, tools.worker):
                size = pace.size(queue.open_count(tx, one.id))
                if tasks := claims.claim_seeds(tx, tools.worker, one, size):
                    batch = _for_run(tools, one), tasks
                    delays.update(one.source_delays)
                    break
        if batch is None:
            return
        yield batch


def _for_run(tools: Work, one: runs.OpenRun) -> Work:
    """The same tools, for a run: it may translate into another language than this process would."""
    translation = replace(tools.translation, target=one.target)
    rest_s = max(tools.rest_s, *one.source_delays.values(), 0.0)
    return replace(tools, run_id=one.id, refresh=one.refresh, translation=translation, rest_s=rest_s)


def _is_idle(tools: Work) -> bool:
    with tools.store.reading() as tx:
        return claims.is_idle(tx, tools.worker)
