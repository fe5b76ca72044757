"""Ctrl-C and SIGTERM: nothing more is asked for, one line says what is left, and the next run goes on."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.command import counts, newsmill
from support.newsroom import Newsroom
from support.packages import demo_packages, serve_index, zip_package
from support.stopping import WAYS, Started, hears, started, wait_until
from support.texts import save_texts

PAGES = 40
FAST = 5
# Each of the others takes this long: a command that does not stop takes a minute and a half.
SLOW_S = 2.5
TAKEN_BACK = "\r\x1b[2K"

pytestmark = pytest.mark.slow


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site of forty pages, of which all but five are slow."""
    with Newsroom() as made:
        for number in range(PAGES):
            first, second = f"The ferry to island {number} was late. ", f"Nobody minded on pier {number}. "
            made.story(f"story-{number:02}", first * 9, second * 9)
        for page in list(made.pages.values())[FAST:]:
            page.wait_s = SLOW_S
        yield made


def stories(room: Newsroom) -> list[float]:
    """When each request for a page came of which the answer has begun."""
    return [one.came for one in room.log if one.path.startswith("/story")]


def archived(home: Path) -> set[str]:
    """The paths of the pages that a run has fetched and archived, whether it has an outcome for them or not."""
    query = "SELECT url FROM url WHERE archive_file IS NOT NULL"
    with closing(sqlite3.connect(home / "data" / "newsmill.db")) as connection:
        return {urlsplit(url).path for (url,) in connection.execute(query)}


def after(run: Started, before: str) -> list[str]:
    """The lines that a command wrote after it had written something, without what a terminal takes back."""
    return [line for line in run.said().removeprefix(before).split(TAKEN_BACK)[-1].splitlines() if line]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_told_to_stop_stops(room: Newsroom, tmp_path: Path, way: str) -> None:
    """At most one more request, one line, the exit status of the signal; the next run stores all."""
    tell, status = WAYS[way]
    (tmp_path / "urls.txt").write_text("\n".join(room.base + path for path in room.pages), encoding="utf-8")
    settings = {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": room.host}
    command = ["run", "urls", "urls.txt", "--no-translate"]
    with started(command, tmp_path, terminal="terminal" in way, **settings) as run:
        wait_until("five pages are not fetched", lambda: len(stories(room)) >= FAST)
        before, told = run.said(), time.monotonic()
        tell(run)
        assert run.ended() == status, run.said()
    said = after(run, before)
    assert len(said) == 1, said
    left = re.search(r"(\d+) of 40 seeds are left", said[0])
    assert left is not None, said
    assert PAGES - FAST - 2 <= int(left[1]) <= PAGES  # what has come may be stored; two may have been on the way
    assert "to go on: newsmill run urls urls.txt --no-translate" in said[0]
    assert sum(came > told for came in stories(room)) <= 1
    for page in room.pages.values():
        page.wait_s = 0.0
    kept, asked = archived(tmp_path), len(room.log)
    again = newsmill(*command, "--json", home=tmp_path, **settings)
    assert again.returncode == 0, again.stderr
    assert counts(again)["stored"] + counts(again)["unchanged"] == PAGES
    with closing(sqlite3.connect(tmp_path / "data" / "newsmill.db")) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (PAGES,)
    assert kept.isdisjoint(one.path for one in room.log[asked:]), "what was archived is not fetched again"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of some texts."""
    home = tmp_path_factory.mktemp("stored")
    save_texts(home / "texts")
    assert newsmill("run", "files", "texts", "--no-translate", home=home).returncode == 0
    return home


@contextmanager
def writer(home: Path) -> Iterator[None]:
    """Hold the database for the length of a `with` block, so that others come to no end."""
    with closing(sqlite3.connect(home / "data" / "newsmill.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("way", "command"),
    [
        ("SIGINT to the group", "retry"),
        ("SIGTERM to the process", "work"),
        ("SIGINT to the process", "reprocess --stage extract"),
        ("SIGTERM to the group", "reprocess --stage language"),
        ("SIGINT to the group", "reprocess --stage dedup"),
        ("SIGTERM to the process", "reprocess --stage translate"),
        ("SIGTERM to the process", "run files texts"),
        ("SIGINT to the group", "export --out out.jsonl"),
    ],
)
def test_a_command_that_waits_stops(stored: Path, command: str, way: str) -> None:
    """At any moment, also while another program writes: one line, the status of the signal, all is as it was."""
    tell, status = WAYS[way]
    with writer(stored), started(command.split(), stored, terminal=False) as run:
        wait_until("it does not begin", lambda: hears(run.process.pid))
        before = run.said()
        tell(run)
        assert run.ended() == status, run.said()
    (line,) = after(run, before)
    assert line.startswith("interrupted: ")
    assert line.endswith(f"to go on: newsmill {command}")


def test_an_installation_stops_and_goes_on(tmp_path: Path) -> None:
    """A download that is slow is let go; the same command goes on with it."""
    tell, status = WAYS["SIGINT to the group"]
    package = zip_package(demo_packages(tmp_path / "unpacked") / "translate-sv_en-0_1", tmp_path / "sv.argosmodel")
    command = ["models", "install", "sv", "--to", "en"]
    with serve_index() as index:
        index.offer(package)
        index.break_after = 300_000
        index.breaks = 1
        index.door.clear()
        with started(command, tmp_path, terminal=False, ARGOS_PACKAGE_INDEX=index.base) as run:
            wait_until("it downloads nothing", lambda: " MB: 1 of" in run.said())
            before = run.said()
            tell(run)
            assert run.ended() == status, run.said()
        assert len(after(run, before)) == 1
        index.door.set()
        again = newsmill(*command, home=tmp_path, ARGOS_PACKAGE_INDEX=index.base)
    assert again.returncode == 0, again.stderr
