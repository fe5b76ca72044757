"""The archive: pages written a second, pages found a second beside warcio, and the memory that finding takes.

    python benchmarks/archive.py [PAGES]

2,000 pages of the size and build of news pages are made and written to one .warc.gz file, each as a response, a request
and a metadata record. Then newsmill and warcio find the pages in it. Time is that of the work alone, and the best of
three, since other programs may be running. Memory is the highest of a process of its own that finds the pages, and of
another that does so in a file ten times as long.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

from benchmarks.results import Kind, Row, Scope
from ingest.model import ArchivePointer, Page, Seed, Via
from storage.archive import Archive, find_pages, read_page

PAGES = 2000

MEMORY = r"""
import re, sys
from pathlib import Path
from storage.archive import find_pages
for _ in find_pages(Path(sys.argv[1])):
    pass
print(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Seconds of the work on all pages, kilobytes of a page, and megabytes of a process and of the long file."""

    write_s: float
    find_s: float
    warcio_s: float
    read_s: float
    page_kb: float
    filed_kb: float
    held_mb: float
    long_held_mb: float
    long_mb: float


def main() -> None:
    """Measure and print one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    found = measure(count)
    table = Table("", "newsmill", "warcio", title=f"{count} pages of {found.page_kb:.0f} KB")
    table.add_row("pages written a second", f"{count / found.write_s:,.0f}", "")
    table.add_row("pages found a second", f"{count / found.find_s:,.0f}", f"{count / found.warcio_s:,.0f}")
    table.add_row("pages read a second, each by its place", f"{count / found.read_s:,.0f}", "")
    table.add_row("KB a page in the file", f"{found.filed_kb:.1f}", "")
    table.add_row("MB held while finding them", f"{found.held_mb:.0f}", "")
    table.add_row(f"the same in a file of {found.long_mb:.0f} MB", f"{found.long_held_mb:.0f}", "")
    Console().print(table)


def rows(_: Scope) -> Iterator[Row]:
    """Pages written, found and read a second; finding beside warcio."""
    found = measure(PAGES)
    on = f"{PAGES} made pages of {found.page_kb:.0f} kB"
    speed = partial(Row, unit="/s", kind=Kind.SPEED, on=on)
    yield speed(name="pages written a second", value=PAGES / found.write_s)
    peers = {"warcio": PAGES / found.warcio_s}
    yield speed(name="pages found a second", value=PAGES / found.find_s, peers=peers, goal=1.0)
    yield speed(name="pages read a second, each by its place", value=PAGES / found.read_s)
    size = partial(Row, kind=Kind.SIZE, on=on, higher=False)
    yield size(name="a page in the file", value=found.filed_kb, unit="kB")
    yield size(name="memory while finding them", value=found.held_mb, unit="MB")
    yield size(name="memory while finding ten times as many", value=found.long_held_mb, unit="MB")


def measure(count: int) -> Found:
    """All figures for so many pages."""
    pages = list(make_pages(count))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_s = best(lambda turn: write(folder / str(turn), pages))
        (file,) = (folder / "0").iterdir()
        pointers = [found.pointer for found in find_pages(file)]
        long = folder / "long.warc.gz"
        with long.open("wb") as joined:
            for _ in range(10):
                joined.write(file.read_bytes())
        return Found(
            write_s=write_s,
            find_s=best(lambda _: find(file, count)),
            warcio_s=best(lambda _: find_with_warcio(file, count)),
            read_s=best(lambda _: read(pages, pointers)),
            page_kb=sum(len(page.body) for page in pages) / count / 1000,
            filed_kb=file.stat().st_size / count / 1000,
            held_mb=memory(file),
            long_held_mb=memory(long),
            long_mb=long.stat().st_size / 1e6,
        )


def make_pages(count: int) -> Iterator[Page]:
    """Pages of some 60 KB, most of it markup and links, as their sites send them."""
    dice = random.Random(1)
    words = ["".join(dice.choices("aeinorstlkdmåäöpv", k=dice.randint(2, 11))) for _ in range(8000)]

    def phrase(length: int) -> str:
        return " ".join(dice.choices(words, k=length))

    headers = tuple((f"X-Header-{number}", phrase(3)) for number in range(15))
    for number in range(count):
        links = "".join(
            f'<li class="teaser t{dice.randrange(9)}"><a href="/story/{dice.randrange(10**7)}">{phrase(6)}</a></li>'
            for _ in range(400)
        )
        text = "".join(f"<p>{phrase(60)}</p>" for _ in range(40))
        yield Page(
            seed=Seed(url=f"https://courier.example/{number}", via=Via.FEED, source="courier", title=phrase(7)),
            final_url=f"https://courier.example/story/{number}",
            body=f"<html><body><ul>{links}</ul><article>{text}</article></body></html>".encode(),
            fetched_at=datetime(2026, 3, 14, tzinfo=UTC) + timedelta(seconds=number),
            status=200,
            headers=(*headers, ("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")),
            redirects=(f"https://courier.example/{number}",),
            request=(("Host", "courier.example"), ("User-Agent", "newsmill"), ("Accept", "text/html")),
            address="203.0.113.7",
        )


def write(folder: Path, pages: list[Page]) -> None:
    """Write them as a run does, brought to the disk once."""
    with Archive(folder, "benchmark") as archive:
        for page in pages:
            archive.add(page, "0" * 64)
        archive.sync()


def find(path: Path, expected: int) -> None:
    """Find the pages."""
    found = sum(1 for _ in find_pages(path))
    assert found == expected, found


def find_with_warcio(path: Path, expected: int) -> None:
    """Find them with warcio, which unpacks the bodies too, to get to the next record."""
    found = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            found += record.rec_type == "response" and record.http_headers.get_statuscode() == "200"
    assert found == expected, found


def read(pages: list[Page], pointers: list[ArchivePointer]) -> None:
    """Read each page by its place, as a run does that processes the archive again."""
    for page, pointer in zip(pages, pointers, strict=True):
        assert read_page(page.seed, pointer).body == page.body


def best(work: Callable[[int], None]) -> float:
    """The seconds of the fastest of three."""
    taken = []
    for turn in range(3):
        started = time.perf_counter()
        work(turn)
        taken.append(time.perf_counter() - started)
    return min(taken)


def memory(path: Path) -> float:
    """The most megabytes that a process held which found the pages of a file."""
    printed = subprocess.check_output([sys.executable, "-c", MEMORY, str(path)], text=True)
    return int(printed) / 1024


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - started:.0f} s")
