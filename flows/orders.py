"""What the kinds of run are made of: a list of URLs, local files, the configured sources, or what a retry may mend."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.archives import Given
from flows.intake import Plan, seed_tasks
from flows.run import Order
from flows.settings import usual_config
from flows.stages import Work
from ingest.errors import ConfigError
from ingest.inputs import must_exist
from ingest.model import Page, Seed, Validators
from ingest.outcome import Rejection, Unmodified
from storage import listings, seeds
from storage.listings import ListingRow, SourceRow
from storage.rechecks import due_tasks

if TYPE_CHECKING:
    from flows.choice import Choice
    from flows.settings import Settings
    from ingest.sources import ListingReport, Source

logger = logging.getLogger(__name__)

_SOURCES_AT_ONCE = 16
# A sitemap may list a site's whole past: what is older is no news. Three nights may fail before something is missed.
NEWS = timedelta(days=3)
# A page that failed for the moment is tried again in the nights after, until it is no news any more.
_RETRIED_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    """How long after it was stored an article is asked again, and how many of a source at most a night."""

    after: tuple[timedelta, ...] = ()
    most: int = 0


_NO_RECHECKS = Rechecks()


def url_order(given: Sequence[Seed], *, translate: bool = True) -> Order:
    """Ingest these URLs once."""
    return Order(kind="urls", plan=lambda _: Plan(tasks=seed_tasks(given)), translate=translate)


def file_order(paths: Sequence[Path], *, translate: bool = True, choice: Choice | None = None) -> Order:
    """Ingest local files: saved pages, plain texts, and the pages in WARC archives, of which some may be wanted only.

    Raises:
        InputError: a path does not exist.
    """
    must_exist(paths)
    given = Given(paths=tuple(path.absolute() for path in paths), choice=choice)
    return Order(kind="files", given=given, translate=translate)


def rechecks_of(settings: Settings) -> Rechecks:
    """As it is set."""
    hours = sorted(settings.run.recheck_hours)
    return Rechecks(after=tuple(timedelta(hours=one) for one in hours), most=settings.run.recheck_most)


def nightly_order(sources: Sequence[Source], *, translate: bool = True, rechecks: Rechecks = _NO_RECHECKS) -> Order:
    """Ingest what the feeds, sitemaps and section pages of these sources announce, and try again what failed lately.

    With `rechecks` also young articles are asked again that no listing announces.
    """
    return Order(
        kind="nightly",
        plan=lambda work: _announced(work, sources, rechecks),
        source_delays={source.name: source.delay_s for source in sources if source.delay_s is not None},
        translate=translate,
    )


def choose_sources(config: Path | None, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of sources.toml, or those with these names.

    Raises:
        ConfigError: the file cannot be used, or names no such source.
    """
    from ingest.sources import load_sources  # late, like all that only a nightly run needs

    file = (config or usual_config()) / "sources.toml"
    sources = load_sources(file)
    unknown = [name for name in names if name not in {source.name for source in sources}]
    if unknown:
        known = ", ".join(source.name for source in sources)
        raise ConfigError(f"{file} has no source named {unknown[0]!r}; it has: {known}")
    return tuple(source for source in sources if not names or source.name in names)


def retry_order(*, translate: bool = True, poison: bool = False) -> Order:
    """Try again what failed for the moment (or what is poison), and go on with what any interrupted run left."""

    def failed(work: Work) -> Plan:
        with work.store.reading() as tx:
            tasks = seeds.poisoned_tasks(tx) if poison else seeds.failed_tasks(tx)
        return Plan(tasks=tasks, poison=poison)

    return Order(kind="retry", plan=failed, translate=translate)


def _announced(work: Work, sources: Sequence[Source], rechecks: Rechecks) -> Plan:
    """What all sources announce, several of them asked at once: each waits most of the time for its own host."""
    names = [source.name for source in sources]
    now = datetime.now(UTC)
    with work.store.reading() as tx:
        known = listings.known_listings(tx, names)
        failed = seeds.failed_tasks(tx, sources=names, since=now - _RETRIED_FOR)
        again = [source.name for source in sources if source.recheck]
        due = due_tasks(tx, again, now, rechecks.after, rechecks.most)
    with ThreadPoolExecutor(_SOURCES_AT_ONCE, "discover") as executor:
        plans = list(executor.map(lambda source: _discovered(work, source, known), sources))
    tasks = [task for plan in plans for task in plan.tasks] + list(failed)
    announced = {task.key for task in tasks}
    rechecked = [task for task in due if task.key not in announced]
    return Plan(
        tasks=tasks + rechecked,
        rechecked=len(rechecked),
        listings=[row for plan in plans for row in plan.listings],
        sources=[row for plan in plans for row in plan.sources],
    )


def _discovered(work: Work, source: Source, known: Mapping[str, tuple[Validators, int]]) -> Plan:
    from ingest.sources import discover

    since = datetime.now(UTC) - NEWS
    held = {address: validators for address, (validators, _) in known.items()}
    found = discover(source, lambda seed: _listing(work, seed), since=since, known=held)
    announced = 0
    for one in found.listings:
        announced += known[one.address][1] if one.unmodified and one.address in known else one.fresh
        if one.rejection is not None:
            logger.info("%s: %s: %s (%s)", source.name, one.address, one.rejection.reason, one.rejection.detail)
    expected = source.expect.min_articles if source.expect else None
    return Plan(
        tasks=seed_tasks(found.seeds),
        listings=[_listing_row(source.name, one) for one in found.listings],
        sources=[SourceRow(source=source.name, announced=announced, expected=expected)],
    )


def _listing_row(source: str, one: ListingReport) -> ListingRow:
    return ListingRow(
        url=one.address,
        source=source,
        kind=one.kind,
        entries=one.entries,
        unmodified=one.unmodified,
        validators=one.validators,
        rejection=one.rejection,
    )


def _listing(work: Work, seed: Seed) -> Page | Rejection | Unmodified:
    return work.fetcher().fetch(seed, limit_bytes=work.max_feed_bytes)
