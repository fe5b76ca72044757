"""What the kinds of run are made of: a list of URLs, local files, the configured sources, or what a retry may mend."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from flows.run import Order, seed_tasks
from flows.settings import DEFAULT_CONFIG
from flows.stages import Work
from ingest.errors import ConfigError, StorageError
from ingest.inputs import file_seed, find_files, is_warc
from ingest.model import ArchivePointer, Page, Seed, Via
from ingest.outcome import Rejection
from ingest.sources import Source, discover, load_sources
from ingest.urls import canonicalize, url_key
from storage import runs
from storage.archive import find_pages
from storage.runs import Task

logger = logging.getLogger(__name__)


def url_order(seeds: Sequence[Seed], *, translate: bool = True) -> Order:
    """Ingest these URLs once."""
    return Order(kind="urls", tasks=lambda _: seed_tasks(seeds), translate=translate)


def file_order(paths: Sequence[Path], *, translate: bool = True) -> Order:
    """Ingest local files: saved pages, plain texts, and the pages in WARC archives.

    Raises:
        InputError: a path does not exist.
    """
    files = list(find_files(paths))
    return Order(
        kind="files", tasks=lambda _: [task for path in files for task in _file_tasks(path)], translate=translate
    )


def nightly_order(sources: Sequence[Source], *, translate: bool = True) -> Order:
    """Ingest what the feeds of these sources announce."""
    return Order(
        kind="nightly",
        tasks=lambda work: [task for source in sources for task in _announced(work, source)],
        source_delays={source.name: source.delay_s for source in sources if source.delay_s is not None},
        translate=translate,
    )


def choose_sources(config: Path | None, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of sources.toml, or those with these names.

    Raises:
        ConfigError: the file cannot be used, or names no such source.
    """
    file = (config or DEFAULT_CONFIG) / "sources.toml"
    sources = load_sources(file)
    unknown = [name for name in names if name not in {source.name for source in sources}]
    if unknown:
        known = ", ".join(source.name for source in sources)
        raise ConfigError(f"{file} has no source named {unknown[0]!r}; it has: {known}")
    return tuple(source for source in sources if not names or source.name in names)


def retry_order(*, translate: bool = True) -> Order:
    """Try again what failed for the moment, and go on with what any interrupted run left."""

    def failed(work: Work) -> Sequence[Task]:
        with work.store.reading() as tx:
            return runs.failed_tasks(tx)

    return Order(kind="retry", tasks=failed, translate=translate)


def _file_tasks(path: Path) -> list[Task]:
    """A page in a file is a seed, and so is each page of a WARC archive, which lies archived where it is.

    An archive that breaks off gives what came before, and is a seed itself: one that will be rejected.
    """
    if not is_warc(path):
        return seed_tasks([file_seed(path)])
    tasks: list[Task] = []
    try:
        tasks.extend(_archived_task(found.url, found.pointer) for found in find_pages(path))
    except StorageError as error:
        logger.warning("%s", error)
        tasks += seed_tasks([Seed(url=path.resolve().as_uri(), via=Via.WARC)])
    return tasks


def _archived_task(url: str, pointer: ArchivePointer) -> Task:
    try:
        key = url_key(canonicalize(url))
    except ValueError:
        key = url_key(url)
    via = Via.FILE if url.startswith("file:") else Via.WARC
    return Task(key=key, seed=Seed(url=url, via=via), archive=pointer)


def _announced(work: Work, source: Source) -> list[Task]:
    seeds: list[Seed] = []
    for address in source.feeds:
        found = discover(source, address, lambda seed: _feed_page(work, seed))
        with work.store.writing() as tx:
            runs.add_feed(tx, work.run_id, source.name, address, found if isinstance(found, Rejection) else len(found))
        if isinstance(found, Rejection):
            logger.info("feed of %s: %s: %s (%s)", source.name, address, found.reason, found.detail)
        else:
            seeds.extend(found)
    return seed_tasks(seeds)


def _feed_page(work: Work, seed: Seed) -> Page | Rejection:
    return work.fetcher.fetch(seed, limit_bytes=work.max_feed_bytes)
