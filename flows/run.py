"""The sequence of stages, written once: the command line and the Prefect flows run this.

    seeds -> acquire -> digest -> keep          for each batch; the next batch is acquired and the last one kept
                                                while the workers digest this one
          -> translate                          what is missing and can be translated now
          -> summary                            after checking that every seed has exactly one outcome
          -> search index, and export           of all that is stored

A `Call` decides how a stage is called: plainly, or as a Prefect task.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, zip_longest

from flows import stages
from flows.drift import drifted
from flows.forgotten import without_titles
from flows.loop import POLL_S, Batch, Call, Pace, bury_dead, ingest, plainly, resign
from flows.settings import Settings
from flows.stop import at_stop
from flows.summary import Summary, records_met, summarise
from flows.tally import TALLY
from flows.tools import OpenEngines, here, open_tools
from flows.versions import tell_changes
from flows.watch import Watch, silently
from ingest.errors import NewsmillError
from ingest.model import Seed, Via
from ingest.urls import address_key, site_of
from storage import claims, listings, queue, records, runs, translations
from storage.listings import ListingRow, SourceRow
from storage.records import Seen
from storage.seeds import Task
from storage.store import Store

logger = logging.getLogger(__name__)

KINDS = ("urls", "files", "nightly", "reprocess", "retry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The seeds of a run, for a nightly run what sources announced, and what was `met` in archives, by kind.

    `seen` are captures without a text of their own. With `poison` also seeds are done that were set aside.
    """

    tasks: Sequence[Task]
    met: Mapping[str, int] = field(default_factory=dict)
    seen: Sequence[Seen] = ()
    poison: bool = False
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


def run(
    order: Order,
    settings: Settings,
    call: Call = plainly,
    watch: Watch = silently,
    open_engines: OpenEngines = here,
) -> Summary:
    """Do a run from its seeds to its summary.

    Args:
        order: what to do.
        settings: all settings.
        call: how stages are called.
        watch: who is told how far the run is.
        open_engines: opens what does the heavy work.

    Raises:
        NewsmillError: the world is broken (database, archive, packages); what was committed is safe, and the next run
            of this kind goes on from there.
    """
    started = time.monotonic()
    with open_work(order, settings, open_engines) as work:
        dead, left = _take_over(work, order.kind)
        plan = order.plan(work)
        todo = _accept(work, plan, left, dead)
        TALLY.begin([task.site or site_of(task.seed.url) for task in todo])
        _ingest(work, len(todo), settings.run.batch_size, call, watch)
        # A run for a list translates what it met; the nightly run and a retry also what waited for a model.
        of_runs = None if order.kind in ("nightly", "retry") else (work.run_id, *dead)
        translated = _translate(work, of_runs, call, watch) if order.translate else 0
        with work.store.writing() as tx:
            seconds = time.monotonic() - started
            summary = summarise(tx, work.run_id, work.target, translated=translated, seconds=seconds)
            summary = replace(summary, archive_records=records_met(plan.met))
            successor = runs.continued_by(tx, work.run_id)
            runs.finish_run(tx, work.run_id, summary.as_json(), dead)
        if successor is None:
            from flows.export import export_after_run, index_after_run  # late: only what ran to its end needs it

            index_after_run(work.store)
            if order.kind == "nightly":
                with work.store.reading() as tx:
                    summary = replace(summary, drifted=drifted(tx, work.run_id))
                summary = replace(summary, export_error=export_after_run(work.store, settings))
    if successor is not None:
        raise NewsmillError(f"run {work.run_id} was not heard of and taken for dead: run {successor} goes on with it")
    if not summary.complete:
        raise NewsmillError(
            f"run {summary.run_id} lost a seed: {summary.as_json()}; this is a defect, please report it"
        )
    return summary


@contextmanager
def open_work(order: Order, settings: Settings, open_engines: OpenEngines = here) -> Iterator[stages.Work]:
    """Open a run and all that it needs, and close it."""
    with Store(settings.storage.url) as store:
        with store.writing() as tx:
            run_id = runs.start_run(
                tx,
                order.kind,
                settings.translate.target,
                refresh=order.refresh,
                source_delays=order.source_delays,
            )
        with (
            at_stop(partial(resign, store, run_id)),
            at_stop(partial(_left, store, run_id)),
            open_tools(store, run_id, settings, order.source_delays, open_engines) as work,
        ):
            yield replace(work, run_id=run_id, refresh=order.refresh)


def _left(store: Store, run_id: str) -> str | None:
    """What is left of a run that ends now, in words."""
    with store.reading() as tx:
        seeds, left = runs.seed_count(tx, run_id), queue.open_count(tx, run_id)
    return f"{left} of {seeds} seeds are left" if seeds else None


def seed_tasks(given: Sequence[Seed]) -> list[Task]:
    """Seeds under their keys in the state table: the canonical URL's, or what stands in its place."""
    return [Task(key=address_key(seed.url), seed=seed) for seed in given]


def _take_over(work: stages.Work, kind: str) -> tuple[tuple[str, ...], tuple[Task, ...]]:
    """Go on with runs of this kind that died: their ids, and their seeds without outcome."""
    bury_dead(work)
    with work.store.writing() as tx:
        dead = runs.dead_runs(tx, work.run_id, KINDS if kind == "retry" else (kind,))
        left = queue.inherit(tx, work.run_id, dead)
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
        tell_changes(tx, records.add_sightings(tx, plan.seen, work.run_id))
        beside = [one.id for one in runs.open_runs(tx, work.worker) if one.alive and one.id != work.run_id]
        kept = without_titles(tx, list(distinct.values()))
        tasks = [replace(task, site=_asked(task)) for task in _interleaved(kept)]
        return queue.accept(tx, work.run_id, tasks, dead, beside, poison=plan.poison)


def _asked(task: Task) -> str:
    """The site that has to be asked for a seed, if any."""
    local = task.archive is not None or task.seed.via in (Via.FILE, Via.WARC)
    return "" if local else site_of(task.seed.url)


def _interleaved(tasks: Sequence[Task]) -> list[Task]:
    """Hosts in turn, so that each batch has many hosts and waits for none of them."""
    by_host: dict[str, list[Task]] = {}
    for task in tasks:
        by_host.setdefault(site_of(task.seed.url), []).append(task)
    rounds = zip_longest(*by_host.values())
    return [task for task in chain.from_iterable(rounds) if task is not None]


def _ingest(work: stages.Work, total: int, size: int, call: Call, watch: Watch) -> None:
    """Work until every seed of the run has its outcome, whoever gave it."""
    told, pace = -1, Pace(size)

    def tell(left: int) -> None:
        nonlocal told
        if total - left != told:
            told = total - left
            watch("articles", told, total)

    def claimed() -> Iterator[Batch]:
        while True:
            bury_dead(work)
            with work.store.writing() as tx:
                (own,) = (one for one in runs.open_runs(tx, work.worker) if one.id == work.run_id)
                left = queue.open_count(tx, work.run_id)
                tasks = claims.claim_seeds(tx, work.worker, own, pace.size(left))
            tell(left)  # a server, perhaps, which may take its time: nobody else could write meanwhile
            if not tasks:
                return
            yield work, tasks

    tell(total)
    while True:
        done = ingest(claimed(), pace, call)
        with work.store.reading() as tx:
            left = queue.open_count(tx, work.run_id)
        tell(left)
        if not left:
            return
        if not done:
            time.sleep(POLL_S)  # the rest is in other hands, or a site in others' hands


def _translate(work: stages.Work, of_runs: Sequence[str] | None, call: Call, watch: Watch) -> int:
    """Translate what these runs met (or all that is stored), batch by batch of records."""
    languages = work.translation.sources()
    if of_runs is None:
        _ask_for_all(work)
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


def _ask_for_all(work: stages.Work) -> None:
    """Work out what the target language lacks of all that is stored: it may be new."""
    after = ""
    while True:
        with work.store.writing() as tx:
            unknown = translations.unasked(tx, work.target, after=after, limit=500)
            if not unknown:
                return
            translations.set_states(tx, unknown, work.target)
        after = unknown[-1]
