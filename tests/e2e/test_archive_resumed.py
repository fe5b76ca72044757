"""A run over an archive that is killed at any moment goes on where it was, and comes to what a calm one does."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from support.command import counts, environment
from support.snapshot import follow, left_over, snapshot
from support.warm import Warm

KILLS = int(os.environ.get("NEWSMILL_CHAOS_KILLS", "2"))
PAGES = 26
TEXT = (
    "the old bridge over the river was closed after a storm and the council said that work would begin in spring when "
    "water is low people from both banks have asked for a ferry until then but nobody knows who should pay for it"
)
CASES: dict[str, tuple[bool, list[str]]] = {
    "plain": (False, []),
    "packed, and chosen": (True, ["--host", "even.example"]),
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
@pytest.mark.parametrize(("packed", "options"), CASES.values(), ids=CASES)
def test_a_killed_run_goes_on_at_the_offset(packed: bool, options: list[str], warm: Warm, tmp_path: Path) -> None:
    """After kill -9 anywhere the next run begins at the first record that is no seed yet; the database is the same."""
    records = [record(number) for number in range(PAGES)]
    records += [record(1, "revisit"), record(8, status="404 Not Found"), record(3, "request")]
    records = [gzip.compress(one) if packed else one for one in records]
    starts = [sum(map(len, records[:number])) for number in range(len(records) + 1)]
    archive = tmp_path / f"crawl.warc{'.gz' if packed else ''}"
    archive.write_bytes(b"".join(records))

    first, length = run_of(warm, archive, options, tmp_path / "calm")
    assert first is not None
    assert first["stored"] > PAGES // 3
    wanted = snapshot(tmp_path / "calm" / "n.db")
    halfway = 0
    for kill in range(1, KILLS + 1):
        home, steps = tmp_path / str(kill), length * kill // (KILLS + 1)
        died = run_of(warm, archive, options, home, steps)[0] is None
        reached = reach_of(home / "n.db")
        second, _ = run_of(warm, archive, options, home)
        assert second is not None
        read = sum(second["archive_records"].get(kind, 0) for kind in ("response", "revisit", "other", "other_host"))
        assert read == sum(start >= reached for start in starts[:-1]), f"killed after {steps} of {length} steps"
        assert snapshot(home / "n.db") == wanted
        assert left_over(home / "n.db") == {}
        assert reach_of(home / "n.db") == 0
        halfway += died and 0 < reached < starts[-1]
    assert halfway, "no kill hit a run that had looked through a part"


def run_of(
    warm: Warm, archive: Path, options: list[str], home: Path, steps: int | None = None
) -> tuple[dict[str, Any] | None, int]:
    """A run, killed after so many steps if that is given: what it came to if it ended, and how many steps it went."""
    home.mkdir(exist_ok=True)
    database = f"sqlite:///{home}/n.db"
    process = warm.start(["run", "files", archive, *options, "--no-translate", "--db", database, "--json"], home)
    gone = follow(warm, database, process, steps)
    if steps is not None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    result = warm.end()
    if result.returncode == -signal.SIGKILL:
        return None, gone
    assert result.returncode == 0, result.stderr
    return counts(result), gone


def reach_of(database: Path) -> int:
    """How far an archive was looked through, as the database knows; 0 where nothing is known."""
    with closing(sqlite3.connect(database)) as opened:
        return max((offset for (offset,) in opened.execute('SELECT "offset" FROM reach')), default=0)
