"""Kill -9 at random over everything that takes part in a run, and one undisturbed run after it.

NEWSMILL_CHAOS_KILLS is how many kills each test makes; `make chaos` sets it to 100. NEWSMILL_CHAOS_SEED repeats the
moments and the victims of an earlier time, as far as the machine lets it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.command import NEWSMILL, counts, environment, newsmill
from support.postgres import PG_CTL, PostgresServer
from support.sites import Sites
from support.snapshot import count_interrupted, left_over, snapshot

from flows.demo.model import unpack_packages

KILLS = int(os.environ.get("NEWSMILL_CHAOS_KILLS", "5"))
SEED = int(os.environ.get("NEWSMILL_CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
# Kills on one database, before it is brought to an end and looked at.
ROUND = 5
ARTICLES = 24

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    """Six sites with articles in several languages, and copies across them."""
    with Sites(6, ARTICLES, wait_s=0.03) as made:
        yield made


@pytest.fixture(scope="module")
def settings(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Small batches, so that there is much to interrupt, and the demo's translation packages."""
    models = tmp_path_factory.mktemp("models")
    unpack_packages(models)
    return {
        **sites.settings,
        "NEWSMILL_RUN__BATCH_SIZE": "3",
        "NEWSMILL_EXTRACT__PROCESSES": "1",
        "NEWSMILL_TRANSLATE__PACKAGES_DIR": str(models),
    }


@pytest.fixture(scope="module")
def calm(sites: Sites, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[float, object]:
    """How long an undisturbed run takes, and what it leaves."""
    home = tmp_path_factory.mktemp("calm")
    started = time.monotonic()
    result = newsmill(*command(home, sites, f"sqlite:///{home}/n.db"), home=home, **settings)
    length_s = time.monotonic() - started
    assert counts(result)["stored"] == ARTICLES, result.stderr
    wanted = snapshot(home / "n.db")
    assert wanted["duplicates"]
    assert wanted["translations"]
    return length_s, wanted


def command(home: Path, sites: Sites, database: str) -> list[str]:
    """A run for all articles."""
    (home / "urls.txt").write_text("\n".join(sites.urls), encoding="utf-8")
    return ["run", "urls", "urls.txt", "--json", "--db", database]


class Crowd:
    """The owner of a run and a helper, started again whenever they are dead."""

    def __init__(self, home: Path, owner: list[str], helper: list[str], settings: dict[str, str]) -> None:
        self._home = home
        self._commands = {"owner": owner, "helper": helper}
        self._environment = environment(home, **settings)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def revive(self) -> None:
        """Start those that do not run."""
        for name, arguments in self._commands.items():
            if name not in self._processes or self._processes[name].poll() is not None:
                self._processes[name] = subprocess.Popen(
                    [NEWSMILL, *arguments],
                    cwd=self._home,
                    env=self._environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )

    def kill(self, name: str) -> None:
        """End one of them; its own workers see the end of their pipes."""
        self._processes[name].kill()
        self._processes[name].wait()

    def kill_child(self, name: str, moments: random.Random) -> None:
        """End one of the processes that one of them has started, if it has any."""
        children = _descendants(self._processes[name].pid)
        if children:
            with suppress(ProcessLookupError):
                os.kill(moments.choice(children), signal.SIGKILL)

    def end(self) -> None:
        """End both."""
        for name in self._processes:
            self.kill(name)


def disturb(
    home: Path,
    sites: Sites,
    settings: dict[str, str],
    calm: tuple[float, object],
    new_database: Callable[[int], str],
    more: dict[str, Callable[[], None]],
) -> None:
    """Kill again and again; after every few kills run undisturbed, and compare."""
    moments = random.Random(SEED)
    length_s, wanted = calm
    victims: Counter[str] = Counter(seed=SEED)  # told where something went wrong
    interrupted = 0
    for number in range(0, KILLS, ROUND):
        database = new_database(number)
        folder = home / str(number)
        folder.mkdir()
        run = command(folder, sites, database)
        crowd = Crowd(folder, run, ["work", "--db", database], settings)
        kills: dict[str, Callable[[], None]] = {
            "owner": lambda crowd=crowd: crowd.kill("owner"),  # type: ignore[misc]
            "helper": lambda crowd=crowd: crowd.kill("helper"),  # type: ignore[misc]
            "worker": lambda crowd=crowd: crowd.kill_child(moments.choice(["owner", "helper"]), moments),  # type: ignore[misc]
            **more,
        }
        try:
            for _ in range(min(ROUND, KILLS - number)):
                crowd.revive()
                time.sleep(moments.uniform(0.2, 1.2) * length_s)
                victim = moments.choice(sorted(kills))
                victims[victim] += 1
                kills[victim]()
        finally:
            crowd.end()
        last = newsmill(*run, home=folder, **settings)
        assert last.returncode == 0, last.stderr
        found = counts(last)
        assert found["stored"] + found["unchanged"] == found["seeds"] == ARTICLES, (victims, found)
        assert left_over(database) == {}, victims
        assert snapshot(database) == wanted, victims
        interrupted += count_interrupted(database)
    assert interrupted, "no kill hit a run at work: the moments are badly chosen"


def test_a_run_on_sqlite_survives_all_kills(
    sites: Sites, settings: dict[str, str], calm: tuple[float, object], tmp_path: Path
) -> None:
    """Whoever is killed and when, the next run leaves what an undisturbed one does: nothing lost, nothing twice."""
    disturb(tmp_path, sites, settings, calm, lambda number: f"sqlite:///{tmp_path}/{number}.db", {})


@pytest.mark.skipif(not PG_CTL, reason="no PostgreSQL server is installed")
def test_a_run_on_postgresql_survives_all_kills_of_the_server_too(
    sites: Sites, settings: dict[str, str], calm: tuple[float, object], tmp_path: Path
) -> None:
    """The same where connections are ended and the server itself dies without writing anything back."""
    with PostgresServer() as server:

        def crash() -> None:
            server.stop()
            server.start()

        kills = {"connections": server.end_connections, "server": crash}
        disturb(tmp_path, sites, settings, calm, lambda number: server.new_database(f"test_{number}"), kills)


def _descendants(pid: int) -> list[int]:
    """The processes below one, as /proc tells."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: list[int] = []
    edge = [pid]
    while edge:
        edge = [child for one in edge for child in parents.get(one, [])]
        found += edge
    return found
