"""A run over an archive that is killed at any moment goes on where it was, and comes to what a calm one does."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.command import counts, environment
from support.snapshot import left_over, snapshot
from support.warm import Warm

from storage.engine import open_engine

PAGES = 26
TEXT = (
    "the old bridge over the river was closed after a storm and the council said that work would begin in spring when "
    "water is low people from both banks have asked for a ferry until then but nobody knows who should pay for it"
)
# Whether it is packed, what is wanted of it, and after which share of it the run is killed.
CASES: dict[str, tuple[bool, list[str], float]] = {
    "plain, early": (False, [], 0.1),
    "packed, late": (True, [], 0.6),
    "packed, chosen": (True, ["--host", "even.example"], 0.3),
}


def record(number: int, kind: str = "response", status: str = "200 OK") -> bytes:
    """A capture of one of the pages; some are of one page, two days apart."""
    draw = random.Random(number)
    sentences = [" ".join(draw.choices(TEXT.split(), k=18)).capitalize() + "." for _ in range(5)]
    title, text = f"Bridge number {number} closed", "".join(f"<p>{one}</p>" for one in sentences)
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    block = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n{page if kind == 'response' else ''}"
    url = f"https://{'even' if number % 2 == 0 else 'odd'}.example/{number // 4 * 4 if number % 4 == 2 else number}"
    fields = [f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"WARC-Date: 2026-05-{1 + number % 28:02}T06:00:00Z"]
    head = "\r\n".join(["WARC/1.1", *fields, "Content-Type: application/http", f"Content-Length: {len(block)}"])
    return f"{head}\r\n\r\n{block}\r\n\r\n".encode()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The command, without its start; a portion is six seeds."""
    with Warm(environment(tmp_path_factory.mktemp("warm"), NEWSMILL_RUN__BATCH_SIZE="2")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize(("packed", "options", "share"), CASES.values(), ids=CASES)
def test_a_killed_run_goes_on_at_the_offset(
    packed: bool, options: list[str], share: float, warm: Warm, tmp_path: Path
) -> None:
    """After kill -9 the next run begins at the first record that is no seed yet; the database is that of a calm run."""
    records = [record(number) for number in range(PAGES)]
    records += [record(1, "revisit"), record(8, status="404 Not Found"), record(3, "request")]
    records = [gzip.compress(one) if packed else one for one in records]
    starts = [sum(map(len, records[:number])) for number in range(len(records) + 1)]
    archive = tmp_path / f"crawl.warc{'.gz' if packed else ''}"
    archive.write_bytes(b"".join(records))
    calm, home = tmp_path / "calm", tmp_path / "killed"

    begin(warm, archive, options, calm)
    first = counts(warm.end())
    assert first["stored"] > PAGES // 4

    hold_behind(int(share * starts[-1]), home / "n.db")
    killed = begin(warm, archive, options, home)
    wait_until_behind(int(share * starts[-1]), home / "n.db", warm)
    os.kill(killed, signal.SIGKILL)
    assert warm.end().returncode == -signal.SIGKILL
    reached = reach_of(home / "n.db")
    let_go(home / "n.db")
    begin(warm, archive, options, home)
    second = counts(warm.end())
    read = sum(second["archive_records"].get(kind, 0) for kind in ("response", "revisit", "other", "other_host"))
    assert read == sum(start >= reached for start in starts[:-1])
    assert snapshot(home / "n.db") == snapshot(calm / "n.db")
    assert left_over(home / "n.db") == {}
    assert reach_of(home / "n.db") == 0


def begin(warm: Warm, archive: Path, options: list[str], home: Path) -> int:
    """Begin a run; returns its process."""
    home.mkdir(exist_ok=True)
    return warm.start(
        ["run", "files", archive, *options, "--no-translate", "--db", url_of(home / "n.db"), "--json"], home
    )


def hold_behind(offset: int, database: Path) -> None:
    """Have no run write an outcome once it has looked so far: the statement that would does not come to its end."""
    database.parent.mkdir()
    open_engine(url_of(database)).dispose()
    with closing(sqlite3.connect(database)) as opened:
        opened.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT i FROM n"
        )
        opened.execute(
            f'CREATE TRIGGER held BEFORE INSERT ON outcome WHEN (SELECT max("offset") FROM reach) > {offset} '
            "BEGIN SELECT max(i) FROM endless; END"
        )


def let_go(database: Path) -> None:
    """Make a database like any other again."""
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("DROP TRIGGER held")
        opened.execute("DROP VIEW endless")


def wait_until_behind(offset: int, database: Path, warm: Warm) -> None:
    """Wait until a run has looked so far."""
    while reach_of(database) <= offset:
        assert warm.is_running(), warm.end()
        time.sleep(0.02)


def url_of(database: Path) -> str:
    """The address of a database, as newsmill takes it."""
    return f"sqlite:///{database}"


def reach_of(database: Path) -> int:
    """How far an archive was looked through, as the database knows; 0 where nothing is known."""
    with closing(sqlite3.connect(database, timeout=60)) as opened:
        return max((offset for (offset,) in opened.execute('SELECT "offset" FROM reach')), default=0)
