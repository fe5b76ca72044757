"""The stages of a run, each on a batch: digest, keep, translate; `flows.acquire` is the first.

Plain functions of a `Work` (what a run has open) and a batch. Whatever calls them, the command line or Prefect, calls
them in the order of `flows.run`. Each ends at a durable boundary: what it returns may be lost, and a later run goes on
from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flows.forgotten import refused_articles, rejection
from flows.parts import further_pages
from flows.permitted import refusal
from flows.site_lines import Digested, Trimmer, without_site_lines
from flows.tally import TALLY
from flows.translate import Translation, keep_translations, target_sides, translate_parts
from flows.twins import settle_twins
from flows.versions import tell_changes
from ingest.errors import NewsmillError, UnstorableError
from ingest.model import PAGES_MISSING, RULE_FAILED, Article, Page, Record, UrlKey, Use, Validators, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage, Unmodified
from ingest.parts import Limits, Wanted, whole
from ingest.sites.rules import SiteRules
from ingest.urls import address_key
from ingest.workers import WorkerDeath
from storage import claims, links, readings, records, runs, seeds, translations
from storage.archive import Archive
from storage.forgetting import erase_addresses, erase_places
from storage.search.documents import Writer
from storage.seeds import Settled, Task
from storage.store import Store, Transaction
from storage.timeline import State

if TYPE_CHECKING:
    from ingest.fetch.fetcher import HttpFetcher

logger = logging.getLogger(__name__)

Acquired = tuple[Task, Page | Rejection | Unmodified]
Digest = Record | Rejection | WorkerDeath

# What says that a page is no more, or never was.
_GONE = frozenset({Reason.GONE, Reason.NOT_FOUND})
# Pages that took too long alone, too, one after the other, after which a batch tries no more of them.
_IN_VAIN = 3


class PagePool(Protocol):
    """What makes records of pages: `ingest.workers.WorkerPool`, or something like it on other machines."""

    def prepare(self, items: int, /) -> object:
        """Get ready in the background: so many pages may come."""

    def run(self, items: Iterable[Page], /) -> Iterator[tuple[int, Digest]]:
        """Yield (position of the page, what became of it), in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a process has open that works on a run.

    `worker` is its id, `archive_folder` where all processes keep what they fetch, and `rest_s` how long a site is left
    alone before another process asks it. `reader` is the version of what reads pages, `rules` say how those of
    some sites are read, `fetcher` opens what fetches them at its first call. An article has at most `max_pages` pages.
    """

    run_id: str
    worker: str
    archive_folder: Path
    rest_s: float
    refresh: bool
    reader: str
    rules: SiteRules
    max_body_bytes: int
    max_feed_bytes: int
    max_pages: int
    permitted_for: Use | None
    store: Store
    archive: Archive
    fetcher: Callable[[], HttpFetcher]
    workers: PagePool
    words: Writer
    trim: Trimmer
    translation: Translation

    @property
    def target(self) -> str:
        """The language that everything is translated into."""
        return self.translation.target


def digest(work: Work, acquired: Sequence[Acquired]) -> list[Digested]:
    """Make records of pages, in worker processes that are killed when a page takes too long."""
    pages = {task.key: got for task, got in acquired if isinstance(got, Page)}
    made = _process(work, pages)
    made |= _second_chance(work, pages, made)
    made |= _without_rules(work, pages, made)
    made |= _whole(work, pages, made)
    digested: list[Digested] = []
    for task, got in acquired:
        result = made[task.key] if isinstance(got, Page) else got
        if isinstance(result, WorkerDeath):
            result = _buried(pages[task.key], result)
        elif isinstance(result, Record):
            result = refusal(work.permitted_for, task.seed, result.article.rights, Stage.STORE) or result
        digested.append(Digested(_read_from(task, got, result), result))
    return digested


def keep(work: Work, digested: Sequence[Digested]) -> list[Settled]:
    """Store a batch in one transaction: records, fingerprints, links, clusters and the outcome of each seed.

    Seeds that another worker has in hand by now, because this one was taken for dead, are left to it. Where something
    cannot be stored, the batch is halved until it is found: it becomes a rejection of its own seed.

    Raises:
        NewsmillError: the database is locked, full or gone.
    """
    try:
        return _keep(work, digested)
    except Exception as error:
        if not digested or (isinstance(error, NewsmillError) and not isinstance(error, UnstorableError)):
            raise
        if len(digested) == 1:
            return _keep(work, [_unstorable(digested[0], error)])
    half = len(digested) // 2
    return [*keep(work, digested[:half]), *keep(work, digested[half:])]


def translate(work: Work, ids: Sequence[UrlKey]) -> int:
    """Translate what is missing of these records and link the translated texts; returns how many got something.

    What cannot be stored of a translation stays pending.
    """
    try:
        with work.store.reading() as tx:
            missing = translations.untranslated(tx, ids, work.target)
            missing += translations.untranslated_margins(tx, ids, work.target)
        return len(keep_translations(work.store, work.target, translate_parts(work.translation, missing)))
    except UnstorableError as error:
        if len(ids) == 1:
            logger.warning("the translation of record %s waits: %s", ids[0][:12], error)
            return 0
    half = len(ids) // 2
    return translate(work, ids[:half]) + translate(work, ids[half:])


def _keep(work: Work, digested: Sequence[Digested]) -> list[Settled]:
    with work.store.writing() as tx:
        mine = claims.in_hand(tx, work.worker, [one.task.key for one in digested])
        ours, away = _without_forgotten(tx, [one for one in digested if one.task.key in mine])
        settled, stored = _store(tx, work, without_site_lines(tx, ours))
        served = seeds.settle(tx, work.run_id, settled)
        why = {one.key: one.rejection for one in settled}
        readings.note_readings(
            tx, {task.key: (task.reading, why[task.key]) for task, *_ in ours if task.reading is not None}
        )
        keys = [record.article.key for record in stored]
        met = [UrlKey(one.record_id) for one in settled if one.record_id is not None]
        texts = {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint for record in stored}
        for target in sorted({work.target, *runs.targets(tx, served)}):
            unseen = keys if work.refresh else translations.without_state(tx, met, target)
            translations.set_states(tx, unseen, target)
            texts |= target_sides(tx, unseen, target)
        if texts:
            from flows.link import link_texts  # late: what is stored is compared, and it takes long to load

            link_texts(tx, texts, keys)
        places = [task.archive for task in away if task.archive is not None]
        erase_addresses(tx, [task.key for task in away], places)
        claims.let_go(tx, work.worker, sorted(mine), work.rest_s)
    # What somebody else has archived is left to him.
    erase_places(filter(work.archive.holds, places))
    TALLY.settled(one.outcome for one in settled)
    return settled


def _without_forgotten(tx: Transaction, digested: Sequence[Digested]) -> tuple[list[Digested], list[Task]]:
    """What was digested, with rejections in place of what is to stay forgotten; and the seeds of these.

    That a page is one of them may show only when it was read: another address led to it.
    """
    made = [one.result.article for one in digested if isinstance(one.result, Record)]
    why = refused_articles(tx, made)
    kept: list[Digested] = []
    away: list[Task] = []
    for one in digested:
        task, result, _ = one
        if isinstance(result, Record) and result.article.key in why:
            away.append(replace(task, archive=result.article.provenance.archive, reading=None))
            kept.append(Digested(away[-1], rejection(task.seed, Stage.STORE, why[result.article.key])))
        else:
            kept.append(one)
    return kept, away


def _unstorable(one: Digested, error: Exception) -> Digested:
    """A rejection in place of what cannot be stored; of a rejection only its reason is left."""
    task, result, _ = one
    cause = (str(error).strip().splitlines() or [""])[0]
    if not isinstance(error, UnstorableError):  # a defect: it is one seed's, and is to be found
        logger.warning("%s cannot be stored", task.seed.url, exc_info=error)
        cause = f"{type(error).__name__}: {cause}"
    if isinstance(result, Rejection):
        cause = f"{result.reason}; {cause}"
    rejection = Rejection(
        url=task.seed.url, source=task.seed.source, stage=Stage.STORE, reason=Reason.UNSTORABLE, detail=cause[:300]
    )
    return Digested(task, rejection)


def _process(work: Work, pages: Mapping[str, Page]) -> dict[str, Digest]:
    keys = list(pages)
    made: dict[str, Digest] = {}
    for position, result in work.workers.run(list(pages.values())):
        TALLY.extracted()
        made[keys[position]] = result
    return made


def _second_chance(work: Work, pages: Mapping[str, Page], made: Mapping[str, Digest]) -> dict[str, Digest]:
    """Process again, each alone, the pages whose process died: it may have died of what was done beside it.

    Memory may have run out, or the machine was too busy. Where several in a row take too long alone, too, they are to
    blame, and the others of their kind are left as they are.
    """
    again: dict[str, Digest] = {}
    in_vain = 0
    for key, death in made.items():
        if isinstance(death, WorkerDeath) and not (death.timed_out and in_vain >= _IN_VAIN):
            again |= _process(work, {key: pages[key]})
            result = again[key]
            in_vain = in_vain + 1 if isinstance(result, WorkerDeath) and result.timed_out else 0
    return again


def _without_rules(work: Work, pages: Mapping[str, Page], made: Mapping[str, Digest]) -> dict[str, Digest]:
    """Process again, without the rule of their site, pages whose process died: the rule may be what took too long."""
    again = {key: replace(pages[key], rule=None) for key, one in made.items() if isinstance(one, WorkerDeath)}
    again = {key: page for key, page in again.items() if pages[key].rule is not None}
    redone = _process(work, again) if again else {}
    return {
        key: replace(one, article=one.article.flagged(RULE_FAILED)) if isinstance(one, Record) else one
        for key, one in redone.items()
    }


def _whole(work: Work, pages: Mapping[str, Page], made: Mapping[str, Digest]) -> dict[str, Digest]:
    """Read the pages of articles that go on over several together with the others."""
    several: dict[str, Digest] = {
        key: one for key, one in made.items() if isinstance(one, Record) and one.article.series is not None
    }
    if not several:
        return {}

    def get(wanted: Sequence[Wanted]) -> list[Page | None]:
        return further_pages(work, wanted)

    limits = Limits(pages=work.max_pages, size=work.max_body_bytes)
    return whole(pages, several, lambda some: _process(work, some), get, limits)


def _store(
    tx: Transaction, work: Work, digested: Iterable[tuple[Task, Record | Rejection | Unmodified, str]]
) -> tuple[list[Settled], list[Record]]:
    """Store what is new or has changed; every seed's outcome, and the records stored."""
    results = list(digested)
    before = seeds.last_text(tx, [task.key for task, _, _ in results])
    settled: list[Settled] = []
    seen: list[records.Seen] = []
    news: list[tuple[Task, Record, str]] = []
    now = datetime.now(UTC)
    for task, result, sha in results:
        record_id, _ = before.get(task.key, (None, None))
        if isinstance(result, Record):
            news.append((task, result, sha))
            continue
        if isinstance(result, Rejection):
            settled.append(Settled(key=task.key, outcome=result.outcome, rejection=result))
            state = State.GONE if result.reason in _GONE and not work.refresh else None
        else:
            settled.append(Settled(key=task.key, outcome=Outcome.UNCHANGED, record_id=record_id, unmodified=result.how))
            # A file that was read before is the same capture still.
            state = None if task.seed.via in (Via.FILE, Via.WARC) else State.SAME
        if state is not None:
            seen.append(records.Seen(address=address_key(task.seed.url), state=state, at=task.captured_at or now))
    read = [(_address(task, record), sha) for task, record, sha in news]
    twins = settle_twins(tx, [record for _, record, _ in news])
    news = [(task, twins.of(record), sha) for task, record, sha in news]
    made = [record for _, record, _ in news]
    added = records.add_records(tx, made, work.run_id, refresh=work.refresh, read=read, taken=twins.taken)
    for (task, record, sha), outcome in zip(news, added.outcomes, strict=True):
        validators, key = task.validators, record.article.key
        settled.append(Settled(key=task.key, outcome=outcome, record_id=key, text_sha256=sha, validators=validators))
    records.set_rights(tx, _same(news, added.outcomes))
    touched = records.add_sightings(tx, seen, work.run_id)
    tell_changes(tx, {*touched, *(record.article.key for record in made)})
    return settled, list(added.shown)


def _same(news: Sequence[tuple[Task, Record, str]], outcomes: Sequence[Outcome]) -> dict[str, Article]:
    """What was asked for now and has the text that is stored: what it says of its use may be another."""
    known = zip(news, outcomes, strict=True)
    return {
        record.article.key: record.article
        for (task, record, _), outcome in known
        if outcome is Outcome.UNCHANGED and task.seed.via is not Via.WARC
    }


def _address(task: Task, record: Record) -> str:
    """The key of the address that was captured: of a saved page where it was saved from, of a later one the first."""
    parts = {address_key(part.url) for part in record.article.provenance.parts}
    away = task.seed.via is Via.FILE or address_key(task.seed.url) in parts
    return address_key(record.article.url if away else task.seed.url)


def _read_from(task: Task, got: Page | Rejection | Unmodified, made: Digest | Unmodified) -> Task:
    """The task with the time of its response and what tells it from a newer one; a local file has no such thing.

    Nor has a page that was read with others, which may change while it stays as it is.
    """
    if not isinstance(got, Page):
        return task
    task = replace(task, captured_at=got.captured_at)
    if isinstance(made, Record) and (made.article.provenance.parts or PAGES_MISSING in made.article.flags):
        return replace(task, reading=task.reading.of_several() if task.reading else None)
    if got.status is None:
        return task
    tag, date = got.header("etag"), got.header("last-modified")
    validators = Validators(etag=tag, last_modified=date, body_sha256=got.body_sha256)
    return replace(task, validators=validators)


def _buried(page: Page, death: WorkerDeath) -> Rejection:
    reason = Reason.EXTRACT_TIMEOUT if death.timed_out else Reason.EXTRACT_CRASH
    return Rejection(
        url=page.seed.url, source=page.seed.source, stage=Stage.EXTRACT, reason=reason, detail=death.detail
    )
