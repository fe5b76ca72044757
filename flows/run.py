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

from flows import stages
from flows.archives import Given
from flows.drift import drifted
from flows.intake import Intake, Plan, take_over
from flows.loop import POLL_S, Batch, Call, Pace, bury_dead, ingest, plainly, resign
from flows.settings import Settings
from flows.stop import at_stop
from flows.summary import Summary, records_met, summarise
from flows.tally import TALLY
from flows.tools import OpenEngines, here, open_tools
from flows.watch import Watch, silently
from ingest.errors import NewsmillError
from storage import claims, queue, runs, translations
from storage.store import Store

logger = logging.getLogger(__name__)

# Batches of seeds that make a portion, and below which the next is taken in.
_AHEAD = 3

KINDS = ("urls", "files", "nightly", "reprocess", "retry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is to do.

    `plan` is called once the run is open: it may fetch feeds. `given` are files that are looked through for seeds while
    the run works. With `refresh` what is known of an unchanged text takes the place of what was known before.
    """

    kind: str
    plan: Callable[[stages.Work], Plan] = lambda _: Plan()
    given: Given | None = None
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
        bury_dead(work)
        left = take_over(work, KINDS if order.kind == "retry" else (order.kind,), order.given)
        plan = order.plan(work)
        with Intake(work, plan, order.given, left, _AHEAD * settings.run.batch_size) as intake:
            _ingest(work, intake, settings.run.batch_size, call, watch)
        # A run for a list translates what it met; the nightly run and a retry also what waited for a model.
        of_runs = None if order.kind in ("nightly", "retry") else (work.run_id, *left.dead)
        translated = _translate(work, of_runs, call, watch) if order.translate else 0
        with work.store.writing() as tx:
            seconds = time.monotonic() - started
            summary = summarise(tx, work.run_id, work.target, translated=translated, seconds=seconds)
            summary = replace(summary, archive_records=records_met(intake.met), rechecked=plan.rechecked)
            successor = runs.continued_by(tx, work.run_id)
            runs.finish_run(tx, work.run_id, summary.as_json(), left.dead)
        if successor is None:
            from flows.export import export_after_run, index_after_run  # late: only what ran to its end needs it

            index_after_run(work.store, work.words)
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
    more = " and what was not looked at yet" if TALLY.more else ""
    return f"{left} of {seeds} seeds{more} are left" if seeds else None


def _ingest(work: stages.Work, intake: Intake, size: int, call: Call, watch: Watch) -> None:
    """Work until every seed of the run has its outcome, whoever gave it."""
    pace, tell = Pace(size), _teller(intake, watch)

    def claimed() -> Iterator[Batch]:
        while True:
            bury_dead(work)
            for left in intake.fill():
                tell(left)
            with work.store.writing() as tx:
                (own,) = (one for one in runs.open_runs(tx, work.worker) if one.id == work.run_id)
                left = queue.open_count(tx, work.run_id)
                tasks = claims.claim_seeds(tx, work.worker, own, pace.size(left if intake.is_over else max(left, size)))
            tell(left)  # a server, perhaps, which may take its time: nobody else could write meanwhile
            if not tasks:
                return
            yield work, tasks

    if intake.total:
        tell(intake.total)
    while True:
        done = ingest(claimed(), pace, call)
        with work.store.reading() as tx:
            left = queue.open_count(tx, work.run_id)
        tell(left)
        if not left and intake.is_over:
            return
        if not done:
            time.sleep(POLL_S)  # the rest is in other hands, or a site in others' hands


def _teller(intake: Intake, watch: Watch) -> Callable[[int], None]:
    """What tells how far a run is when it hears how many seeds have no outcome, if that has changed."""
    told = (-1, -1)

    def tell(left: int) -> None:
        nonlocal told
        now = (intake.total - left, intake.looked_at)
        if now != told:
            told = now
            watch("articles", intake.total - left, intake.total)

    return tell


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
