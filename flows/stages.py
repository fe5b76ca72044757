"""The stages of a run, each on a batch: acquire, digest, keep, translate.

Plain functions of a `Work` (what a run has open) and a batch. Whatever calls them, the command line or Prefect, calls
them in the order of `flows.run`. Each ends at a durable boundary: what it returns may be lost, and a later run goes on
from there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.link import link_texts
from ingest.dedup.fingerprint import fingerprint
from ingest.errors import StorageError
from ingest.fetch.fetcher import HttpFetcher
from ingest.inputs import read_file
from ingest.model import Fingerprint, Page, Record, Seed, UrlKey, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage
from ingest.translate.texts import Memory, Translator, translate_texts
from ingest.urls import canonicalize
from ingest.workers import WorkerDeath, WorkerPool
from storage import links, records, runs, translations
from storage.archive import Archive, read_page
from storage.runs import Settled, Task
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)

Acquired = tuple[Task, Page | Rejection]
Digested = tuple[Task, Record | Rejection]

# Pages between two looks at the disk: a kill costs at most so many requests, and a look costs some milliseconds.
_SYNC_EVERY = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a run has open."""

    run_id: str
    target: str
    max_body_bytes: int
    max_feed_bytes: int
    store: Store
    archive: Archive
    fetcher: HttpFetcher
    workers: WorkerPool[Page, Record | Rejection]
    translator: Translator
    memory: Memory


def acquire(work: Work, tasks: Sequence[Task]) -> list[Acquired]:
    """The raw response of each seed: from the archive where it was fetched before, else fetched and archived now."""
    acquired: list[Acquired] = []
    fresh: list[tuple[Task, Page]] = []
    missing: list[Task] = []
    for task in tasks:
        page = _archived(task)
        if page is None:
            missing.append(task)
        else:
            acquired.append((task, page))
    for task, got in _responses(work, missing):
        if isinstance(got, Rejection):
            acquired.append((task, got))
            continue
        page = work.archive.add(got)
        acquired.append((task, page))
        fresh.append((task, page))
        if len(fresh) % _SYNC_EVERY == 0:
            _commit_fetched(work, fresh[-_SYNC_EVERY:])
    if rest := len(fresh) % _SYNC_EVERY:
        _commit_fetched(work, fresh[-rest:])
    order = {task.key: position for position, task in enumerate(tasks)}
    return sorted(acquired, key=lambda one: order[one[0].key])


def digest(work: Work, acquired: Sequence[Acquired]) -> list[Digested]:
    """Make records of pages, in worker processes that are killed when a page takes too long."""
    pages = [(task, got) for task, got in acquired if isinstance(got, Page)]
    results: dict[str, Record | Rejection] = {task.key: got for task, got in acquired if isinstance(got, Rejection)}
    for position, result in work.workers.run([page for _, page in pages]):
        task, page = pages[position]
        results[task.key] = _buried(page, result) if isinstance(result, WorkerDeath) else result
    return [(task, results[task.key]) for task, _ in acquired]


def keep(work: Work, digested: Sequence[Digested]) -> list[Settled]:
    """Store a batch in one transaction: records, fingerprints, links, clusters and the outcome of each seed."""
    with work.store.writing() as tx:
        settled, stored = _store(tx, work, digested)
        keys = [record.article.key for record in stored]
        met = [UrlKey(one.record_id) for one in settled if one.record_id is not None]
        unseen = translations.without_state(tx, met, work.target)
        translations.set_states(tx, unseen, work.target)
        texts = {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint for record in stored}
        link_texts(tx, texts | _target_sides(tx, unseen, work.target), keys)
        runs.settle(tx, work.run_id, settled)
        runs.heartbeat(tx, work.run_id)
    return settled


def translate(work: Work, ids: Sequence[UrlKey]) -> int:
    """Translate what is missing of these records and link the translated texts; returns how many got something."""
    with work.store.reading() as tx:
        missing = translations.untranslated(tx, ids, work.target)
    made: list[translations.Translated] = []
    for language in sorted({one.language for one in missing}):
        if (language, work.target) in work.translator.pairs():
            parts = [one for one in missing if one.language == language]
            model = work.translator.model(language, work.target)
            texts = translate_texts([part.text for part in parts], language, work.target, work.translator, work.memory)
            made += [
                translations.Translated(record_id=part.record_id, position=part.position, text=text, model=model)
                for part, text in zip(parts, texts, strict=True)
            ]
    changed = sorted({one.record_id for one in made})
    with work.store.writing() as tx:
        translations.add_translations(tx, work.target, made)
        translations.set_states(tx, changed, work.target)
        link_texts(tx, _target_sides(tx, changed, work.target))
        runs.heartbeat(tx, work.run_id)
    return len(changed)


def _archived(task: Task) -> Page | None:
    """The page from the archive; a record that was lost or damaged there is acquired as if it never had been."""
    if task.archive is None:
        return None
    try:
        return read_page(task.seed, task.archive)
    except StorageError as error:
        logger.warning("%s", error)
        return None


def _responses(work: Work, tasks: Sequence[Task]) -> Iterator[tuple[Task, Page | Rejection]]:
    web: dict[str, Task] = {}
    for task in tasks:
        if task.seed.via is Via.FILE:
            yield task, read_file(task.seed, work.max_body_bytes)
        elif task.seed.via is Via.WARC:  # a page in an archive has a pointer; what has none is the archive itself
            detail = "not a WARC file, or it breaks off; what came before was read"
            yield task, _refused(task.seed, Reason.BAD_WARC, detail)
        elif not _is_url(task.seed.url):
            yield task, _refused(task.seed, Reason.BAD_URL, "not an http(s) URL")
        else:
            web[task.seed.url] = task
    if web:
        for got in work.fetcher.fetch_many([task.seed for task in web.values()]):
            yield web[got.url if isinstance(got, Rejection) else got.seed.url], got


def _commit_fetched(work: Work, fresh: Sequence[tuple[Task, Page]]) -> None:
    work.archive.sync()
    with work.store.writing() as tx:
        runs.mark_fetched(tx, [(task.key, page) for task, page in fresh])


def _store(tx: Transaction, work: Work, digested: Sequence[Digested]) -> tuple[list[Settled], list[Record]]:
    """Store what is new or has changed; every seed's outcome, and the records stored."""
    before = runs.last_text(tx, [task.key for task, _ in digested])
    settled: list[Settled] = []
    news: list[tuple[Task, Record]] = []
    for task, result in digested:
        if isinstance(result, Rejection):
            settled.append(Settled(key=task.key, outcome=result.outcome, rejection=result))
            continue
        sha = records.text_sha256(result.article)
        record_id, last = before.get(task.key, (None, None))
        if last == sha and record_id is not None:
            # Two addresses of one record may serve different texts: each is compared with what it served before.
            settled.append(Settled(key=task.key, outcome=Outcome.UNCHANGED, record_id=record_id, text_sha256=sha))
        else:
            news.append((task, result))
    stored: dict[str, Record] = {}
    outcomes = records.add_records(tx, [record for _, record in news], work.run_id)
    for (task, record), outcome in zip(news, outcomes, strict=True):
        key, sha = record.article.key, records.text_sha256(record.article)
        settled.append(Settled(key=task.key, outcome=outcome, record_id=key, text_sha256=sha))
        if outcome is Outcome.STORED:
            stored[key] = record
    return settled, list(stored.values())


def _target_sides(tx: Transaction, ids: Sequence[UrlKey], target: str) -> dict[links.Side, Fingerprint]:
    """Fingerprints of what records read like in the target language, as far as they can be read in it."""
    texts = links.side_texts(tx, [(key, target) for key in translations.readable(tx, ids, target)])
    return {side: fingerprint(one.text, target) for side, one in texts.items()}


def _buried(page: Page, death: WorkerDeath) -> Rejection:
    reason = Reason.EXTRACT_TIMEOUT if death.timed_out else Reason.EXTRACT_CRASH
    return Rejection(
        url=page.seed.url, source=page.seed.source, stage=Stage.EXTRACT, reason=reason, detail=death.detail
    )


def _refused(seed: Seed, reason: Reason, detail: str) -> Rejection:
    return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=reason, detail=detail)


def _is_url(text: str) -> bool:
    try:
        canonicalize(text)
    except ValueError:
        return False
    return True
