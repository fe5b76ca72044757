"""WARC archives as input: each page in them is a seed of its own, in the order of their captures.

A page that was captured more than once is read once for each time. What has no text of its own, a revisit or the
answer that there is no such page, is no seed: that it was seen is noted of the article.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run import Plan, seed_tasks
from ingest.errors import StorageError
from ingest.inputs import file_seed, is_warc
from ingest.model import ArchivePointer, Seed, UrlKey, Via
from ingest.urls import address_key, url_key
from storage.archive import Archived, PackedTogether, find_captures, read_page, unpack
from storage.records import Seen
from storage.seeds import Task
from storage.sightings import Place, places_of
from storage.store import Store
from storage.timeline import State

if TYPE_CHECKING:
    from flows.choice import Choice

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Read:
    """What was found in archives so far."""

    tasks: list[Task] = field(default_factory=list)
    gone: list[Seen] = field(default_factory=list)
    revisits: list[Archived] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    choice: Choice | None = None


def given_files(store: Store, files: Sequence[Path], folder: Path, choice: Choice | None = None) -> Plan:
    """A page in a file is a seed, and so is each page of a WARC archive, which lies archived where it is.

    Args:
        store: where is known what was captured before.
        files: pages and archives.
        folder: where an archive is unpacked whose records are compressed together.
        choice: which captures in archives are wanted; all, where it is not given.
    """
    found = _Read(choice=choice)
    for path in files:
        if is_warc(path):
            _read_archive(path, folder, found)
        else:
            found.tasks += seed_tasks([file_seed(path)])
    tasks, seen = _revisited(store, found)
    return Plan(tasks=[*found.tasks, *tasks], seen=[*found.gone, *seen], met=found.met)


def _read_archive(path: Path, folder: Path, found: _Read) -> None:
    """Look through an archive. One that breaks off gives what came before, and is a seed itself: a rejected one."""
    here = _Read(choice=found.choice)
    try:
        try:
            _look_through(path, here)
        except PackedTogether:
            here = _Read(choice=found.choice)
            _look_through(unpack(path, folder), here)
    except StorageError as error:
        logger.warning("%s", error)
        here.tasks += seed_tasks([Seed(url=path.resolve().as_uri(), via=Via.WARC)])
    found.tasks += here.tasks
    found.gone += here.gone
    found.revisits += here.revisits
    found.met.update(here.met)


def _look_through(path: Path, found: _Read) -> None:
    choice = found.choice
    for one in find_captures(path, found.met, choice.passes_over if choice else None):
        if one.kind == "page":
            task = _task(one)
            if choice and choice.languages and not choice.may_be_in(read_page(task.seed, one.pointer)):
                found.met["other_language"] += 1
            else:
                found.tasks.append(task)
        elif one.kind == "revisit":
            found.revisits.append(one)
        else:
            found.gone.append(Seen(address=address_key(one.url), state=State.GONE, at=one.captured_at))


def _task(one: Archived) -> Task:
    if one.foreign:
        return seed_tasks([Seed(url=one.url)])[0]  # no web address: it will be refused as such
    seed = Seed(url=one.url, via=Via.FILE if one.url.startswith("file:") else Via.WARC)
    return Task(key=_capture_key(one), seed=seed, archive=one.pointer, captured_at=one.captured_at)


def _capture_key(one: Archived) -> UrlKey:
    """The key of a capture: an address has one at a time, or several where their contents differ."""
    return url_key(f"{address_key(one.url)} {one.captured_at.isoformat()} {one.digest or one.pointer.offset}")


def _revisited(store: Store, found: _Read) -> tuple[list[Task], list[Seen]]:
    """What revisits come to: mostly that an article was as it had been.

    Where another capture lies between a revisit and what it repeats, an earlier text came back: that is read again.
    """
    if not found.revisits:
        return [], []
    known: defaultdict[str, list[Place]] = defaultdict(list)
    for task in found.tasks:
        if task.captured_at is not None and task.archive is not None:
            known[address_key(task.seed.url)].append((task.captured_at, task.archive))
    with store.reading() as tx:
        for address, places in places_of(tx, sorted({address_key(one.url) for one in found.revisits})).items():
            known[address] += places
    tasks: list[Task] = []
    seen: list[Seen] = []
    for one in found.revisits:
        address, since = _repeated(one)
        place = None if since is None else _came_back(known[address], since, one.captured_at)
        if place is None:
            seen.append(Seen(address=address, state=State.SAME, at=one.captured_at, since=since))
        else:
            tasks.append(_task(replace(one, pointer=place)))
    return tasks, seen


def _repeated(one: Archived) -> tuple[str, datetime | None]:
    """The address that a revisit repeats a capture of, and when that was taken."""
    url, since = one.repeats or (one.url, None)
    return address_key(url), since


def _came_back(known: Sequence[Place], since: datetime, at: datetime) -> ArchivePointer | None:
    """Where a text lies that came back after another had been captured."""
    if not any(since < time < at for time, _ in known):
        return None
    return max(((time, place) for time, place in known if time <= since), default=(at, None), key=lambda one: one[0])[1]
