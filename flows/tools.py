"""What a process opens that works on runs: archive, fetcher, workers, translator, each as the settings say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from flows.loop import alive, seldom_collected
from flows.policies import fetch_policy, worker_policy
from flows.portions import trimmed, words_of
from flows.settings import Settings, home
from flows.site_lines import Lined, Trimmer, left_for_later
from flows.stages import PagePool, Work
from flows.stop import at_stop
from flows.translate import Translation
from ingest.model import Record
from ingest.reader import reader_version
from ingest.sites.rules import SiteRules, load_rules
from ingest.translate.backends import open_translator
from ingest.translate.texts import Translator
from ingest.workers import Later, WorkerPool
from storage.archive import Archive
from storage.engine import folder_of
from storage.objects import Address
from storage.search.documents import Document, Words, Writer, written
from storage.store import SentenceMemory, Store

if TYPE_CHECKING:
    from ingest.fetch.fetcher import HttpFetcher


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What does the heavy work: it makes records of pages and what is searched of them, and translates sentences."""

    pages: PagePool
    translator: Translator
    words: Writer = written
    trim: Trimmer = left_for_later


OpenEngines: TypeAlias = Callable[[Settings], AbstractContextManager[Engines]]


@contextmanager
def here(settings: Settings) -> Iterator[Engines]:
    """Engines on this machine: pages in worker processes, sentences in this one, which has all cores for them."""
    pool: WorkerPool[Any, Any] = WorkerPool(Later("flows.making", "make"), worker_policy(settings))
    with pool as pages:
        yield Engines(
            pages=pages,
            translator=translator(settings),
            words=partial(_in_workers, pages),
            trim=partial(_trimmed, pages),
        )


def _in_workers(pages: WorkerPool[Any, Any], documents: Sequence[Document], dialect: str) -> Sequence[Words]:
    return words_of(pages, documents, dialect)


def _trimmed(pages: WorkerPool[Any, Any], asked: Sequence[Lined]) -> Mapping[int, Record]:
    return trimmed(pages, asked)


@contextmanager
def open_tools(
    store: Store,
    worker_id: str,
    settings: Settings,
    source_delays: Mapping[str, float],
    open_engines: OpenEngines = here,
) -> Iterator[Work]:
    """Open what a process needs that works on runs; which run is to be filled in."""
    policy = replace(fetch_policy(settings), source_delays=source_delays)
    folder = archive_folder(settings)
    max_bytes = settings.storage.archive_file_mb * 1_000_000
    with ExitStack() as stack:
        stack.enter_context(alive(store, worker_id))
        stack.enter_context(seldom_collected())
        engines = stack.enter_context(open_engines(settings))
        door = Lock()

        @cache
        def opened() -> HttpFetcher:
            from ingest.fetch.fetcher import HttpFetcher  # late: for files alone nothing is fetched

            fetcher = stack.enter_context(HttpFetcher(policy))
            stack.enter_context(at_stop(fetcher.abandon))
            return fetcher

        def fetcher() -> HttpFetcher:
            with door:  # several threads may be the first
                return opened()

        yield Work(
            run_id="",
            worker=worker_id,
            archive_folder=folder,
            rest_s=max(policy.delay_s, *source_delays.values(), 0.0),
            refresh=False,
            reader=reader_version(),
            rules=site_rules(settings),
            max_body_bytes=settings.fetch.max_body_bytes,
            max_feed_bytes=policy.max_feed_bytes,
            max_pages=settings.fetch.max_pages,
            permitted_for=settings.storage.permitted_for,
            store=store,
            archive=stack.enter_context(Archive(folder, worker_id, max_bytes, archive_address(settings))),
            fetcher=fetcher,
            workers=engines.pages,
            words=engines.words,
            trim=engines.trim,
            translation=translation(settings, store, engines.translator),
        )


def site_rules(settings: Settings) -> SiteRules:
    """How the pages of some sites are read; what is wrong in a file is said, and the rest of it holds."""
    rules = load_rules(settings.sites)
    for problem in rules.problems:
        logger.warning("site rule %s", problem)
    return rules


def archive_folder(settings: Settings) -> Path:
    """Where raw responses are written: as set, or beside the database."""
    folder = settings.storage.archive_dir
    return folder if isinstance(folder, Path) else folder_of(settings.storage.url, home() / "data") / "archive"


def archive_address(settings: Settings) -> Address | None:
    """Where they are taken from there, if that is an object store."""
    folder = settings.storage.archive_dir
    return None if folder is None or isinstance(folder, Path) else folder


def translation(settings: Settings, store: Store, engine: Translator | None = None) -> Translation:
    """What translates, as set; nothing is loaded yet."""
    translate = settings.translate
    return Translation(
        translator=engine or translator(settings),
        memory=SentenceMemory(store),
        target=translate.target,
        pivot=translate.pivot,
    )


def translator(settings: Settings) -> Translator:
    """The translator that is set."""
    translate = settings.translate
    return open_translator(
        translate.backend,
        translate.packages_dir,
        beam=translate.beam,
        threads=translate.threads,
        compute_type=translate.compute_type,
    )
