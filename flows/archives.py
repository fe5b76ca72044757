"""Files as input, portion by portion: a page is a seed, and so is each page of a WARC archive, capture by capture.

A page that was captured more than once is read once for each time. What has no text of its own, a revisit or the
answer that there is no such page, is no seed: that it was seen is noted of the article.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from flows.tally import TALLY
from ingest.errors import StorageError
from ingest.inputs import file_seed, find_files, is_warc
from ingest.model import ArchivePointer, Seed, UrlKey, Via
from ingest.urls import address_key, url_key
from storage.archive import Archived, PackedTogether, Passed, look_through, read_page, unpack
from storage.reach import Reach, holds, named, reach_at
from storage.records import Seen
from storage.seeds import Task
from storage.sightings import Place, places_of
from storage.store import Transaction
from storage.timeline import State

if TYPE_CHECKING:
    from flows.choice import Choice

logger = logging.getLogger(__name__)

# A portion ends when so many records were looked at for it.
_RECORDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Files and folders to ingest, and which captures in archives are wanted; all, where there is no choice."""

    paths: tuple[Path, ...]
    choice: Choice | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        """The same as a JSON value."""
        paths = [path.absolute().as_uri() for path in self.paths]
        return {"paths": paths, "choice": self.choice.as_json if self.choice else None}

    @property
    def chosen(self) -> str:
        """The choice as text: equal ones give equal texts, and none the empty one."""
        return json.dumps(self.choice.as_json, sort_keys=True) if self.choice else ""


@dataclass(slots=True, kw_only=True)
class Portion:
    """Some of the seeds of a run, and what was found on the way to them.

    Attributes:
        tasks: the seeds.
        gone: answers that there is no such page.
        revisits: captures of what had been captured before.
        records: how many records of archives were looked at.
        reaches: how far archives were looked through.
    """

    tasks: list[Task] = field(default_factory=list)
    gone: list[Seen] = field(default_factory=list)
    revisits: list[Archived] = field(default_factory=list)
    records: int = 0
    reaches: dict[str, Reach] = field(default_factory=dict)

    @property
    def took_long(self) -> bool:
        """Whether many records were looked at for few seeds."""
        return self.records >= _RECORDS

    def is_full(self, size: int) -> bool:
        """Whether it is time for another one, where so many captures make one."""
        return self.took_long or len(self.tasks) + len(self.gone) + len(self.revisits) >= size


class Look:
    """A look through files from the first to the last, portion by portion.

    Args:
        given: the files, and what is wanted of archives.
        folder: where an archive is unpacked whose records are compressed together.
        known: how far earlier runs came with archives, by file and choice.
        size: how many seeds make a portion.
        met: counts the records that are met in archives, by kind.
    """

    def __init__(
        self, given: Given, folder: Path, known: Mapping[tuple[str, str], Reach], size: int, met: Counter[str]
    ) -> None:
        self._given = given
        self._folder = folder
        self._known = known
        self._size = size
        self._met = met
        self._portion = Portion()

    def portions(self) -> Iterator[Portion]:
        """The seeds in these files, in order.

        Raises:
            InputError: a path does not exist.
        """
        ahead = dict(_archives_among(self._given.paths))
        TALLY.sees(sum(ahead.values()))
        for path in find_files(self._given.paths):
            if is_warc(path):
                yield from self._archive(path, known=path in ahead)
            else:
                self._portion.tasks.append(seed_task(file_seed(path)))
                yield from self._if_full()
        yield self._portion

    def _archive(self, path: Path, *, known: bool) -> Iterator[Portion]:
        """Look through an archive. One that breaks off gives what came before, and is a seed itself: a rejected one."""
        looked_at = path
        try:
            TALLY.sees(0 if known else path.stat().st_size)
            try:
                yield from self._records(path)
            except PackedTogether:
                looked_at = unpack(path, self._folder)
                TALLY.sees(looked_at.stat().st_size - path.stat().st_size)
                yield from self._records(looked_at)
        except (StorageError, OSError) as error:
            logger.warning("%s", error)
            self._portion.tasks.append(seed_task(Seed(url=path.resolve().as_uri(), via=Via.WARC)))
        self._reach(looked_at)
        yield from self._if_full()

    def _records(self, path: Path) -> Iterator[Portion]:
        choice, place, end = self._given.choice, self._start(path), path.stat().st_size
        for one in look_through(path, place, met=self._met, passes_over=choice.passes_over if choice else None):
            self._take(one)
            TALLY.looked(one.end - place)
            place = one.end
            if self._portion.is_full(self._size):
                self._reach(path, place)
                yield from self._if_full()
        TALLY.looked(end - place, records=0)

    def _start(self, path: Path) -> int:
        """Where the look through an archive begins: where an earlier run came to, if it is still what that has read."""
        known = self._known.get((named(path), self._given.chosen))
        if known is None:
            return 0
        if not holds(known):
            logger.warning("%s has changed since it was looked through in part: it is read from its beginning", path)
            return 0
        logger.info("going on with %s at byte %d", path, known.offset)
        TALLY.sees(-known.offset)
        return known.offset

    def _take(self, one: Passed) -> None:
        """Take in a record."""
        self._portion.records += 1
        capture, choice = one.capture, self._given.choice
        if capture is None:
            return
        if capture.kind == "revisit":
            self._portion.revisits.append(capture)
        elif capture.kind == "gone":
            gone = Seen(address=address_key(capture.url), state=State.GONE, at=capture.captured_at)
            self._portion.gone.append(gone)
        else:
            task = _task(capture)
            if choice and choice.languages and not choice.may_be_in(read_page(task.seed, capture.pointer)):
                self._met["other_language"] += 1
            else:
                self._portion.tasks.append(task)

    def _reach(self, path: Path, offset: int | None = None) -> None:
        """Note how far an archive was looked through: to its end, if not to an offset."""
        with suppress(OSError):  # it is gone by now: whoever looks again will find that out
            now = reach_at(path, self._given.chosen, path.stat().st_size if offset is None else offset)
            self._portion.reaches[now.file] = now

    def _if_full(self) -> Iterator[Portion]:
        if self._portion.is_full(self._size):
            full, self._portion = self._portion, Portion()
            yield full


def given_in(value: dict[str, Any]) -> Given:
    """What `Given.as_json` gave."""
    from flows.choice import Choice  # late: few runs choose

    paths = tuple(Path(os.fsdecode(unquote_to_bytes(urlsplit(one).path))) for one in value["paths"])
    return Given(paths=paths, choice=Choice.from_json(value["choice"]) if value["choice"] else None)


def seed_task(seed: Seed) -> Task:
    """A seed under its key in the state table: the canonical URL's, or what stands in its place."""
    return Task(key=address_key(seed.url), seed=seed)


def revisited(tx: Transaction, revisits: Sequence[Archived]) -> tuple[list[Task], list[Seen]]:
    """What revisits come to: mostly that an article was as it had been.

    Where another capture is stored that lies between a revisit and what it repeats, an earlier text came back: that is
    read again. Of captures that are stored later, `storage.timeline` finds it out.
    """
    if not revisits:
        return [], []
    known = places_of(tx, sorted({address_key(one.url) for one in revisits}))
    tasks: list[Task] = []
    seen: list[Seen] = []
    for one in revisits:
        address, since = _repeated(one)
        place = None if since is None else _came_back(known.get(address, ()), since, one.captured_at)
        if place is None:
            seen.append(Seen(address=address, state=State.SAME, at=one.captured_at, since=since))
        else:
            tasks.append(_task(replace(one, pointer=place)))
    return tasks, seen


def _archives_among(paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    """The archives that are named, and those that lie in a folder that is named, with their sizes."""
    for path in paths:
        with suppress(OSError):
            for one in path.iterdir() if path.is_dir() else (path,):
                if is_warc(one) and one.is_file():
                    yield one, one.stat().st_size


def _task(one: Archived) -> Task:
    if one.foreign:
        return seed_task(Seed(url=one.url))  # no web address: it will be refused as such
    seed = Seed(url=one.url, via=Via.FILE if one.url.startswith("file:") else Via.WARC)
    return Task(key=_capture_key(one), seed=seed, archive=one.pointer, captured_at=one.captured_at)


def _capture_key(one: Archived) -> UrlKey:
    """The key of a capture: an address has one at a time, or several where their contents differ."""
    return url_key(f"{address_key(one.url)} {one.captured_at.isoformat()} {one.digest or one.pointer.offset}")


def _repeated(one: Archived) -> tuple[str, datetime | None]:
    """The address that a revisit repeats a capture of, and when that was taken."""
    url, since = one.repeats or (one.url, None)
    return address_key(url), since


def _came_back(known: Sequence[Place], since: datetime, at: datetime) -> ArchivePointer | None:
    """Where a text lies that came back after another had been captured."""
    if not any(since < time < at for time, _ in known):
        return None
    return max(((time, place) for time, place in known if time <= since), default=(at, None), key=lambda one: one[0])[1]
