"""Heavy work in other processes, by a task runner of Prefect: a pool of processes on this machine, or a Dask cluster.

Only values cross the border: pages and sentences go out, records and translations come back. The database, the archive
and the memory of sentences stay with the process that owns the run. Each process out there loads a model once.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.futures import PrefectFuture
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from flows.policies import worker_policy
from flows.settings import Settings, TranslateSettings
from flows.tools import Engines, OpenEngines, here, translator
from ingest.errors import ConfigError, NewsmillError
from ingest.model import Page, Record
from ingest.outcome import Rejection
from ingest.pipeline import process_page
from ingest.translate.texts import Translator
from ingest.translate.unspelled import Speller
from ingest.workers import WorkerDeath, WorkerPolicy, WorkerPool, deaf

Item = TypeVar("Item")
Digest = Record | Rejection | WorkerDeath
Runner = TaskRunner[Any]

# A pool takes one list at a time, and a Dask worker may have several threads.
_one_at_a_time = threading.Lock()


def engines_of(settings: Settings) -> OpenEngines:
    """What opens the engines that `run.task_runner` names."""
    return here if settings.run.task_runner == "thread" else elsewhere


@contextmanager
def elsewhere(settings: Settings) -> Iterator[Engines]:
    """Engines in other processes. To be opened and used within a flow run.

    Raises:
        ConfigError: Dask is set, and not installed or not to be reached.
    """
    count = settings.processes
    chosen = _runner(settings, count)
    api = get_client(sync_client=True).api_url
    # Without a server, Prefect started one for this process: the others are to use it, and not to start their own.
    with temporary_settings({PREFECT_API_URL: str(api)}), chosen as runner:
        yield Engines(
            pages=_RemotePages(runner, worker_policy(settings), count),
            translator=_RemoteTranslator(runner, settings, count),
        )


class _RemotePages:
    """What `WorkerPool` does, elsewhere: there, too, each page has a deadline."""

    def __init__(self, runner: Runner, policy: WorkerPolicy, count: int) -> None:
        self._runner = runner
        self._policy = replace(policy, processes=1)
        self._count = count

    def prepare(self, _: int) -> None:
        """Nothing: the processes out there start with the first portion."""

    def run(self, items: Iterable[Page]) -> Iterator[tuple[int, Digest]]:
        """Yield (position of the page, what became of it)."""
        position = 0
        portions = _shares(list(items), self._count)
        given = [
            _submit(self._runner, f"digest {len(pages)} pages", digest_pages, pages, self._policy) for pages in portions
        ]
        for future in given:
            for made in _result(future):
                yield position, made
                position += 1


class _RemoteTranslator:
    """A translator whose models are elsewhere; what it can translate is looked up here."""

    def __init__(self, runner: Runner, settings: Settings, count: int) -> None:
        self._runner = runner
        self._known = translator(settings)
        # Of the processes that share the cores of a machine each has its part of them.
        threads = settings.translate.threads or max(1, (os.cpu_count() or 1) // count)
        self._how = settings.translate.model_copy(update={"threads": threads})
        self._count = count

    @property
    def settings(self) -> str:
        return self._known.settings

    def pairs(self) -> frozenset[tuple[str, str]]:
        return self._known.pairs()

    def model(self, source: str, target: str) -> str:
        return self._known.model(source, target)

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """Those of some characters that the vocabulary of a pair's model lacks."""
        known = self._known
        return known.lacks(characters, source, target) if isinstance(known, Speller) else frozenset()

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        given = [
            _submit(
                self._runner,
                f"{source} to {target}: {len(share)} sentences",
                translate_sentences,
                share,
                source,
                target,
                strict,
                self._how,
            )
            for share in _shares(sentences, self._count)
        ]
        return [text for future in given for text in _result(future)]


def digest_pages(pages: Sequence[Page], policy: WorkerPolicy) -> list[Digest]:
    """Make records of pages, in a worker process of this process."""
    with _one_at_a_time:
        made = dict(_pool(policy).run(pages))
    return [made[position] for position in range(len(pages))]


def translate_sentences(
    sentences: Sequence[str], source: str, target: str, strict: bool, how: TranslateSettings
) -> list[str]:
    """Translate with a model that this process has loaded, or loads now."""
    return _translator(how).translate(sentences, source, target, strict=strict)


@lru_cache(maxsize=1)
def _pool(policy: WorkerPolicy) -> WorkerPool[Page, Record | Rejection]:
    if multiprocessing.current_process().daemon:
        raise ConfigError("start the Dask workers with DASK_DISTRIBUTED__WORKER__DAEMON=False: they need processes too")
    return WorkerPool(process_page, policy).__enter__()  # open as long as this process lives


@lru_cache(maxsize=1)
def _translator(how: TranslateSettings) -> Translator:
    return translator(Settings(translate=how))


def task_of(function: Callable[..., Item], name: str) -> Task[..., Item]:
    """A function as a task of which Prefect keeps nothing; the UI shows `name`."""
    shown = name.replace("{", "(").replace("}", ")")  # Prefect would fill in what stands in braces
    return task(name=function.__name__, task_run_name=shown, cache_policy=NO_CACHE, persist_result=False)(function)


def _submit(runner: Runner, name: str, function: Callable[..., Any], *arguments: Any) -> PrefectFuture[Any]:  # noqa: ANN401
    given = dict(zip(function.__code__.co_varnames, arguments, strict=False))
    try:
        with deaf():  # it may start a process
            future: PrefectFuture[Any] = runner.submit(task_of(function, name), given)
    except (OSError, BrokenExecutor) as error:
        raise NewsmillError(
            f"no task can be handed out: {error}; is run.dask_address right, and the cluster up?"
        ) from error
    return future


def _result(future: PrefectFuture[Any]) -> Any:  # noqa: ANN401 - any function's
    try:
        return future.result()
    except NewsmillError:
        raise
    except Exception as error:  # of Prefect, of Dask, or of a process that died: all that can be done is to run again
        raise NewsmillError(
            f"a task in another process failed: {type(error).__name__}: {error}; what was committed is safe, run again"
        ) from error


def _shares(items: Sequence[Item], count: int) -> list[Sequence[Item]]:
    """Items in so many portions, in order, none of them empty."""
    size = -(-len(items) // count) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def _runner(settings: Settings, count: int) -> Runner:
    if settings.run.task_runner == "process":
        return ProcessPoolTaskRunner(max_workers=count)
    try:
        import dask

        # Its workers must be able to have worker processes of their own, and need not tell all they do.
        dask.config.set({"distributed.worker.daemon": False, "logging.distributed": "warning"})
        from prefect_dask.task_runners import DaskTaskRunner
    except ModuleNotFoundError as error:
        raise ConfigError("run.task_runner is dask, which is not installed: install newsmill[dask]") from error
    cluster = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": ":0"}
    where = {"address": settings.run.dask_address} if settings.run.dask_address else {"cluster_kwargs": cluster}
    runner: Runner = DaskTaskRunner(**where)
    return runner
