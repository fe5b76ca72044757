"""Kill -9 of every command that writes: done again undisturbed, it leaves what it leaves without the kills.

Each command gets a fifth of NEWSMILL_CHAOS_KILLS, and at least two. The first comes at once, the others at any moment
of the time that an undisturbed one takes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.command import environment, newsmill
from support.packages import zip_package
from support.sites import Sites
from support.snapshot import left_over, snapshot
from support.warm import Ended, Warm

from flows.demo.model import unpack_packages

KILLS = max(2, int(os.environ.get("NEWSMILL_CHAOS_KILLS", "5")) // 5)
SEED = int(os.environ.get("NEWSMILL_CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
ARTICLES = 24
FAILED = 3
PACKAGE = "translate-sv_en-0_1"
DATABASE = "sqlite:///n.db"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    """Sites of which some pages are out of order at first."""
    with Sites(4, ARTICLES) as made:
        yield made


@pytest.fixture(scope="module")
def warm(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The command, without its start."""
    settings = {**sites.settings, "NEWSMILL_RUN__BATCH_SIZE": "3", "NEWSMILL_EXTRACT__PROCESSES": "1"}
    with Warm(environment(tmp_path_factory.mktemp("warm"), **settings, NEWSMILL_FETCH__ATTEMPTS="1")) as opened:
        yield opened


@pytest.fixture(scope="module")
def base(sites: Sites, warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which some seeds have failed, some wait for a translation, and some have one."""
    home = tmp_path_factory.mktemp("base")
    unpack_packages(home / "models")
    zip_package(home / "models" / PACKAGE, home / f"{PACKAGE}.argosmodel")
    pages = [page for room in sites.rooms for page in room.pages.values()]
    for page in pages[:FAILED]:
        page.status = 503
    for urls, option in ((sites.urls[::2], "--target=en"), (sites.urls, "--no-translate")):
        (home / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        warm.start(["run", "urls", "urls.txt", "--db", DATABASE, option], home, **models(home))
        said = warm.end()
        assert said.returncode in (0, 1), said.stderr
    for page in pages[:FAILED]:
        page.status = 200
    found = snapshot(home / "n.db")
    assert len(found["records"]) == ARTICLES - FAILED
    assert found["translations"]
    return home


def models(home: Path) -> dict[str, str]:
    """Where the translation packages of a home are."""
    return {"NEWSMILL_TRANSLATE__PACKAGES_DIR": str(home / "models")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command, what is damaged before it so that it has something to do, and what it leaves.

    One that goes on for ever has one that does the same and ends, for `calm` times. What two kills met is set aside as
    poison; the commands in `after` take it up again.
    """

    command: tuple[str, ...]
    look: Callable[[Path], object]
    before: str = ""
    calm: tuple[str, ...] = ()
    after: tuple[tuple[str, ...], ...] = ()


def database(home: Path) -> object:
    """What the database holds."""
    assert left_over(home / "n.db") == {}
    return snapshot(home / "n.db")


def exported(home: Path) -> object:
    """The file of an export, and that nothing else is left of it."""
    assert [one.name for one in home.glob(".out.jsonl*")] == []
    return (home / "out.jsonl").read_text(encoding="utf-8")


def installed(home: Path) -> object:
    """The packages that are installed, and the files in their folder."""
    listed = newsmill("models", "list", "--json", "--db", DATABASE, home=home, **models(home / "new"))
    assert listed.returncode == 0, listed.stderr
    files = sorted(str(one.relative_to(home)) for one in (home / "new").rglob("*") if one.is_file())
    return [(one["source"], one["target"]) for one in json.loads(listed.stdout)["installed"]], files


def index(home: Path) -> object:
    """What the search index holds, and that it finds by it."""
    with closing(sqlite3.connect(home / "n.db")) as connection:
        assert connection.execute("SELECT version FROM search_state WHERE version > 0").fetchall()
        found = connection.execute("SELECT count(*) FROM search_index WHERE search_index MATCH 'the'").fetchall()
        return found, sorted(map(str, connection.execute("SELECT * FROM search_doc")))


POISONED = ("retry", "--poison", "--db", DATABASE)
REDO = ("reprocess", "--db", DATABASE, "--stage")
CASES = {
    "retry": Case(command=("retry", "--db", DATABASE), look=database, after=(POISONED,)),
    "reprocess extract": Case(
        command=(*REDO, "extract"),
        look=database,
        before="UPDATE record SET text = 'old'",
        after=(POISONED, (*REDO, "extract")),  # a page that is as it was is not read again by the first
    ),
    "reprocess language": Case(command=(*REDO, "language"), look=database, before="UPDATE segment SET language = 'la'"),
    "reprocess dedup": Case(command=(*REDO, "dedup"), look=database, before="DELETE FROM link"),
    "reprocess translate": Case(
        command=(*REDO, "translate"), look=database, before="UPDATE translation SET model = 'old', text = 'old'"
    ),
    "export": Case(command=("export", "--db", DATABASE, "--out", "out.jsonl"), look=exported),
    "browse": Case(
        command=("browse", "--db", DATABASE, "--port", "0"),
        calm=("search", "--db", DATABASE, "ferry"),
        look=index,
        before="UPDATE search_state SET version = 0",
    ),
    "models install": Case(command=("models", "install", f"{PACKAGE}.argosmodel"), look=installed),
}


def home_of(base: Path, folder: Path, case: Case) -> Path:
    """A copy of the folder, in which what the case says is damaged."""
    shutil.copytree(base, folder, dirs_exist_ok=True)
    if case.before:
        with closing(sqlite3.connect(folder / "n.db")) as connection, connection:
            connection.executescript(case.before)
    return folder


def run(warm: Warm, case: Case, home: Path, moment_s: float | None = None) -> Ended:
    """Carry out a command, killed after so many seconds if they are given."""
    command = case.command if moment_s is not None else case.calm or case.command
    where = models(home / "new") if case.command[0] == "models" else models(home)
    process = warm.start(command, home, **where)
    if moment_s is not None:
        time.sleep(moment_s)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return warm.end()


@pytest.mark.parametrize("name", CASES)
def test_a_command_that_was_killed_and_done_again_leaves_the_same(
    name: str, base: Path, warm: Warm, tmp_path: Path
) -> None:
    """Nothing is lost, nothing is there twice, and no half of anything is left."""
    case, moments = CASES[name], random.Random(SEED)
    calm = home_of(base, tmp_path / "calm", case)
    began = time.monotonic()
    said = run(warm, case, calm)
    took = time.monotonic() - began
    assert said.returncode == 0, said.stderr
    wanted = case.look(calm)
    home = home_of(base, tmp_path / "killed", case)
    hits = [
        run(warm, case, home, moment_s=moment).returncode == -signal.SIGKILL
        for moment in (0.0, *(moments.uniform(0, took) for _ in range(KILLS - 1)))
    ]
    assert any(hits), "no kill hit a command at work"
    last = run(warm, case, home)
    assert last.returncode == 0, (last.stderr, SEED)
    for command in case.after:
        last = run(warm, replace(case, command=command), home)
        assert last.returncode == 0, (last.stderr, SEED)
    assert case.look(home) == wanted, SEED
