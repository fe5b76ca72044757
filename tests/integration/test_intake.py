"""Files are looked through a portion ahead of the work, and a run after one that died goes on with them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from support.databases import KINDS, empty_database
from support.fuzzing import SCRIPTS
from support.here import Here

from flows.archives import Given, Look
from flows.choice import Choice, choice_of
from flows.orders import file_order, retry_order
from flows.run import run
from flows.settings import Settings, load_settings
from flows.stages import Digest
from ingest.errors import NewsmillError
from ingest.model import Page
from storage.reach import Reach, named, reach_at
from storage.seeds import Task
from storage.store import Store

STORY = "".join(f"<p>{one}</p>" for one in SCRIPTS[:3])
PAGES = 12


def captured(number: int) -> bytes:
    """A response of a page of its own, as a crawler keeps it."""
    body = f"<html><body><article><h1>Story {number}</h1><p>Number {number} of all.</p>{STORY}</article></body></html>"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    head = ["WARC/1.1", "WARC-Type: response", f"WARC-Target-URI: https://courier.example/{number}"]
    head += ["WARC-Date: 2026-05-01T06:00:00Z", "Content-Type: application/http", f"Content-Length: {len(block)}"]
    return "\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of twelve pages."""
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(captured(number) for number in range(PAGES)))
    return path


def look(given: Given, known: Reach | None = None, size: int = 5) -> list[list[Task]]:
    """The seeds in files, portion by portion, where an earlier run came so far."""
    reaches = {(known.file, known.choice): known} if known else {}
    found = Look(given, given.paths[0].parent / "archive", reaches, size, Counter())
    return [portion.tasks for portion in found.portions()]


def same(_: Path) -> None:
    """Leave a file as it is."""


def touched(path: Path) -> None:
    """Give it another time."""
    os.utime(path, (0, 0))


def grown(path: Path) -> None:
    """Add a page."""
    path.write_bytes(path.read_bytes() + captured(PAGES))


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    """Put other bytes of the same length in place of some, secretly."""
    known = path.stat()
    path.write_bytes(path.read_bytes().replace(old, new))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


@pytest.mark.parametrize(
    ("befall", "trusted"),
    [
        (same, True),
        (touched, False),
        (grown, False),
        (lambda path: rewritten(path, b"courier.example/0", b"courier.example/x"), False),
        (lambda path: rewritten(path, b"courier.example/6", b"courier.example/x"), False),
    ],
    ids=["same", "touched", "grown", "other beginning", "other before the offset"],
)
def test_an_offset_is_trusted_in_the_file_that_it_is_of_alone(
    befall: Callable[[Path], None], trusted: bool, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look goes on where another came to; in a file that has changed it begins anew."""
    monkeypatch.setattr("storage.reach._PIECE", 2000)
    offset = sum(len(captured(number)) for number in range(7))
    known = reach_at(archive, "", offset)
    befall(archive)
    found = [task.seed.url for portion in look(Given(paths=(archive,)), known) for task in portion]
    assert len(found) == (PAGES - 7 if trusted else PAGES + (befall is grown))


def test_an_offset_is_of_a_choice(archive: Path) -> None:
    """What one choice passed over another may want."""
    known = reach_at(archive, Given(paths=(archive,), choice=Choice(hosts=frozenset({"a.example"}))).chosen, 700)
    assert sum(map(len, look(Given(paths=(archive,)), known))) == PAGES
    assert known.file == named(archive)


def test_a_look_is_a_portion_ahead(archive: Path) -> None:
    """Portions are as large as asked for, across files, in order."""
    for name in "ab":
        (archive.parent / f"{name}.html").write_text("<p>A page</p>")
    found = look(Given(paths=(archive.parent,)))
    assert [len(portion) for portion in found] == [5, 5, 4]
    assert [task.seed.url.rpartition("/")[2] for task in found[0]] == ["a.html", "b.html", "0", "1", "2"]


@pytest.mark.parametrize("host", [None, "courier.example"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_retry_goes_on_with_the_files_of_a_dead_run(
    kind: str, host: str | None, archive: Path, tmp_path: Path
) -> None:
    """Also with what that had not looked at yet, each capture once."""
    for number in range(8):
        (tmp_path / f"{number}.html").write_text(f"<html><h1>Page {number}</h1><p>Its number is {number}.</p>{STORY}")
    with empty_database(kind, tmp_path) as url:
        settings = load_settings(
            None, storage={"url": url, "archive_dir": tmp_path / "kept"}, run={"batch_size": 2}, fetch={"delay_s": 0.0}
        )
        choice = choice_of([host], None, None, None) if host else None
        with pytest.raises(NewsmillError, match="out of paper"):
            run(file_order([tmp_path], choice=choice), settings, open_engines=Dying(left=4).open)
        assert 0 < stored(settings) < PAGES + 8
        pages = Here()
        summary = run(retry_order(translate=False), settings, open_engines=pages.open)
        assert summary.complete
        assert stored(settings) == PAGES + 8
        assert len(pages.read) < PAGES + 8
        with Store(url) as store, store.reading() as tx:
            assert tx.execute(text("SELECT count(*) FROM reach")).scalar_one() == 0


@dataclass(frozen=True)
class Dying(Here):
    """Engines that end a run after so many batches."""

    left: int = 1

    def run(self, items: Iterable[Page], /) -> Iterator[tuple[int, Digest]]:
        """Yield as long as it goes."""
        if len(self.read) >= 2 * self.left:
            raise NewsmillError("out of paper")
        yield from super().run(items)


def stored(settings: Settings) -> int:
    """How many records there are."""
    with Store(settings.storage.url) as store, store.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM record")).scalar_one())
