"""Pages per second of extraction with metadata, beside trafilatura's own on the same pages.

    python benchmarks/extraction.py [FOLDER]

FOLDER holds saved .html pages; without it 300 pages of the size and build of news pages are made. Both read the same
bytes in one process, page by page in turn, so that their ratio means something on a busy machine; time is CPU time.
trafilatura gives no anchors, captions, times of day or residue; newsmill gives no comments.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from trafilatura import bare_extraction

from benchmarks.extraction_quality import FETCHED_AT, archived, readers
from benchmarks.results import Kind, Row, Scope
from ingest.extract.page import extract
from ingest.model import Page, Seed

PAGES = 300
URL = "https://courier.example/story"


def main() -> None:
    """Measure and print one table."""
    pages = read_pages(Path(sys.argv[1])) if len(sys.argv) > 1 else [make_page(number) for number in range(PAGES)]
    seconds = spent(pages, {"trafilatura": by_trafilatura, "newsmill": by_newsmill})
    table = Table(
        title=f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.0f} MB", title_justify="left", header_style=""
    )
    for column in ("", "pages/s", "ms a page", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    for name, taken in seconds.items():
        rate, ratio = len(pages) / taken, seconds["trafilatura"] / taken
        table.add_row(name, f"{rate:.1f}", f"{1000 * taken / len(pages):.1f}", f"{ratio:.2f}")
    Console(width=120).print(table)


def rows(scope: Scope) -> Iterator[Row]:
    """Speed beside the others', on made pages and, where there are some, on saved ones."""
    sets = {f"{PAGES} made pages of 100 kB": [make_page(number) for number in range(PAGES)]}
    if archive := scope.labelled("extract_dev.tar.xz"):
        saved = [case.body for case in archived(archive)]
        sets[f"{len(saved)} saved news pages (extract_dev)"] = saved
    ways: dict[str, Callable[[bytes], object]] = {"trafilatura": by_trafilatura, "newsmill": by_newsmill}
    ways |= {name: partial(read, URL) for name, read in readers().items() if name not in ways}
    for on, pages in sets.items():
        rates = {name: len(pages) / taken for name, taken in spent(pages, ways).items()}
        own = rates.pop("newsmill")
        yield Row(name="pages per CPU second", value=own, unit="/s", kind=Kind.SPEED, on=on, peers=rates, goal=1.0)


def spent(pages: Sequence[bytes], ways: dict[str, Callable[[bytes], object]]) -> dict[str, float]:
    """CPU seconds of each way to read all pages."""
    seconds = dict.fromkeys(ways, 0.0)
    for read in ways.values():  # loading of data files and caches is no part of it
        read(pages[0])
    for number, body in enumerate(pages):
        for name in sorted(ways, reverse=number % 2 == 0):  # neither always finds the page warm
            started = time.process_time()
            ways[name](body)
            seconds[name] += time.process_time() - started
    return seconds


def by_trafilatura(body: bytes) -> object:
    """Text and metadata by trafilatura alone, comments left out as we do."""
    return bare_extraction(body, url=URL, with_metadata=True, include_comments=False)


def by_newsmill(body: bytes) -> object:
    """Text and metadata as the pipeline reads them."""
    return extract(
        Page(
            seed=Seed(url=URL),
            final_url=URL,
            body=body,
            fetched_at=FETCHED_AT,
            headers=(("content-type", "text/html"),),
        )
    )


def read_pages(folder: Path) -> list[bytes]:
    """The saved pages of a folder, in the order of their names."""
    return [path.read_bytes() for path in sorted(folder.glob("*.html"))]


def make_page(number: int) -> bytes:
    """A page of about 100 kB: a long menu, an article of a dozen paragraphs, teasers, scripts."""
    rng = random.Random(number)
    syllables = ["ka", "lo", "mi", "ren", "tas", "vu", "del", "or", "sin", "pha"]
    words = [
        "the",
        "of",
        "and",
        "in",
        *(one + two + three for one in syllables for two in syllables for three in syllables),
    ]

    def sentence(length: int) -> str:
        return " ".join(rng.choice(words) for _ in range(length)).capitalize() + "."

    menu = "".join(f'<li class="nav__item"><a href="/s/{entry}">{sentence(3)}</a></li>' for entry in range(150))
    text = "".join(
        f'<p class="text">{sentence(18)} <a href="/a/{part}">{sentence(3)}</a> {sentence(25)}</p>' for part in range(14)
    )
    teasers = "".join(
        f'<div class="teaser"><a href="/t/{entry}"><h3>{sentence(8)}</h3><p>{sentence(20)}</p></a></div>'
        for entry in range(40)
    )
    linked = (
        '{"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2026-01-01T08:00:00+01:00",'
        f' "headline": "{sentence(8)}", "author": {{"@type": "Person", "name": "Ann Hollis"}}}}'
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{sentence(8)}</title>'
        f'<script type="application/ld+json">{linked}</script><script>{"var state = 1;" * 3_000}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav><main><article><h1>{sentence(8)}</h1>{text}</article></main>"
        f"<aside>{teasers}</aside><footer>{sentence(30)}</footer></body></html>"
    ).encode()


if __name__ == "__main__":
    main()
