"""Several processes on one database: one outcome a seed, no URL fetched twice, no host asked by two at once."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from support.command import NEWSMILL, counts, environment
from support.postgres import PG_CTL, PostgresServer
from support.sites import Sites
from support.snapshot import left_over, snapshot

PATIENCE_S = 180


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    """Eight sites with forty articles, each of which takes a moment."""
    with Sites(8, 40, wait_s=0.05) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/n.db"
        return
    if not PG_CTL:
        pytest.skip("no PostgreSQL server is installed")
    with PostgresServer() as server:
        yield server.new_database("test_together")


def begin(home: Path, sites: Sites, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """A newsmill that works in the background."""
    known = {**sites.settings, "NEWSMILL_RUN__BATCH_SIZE": "4", "NEWSMILL_EXTRACT__PROCESSES": "1", **settings}
    return subprocess.Popen(
        [NEWSMILL, *arguments],
        cwd=home,
        env=environment(home, **known),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """What became of it."""
    out, err = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def put_list(home: Path, name: str, urls: list[str]) -> str:
    """Write a list of URLs; returns its name."""
    (home / name).write_text("\n".join(urls), encoding="utf-8")
    return name


@pytest.mark.slow
def test_two_helpers_share_a_run_with_its_owner(sites: Sites, database: str, tmp_path: Path) -> None:
    """Each URL is fetched once by somebody and has one outcome; the database is that of one process alone."""
    urls = put_list(tmp_path, "urls.txt", sites.urls)
    command = ["run", "urls", urls, "--no-translate", "--json"]
    alone = ended(begin(tmp_path, sites, *command, "--db", f"sqlite:///{tmp_path}/alone.db"))
    assert counts(alone)["stored"] == len(sites.urls), alone.stderr
    sites.forget()
    helpers = [begin(tmp_path, sites, "work", "--db", database) for _ in range(2)]
    owner = ended(begin(tmp_path, sites, *command, "--db", database))
    for helper in helpers:
        helper.send_signal(signal.SIGTERM)
    helped = [ended(helper) for helper in helpers]
    assert counts(owner)["stored"] == len(sites.urls), owner.stderr
    assert [(one.returncode, one.stderr.count("Traceback")) for one in helped] == [(0, 0)] * 2, helped
    done = [int(one.stdout.split()[0]) for one in helped]
    assert all(done), "a helper did nothing"
    assert set(sites.fetched().values()) == {1}
    assert left_over(database) == {}
    assert snapshot(database) == snapshot(tmp_path / "alone.db")


@pytest.mark.slow
def test_two_runs_whose_lists_overlap_fetch_each_page_once(sites: Sites, database: str, tmp_path: Path) -> None:
    """Begun at the same moment, both runs have an outcome for each of their seeds; what both list is fetched once."""
    half = len(sites.urls) // 2
    lists = [
        put_list(tmp_path, "one.txt", sites.urls[: half + 10]),
        put_list(tmp_path, "two.txt", list(reversed(sites.urls[half - 10 :]))),
    ]
    sites.forget()
    both = [begin(tmp_path, sites, "run", "urls", name, "--no-translate", "--json", "--db", database) for name in lists]
    found = [counts(ended(one)) for one in both]
    assert [one["seeds"] for one in found] == [half + 10, half + 10]
    assert [one["stored"] + one["unchanged"] for one in found] == [half + 10, half + 10]
    assert sum(one["stored"] for one in found) == len(sites.urls)
    assert set(sites.fetched().values()) == {1}


@pytest.mark.slow
def test_no_site_is_asked_by_two_processes_at_once(tmp_path: Path) -> None:
    """With one site, two runs and a helper, each request to it begins when the one before is answered."""
    with Sites(1, 24, wait_s=0.1) as one_site:
        lists = [put_list(tmp_path, "a.txt", one_site.urls[:16]), put_list(tmp_path, "b.txt", one_site.urls[8:])]
        database = f"sqlite:///{tmp_path}/n.db"
        helper = begin(tmp_path, one_site, "work", "--db", database)
        both = [begin(tmp_path, one_site, "run", "urls", each, "--no-translate", "--db", database) for each in lists]
        results = [ended(one) for one in both]
        helper.send_signal(signal.SIGTERM)
        ended(helper)
        assert [one.returncode for one in results] == [0, 0], results
        answered = sorted(one.at for one in one_site.rooms[0].log if one.path != "/robots.txt")
        gaps = [later - earlier for earlier, later in pairwise(answered)]
        assert len(answered) == 24
        assert min(gaps) > 0.09, "two were being answered at once"


@pytest.mark.slow
def test_a_dead_helper_holds_up_nobody(sites: Sites, tmp_path: Path) -> None:
    """What a helper had in hand when it was killed is done by the owner, from the archive where it had been fetched."""
    urls = put_list(tmp_path, "urls.txt", sites.urls)
    database = f"sqlite:///{tmp_path}/n.db"
    sites.forget()
    helper = begin(tmp_path, sites, "work", "--db", database)
    owner = begin(tmp_path, sites, "run", "urls", urls, "--no-translate", "--json", "--db", database)
    while owner.poll() is None and not _claims(tmp_path / "n.db", "work-%"):
        pass
    helper.kill()
    helper.communicate()
    result = ended(owner)
    assert counts(result)["stored"] == len(sites.urls), result.stderr
    assert left_over(tmp_path / "n.db") == {}
    assert sum(sites.fetched().values()) <= len(sites.urls) + 4, "at most the batch that was under way is fetched again"


def _claims(database: Path, worker: str) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(database, timeout=30)
    try:
        row = connection.execute("SELECT count(*) FROM claim WHERE worker LIKE ?", (worker,)).fetchone()
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0
    finally:
        connection.close()
    return int(row[0])
