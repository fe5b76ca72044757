"""A pool of worker processes that can be killed: hostile pages hang or exhaust parsers, and a thread cannot be stopped.

trafilatura takes 49 s on a table of 60,000 rows, its issue tracker knows pages on which it never ends, and
`signal.alarm` does not work outside the main thread. So each page has a deadline after which its worker ends and is
replaced (as datatrove does). The deadline is processor time of the worker, for a busy machine must not decide what
becomes a record; a page that waits instead of computing meets a ceiling of the clock. Workers are recycled, since the
parser's memory grows. A worker whose parent dies reads end-of-file and exits, and if it hangs at that moment, its own
alarm ends it.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import resource_tracker, util
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Lock
from types import ModuleType, TracebackType
from typing import Any, Generic, Self, TypeVar

from ingest.errors import NewsmillError

Item = TypeVar("Item")
Result = TypeVar("Result")

PRELOAD = "ingest.preload"
# For fewer items, loading tables that only some of them need takes longer than each worker's own loading of what it
# needs. The code they all need is loaded once either way.
_WORTH_PRELOADING = 16

# The exit status of a worker that has used up its processor time; none has it where there are no such timers.
_OUT_OF_TIME = -int(getattr(signal, "SIGPROF", 1000))

# Items that a worker is given at once: it must not wait for the next while this process, which also stores and
# fetches, is busy.
_SHARE = 4
# The clock's ceiling, in deadlines: six processes for each core still let a page have its processor time.
_CEILING = 6.0
# A worker that outlives its ceiling by this much has lost its pool.
_ORPHAN_GRACE_S = 5.0
# Seconds that the exit status of a worker may come after the end of its pipe.
_STATUS_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPolicy:
    """How many workers, and what one page may cost.

    The deadline is in seconds of processor time: 10 are some 200 times what a news page takes. Memory is what the
    worker may add to its size at start; after 500 pages a worker is replaced.
    """

    processes: int = 2
    deadline_s: float = 10.0
    memory_mb: int = 1500
    pages_per_worker: int = 500

    @property
    def ceiling_s(self) -> float:
        """Seconds by the clock that a page may take, whatever it does with them."""
        return _CEILING * self.deadline_s


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDeath:
    """Why an item has no result: the worker passed its deadline, or it crashed."""

    timed_out: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Later:
    """A function by its name, for a pool: the workers import it, this process need not."""

    module: str
    name: str

    def __call__(self, item: Any) -> Any:  # noqa: ANN401 - any function's
        """Call it."""
        return getattr(import_module(self.module), self.name)(item)


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    done: int = 0
    given: deque[tuple[int, Any]] = field(default_factory=deque)  # (position, item), the one it works on first
    due: float = 0.0


class WorkerPool(Generic[Item, Result]):
    """Calls `target` on items in several processes, each call with a deadline.

    Processes start in the background when `prepare` is called, or with the first `run`, and stay until the pool is
    closed. One `run` at a time.
    """

    def __init__(self, target: Callable[[Item], Result], policy: WorkerPolicy) -> None:
        self._target = target
        self._policy = policy
        self._context = _context()
        self._workers: list[_Worker] = []
        self._starter = ThreadPoolExecutor(1, "start-workers")
        self._started: Future[None] | None = None
        self._door = Lock()
        self._at_exit: util.Finalize | None = None

    def __enter__(self) -> Self:
        # At its exit a process sends SIGTERM to daemons and waits for them, and these are deaf to it: a pool that
        # nobody has closed by then, as in the processes of a task runner, is closed before.
        self._at_exit = util.Finalize(None, self.close, exitpriority=10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        if self._at_exit is not None:
            self._at_exit.cancel()
        self._starter.shutdown()
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def prepare(self, items: int) -> Future[None]:
        """Start the processes for so many items, if none were started; done when they are up."""
        with self._door:
            if self._started is None:
                if preload := getattr(self._context, "set_forkserver_preload", None):
                    preload([PRELOAD if items >= _WORTH_PRELOADING else _module_of(self._target)])
                self._started = self._starter.submit(self._start_missing, items)
            return self._started

    def run(self, items: Iterable[Item]) -> Iterator[tuple[int, Result | WorkerDeath]]:
        """Yield (position of the item, its result or why there is none), in order of completion."""
        waiting = deque(enumerate(items))
        if waiting:
            self.prepare(len(waiting)).result()  # raises what kept them from starting
        try:
            while waiting or any(worker.given for worker in self._workers):
                while waiting and (worker := self._idle(len(waiting))) is not None:
                    # The last items are shared out one by one, so that no worker ends long after the others.
                    share = min(_SHARE, len(waiting) // (2 * self._policy.processes))
                    share = max(1, min(share, self._policy.pages_per_worker - worker.done))
                    self._give(worker, [waiting.popleft() for _ in range(share)])
                yield from self._collect(waiting)
        finally:
            # An abandoned run must not leave answers in the pipes for the next one.
            for worker in [worker for worker in self._workers if worker.given]:
                self._drop(worker)

    def _idle(self, items: int) -> _Worker | None:
        for worker in [worker for worker in self._workers if not worker.given]:
            if not worker.pipe.poll():
                return worker
            self._drop(worker)  # an idle worker has nothing to say but end-of-file: something killed it
        if len(self._workers) >= self._policy.processes:
            return None
        self._start_missing(items)
        return self._workers[-1]

    def _start_missing(self, items: int) -> None:
        """Start what is missing for so many items side by side, and wait until they are up."""
        missing = min(self._policy.processes - len(self._workers), items)
        new = [_start(self._context, self._target, self._policy) for _ in range(missing)]
        self._workers += new
        for worker in new:
            try:
                worker.pipe.recv()  # it is up: loading code must not count against the first page's deadline
            except EOFError as error:
                raise NewsmillError("a worker process died while starting: is there enough memory?") from error

    def _give(self, worker: _Worker, items: list[tuple[int, Item]]) -> None:
        worker.given.extend(items)
        worker.due = time.monotonic() + self._policy.ceiling_s
        try:
            worker.pipe.send([item for _, item in items])
        except OSError:  # it died while idle; _collect finds the closed pipe and reports it
            worker.due = 0.0

    def _collect(self, waiting: deque[tuple[int, Item]]) -> Iterator[tuple[int, Result | WorkerDeath]]:
        busy = [worker for worker in self._workers if worker.given]
        now = time.monotonic()
        ready = wait([worker.pipe for worker in busy], max(0.0, min(worker.due for worker in busy) - now))
        now = time.monotonic()  # once: the time that the caller takes between two answers counts against no page
        for worker in busy:
            if worker.pipe not in ready and worker.due > now:
                continue
            position, _ = worker.given.popleft()
            answer = self._receive(worker) if worker.pipe in ready else self._overdue(worker)
            if isinstance(answer, WorkerDeath) and worker not in self._workers:
                waiting.extendleft(reversed(worker.given))  # what it had not begun
            yield position, answer

    def _receive(self, worker: _Worker) -> Result | WorkerDeath:
        try:
            answer: Result | WorkerDeath = worker.pipe.recv()
        except (EOFError, OSError):
            return self._dead(worker)
        worker.due = time.monotonic() + self._policy.ceiling_s
        worker.done += 1
        if worker.done >= self._policy.pages_per_worker and not worker.given:
            self._drop(worker)
        return answer

    def _dead(self, worker: _Worker) -> WorkerDeath:
        worker.process.join(_STATUS_PATIENCE_S)
        timed_out = worker.process.exitcode == _OUT_OF_TIME
        self._drop(worker)
        if timed_out:
            return WorkerDeath(timed_out=True, detail=f"took more than {self._policy.deadline_s:g} s of processor time")
        return WorkerDeath(timed_out=False, detail="the worker process died")

    def _overdue(self, worker: _Worker) -> WorkerDeath:
        self._drop(worker)
        return WorkerDeath(timed_out=True, detail=f"took more than {self._policy.ceiling_s:g} s by the clock")

    def _drop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._end(worker)

    def _end(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.kill()  # it holds nothing that needs an orderly end
        worker.process.join()
        worker.process.close()


def _module_of(target: Callable[[Any], Any]) -> str:
    return target.module if isinstance(target, Later) else target.__module__


def _context() -> BaseContext:
    """A fork server where there is one: forking a process with threads is unsafe, and spawning reloads everything."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    return multiprocessing.get_context("forkserver")


def _start(context: BaseContext, target: Callable[[Item], Result], policy: WorkerPolicy) -> _Worker:
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, target, policy), daemon=True, name="newsmill-worker")  # type: ignore[attr-defined]
    with _nameless_main(), deaf():
        process.start()
    theirs.close()
    return _Worker(process=process, pipe=ours)


@contextmanager
def deaf() -> Iterator[None]:
    """Have the processes that are started in a `with` block never hear Ctrl-C and SIGTERM, which may go to all at once.

    Whoever started them decides when they end, and they have nothing to say about it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # multiprocessing starts it beside the first process, and it unblocks signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Keep workers from importing the main module, as multiprocessing has them do.

    They need nothing from it, and it may be anything: a script without a guard, which would begin its work anew, or
    Prefect's engine, which costs 80 MB and a second in each worker.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _work(pipe: Connection, target: Callable[[Item], Result], policy: WorkerPolicy) -> None:
    """The worker's loop: one answer for each item, until the pool closes the pipe."""
    _limit_memory(policy.memory_mb)
    # Parsers make and drop many objects beside the tables that are loaded, and looking through all of them for cycles
    # every 700 allocations is work for nothing: a worker does not live long enough to fill up.
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    with suppress(EOFError, OSError):  # the pool is closed, or gone
        pipe.send(None)
        while True:
            for item in pipe.recv():
                pipe.send(_answer(target, item, policy))


def _answer(target: Callable[[Item], Result], item: Item, policy: WorkerPolicy) -> Result | WorkerDeath:
    _set_timers(policy.deadline_s, policy.ceiling_s + _ORPHAN_GRACE_S)
    try:
        return target(item)
    except Exception as error:  # noqa: BLE001 - parsers raise anything on hostile pages: one page must not end a run
        return WorkerDeath(timed_out=False, detail=f"{type(error).__name__}: {error}"[:300])
    finally:
        _set_timers(0, 0)


def _set_timers(processor_s: float, clock_s: float) -> None:
    """End this process after so much time of either kind (0: never), whatever it hangs in.

    The kernel does it, by signals that nothing here handles: code in C that never returns is ended, too, and so is a
    worker whose pool was killed. Where there are no such timers the pool's ceiling still holds.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, processor_s)
        signal.setitimer(signal.ITIMER_REAL, clock_s)


def _limit_memory(memory_mb: int) -> None:
    """Let the process grow by this much at most; more raises MemoryError there instead of ending the machine."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):  # no such limit on this system: the deadline still holds
        return
    limit = pages * resource.getpagesize() + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
