"""The first stage of a run: the raw response of each seed, in the archive.

What was read before, the same bytes by the same reader, is settled here: it is neither archived nor read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flows.forgotten import forgotten, refused, rejection
from flows.permitted import refusal
from flows.stages import Acquired, Work
from flows.tally import TALLY
from ingest.errors import StorageError
from ingest.inputs import read_file
from ingest.model import Page, Seed, Validators, Via
from ingest.outcome import Reason, Rejection, Stage, Unmodified
from ingest.rights import rights_in
from ingest.urls import canonicalize, host_of, site_of
from storage import seeds
from storage.archive import Body, read_page
from storage.captures import add_captures
from storage.readings import Reading, last_readings, read_by
from storage.seeds import Task

logger = logging.getLogger(__name__)

# Pages between two looks at the disk: a kill costs at most so many requests, and a look costs some milliseconds. In an
# object store each is an object of its own: there a batch is one.
_SYNC_EVERY = 16


PATIENCE_S = 0.5
"""Seconds without an answer after which those that wait are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A page that was written to the archive; `again` is whether its body lay there already."""

    key: str
    page: Page
    again: bool


def acquire(portions: Iterator[list[Acquired]]) -> list[Acquired]:
    """The next portion of what `responses` gives; nothing where all of it was given."""
    return next(portions, [])


def responses(
    work: Work, tasks: Sequence[Task], wanted: Callable[[], bool] = lambda: False
) -> Iterator[list[Acquired]]:
    """The raw response of each seed: from the archive where it was fetched before, else fetched and archived now.

    They are given all together, or portion by portion while `wanted` says that somebody waits for them.
    """
    order = {task.key: position for position, task in enumerate(tasks)}
    # Each time that what is in an object store is brought there makes an object.
    least, often = (1, _SYNC_EVERY) if work.archive.address is None else (_SYNC_EVERY, len(tasks))
    written: list[_Written] = []
    acquired: list[Acquired] = []
    for one in _as_they_come(work, tasks, written):
        acquired += [one] if one is not None else []
        asked = len(acquired) >= least and wanted()
        if len(written) >= often or asked:
            _commit_fetched(work, written)
            written.clear()
        if asked:
            yield sorted(acquired, key=lambda one: order[one[0].key])
            acquired = []
    _commit_fetched(work, written)
    if acquired:
        yield sorted(acquired, key=lambda one: order[one[0].key])


def _as_they_come(work: Work, tasks: Sequence[Task], written: list[_Written]) -> Iterator[Acquired | None]:
    """Each seed with its response, as soon as it is there; what is added to the archive is added to `written`.

    ``None`` where nothing has come for a while.
    """
    with work.store.reading() as tx:
        before = last_readings(tx, [task.key for task in tasks])
        away = forgotten(tx, {task.seed.url for task in tasks})
    missing: list[Task] = []
    for task in tasks:
        if task.seed.url in away:
            TALLY.fetched(task.site or site_of(task.seed.url))
            yield task, rejection(task.seed, Stage.FETCH, away[task.seed.url])
            continue
        there = _archived(task, gone_for_good=work.refresh)
        if there is None:
            missing.append(task)
            continue
        TALLY.fetched(task.site or site_of(task.seed.url))
        if isinstance(there, Page):
            page = work.rules.for_page(replace(there, sha256=there.body_sha256))
            yield _look_up(work, task, page, before.get(task.key), len(tasks))
        else:
            yield task, there
    for one in _responses(work, missing, before):
        if one is None:
            yield None
            continue
        task, got = one
        TALLY.fetched(task.site or site_of(task.seed.url))
        known = before.get(task.key)
        if isinstance(got, Page):
            page, new = _archive(work, task, work.rules.for_page(replace(got, sha256=got.body_sha256)), known)
            written += new
            yield _look_up(work, task, page, known, len(tasks))
        else:
            yield task, got


def _archived(task: Task, *, gone_for_good: bool) -> Page | Rejection | None:
    """The page from the archive.

    A record that was lost or damaged there is acquired as if it never had been; where nothing may be fetched, it fails.
    """
    if task.archive is None:
        return None
    try:
        page = read_page(task.seed, task.archive)
    except StorageError as error:
        logger.warning("%s", error)
        return _refused(task.seed, Reason.LOST, str(error)) if gone_for_good else None
    if task.captured_at in (None, page.captured_at):
        return page
    return replace(page, fetched_at=task.captured_at, saved_at=None)  # a revisit: the body lies in another record


def _look_up(work: Work, task: Task, page: Page, known: Reading | None, asked: int) -> Acquired:
    """A page that is to be read, of so many that were asked for, or in its place what the same page came to before."""
    if known is None or work.refresh or not known.is_of(page, work.reader):
        work.workers.prepare(asked)
        there = (known.holds(page) if known else None) or _body_of(page)
        read = Reading(body_sha256=page.body_sha256, reader=read_by(page, work.reader), body=there)
        return replace(task, reading=read), page
    if known.rejection is None:
        return task, Unmodified(seed=task.seed, how="same body")
    stage, reason, detail = known.rejection
    return task, Rejection(url=task.seed.url, source=task.seed.source, stage=stage, reason=reason, detail=detail)


def _archive(work: Work, task: Task, page: Page, known: Reading | None) -> tuple[Page, list[_Written]]:
    """Archive a page; where its body lies in the archive already, only that it was sent again.

    That a file still holds what it held is not written down at all.
    """
    body = known.holds(page) if known is not None else None
    if body is not None and page.status is None:
        return replace(page, archive=body.place), []
    if body is not None and not work.archive.holds(body.place):
        body = None  # in somebody's own file, which may be gone tomorrow
    page = work.archive.add(page, task.key, body)
    return page, [_Written(key=task.key, page=page, again=body is not None)]


def _body_of(page: Page) -> Body | None:
    return Body(sha256=page.body_sha256, place=page.archive) if page.archive is not None else None


def _responses(work: Work, tasks: Sequence[Task], before: Mapping[str, Reading]) -> Iterator[Acquired | None]:
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
        with work.store.reading() as tx:
            held = seeds.validators_of(tx, [task.key for task in web.values()])
        # Without the hash of the body: whether the same bytes need be read again hangs on what read them, too.
        wanted = [
            replace(task.seed, validators=_by_server(held.get(task.key), work, before.get(task.key)))
            for task in web.values()
        ]
        for got in work.fetcher().fetch_patiently(wanted, PATIENCE_S):
            if got is None:
                yield None
                continue
            task = web[got.url if isinstance(got, Rejection) else got.seed.url]
            refused = _refusal(work, got) if isinstance(got, Page) else None
            yield task, refused or got


def _refusal(work: Work, page: Page) -> Rejection | None:
    """Why a page must not be kept, if it must not."""
    why = refusal(work.permitted_for, page.seed, rights_in(page), Stage.FETCH)
    if why is None and page.final_url != page.seed.url:
        with work.store.reading() as tx:
            why = refused(tx, page.seed, page)
    return why


def _by_server(held: Validators | None, work: Work, known: Reading | None) -> Validators | None:
    """What the server may answer "not modified" to: nothing where the rule of the site is another one by now."""
    if held is None:
        return None
    rule = work.rules.of_host(host_of(known.final_url)) if known is not None else None
    if known is not None and known.rule != (rule.version if rule else ""):
        return None
    return replace(held, body_sha256=None)


def _commit_fetched(work: Work, written: Sequence[_Written]) -> None:
    if not written:
        return
    work.archive.sync()
    pages = [(one.key, one.page) for one in written]
    with work.store.writing() as tx:
        seeds.mark_fetched(tx, pages)
        add_captures(tx, work.run_id, pages, {one.key for one in written if one.again})


def _refused(seed: Seed, reason: Reason, detail: str) -> Rejection:
    return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=reason, detail=detail)


def _is_url(text: str) -> bool:
    try:
        canonicalize(text)
    except ValueError:
        return False
    return True
