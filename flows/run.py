"""The sequence of stages, written once: the command line and the Prefect flows run this.

    seeds -> acquire -> digest -> keep          for each batch; the next batch is acquired and the last one kept
                                                while the workers digest this one
          -> translate                          what is missing and can be translated now
          -> summary                            after checking that every seed has exactly one outcome

A `Call` decides how a stage is called: plainly, or as a Prefect task.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flows import stages
from flows.settings import Settings
from flows.summary import Summary, summarise
from flows.translate import Translation
from ingest.errors import NewsmillError
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Seed
from ingest.pipeline import process_page
from ingest.translate.backends import open_translator
from ingest.urls import canonicalize, site_of, url_key
from ingest.workers import WorkerPolicy, WorkerPool
from storage import listings, runs, seeds, translations
from storage.archive import Archive, read_page, recover
from storage.captures import add_captures, known_places
from storage.engine import folder_of
from storage.listings import ListingRow, SourceRow
from storage.seeds import Task
from storage.store import SentenceMemory, Store

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

KINDS = ("urls", "files", "nightly", "reprocess", "retry")


class Call(Protocol):
    """How a stage is called; `name` says what it works on."""

    def __call__(self, name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
        """Call the stage with the arguments and give its result."""


class Watch(Protocol):
    """Who is told how far a run is."""

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """`done` of `total` things are through a phase, "articles" or "translations"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The seeds of a run, and for a nightly run what sources announced."""

    tasks: Sequence[Task]
    listings: Sequence[ListingRow] = ()
    sources: Sequence[SourceRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is to do.

    `plan` is called once the run is open: it may fetch feeds and look into archives. With `refresh` what is known of an
    unchanged text takes the place of what was known before.
    """

    kind: str
    plan: Callable[[stages.Work], Plan]
    translate: bool = True
    refresh: bool = False
    source_delays: Mapping[str, float] = field(default_factory=dict)


def plainly(name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
    """Call a stage as a function."""
    logger.debug("%s", name)
    return stage(*args)


def silently(_phase: str, _done: int, _total: int, /) -> None:
    """Tell nobody."""


def run(order: Order, settings: Settings, call: Call = plainly, watch: Watch = silently) -> Summary:
    """Do a run from its seeds to its summary.

    Raises:
        NewsmillError: the world is broken (database, archive, packages); what was committed is safe, and the next run
            of this kind goes on from there.
    """
    started = time.monotonic()
    with open_work(order, settings) as work:
        dead, left = _take_over(work, order.kind, archive_folder(settings))
        todo = _accept(work, order.plan(work), left, dead)
        _ingest(work, todo, settings.run.batch_size, call, watch)
        # A run for a list translates what it met; the nightly run and a retry also what waited for a model.
        of_runs = None if order.kind in ("nightly", "retry") else (work.run_id, *dead)
        translated = _translate(work, of_runs, call, watch) if order.translate else 0
        with work.store.writing() as tx:
            seconds = time.monotonic() - started
            summary = summarise(tx, work.run_id, work.target, translated=translated, seconds=seconds)
            runs.finish_run(tx, work.run_id, summary.as_json(), dead)
    if not summary.complete:
        raise NewsmillError(
            f"run {summary.run_id} lost a seed: {summary.as_json()}; this is a defect, please report it"
        )
    return summary


@contextmanager
def open_work(order: Order, settings: Settings) -> Iterator[stages.Work]:
    """Open all that a run needs, and close it."""
    with ExitStack() as stack:
        store = stack.enter_context(Store(settings.storage.url))
        target = settings.translate.target
        with store.writing() as tx:
            run_id = runs.start_run(tx, order.kind, target)
        policy = replace(fetch_policy(settings), source_delays=order.source_delays)
        max_bytes = settings.storage.archive_file_mb * 1_000_000
        yield stages.Work(
            run_id=run_id,
            refresh=order.refresh,
            max_body_bytes=settings.fetch.max_body_bytes,
            max_feed_bytes=policy.max_feed_bytes,
            store=store,
            archive=stack.enter_context(Archive(archive_folder(settings), run_id, max_bytes)),
            fetcher=stack.enter_context(HttpFetcher(policy)),
            workers=stack.enter_context(WorkerPool(process_page, worker_policy(settings))),
            translation=translation(settings, store),
        )


def archive_folder(settings: Settings) -> Path:
    """Where raw responses lie: as set, or beside the database."""
    return settings.storage.archive_dir or folder_of(settings.storage.url) / "archive"


def translation(settings: Settings, store: Store) -> Translation:
    """What translates, as set; nothing is loaded yet."""
    translate = settings.translate
    translator = open_translator(
        translate.backend,
        translate.packages_dir,
        beam=translate.beam,
        threads=translate.threads,
        compute_type=translate.compute_type,
    )
    memory = SentenceMemory(store)
    return Translation(translator=translator, memory=memory, target=translate.target, pivot=translate.pivot)


def fetch_policy(settings: Settings) -> FetchPolicy:
    """What the fetcher is to keep to."""
    fetch = settings.fetch
    return FetchPolicy(
        user_agent=fetch.user_agent,
        delay_s=fetch.delay_s,
        concurrency=fetch.concurrency,
        deadline_s=fetch.deadline_s,
        max_body_bytes=fetch.max_body_bytes,
        attempts=fetch.attempts,
        allow_private=frozenset(fetch.allow_private),
        proxy=fetch.proxy.get_secret_value() if fetch.proxy else None,
    )


def worker_policy(settings: Settings) -> WorkerPolicy:
    """What the extraction workers are to keep to."""
    extract = settings.extract
    return WorkerPolicy(processes=settings.processes, deadline_s=extract.deadline_s, memory_mb=extract.memory_mb)


def seed_tasks(given: Sequence[Seed]) -> list[Task]:
    """Seeds under their keys in the state table: the canonical URL's, or what stands in its place."""
    return [Task(key=seed_key(seed), seed=seed) for seed in given]


def seed_key(seed: Seed) -> str:
    """The key of a seed in the state table."""
    try:
        return url_key(canonicalize(seed.url))
    except ValueError:  # a file: URI, or a line that is no URL: it is its own spelling
        return url_key(seed.url)


def _take_over(work: stages.Work, kind: str, folder: Path) -> tuple[tuple[str, ...], tuple[Task, ...]]:
    """Go on with runs of this kind that died: their ids, and their seeds without outcome.

    What they had archived and could not tell the database any more is found in the archive, and not fetched again.
    """
    kinds = KINDS if kind == "retry" else (kind,)
    with work.store.writing() as tx:
        dead = runs.dead_runs(tx, work.run_id, kinds)
        if dead:
            queued = seeds.queued_keys(tx, dead)
            found = [(one.key or seed_key(one.seed), one) for one in recover(folder, dead, known_places(tx, dead))]
            pages = [(key, read_page(one.seed, one.pointer)) for key, one in found if key in queued]
            seeds.mark_fetched(tx, pages)
            add_captures(tx, work.run_id, pages)
        left = seeds.inherit(tx, work.run_id, dead)
    if left:
        logger.warning("going on with %d seeds of interrupted run %s", len(left), ", ".join(dead))
    return dead, left


def _accept(work: stages.Work, plan: Plan, left: Sequence[Task], dead: Sequence[str]) -> tuple[Task, ...]:
    """Enter the seeds with what announced them, in one transaction: a listing counts as read once its seeds are in."""
    distinct: dict[str, Task] = {}
    for task in [*left, *plan.tasks]:
        # What an interrupted run fetched comes first and keeps its pointer into the archive.
        distinct.setdefault(task.key, task)
    with work.store.writing() as tx:
        listings.add_listings(tx, work.run_id, plan.listings)
        listings.add_sources(tx, work.run_id, plan.sources)
        return seeds.accept(tx, work.run_id, _interleaved(list(distinct.values())), dead)


def _interleaved(tasks: Sequence[Task]) -> list[Task]:
    """Hosts in turn, so that each batch has many hosts and waits for none of them."""
    by_host: dict[str, list[Task]] = {}
    for task in tasks:
        by_host.setdefault(site_of(task.seed.url), []).append(task)
    rounds = zip_longest(*by_host.values())
    return [task for task in chain.from_iterable(rounds) if task is not None]


def _ingest(work: stages.Work, todo: Sequence[Task], size: int, call: Call, watch: Watch) -> None:
    batches = [todo[start : start + size] for start in range(0, len(todo), size)]
    watch("articles", 0, len(todo))
    done = 0
    with ThreadPoolExecutor(1, "acquire") as acquiring, ThreadPoolExecutor(1, "keep") as keeping:

        def acquire(batch: Sequence[Task]) -> list[stages.Acquired]:
            return call(f"fetch {_describe(batch)}", stages.acquire, work, batch)

        kept: Future[Any] | None = None
        for batch, acquired in _one_ahead(acquiring, acquire, batches):
            digested = call(f"extract {_describe(batch)}", stages.digest, work, acquired.result())
            if kept is not None:
                kept.result()
            kept = keeping.submit(copy_context().run, call, f"store {_describe(batch)}", stages.keep, work, digested)
            done += len(batch)
            watch("articles", done, len(todo))
        if kept is not None:
            kept.result()


def _one_ahead(
    executor: ThreadPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[tuple[Item, Future[Result]]]:
    """Each item with what becomes of it; the next is begun before one is handed out."""
    coming: tuple[Item, Future[Result]] | None = None
    for item in items:
        begun = executor.submit(copy_context().run, function, item)
        if coming is not None:
            yield coming
        coming = (item, begun)
    if coming is not None:
        yield coming


def _translate(work: stages.Work, of_runs: Sequence[str] | None, call: Call, watch: Watch) -> int:
    """Translate what these runs met (or all that is stored), batch by batch of records."""
    languages = work.translation.sources()
    after, done, translated = "", 0, 0
    while languages:
        with work.store.reading() as tx:
            due = translations.due_records(tx, work.target, languages, runs=of_runs, after=after, limit=50)
        if not due:
            break
        translated += call(f"translate {len(due)} records into {work.target}", stages.translate, work, due)
        after, done = due[-1], done + len(due)
        watch("translations", done, done)
    return translated


def _describe(batch: Sequence[Task]) -> str:
    hosts = list(dict.fromkeys(site_of(task.seed.url) or "files" for task in batch))
    more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
    return f"{len(batch)} from {hosts[0]}{more}"
