"""Several processes on one database: one outcome a seed, no URL fetched twice, no host asked by two at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from support.command import PATIENCE_S, counts, environment
from support.postgres import INITDB, PostgresServer
from support.sites import Sites
from support.snapshot import how_far, in_hand, is_registered, left_over, snapshot
from support.warm import Ended, Warm

RUN = ["run", "urls", "--no-translate", "--json"]
BATCH = 4
SITES = 20
SMALL = {"NEWSMILL_RUN__BATCH_SIZE": str(BATCH), "NEWSMILL_EXTRACT__PROCESSES": "1"}


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    """Twenty sites with forty articles, each of which takes a moment.

    A process has two batches in hand, and each of its seeds takes a site from the others. Of so many sites two
    processes leave some to a third, however they share them out.
    """
    assert SITES > 4 * BATCH
    with Sites(SITES, 40, wait_s=0.05) as made:
        yield made


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    if not INITDB:
        pytest.skip("no PostgreSQL server is installed")
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/n.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(f"test_{tmp_path.name}"[:60].lower())


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Warm]]:
    """Three times the command, without its start."""
    settings = environment(tmp_path_factory.mktemp("crew"), **SMALL)
    with Warm(settings) as one, Warm(settings) as two, Warm(settings) as three:
        yield [one, two, three]


@pytest.fixture(scope="module")
def alone(crew: list[Warm], sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The database that one process makes by itself of all articles."""
    home = tmp_path_factory.mktemp("alone")
    crew[0].start([*RUN, put_list(home, "urls.txt", sites.urls), "--db", "sqlite:///n.db"], home, **sites.settings)
    result = crew[0].end()
    assert counts(result)["stored"] == len(sites.urls), result.stderr
    return snapshot(home / "n.db")


def begin_helper(warm: Warm, home: Path, sites: Sites, database: str) -> int:
    """Begin a helper and wait until it is ready to take of the next run; returns the id of its process."""
    helper = warm.start(["work", "--db", database], home, **sites.settings)
    wait_until("the helper does not get ready", lambda: is_registered(database, helper))
    return helper


def wait_until(otherwise: str, is_so: Callable[[], object]) -> None:
    """Wait until something is so, for as long as no test takes; `otherwise` says what is wrong when it never is."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)


def begin_runs(crew: list[Warm], lists: list[str], home: Path, sites: Sites, database: str) -> None:
    """Begin a run for each list, and have nothing answered before all have entered their seeds."""
    with sites.held():
        begun = [
            warm.start([*RUN, name, "--db", database], home, **sites.settings)
            for warm, name in zip(crew, lists, strict=False)
        ]
        for owner in begun:
            wait_until("a run does not begin", partial(how_far, database, owner))


def stop(warm: Warm, helper: int) -> Ended:
    """Tell a helper to end; what became of it."""
    os.kill(helper, signal.SIGTERM)
    return warm.end()


def put_list(home: Path, name: str, urls: list[str]) -> str:
    """Write a list of URLs; returns its name."""
    (home / name).write_text("\n".join(urls), encoding="utf-8")
    return name


@pytest.mark.slow
def test_two_helpers_share_a_run_with_its_owner(
    crew: list[Warm], sites: Sites, alone: object, database: str, tmp_path: Path
) -> None:
    """Each URL is fetched once by somebody and has one outcome; the database is that of one process alone."""
    urls = put_list(tmp_path, "urls.txt", sites.urls)
    sites.forget()
    helpers = [(warm, begin_helper(warm, tmp_path, sites, database)) for warm in crew[1:]]
    with sites.held():
        crew[0].start([*RUN, urls, "--db", database], tmp_path, **sites.settings)
        for _, helper in helpers:
            wait_until("a helper takes nothing", partial(in_hand, database, helper))
    owner = crew[0].end()
    helped = [stop(*helper) for helper in helpers]
    assert counts(owner)["stored"] == len(sites.urls), owner.stderr
    assert [(one.returncode, one.stderr.count("Traceback")) for one in helped] == [(143, 0)] * 2, helped
    done = [int(one.stderr.splitlines()[-1].removeprefix("interrupted: ").split()[0]) for one in helped]
    assert all(done), "a helper did nothing"
    assert set(sites.fetched().values()) == {1}
    assert left_over(database) == {}
    assert snapshot(database) == alone


@pytest.mark.slow
def test_two_runs_whose_lists_overlap_fetch_each_page_once(
    crew: list[Warm], sites: Sites, database: str, tmp_path: Path
) -> None:
    """Under way at the same time, both runs have an outcome for each of their seeds; what both list is fetched once."""
    half = len(sites.urls) // 2
    lists = [
        put_list(tmp_path, "one.txt", sites.urls[: half + 10]),
        put_list(tmp_path, "two.txt", list(reversed(sites.urls[half - 10 :]))),
    ]
    sites.forget()
    begin_runs(crew, lists, tmp_path, sites, database)
    found = [counts(warm.end()) for warm in crew[:2]]
    assert [one["seeds"] for one in found] == [half + 10, half + 10]
    assert [one["stored"] + one["unchanged"] for one in found] == [half + 10, half + 10]
    assert sum(one["stored"] for one in found) == len(sites.urls)
    assert set(sites.fetched().values()) == {1}


@pytest.mark.slow
def test_no_site_is_asked_by_two_processes_at_once(crew: list[Warm], tmp_path: Path) -> None:
    """With one site, two runs and a helper, no request to it comes before the one before is answered."""
    with Sites(1, 24, wait_s=0.1) as one_site:
        lists = [put_list(tmp_path, "a.txt", one_site.urls[:16]), put_list(tmp_path, "b.txt", one_site.urls[8:])]
        database = f"sqlite:///{tmp_path}/n.db"
        helper = begin_helper(crew[2], tmp_path, one_site, database)
        begin_runs(crew, lists, tmp_path, one_site, database)
        results = [crew[0].end(), crew[1].end(), stop(crew[2], helper)]
    assert [one.returncode for one in results] == [0, 0, 143], results
    asked = sorted((one.came, one.at) for one in one_site.rooms[0].log if one.path != "/robots.txt")
    assert len(asked) == 24
    assert all(later > answered for (_, answered), (later, _) in pairwise(asked)), "two were being answered at once"


@pytest.mark.slow
def test_a_dead_helper_holds_up_nobody(crew: list[Warm], sites: Sites, tmp_path: Path) -> None:
    """What a helper had in hand when it was killed is done by the owner, from the archive where it had been fetched."""
    urls = put_list(tmp_path, "urls.txt", sites.urls)
    database = f"sqlite:///{tmp_path}/n.db"
    sites.forget()
    helper = begin_helper(crew[1], tmp_path, sites, database)
    with sites.held():
        crew[0].start([*RUN, urls, "--db", database], tmp_path, **sites.settings)
        wait_until("the helper takes nothing", lambda: in_hand(database, helper))
        os.kill(helper, signal.SIGKILL)
    result = crew[0].end()
    crew[1].end()
    assert counts(result)["stored"] == len(sites.urls), result.stderr
    assert left_over(database) == {}
    assert sum(sites.fetched().values()) <= len(sites.urls) + 2 * BATCH, "at most what it had in hand is fetched again"
