"""Further pages of articles in a run: out of the archive where they lie there, else fetched as politely as any page.

They are no seeds and have no outcome: each is a capture of its own, in the archive and in its index.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.forgotten import forgotten, refused
from flows.permitted import refusal
from ingest.errors import StorageError
from ingest.inputs import read_file
from ingest.model import Page, Seed, UrlKey, Via
from ingest.outcome import Stage
from ingest.parts import Wanted
from ingest.rights import rights_in
from ingest.sites.rules import address_of_page
from ingest.urls import address_key
from storage.archive import read_page
from storage.captures import Capture, add_captures, captures_of
from storage.seeds import files_in, local_captures
from storage.store import Transaction

if TYPE_CHECKING:
    from flows.stages import Work

logger = logging.getLogger(__name__)


def further_pages(work: Work, wanted: Sequence[Wanted]) -> list[Page | None]:
    """The pages that are wanted, each in its place, as far as they can and may be had.

    What was read from a local file or an archive is put together from what lies there, and nothing is fetched for it;
    so it is when pages are read again. Of others what was archived since the page itself is not asked for again.
    """
    with work.store.reading() as tx:
        away = forgotten(tx, {one.url for one in wanted})
        known = captures_of(tx, {address_key(one.url) for one in wanted})
        in_files = local_captures(tx, {one.url for one in wanted if _is_local(one)})
        saved = _saved(tx, work, wanted)
    found: list[Page | None] = [None] * len(wanted)
    missing: dict[str, list[int]] = {}
    for place, one in enumerate(wanted):
        if one.url in away:
            continue
        captures = [*known.get(address_key(one.url), ()), *in_files.get(one.url, ())]
        if not (_is_local(one) or work.refresh):
            captures = [each for each in captures if each.run_id == work.run_id or each.at >= one.by.fetched_at]
        found[place] = saved.get((one.by.seed.url, address_key(one.url))) or _nearest(one, captures)
        if found[place] is None and not (_is_local(one) or work.refresh):
            missing.setdefault(one.url, []).append(place)
    for page in _fetched(work, {url: wanted[places[0]].by.seed for url, places in missing.items()}):
        for place in missing[page.seed.url]:
            found[place] = page
    return found


def _is_local(one: Wanted) -> bool:
    return one.by.seed.via in (Via.FILE, Via.WARC)


def _nearest(one: Wanted, captures: Sequence[Capture]) -> Page | None:
    """The capture that was taken next to the page that is read."""
    for capture in sorted(captures, key=lambda each: abs(each.at - one.by.captured_at)):
        try:
            return read_page(Seed(url=one.url, source=one.by.seed.source, via=one.by.seed.via), capture.place)
        except StorageError as error:
            logger.info("%s", error)
    return None


def _fetched(work: Work, wanted: Mapping[str, Seed]) -> Iterator[Page]:
    """Fetch and archive pages, each for the seed whose article it belongs to."""
    seeds = [Seed(url=url, source=by.source, language=by.language) for url, by in wanted.items()]
    archived: list[tuple[str, Page]] = []
    for got in work.fetcher().fetch_many(seeds) if seeds else ():
        if isinstance(got, Page) and not _is_refused(work, got):
            key = address_key(got.seed.url)
            archived.append((key, work.archive.add(replace(got, sha256=got.body_sha256), UrlKey(key))))
    if archived:
        work.archive.sync()
        with work.store.writing() as tx:
            add_captures(tx, work.run_id, archived)
    yield from (page for _, page in archived)


def _is_refused(work: Work, page: Page) -> bool:
    """Whether a page must not be kept."""
    if refusal(work.permitted_for, page.seed, rights_in(page), Stage.FETCH) is not None:
        return True
    if page.final_url == page.seed.url:
        return False
    with work.store.reading() as tx:
        return refused(tx, page.seed, page) is not None


def _saved(tx: Transaction, work: Work, wanted: Sequence[Wanted]) -> dict[tuple[str, str], Page]:
    """The saved pages beside those that name them: by the page's own address and the key of what it names."""
    found: dict[tuple[str, str], Page] = {}
    for by in {one.by.seed.url: one.by for one in wanted if one.by.seed.via is Via.FILE}.values():
        keys = {address_key(one.url) for one in wanted if one.by.seed.url == by.seed.url}
        for task in files_in(tx, by.seed.url.rpartition("/")[0] + "/"):
            if task.archive is None and work.refresh:
                continue
            try:
                page = read_page(task.seed, task.archive) if task.archive else read_file(task.seed, work.max_body_bytes)
            except StorageError as error:
                logger.info("%s", error)
                continue
            key = address_key(address_of_page(page)) if isinstance(page, Page) else ""
            if isinstance(page, Page) and key in keys:
                found[by.seed.url, key] = page
    return found
