"""The disk is full, the database locked, the Prefect server killed: one clear line, no damage, and the next run."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.command import NEWSMILL, begun, counts, ended, environment, newsmill
from support.packages import zip_package
from support.prefect_server import QUIET, prefect_server
from support.sites import Sites
from support.snapshot import left_over, snapshot
from support.warm import Ended

from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages

SMALL = {"NEWSMILL_RUN__BATCH_SIZE": "4", "NEWSMILL_EXTRACT__PROCESSES": "1"}
RUN = ["run", "files", "texts", "--no-translate", "--json", "--db", "sqlite:///small/n.db"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with forty texts, and one for the database."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "small").mkdir()
    for number, article in enumerate(load_articles()[:40]):
        (tmp_path / "texts" / f"{number}.txt").write_text(f"{article.title}\n\n{article.text}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def wanted(home: Path) -> object:
    """What a run leaves that has all the room it needs."""
    (home / "calm").mkdir()
    calm = newsmill(*RUN[:-1], "sqlite:///calm/n.db", home=home, **SMALL)
    assert calm.returncode == 0, calm.stderr
    return snapshot(home / "calm" / "n.db")


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """A disk of one megabyte, as far as this user may have one."""
    folder = home / "small"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def one_clear_line(result: Ended | subprocess.CompletedProcess[str], words: str) -> None:
    """Exit status 1, and as the last of what was said one line with these words."""
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("error: ")
    assert words in last


@pytest.mark.slow
def test_a_full_disk_stops_a_run_and_damages_nothing(home: Path, wanted: object, small_disk: Path) -> None:
    """A run stops, and the next does, until there is room; then all is as if nothing had been."""
    for _ in range(2):
        one_clear_line(newsmill(*RUN, home=home, **SMALL), "make room")
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    last = newsmill(*RUN, home=home, **SMALL)
    assert last.returncode == 0, last.stderr
    assert snapshot(home / "small" / "n.db") == wanted
    assert left_over(home / "small" / "n.db") == {}


@pytest.mark.slow
def test_a_full_disk_stops_an_export_and_an_installation(home: Path, small_disk: Path) -> None:
    """What was there before is as it was, nothing is left half done, and with room it goes well."""
    calm = newsmill(*RUN[:-1], "sqlite:///n.db", home=home, **SMALL)
    assert calm.returncode == 0, calm.stderr
    unpack_packages(home / "packed")
    package = zip_package(home / "packed" / "translate-sv_en-0_1", home / "sv.argosmodel")
    (small_disk / "out.jsonl").write_text("the export of yesterday", encoding="utf-8")
    (small_disk / "filler").write_bytes(b"x" * 900_000)
    export = ["export", "--out", "small/out.jsonl", "--db", "sqlite:///n.db"]
    install = ["models", "install", str(package)]
    where = {"NEWSMILL_TRANSLATE__PACKAGES_DIR": str(small_disk / "models")}
    one_clear_line(newsmill(*export, home=home), "No space left")
    one_clear_line(newsmill(*install, home=home, **where), "no space left")
    assert (small_disk / "out.jsonl").read_text(encoding="utf-8") == "the export of yesterday"
    assert {one.name for one in small_disk.iterdir()} <= {"out.jsonl", "filler", "models"}
    listed = newsmill("models", "list", "--json", "--db", "sqlite:///n.db", home=home, **where)
    assert json.loads(listed.stdout)["installed"] == []
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    assert newsmill(*export, home=home).returncode == 0
    assert newsmill(*install, home=home, **where).returncode == 0
    assert len((small_disk / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 40


@pytest.mark.slow
def test_a_database_that_cannot_be_written_to_is_said_in_one_line(home: Path, wanted: object, small_disk: Path) -> None:
    """Whoever reads or writes is told so, and the database is as it was."""
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    shutil.copytree(home / "calm", small_disk, dirs_exist_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for command in (RUN, ["retry", *RUN[-2:]], ["stats", *RUN[-2:]]):
        one_clear_line(newsmill(*command, home=home, **SMALL), "cannot be written to")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert counts(newsmill(*RUN, home=home, **SMALL))["unchanged"] == 40
    assert snapshot(small_disk / "n.db") == wanted


@pytest.mark.slow
def test_a_file_that_vanishes_costs_itself(home: Path) -> None:
    """A file that is gone when its turn comes is one failure or rejection; the others are stored."""
    last = max((home / "texts").iterdir())
    script = (
        "import os, sys, flows.archives as archives, flows.cli as cli\n"
        "listed = archives.find_files\n"
        f"archives.find_files = lambda paths: [*listed(paths), *filter(None, [os.remove({str(last)!r})])]\n"
        f"sys.argv[1:] = {RUN!r}\n"
        "cli.main()"
    )
    with begun("-c", script, program=sys.executable, home=home, **SMALL) as process:
        found = counts(ended(process))
    assert (found["seeds"], found["stored"], found["rejected"] + found["failed"]) == (40, 39, 1)


@pytest.mark.slow
def test_a_clock_that_is_put_back_loses_nothing(home: Path) -> None:
    """What failed by a later clock and is mended by an earlier one counts as mended; the same again is unchanged."""
    with Sites(1, 4) as sites:
        (page, *_) = sites.rooms[0].pages.values()
        page.status = 503
        (home / "urls.txt").write_text("\n".join(sites.urls), encoding="utf-8")
        settings = {**SMALL, **sites.settings, "NEWSMILL_FETCH__ATTEMPTS": "1"}
        run = ["run", "urls", "urls.txt", *RUN[3:]]
        assert counts(newsmill(*run, home=home, **settings))["failed"] == 1
        _shift(home / "small" / "n.db", days=2)
        page.status = 200
        assert counts(newsmill("retry", *RUN[3:], home=home, **settings))["stored"] == 1
        assert counts(newsmill("retry", *RUN[3:], home=home, **settings))["seeds"] == 0
        assert counts(newsmill(*run, home=home, **settings))["unchanged"] == 4
    assert left_over(home / "small" / "n.db") == {}


def _shift(database: Path, days: int) -> None:
    """Have all that is in a database have happened later: to it, the clock is put back."""
    times = {"run": ("started_at", "finished_at"), "url": ("fetched_at", "settled_at"), "claim": ("rests_until",)}
    with closing(sqlite3.connect(database)) as connection, connection:
        for table, columns in times.items():
            for column in columns:
                found = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
                for (at,) in connection.execute(found).fetchall():
                    later = (datetime.fromisoformat(at) + timedelta(days=days)).isoformat()
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (later, at))


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [40, 700])
def test_a_quota_stops_a_run_and_damages_nothing(home: Path, wanted: object, kilobytes: int) -> None:
    """The same where a file may not grow: that of the archive is the first to meet it, or that of the database."""
    limit = kilobytes * 1024
    stopped = subprocess.run(
        [NEWSMILL, *RUN],
        cwd=home,
        env=environment(home, **SMALL, NEWSMILL_STORAGE__ARCHIVE_DIR="archive"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    one_clear_line(stopped, "")
    last = newsmill(*RUN, home=home, **SMALL, NEWSMILL_STORAGE__ARCHIVE_DIR="archive")
    assert last.returncode == 0, last.stderr
    assert snapshot(home / "small" / "n.db") == wanted


@pytest.mark.slow
def test_a_locked_database_stops_a_run_and_damages_nothing(home: Path, wanted: object) -> None:
    """A writer that does not end stops the run after a while; the next one goes on from there."""
    impatient = f"import sys, storage.engine as e; e._BUSY_TIMEOUT_S = 1; sys.argv[1:] = {RUN!r}; import flows.cli as c"
    with begun("-c", f"{impatient}; c.main()", program=sys.executable, home=home, **SMALL) as process:
        while process.poll() is None and not _outcomes(home / "small" / "n.db"):
            time.sleep(0.02)
        with closing(sqlite3.connect(home / "small" / "n.db", isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            one_clear_line(ended(process), "try again when it is done")
            other.execute("ROLLBACK")
    last = newsmill(*RUN, home=home, **SMALL)
    assert last.returncode == 0, last.stderr
    assert counts(last)["unchanged"] > 0
    assert snapshot(home / "small" / "n.db") == wanted


@pytest.mark.slow
@pytest.mark.prefect
def test_a_run_outlives_its_prefect_server(tmp_path: Path, prefect_made: Path) -> None:
    """Killed in mid-run, the server takes nothing with it: the run ends well, and says that the UI misses some."""
    # Slow enough that tasks begin long after the kill: Prefect's client goes on for 5 s from what it remembers.
    with Sites(4, 24, wait_s=1.2) as sites, prefect_server(tmp_path, prefect_made) as api:
        (tmp_path / "urls.txt").write_text("\n".join(sites.urls), encoding="utf-8")
        settings = {**SMALL, **QUIET, **sites.settings}
        run = ["run", "urls", "urls.txt", "--no-translate", "--json"]
        with begun(*run, home=tmp_path, **settings, PREFECT_API_URL=api) as process:
            while process.poll() is None and len(sites.fetched()) < 4:
                time.sleep(0.02)
            os.kill(_listening_on(api), signal.SIGKILL)
            result = ended(process)
        assert result.returncode == 0, result.stderr
        assert counts(result)["stored"] == 24
        assert "does not answer any more" in result.stderr
        again = newsmill(*run, home=tmp_path, **settings)
        assert counts(again)["unchanged"] == 24
    assert left_over(tmp_path / "data" / "newsmill.db") == {}


def _outcomes(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(database, timeout=30)
    try:
        return int(connection.execute("SELECT count(*) FROM outcome").fetchone()[0])
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0
    finally:
        connection.close()


def _listening_on(api: str) -> int:
    """The process that was started with the port of a URL."""
    port = api.removesuffix("/api").rpartition(":")[2]
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = commandline.read_text(encoding="utf-8").split("\0")
        except OSError:
            continue
        if "server" in words and port in words:
            return int(commandline.parent.name)
    raise AssertionError(f"no process has the port {port}")
