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
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

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


def main() -> None:
    """Measure and print one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    pages = list(make_pages(count))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_s = best(lambda turn: write(folder / str(turn), pages))
        (file,) = (folder / "0").iterdir()
        find_s, warcio_s = best(lambda _: find(file, count)), best(lambda _: find_with_warcio(file, count))
        pointers = [found.pointer for found in find_pages(file)]
        read_s = best(lambda _: read(pages, pointers))
        held = sum(len(page.body) for page in pages) / count / 1000
        table = Table("", "newsmill", "warcio", title=f"{count} pages of {held:.0f} KB")
        table.add_row("pages written a second", f"{count / write_s:,.0f}", "")
        table.add_row("pages found a second", f"{count / find_s:,.0f}", f"{count / warcio_s:,.0f}")
        table.add_row("pages read a second, each by its place", f"{count / read_s:,.0f}", "")
        table.add_row("KB a page in the file", f"{file.stat().st_size / count / 1000:.1f}", "")
        long = folder / "long.warc.gz"
        with long.open("wb") as joined:
            for _ in range(10):
                joined.write(file.read_bytes())
        table.add_row("MB held while finding them", f"{memory(file):.0f}", "")
        table.add_row(f"the same in a file of {long.stat().st_size / 1e6:.0f} MB", f"{memory(long):.0f}", "")
        Console().print(table)


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
