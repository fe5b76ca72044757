"""Kill -9 at random over everything that takes part in a run, and one undisturbed run after it.

NEWSMILL_CHAOS_KILLS is how many kills each test makes; `make chaos` sets it to 100. NEWSMILL_CHAOS_SEED repeats the
victims and the moments of an earlier time, as far as the machine lets it: a moment is so many steps into a run, by what
the database says of it, whatever time they take.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from support.command import counts, environment
from support.postgres import INITDB, PostgresServer
from support.prefect_server import QUIET, PrefectServer
from support.sites import Sites
from support.snapshot import count_interrupted, follow, how_far, left_over, snapshot
from support.warm import Warm

from flows.demo.model import unpack_packages

KILLS = int(os.environ.get("NEWSMILL_CHAOS_KILLS", "5"))
SEED = int(os.environ.get("NEWSMILL_CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
# Kills on one database, before it is brought to an end and looked at.
ROUND = 5
ARTICLES = 24
RUN = ["run", "urls", "urls.txt", "--json"]
# A run for all articles changes what `how_far` tells some thirty times: five kills are spread over most of it.
STEPS = 10
# This part of the kills comes while all are starting: the tables of a new database are there after half a second.
STARTING = 1 / 5
START_S = 1.0

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    """Six sites with articles in several languages, and copies across them."""
    with Sites(6, ARTICLES, wait_s=0.03) as made:
        yield made


@pytest.fixture(scope="module")
def home(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a list of all articles and the demo's translation packages."""
    folder = tmp_path_factory.mktemp("chaos")
    (folder / "urls.txt").write_text("\n".join(sites.urls), encoding="utf-8")
    unpack_packages(folder / "models")
    return folder


@pytest.fixture(scope="module")
def warm(sites: Sites, home: Path) -> Iterator[Mapping[str, Warm]]:
    """The command without its start, for the owner of a run and for a helper: most kills are to meet them at work."""
    settings = {
        **sites.settings,
        "NEWSMILL_RUN__BATCH_SIZE": "3",  # so that there is much to interrupt
        "NEWSMILL_EXTRACT__PROCESSES": "1",
        "NEWSMILL_TRANSLATE__PACKAGES_DIR": "models",
    }
    with Warm(environment(home, **settings)) as owner, Warm(environment(home, **settings)) as helper:
        yield {"owner": owner, "helper": helper}


@pytest.fixture(scope="module")
def wanted(home: Path, warm: Mapping[str, Warm]) -> object:
    """What an undisturbed run leaves."""
    assert undisturbed(warm["owner"], home, "sqlite:///calm.db")["stored"] == ARTICLES
    found = snapshot(home / "calm.db")
    assert found["duplicates"]
    assert found["translations"]
    return found


def undisturbed(warm: Warm, home: Path, database: str) -> dict[str, Any]:
    """A run for all articles to its end; what it came to.

    What several kills met alone in somebody's hand was set aside; that is tried again as an operator does.
    """
    found = _to_its_end(warm, home, [*RUN, "--db", database])
    if found["rejected"]:
        again = _to_its_end(warm, home, ["retry", "--poison", "--json", "--db", database])
        found["stored"] += again["stored"]
        found["unchanged"] += again["unchanged"]
    return found


def _to_its_end(warm: Warm, home: Path, command: list[str]) -> dict[str, Any]:
    warm.start(command, home)
    result = warm.end()
    assert result.returncode == 0, result.stderr
    return counts(result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Who is to be killed, and when: so many steps into a run and a moment later, or a moment after the start."""

    victim: str
    steps: int | None
    moment_s: float


def planned(victims: list[str], count: int, moments: random.Random) -> list[Kill]:
    """Random kills: each victim once, if there are so few, and first the owner of a run that has hardly begun."""
    others = moments.sample([victim for victim in victims if victim != "owner"], len(victims) - 1)
    chosen = (others + moments.choices(victims, k=count))[: count - 1]
    kills = []
    for victim in chosen:
        if moments.random() < STARTING:
            kills.append(Kill(victim=victim, steps=None, moment_s=moments.uniform(0, START_S)))
        else:
            kills.append(Kill(victim=victim, steps=moments.randrange(STEPS), moment_s=moments.uniform(0, 0.1)))
    return [Kill(victim="owner", steps=moments.randrange(STEPS), moment_s=0), *moments.sample(kills, count - 1)]


class Crowd:
    """The owner of a run, later a helper too, on one database; started again whenever dead. A context manager."""

    def __init__(self, warm: Mapping[str, Warm], home: Path, database: str, settings: Mapping[str, str]) -> None:
        self._settings = {"owner": dict(settings), "helper": {}}
        self._warm = warm
        self._home = home
        self._database = database
        self._commands = {"owner": [*RUN, "--db", database]}
        self._ids: dict[str, int] = {}  # of their processes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._ids):
            self._kill(name)

    def add_helper(self) -> None:
        """From now on a helper takes part: before that it might do all the work while nobody looks."""
        self._commands["helper"] = ["work", "--db", self._database]

    def revive(self) -> None:
        """Start those that do not run."""
        for name, arguments in self._commands.items():
            if name in self._ids and not self._warm[name].is_running():
                self._kill(name)
            if name not in self._ids:
                self._ids[name] = self._warm[name].start(arguments, self._home, **self._settings[name])

    def go_on(self, steps: int) -> None:
        """Have the owner go so many steps into its run, or to its end."""
        follow(self._warm["owner"], self._database, self._ids["owner"], steps)

    def kill_owner(self) -> bool:
        """End the owner of the run; whether it was at work. Its own workers see the end of their pipes."""
        os.kill(self._ids["owner"], signal.SIGSTOP)  # it does not end while it is looked at
        at_work = self._how_far() is not None
        self._kill("owner")
        return at_work

    def kill_helper(self) -> None:
        """End the helper."""
        self._kill("helper")

    def kill_child(self, moments: random.Random) -> None:
        """End one of the processes that the two have started, if they have any."""
        children = {child for process in self._ids.values() for child in _descendants(process)}
        if children:
            with suppress(ProcessLookupError):
                os.kill(moments.choice(sorted(children)), signal.SIGKILL)

    def _how_far(self) -> tuple[int, ...] | None:
        return how_far(self._database, self._ids["owner"])

    def _kill(self, name: str) -> None:
        os.kill(self._ids.pop(name), signal.SIGKILL)
        self._warm[name].end()


def disturb(
    home: Path,
    warm: Mapping[str, Warm],
    wanted: object,
    new_database: Callable[[int], str],
    more: Mapping[str, Callable[[], None]],
    settings: Mapping[str, str],
) -> None:
    """Kill again and again; after every few kills run undisturbed, and compare.

    `more` are victims beside those that always are; `settings` are the owner's.
    """
    moments = random.Random(SEED)
    victims = sorted(["owner", "helper", "worker", *more])
    for number in range(0, KILLS, ROUND):
        database = new_database(number)
        kills = planned(victims, min(ROUND, KILLS - number), moments)
        with Crowd(warm, home, database, settings) as crowd:
            strike: dict[str, Callable[[], bool | None]] = {
                "owner": crowd.kill_owner,
                "helper": crowd.kill_helper,
                "worker": partial(crowd.kill_child, moments),
                **more,
            }
            where = (SEED, number, kills)  # told where something went wrong
            assert carry_out(kills[0], crowd, strike["owner"]), ("no kill hit a run at work", where)
            crowd.add_helper()
            for kill in kills[1:]:
                carry_out(kill, crowd, strike[kill.victim])
        found = undisturbed(warm["owner"], home, database)
        assert found["stored"] + found["unchanged"] == found["seeds"] == ARTICLES, (found, where)
        assert count_interrupted(database), where
        assert left_over(database) == {}, where
        assert snapshot(database) == wanted, where


def carry_out(kill: Kill, crowd: Crowd, strike: Callable[[], bool | None]) -> bool:
    """Wait for the moment and kill; whether it hit an owner at work."""
    crowd.revive()
    if kill.steps is not None:
        crowd.go_on(kill.steps)
    time.sleep(kill.moment_s)
    return bool(strike())


def test_a_run_on_sqlite_survives_all_kills(home: Path, warm: Mapping[str, Warm], wanted: object) -> None:
    """Whoever is killed and when, the next run leaves what an undisturbed one does: nothing lost, nothing twice."""
    disturb(home, warm, wanted, lambda number: f"sqlite:///{home}/{number}.db", {}, {})


@pytest.mark.skipif(not INITDB, reason="no PostgreSQL server is installed")
def test_a_run_on_postgresql_survives_all_kills_of_the_server_too(
    home: Path, warm: Mapping[str, Warm], wanted: object
) -> None:
    """The same where connections are ended and the server itself dies without writing anything back."""
    with PostgresServer() as server:
        kills = {"connections": server.end_connections, "server": server.crash}
        disturb(home, warm, wanted, lambda number: server.new_database(f"test_{number}"), kills, {})


@pytest.mark.prefect
def test_a_flow_run_survives_all_kills_of_its_server_too(
    home: Path, warm: Mapping[str, Warm], wanted: object, tmp_path: Path, prefect_made: Path
) -> None:
    """The same where the run is a flow run and Prefect's server dies under it, or is not back when the next begins."""
    with PrefectServer(tmp_path, prefect_made) as server:
        settings = {**QUIET, "PREFECT_API_URL": server.api}
        disturb(
            home, warm, wanted, lambda number: f"sqlite:///{tmp_path}/{number}.db", {"prefect": server.crash}, settings
        )


def _descendants(process: int) -> set[int]:
    """The processes below one, as /proc tells."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one that has just ended
            parents[int(stat.parent.name)] = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {process}} - found:
        found |= more
    return found
