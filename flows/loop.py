"""Whoever works on seeds does this: claim some, acquire, digest and keep them, until nothing is left to claim.

The owner of a run does it for its run, `flows.work` for all runs. The next batch is acquired and the last one kept
while the workers digest this one; where hosts are slow, further batches are acquired beside it.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import Any, Protocol, TypeVar

from flows import stages
from flows.acquire import acquire
from flows.site_lines import foresee
from ingest.errors import NewsmillError, StorageError
from ingest.model import Page
from ingest.urls import address_key, site_of
from storage import claims, seeds, workers
from storage.archive import read_page, recover
from storage.captures import add_captures, known_places
from storage.seeds import Task
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

Batch = tuple[stages.Work, Sequence[Task]]

POLL_S = 0.3
"""Seconds between two looks whether there is something to do."""


_BATCH_BYTES = 16_000_000
"""Of the pages of a batch, about: three batches are in memory at a time."""


_AT_ONCE = 3
"""Batches that are fetched side by side, where their hosts are slow."""

_PATIENCE_S = 0.5
"""Seconds that workers wait for a batch before another one is fetched beside it."""


class Pace:
    """How many seeds are claimed at once: fewer of large pages, and fewer at the beginning and the end of a run.

    The first batch has no partner when it is fetched, nor the last when it is stored: the smaller they are, the less do
    cores wait.

    Args:
        most: seeds of a batch at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages = self._bytes = 0
        self._begun = False

    def size(self, left: int) -> int:
        """How many to claim next, of so many that are left."""
        most = self._most if self._begun else -(-self._most // 2)
        if self._bytes:
            most = min(most, max(1, _BATCH_BYTES * self._pages // self._bytes))
        self._begun = True
        least = -(-most // 4)
        return max(least, -(-left // 2)) if left < most else most

    def saw(self, acquired: Iterable[stages.Acquired]) -> None:
        """Heed how large the pages of a batch are."""
        sizes = [len(got.body) for _, got in acquired if isinstance(got, Page)]
        self._pages, self._bytes = self._pages + len(sizes), self._bytes + sum(sizes)


class Call(Protocol):
    """How a stage is called; `name` says what it works on."""

    def __call__(self, name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
        """Call the stage with the arguments and give its result."""


def plainly(name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
    """Call a stage as a function."""
    logger.debug("%s", name)
    return stage(*args)


def ingest(batches: Iterable[Batch], pace: Pace, call: Call = plainly) -> int:
    """Take batches from their seeds to their outcomes; returns how many seeds there were."""
    done = 0
    with ThreadPoolExecutor(_AT_ONCE, "acquire") as acquiring, ThreadPoolExecutor(1, "keep") as keeping:

        def begin(batch: Batch) -> list[stages.Acquired]:
            work, tasks = batch
            return call(f"fetch {_describe(tasks)}", acquire, work, tasks)

        kept: Future[Any] | None = None
        for (work, tasks), acquired in _as_they_come(acquiring, begin, batches):
            pages = acquired.result()
            pace.saw(pages)
            digested = call(f"extract {_describe(tasks)}", stages.digest, work, pages)
            del pages, acquired  # records are made of them
            if kept is not None:
                kept.result()
            digested = foresee(work.store, work.trim, digested)  # knows by now what the last batch had
            kept = keeping.submit(copy_context().run, call, f"store {_describe(tasks)}", stages.keep, work, digested)
            done += len(tasks)
        if kept is not None:
            kept.result()
    return done


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look seldom for cycles among objects in a `with` block, and not among those that are there already.

    A batch makes and drops hundreds of thousands of rows: looking through all that is loaded for cycles every 700 of
    them took a quarter of the time of this process.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def bury_dead(work: stages.Work) -> None:
    """Give back what dead workers had in hand.

    What they had archived and could not tell the database any more is found in the archive, and not fetched again.
    """
    with work.store.reading() as tx:
        gone = workers.dead(tx, work.worker)
    for worker_id in gone:
        with work.store.writing() as tx:
            if worker_id in workers.dead(tx, work.worker):  # nobody else was here first
                _recover(tx, work, worker_id)
                claims.bury(tx, worker_id)


@contextmanager
def alive(store: Store, worker_id: str) -> Iterator[None]:
    """Say every some seconds that this worker is alive, and in the end that it has nothing in hand.

    After an error what it has in hand is looked after when it is found dead; of a broken world, and when it is told to
    stop (by an exception that is no error, as Prefect does), it says that it ends.
    """
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(workers.BEAT_S):
            try:
                with store.writing() as tx:
                    workers.register(tx, worker_id)
            except StorageError as error:  # the work itself will meet it
                logger.info("%s", error)

    beating = threading.Thread(target=beat, name="newsmill-alive", daemon=True)
    beating.start()
    try:
        yield
    except BaseException as error:
        stop.set()
        beating.join()
        if isinstance(error, NewsmillError) or not isinstance(error, Exception):  # nothing in hand is to blame
            with suppress(StorageError):
                resign(store, worker_id)
        raise
    finally:
        stop.set()
        beating.join()
    with store.writing() as tx:
        workers.leave(tx, worker_id)


def resign(store: Store, worker_id: str) -> None:
    """Say that this worker ends now, with what it has in hand, so that nobody waits until it is found dead."""
    with store.writing() as tx:
        workers.resign(tx, worker_id)


def _recover(tx: Transaction, work: stages.Work, worker_id: str) -> None:
    waiting = claims.claimed_by(tx, worker_id)
    run_ids = {*waiting.values(), worker_id}
    known = known_places(tx, run_ids)
    found = recover(work.archive_folder, [worker_id], known, work.archive.address)
    for one in found:
        key = one.key or address_key(one.seed.url)
        if key in waiting:
            page = [(key, read_page(one.seed, one.pointer))]
            seeds.mark_fetched(tx, page)
            add_captures(tx, waiting[key], page, [key] if one.again else ())


def _as_they_come(
    executor: ThreadPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[tuple[Item, Future[Result]]]:
    """Each item with what became of it, as soon as it is there; the next is begun before one is handed out.

    While all that are under way take long, further ones are begun: a slow host keeps its own batch waiting alone.
    """
    rest = iter(items)
    coming: dict[Future[Result], Item] = {}

    def begin() -> bool:
        for item in rest:
            coming[executor.submit(copy_context().run, function, item)] = item
            return True
        return False

    more = begin()
    while coming:
        patience = _PATIENCE_S if more and len(coming) < _AT_ONCE else None
        done = wait(coming, patience, FIRST_COMPLETED).done
        if not done:
            more = begin()
            continue
        ready = next(one for one in coming if one in done)
        if more and len(coming) == 1:
            more = begin()
        yield coming.pop(ready), ready


def _describe(tasks: Sequence[Task]) -> str:
    hosts = list(dict.fromkeys(site_of(task.seed.url) or "files" for task in tasks))
    more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
    return f"{len(tasks)} from {hosts[0]}{more}"
