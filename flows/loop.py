"""Whoever works on seeds does this: claim some, acquire, digest and keep them, until nothing is left to claim.

The owner of a run does it for its run, `flows.work` for all runs. The next batch is acquired and the last one kept
while the workers digest this one; where hosts are slow, what has come is handed on, and further batches are begun.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flows import stages
from flows.acquire import PATIENCE_S, acquire, responses
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


_M_ARENA_MAX = -8  # of malloc.h

_BATCH_BYTES = 16_000_000
"""Of the pages of a batch, about: three batches are in memory at a time."""


_AT_ONCE = 3
"""Seeds that may be under way where their hosts are slow, in batches."""

_THREADS = 64
"""Batches of which a part is under way, at most: of each a slow host keeps its own seeds waiting alone."""


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
    with ThreadPoolExecutor(_THREADS, "acquire") as acquiring, ThreadPoolExecutor(1, "keep") as keeping:
        kept: Future[Any] | None = None
        for work, pages in _as_they_come(acquiring, call, batches):
            tasks = [task for task, _ in pages]
            pace.saw(pages)
            digested = call(f"extract {_describe(tasks)}", stages.digest, work, pages)
            del pages  # records are made of them
            if kept is not None:
                kept.result()
            digested = foresee(work.store, work.trim, digested)  # knows by now what the last batch had
            kept = keeping.submit(copy_context().run, call, f"store {_describe(tasks)}", stages.keep, work, digested)
            done += len(tasks)
        if kept is not None:
            kept.result()
    return done


def _share_one_heap() -> None:
    """Let all threads of this process allocate from one heap: each of its own keeps what a batch once needed.

    Over 20,000 pages the main process holds 253 MB at the most in place of 261. Only GNU's C library can do so.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look seldom for cycles among objects in a `with` block, and not among those that are there already.

    A batch makes and drops hundreds of thousands of rows: looking through all that is loaded for cycles every 700 of
    them took a quarter of the time of this process.
    """
    _share_one_heap()
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


@dataclass(slots=True)
class _Coming:
    """A batch that is under way: what is still to come of it, and whether some has come."""

    work: stages.Work
    portions: Iterator[list[stages.Acquired]]
    left: Sequence[Task]
    begun: bool = False


def _as_they_come(
    executor: ThreadPoolExecutor, call: Call, batches: Iterable[Batch]
) -> Iterator[tuple[stages.Work, list[stages.Acquired]]]:
    """What was acquired, batch by batch; the next is begun before one is handed out.

    While nothing is there, what has come of a batch is handed out without the rest, and further ones are begun: a slow
    host keeps nobody waiting, and its seeds are at most as many as `_AT_ONCE` batches have.
    """
    rest = iter(batches)
    coming: dict[Future[list[stages.Acquired]], _Coming] = {}
    hungry = threading.Event()
    largest = 0

    def ask(one: _Coming) -> None:
        name = f"fetch {_describe(one.left)}"
        coming[executor.submit(copy_context().run, call, name, acquire, one.portions)] = one

    def begin() -> bool:
        nonlocal largest
        for work, tasks in rest:
            largest = max(largest, len(tasks))
            ask(_Coming(work, responses(work, tasks, hungry.is_set), tasks))
            return True
        return False

    def has_room() -> bool:
        return len(coming) < _THREADS and sum(len(one.left) for one in coming.values()) < _AT_ONCE * largest

    more = begin()
    while coming:
        ready = next(iter(wait(coming, PATIENCE_S, FIRST_COMPLETED).done), None)
        if ready is None:
            hungry.set()
            more = more and (not has_room() or begin())
            continue
        hungry.clear()
        one, pages = coming.pop(ready), ready.result()
        came = {task.key for task, _ in pages}
        one.left, one.begun = [task for task in one.left if task.key not in came], True
        if one.left and came:
            ask(one)
        if more and all(each.begun for each in coming.values()) and (not coming or has_room()):
            more = begin()
        yield one.work, pages


def _describe(tasks: Sequence[Task]) -> str:
    hosts = list(dict.fromkeys(site_of(task.seed.url) or "files" for task in tasks))
    more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
    return f"{len(tasks)} from {hosts[0]}{more}"
