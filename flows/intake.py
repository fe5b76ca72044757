"""How seeds come into a run: all at once, or portion by portion from files that are looked through while it works.

A portion is taken in whenever few seeds are left to do, and the next is looked for meanwhile: memory stays flat, and
the first page is read within seconds, however much was given. With the seeds of a portion it is noted how far archives
were looked through, in one transaction; so a run that goes on with a dead one goes on with its files from there.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from types import TracebackType
from typing import Self

from flows.archives import Given, Look, Portion, given_in, revisited, seed_task
from flows.forgotten import without_titles
from flows.stages import Work
from flows.tally import TALLY
from flows.versions import tell_changes
from ingest.model import Seed, Via
from ingest.urls import site_of
from storage import listings, queue, records, runs
from storage.listings import ListingRow, SourceRow
from storage.reach import Reach, given_to, inherit_reaches, note_given, note_reaches
from storage.seeds import Task
from storage.store import Transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The seeds of a run that are known when it begins, and for a nightly run what sources announced.

    `rechecked` of the seeds are asked again because they are young. With `poison` also seeds are done that were set
    aside.
    """

    tasks: Sequence[Task] = ()
    rechecked: int = 0
    poison: bool = False
    listings: Sequence[ListingRow] = ()
    sources: Sequence[SourceRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What dead runs left: their ids, their seeds without outcome, the files they had not looked through to the end."""

    dead: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    given: tuple[Given, ...] = ()
    reaches: Mapping[tuple[str, str], Reach] = field(default_factory=dict)


class Intake:
    """Takes the seeds of a run in; a context manager.

    Args:
        work: what the run has open.
        plan: its first seeds.
        given: files that are looked through for more.
        left: what it goes on with.
        size: how many seeds make a portion. While fewer are left to do, one more is taken in.

    Attributes:
        total: how many seeds are or were to be done, so far.
        looked_at: how many records of archives were looked at for them.
        met: these records, by kind.
    """

    def __init__(self, work: Work, plan: Plan, given: Given | None, left: Left, size: int) -> None:
        self.total = self.looked_at = 0
        self.met: Counter[str] = Counter()
        self._work = work
        self._plan = plan
        self._left = left
        self._size = size
        self._looking = ThreadPoolExecutor(1, "look")
        self._files = tuple(dict.fromkeys((*([given] if given else ()), *left.given)))
        self._portions = iter(self._look())
        self._coming: Future[Portion | None] | None = None

    def __enter__(self) -> Self:
        TALLY.begin(more=bool(self._files))
        self._accept([*self._left.tasks, *self._plan.tasks], Portion(), announced=True)
        self._coming = self._next() if self._files else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._looking.shutdown(cancel_futures=True)

    @property
    def is_over(self) -> bool:
        """Whether no more seeds are to come."""
        return self._coming is None

    def fill(self) -> Iterator[int]:
        """Take in what there is to do next; yields how many seeds have no outcome, where the look takes long."""
        while self._coming is not None and (left := self._open()) < self._size:
            portion = self._coming.result()
            if portion is None:
                self._coming = None
                TALLY.sees_all()
                return
            self._coming = self._next()
            self._accept(portion.tasks, portion)
            if portion.took_long:
                yield (left := self._open())
                if left:
                    return

    def _look(self) -> Iterator[Portion]:
        """All portions, the files of dead runs last: who gives the same once more goes on with it."""
        for given in self._files:
            look = Look(given, self._work.archive_folder, self._left.reaches, self._size, self.met)
            yield from look.portions()

    def _next(self) -> Future[Portion | None]:
        return self._looking.submit(next, self._portions, None)

    def _open(self) -> int:
        with self._work.store.reading() as tx:
            return queue.open_count(tx, self._work.run_id)

    def _accept(self, tasks: Iterable[Task], portion: Portion, *, announced: bool = False) -> None:
        """Enter seeds with what announced them, in one transaction: a listing counts as read once its seeds are in."""
        distinct: dict[str, Task] = {}
        with self._work.store.writing() as tx:
            again, seen = revisited(tx, portion.revisits)
            for task in [*tasks, *again]:
                # What an interrupted run fetched comes first and keeps its pointer into the archive.
                distinct.setdefault(task.key, task)
            if announced:
                listings.add_listings(tx, self._work.run_id, self._plan.listings)
                listings.add_sources(tx, self._work.run_id, self._plan.sources)
            tell_changes(tx, records.add_sightings(tx, [*portion.gone, *seen], self._work.run_id))
            before = 0 if announced else queue.open_count(tx, self._work.run_id)
            todo = self._enter(tx, without_titles(tx, list(distinct.values())))
            more = queue.open_count(tx, self._work.run_id) - before  # what waited already counts once
            note_reaches(tx, self._work.run_id, list(portion.reaches.values()))
        self.total += more
        self.looked_at += portion.records
        TALLY.add([task.site or site_of(task.seed.url) for task in todo[len(todo) - more :]])

    def _enter(self, tx: Transaction, tasks: Sequence[Task]) -> tuple[Task, ...]:
        work = self._work
        beside = [one.id for one in runs.open_runs(tx, work.worker) if one.alive and one.id != work.run_id]
        inturn = [replace(task, site=_asked(task)) for task in _interleaved(tasks)]
        return queue.accept(
            tx, work.run_id, inturn, self._left.dead, beside, poison=self._plan.poison, first=self.total
        )


def take_over(work: Work, kinds: Sequence[str], given: Given | None) -> Left:
    """Go on with runs of these kinds that died.

    Args:
        work: what this run has open.
        kinds: the kinds.
        given: the files of this run itself, which the run after it goes on with if it dies, too.
    """
    with work.store.writing() as tx:
        dead = runs.dead_runs(tx, work.run_id, kinds)
        tasks = queue.inherit(tx, work.run_id, dead)
        known = given_to(tx, dead)
        reaches = inherit_reaches(tx, work.run_id, dead)
        own = [given.as_json] if given else []
        note_given(tx, work.run_id, [*own, *(one for one in known if one not in own)])
    if tasks:
        logger.warning("going on with %d seeds of interrupted run %s", len(tasks), ", ".join(dead))
    return Left(dead=dead, tasks=tasks, given=tuple(_there(map(given_in, known))), reaches=reaches)


def seed_tasks(given: Sequence[Seed]) -> list[Task]:
    """Seeds under their keys in the state table."""
    return [seed_task(seed) for seed in given]


def _there(given: Iterable[Given]) -> Iterator[Given]:
    """What an interrupted run was given, as far as it is still there."""
    for one in given:
        for path in one.paths:
            if not path.exists():
                logger.warning("%s, which an interrupted run was given, is gone", path)
        yield replace(one, paths=tuple(path for path in one.paths if path.exists()))


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
