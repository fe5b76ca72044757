"""Archives of others by the hundred thousand pages: what is not wanted, the same once more, and memory.

    python -m benchmarks.crawls [--pages 100000] [--slice 5000] [--memory 50000]

Pages of news size are made and written as a crawler keeps them, a request and a response each, every record compressed
for itself; every fiftieth is from the one host that is wanted. A slice of them is read whole, and once more. Of the
long archive only that host is read (`run files --host`), without and with a CDXJ index beside it; its wanted pages are
different ones, the others are those of the slice again and again, which nobody notices who passes them over. Reading
all of it is not measured: it is the slice's time, so many times. Memory is that of small pages, all of them read.

Time is processor time of all processes with their start, memory the sum of what all of them hold, shared pages counted
once, at its highest.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks.cost import cost, reap
from benchmarks.results import Kind, Row, Scope
from benchmarks.throughput import NEWSMILL, pages
from storage.archive.surt import surt

EVERY = 50  # one page of so many is wanted
WANTED, OTHER = "courier.example", "host-{}.example"
OTHERS = 200  # hosts
FRAME, SMALL = 0.3, 0.02  # of the frame of a large page: pages of some 50 kB, and of some 4 kB
_CAPTURED = "2026-04-{:02}T10:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a command took: seconds of processor time, and megabytes at its highest."""

    cpu: float
    megabytes: float


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--slice", type=int, default=5_000)
    parser.add_argument("--memory", type=int, default=50_000, help="0 leaves it out")
    given = parser.parse_args()
    for row in measured(given.pages, given.slice, given.memory):
        Console(width=150).print(f"{row.on} | {row.name} | {row.value:.4g} {row.unit} | {row.note}", markup=False)


def rows(scope: Scope) -> Iterator[Row]:
    """What is passed over, what is read twice, and memory; in short a tenth of each."""
    yield from measured(100_000, 5_000, 50_000) if scope.full else measured(10_000, 500, 2_000)


def measured(long: int, short: int, small: int) -> Iterator[Row]:
    """The rows of an archive of so many pages, of a slice of it, and of one of so many small pages."""
    reap()
    with tempfile.TemporaryDirectory(prefix="newsmill-crawls-") as name:
        folder = Path(name)
        slice_ = write(folder / "slice.warc.gz", short, short, FRAME)
        first, again = (used(slice_, folder / "all.db") for _ in range(2))
        one = write(folder / "one.warc.gz", 1, 1, SMALL)
        start, start_again = (used(one, folder / "one.db") for _ in range(2))
        slice_.unlink()
        whole = write(folder / "long.warc.gz", long, short, FRAME)
        host = used(whole, folder / "host.db", "--host", WANTED)
        index(whole)
        indexed = used(whole, folder / "indexed.db", "--host", WANTED)
        gigabytes = whole.stat().st_size / 1e9
        whole.unlink()
        yield from _told_again(short, first.cpu, again.cpu, start.cpu, start_again.cpu)
        yield from _told_wanted(long, short, gigabytes, (first.cpu - start.cpu) * long / short, host, indexed)
        if small:
            held = used(write(folder / "small.warc.gz", small, small, SMALL), folder / "small.db").megabytes
            on = f"{small:,} pages of 4 kB in one archive, all of them read"
            size = partial(Row, unit="MB", kind=Kind.SIZE, higher=False, goal=600.0)
            yield size(name="memory of all processes", value=held, on=on)


def _told_again(short: int, first: float, again: float, start: float, start_again: float) -> Iterator[Row]:
    """What the same archive costs again, of the seconds of a first run and a second, and of both of one page."""
    on = f"{short:,} pages of 50 kB in one archive, processor time of all processes"
    share = partial(Row, unit="x", kind=Kind.TIMES, higher=False, on=on, goal=0.1)
    note = f"{again:.1f} s of {first:.0f}"
    yield share(name="the same archive again beside the first time", value=again / first, note=note)
    note = f"a run of one page {start:.1f} s, again {start_again:.1f}"
    yield share(name="the same, starts left out", value=(again - start_again) / (first - start), note=note)


def _told_wanted(long: int, short: int, gigabytes: float, whole: float, host: Used, indexed: Used) -> Iterator[Row]:
    """What a choice of one host costs beside reading all, which takes so many seconds."""
    on = f"{long:,} pages in one archive of {gigabytes:.1f} GB, one in {EVERY} of the host that is wanted"
    share = partial(Row, unit="x", kind=Kind.TIMES, higher=False, on=on, goal=0.05)
    note = f"{host.cpu:.0f} s of {whole:.0f}, scaled from {short:,} pages"
    yield share(name="--host beside reading all", value=host.cpu / whole, note=note)
    name = "--host with a CDXJ index beside the archive"
    yield share(name=name, value=indexed.cpu / whole, note=f"{indexed.cpu:.0f} s")
    held = host.megabytes
    yield Row(name="memory of all processes", value=held, unit="MB", kind=Kind.SIZE, higher=False, on=on, goal=600.0)


def used(archive: Path, database: Path, *options: str) -> Used:
    """A run over an archive without translation, with two workers."""
    command = [str(NEWSMILL), "run", "files", str(archive), "--no-translate", "--json", "--db", f"sqlite:///{database}"]
    settings = {"NEWSMILL_EXTRACT__PROCESSES": "2", "NEWSMILL_STORAGE__ARCHIVE_DIR": str(database.parent / "archive")}
    ended, peak = threading.Event(), [0.0]

    def watch(session: int) -> None:
        while not ended.wait(0.5):
            peak[0] = max(peak[0], held_by(session))

    with ThreadPoolExecutor(1) as watcher:
        try:
            spent = cost([*command, *options], settings, lambda number: watcher.submit(watch, number))
        finally:
            ended.set()
    return Used(cpu=spent.all, megabytes=peak[0])


def held_by(session: int) -> float:
    """Megabytes that the processes of a session hold now: what each has alone, and its part of what they share."""
    held = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, StopIteration):  # it ended while we looked
            if int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[3]) == session:
                rollup = (process / "smaps_rollup").read_text(encoding="utf-8")
                held += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return held / 1024


def write(path: Path, count: int, different: int, frame: float) -> Path:
    """Write an archive of so many pages, of which so many that are not wanted differ, and all that are."""
    made = pages(frame)
    others = [(_other(number), next(made)) for number in range(different) if number % EVERY]
    kept = itertools.cycle([packed(*one) for one in others])
    with path.open("wb") as file:
        for number in range(count):
            file.write(next(kept) if number % EVERY else packed(f"https://{WANTED}/{number}", next(made)))
    return path


def index(path: Path) -> None:
    """Write the CDXJ index of an archive beside it, as a crawl's indexer does."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as file, path.with_suffix("").with_suffix(".cdxj").open("w", encoding="utf-8") as out:
        starts = [
            (one.stream_pos, one.record_type, one.headers["WARC-Target-URI"])
            for one in ArchiveIterator(file, parse_http=False)
        ]
        ends = [*(start for start, _, _ in starts[1:]), path.stat().st_size]
        for (start, kind, url), end in zip(starts, ends, strict=True):
            if kind == WarcRecordType.response:
                told = {"url": url, "offset": str(start), "length": str(end - start), "filename": path.name}
                out.write(f"{surt(url)} 20260401100000 {json.dumps(told)}\n")


def packed(url: str, page: str) -> bytes:
    """A request and a response as a crawler keeps them, each compressed for itself."""
    body = page.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    asked = f"GET / HTTP/1.1\r\nHost: {url.split('/')[2]}\r\n\r\n".encode()
    return b"".join(_record(kind, url, block) for kind, block in (("request", asked), ("response", head + body)))


def _record(kind: str, url: str, block: bytes) -> bytes:
    fields = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:{kind}:{url}>",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {_CAPTURED.format(1 + len(url) % 28)}",
        "Content-Type: application/http",
        f"Content-Length: {len(block)}",
    )
    return gzip.compress("\r\n".join(fields).encode() + b"\r\n\r\n" + block + b"\r\n\r\n", 6)


def _other(number: int) -> str:
    return f"https://{OTHER.format(number % OTHERS)}/{number}"


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - began:.0f} s")
