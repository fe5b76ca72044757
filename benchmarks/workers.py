"""Several workers on one PostgreSQL beside one: the same URLs, each done once, and how many a second.

    python benchmarks/workers.py postgresql+psycopg://postgres@127.0.0.1/postgres [URLS] [--answer SECONDS]

A site on this machine serves URLS articles (600 by default) on fifty ports, each answer after SECONDS (0 by default).
Every worker has one process for extraction: with answers at once the cores are the limit, with slow ones the hosts are,
of which each is asked by one worker at a time. The helpers (`newsmill work`) are up before the run begins, and its time
is by its own clock. Each turn has a database of its own on the server, which is dropped afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine

from benchmarks.prefect_overhead import NEWSMILL, Articles, environment, site
from benchmarks.results import Kind, Row, Scope

CROWDS = (1, 2, 4)
# Of `make bench`: hosts so slow that they and not the cores are the limit.
COUNT, ANSWER_S = 300, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run with some workers came to: seconds, outcomes, requests, and what each helper did."""

    seconds: float
    outcomes: int
    requests: int
    helped: list[int]


def main() -> None:
    """Measure and print one table; fails where a URL has no outcome, or was asked for twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("urls", type=int, nargs="?", default=600)
    parser.add_argument("--answer", type=float, default=0.0)
    given = parser.parse_args()
    measured = measure_all(given.server, given.urls, given.answer)
    title = f"{given.urls} URLs, answered after {given.answer:g} s, {os.cpu_count()} cores"
    table = Table(title=title, title_justify="left")
    for name in ("workers", "seconds", "articles/s", "times one", "done by the helpers"):
        table.add_column(name, justify="right")
    for workers, one in measured.items():
        rate, ratio = given.urls / one.seconds, measured[1].seconds / one.seconds
        table.add_row(
            str(workers), f"{one.seconds:.1f}", f"{rate:.1f}", f"{ratio:.2f}", ", ".join(map(str, one.helped))
        )
    Console().print(table)
    once = all(one.outcomes == one.requests == given.urls for one in measured.values())
    sys.exit(0 if once else f"not every URL was done once: {measured}")


def rows(_: Scope) -> Iterator[Row]:
    """How many times as fast several workers are as one, with slow hosts; each URL done once."""
    server = os.environ.get("NEWSMILL_TEST_POSTGRES")
    if not server:
        yield Row(name="several workers", value=None, note="NEWSMILL_TEST_POSTGRES names no server")
        return
    measured = measure_all(server, COUNT, ANSWER_S)
    on = f"{COUNT} URLs on 50 hosts, answered after {ANSWER_S:g} s, PostgreSQL"
    for workers, one in measured.items():
        if workers > 1:
            times = measured[1].seconds / one.seconds
            yield Row(name=f"{workers} workers beside one", value=times, unit="x", kind=Kind.TIMES, on=on)
    twice = sum(abs(one.requests - COUNT) + abs(one.outcomes - COUNT) for one in measured.values())
    yield Row(name="URLs done twice or not at all", value=twice, on=on, higher=False, goal=0)


def measure_all(server: str, count: int, answer: float) -> dict[int, Measured]:
    """Each number of workers on an empty database."""
    measured: dict[int, Measured] = {}
    Articles.wait_s = answer
    with tempfile.TemporaryDirectory() as scratch, site(count) as urls:
        home = Path(scratch)
        (home / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        settings = {
            "NEWSMILL_FETCH__ALLOW_PRIVATE": ",".join(sorted({url.split("/")[2] for url in urls})),
            "NEWSMILL_FETCH__DELAY_S": "0",
            "NEWSMILL_EXTRACT__PROCESSES": "1",
        }
        for workers in CROWDS:
            Articles.asked.clear()
            with database(server, f"newsmill_bench_{workers}") as url:
                measured[workers] = measure(home, url, workers, settings)
    return measured


def measure(home: Path, url: str, workers: int, settings: dict[str, str]) -> Measured:
    """One run and its helpers on an empty database."""
    env = environment(home) | settings
    command = [NEWSMILL, "work", "--db", url]
    helpers = [subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.PIPE) for _ in range(workers - 1)]
    try:
        while helpers and ask(url, "SELECT count(*) FROM worker") < len(helpers):
            time.sleep(0.2)
        run = [NEWSMILL, "run", "urls", "urls.txt", "--no-translate", "--json", "--db", url]
        done = subprocess.run(run, cwd=home, env=env, stdout=subprocess.PIPE, check=True)
        said = json.loads(done.stdout.splitlines()[-1])
        for helper in helpers:
            helper.send_signal(signal.SIGTERM)
        helped = [int(helper.communicate()[0].split()[0]) for helper in helpers]
    finally:
        for helper in helpers:
            helper.kill()
    outcomes = ask(url, "SELECT count(*) FROM outcome WHERE outcome = 'stored'")
    requests = sum(count for path, count in Articles.asked.items() if path.startswith("/article/"))
    return Measured(seconds=said["seconds"], outcomes=outcomes, requests=requests, helped=helped)


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """An empty database on a server; yields its URL."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def ask(url: str, query: str) -> int:
    """The number that a query gives; 0 while there are no tables."""
    engine = create_engine(url)
    table = query.partition(" FROM ")[2].split()[0]
    try:
        with engine.connect() as connection:
            there = connection.exec_driver_sql(f"SELECT to_regclass('{table}') IS NOT NULL").scalar()
            return int(connection.exec_driver_sql(query).scalar_one()) if there else 0
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
