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
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from trafilatura import bare_extraction

from ingest.extract.page import extract
from ingest.model import Page, Seed

PAGES = 300
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure and print one table."""
    pages = read_pages(Path(sys.argv[1])) if len(sys.argv) > 1 else [make_page(number) for number in range(PAGES)]
    readers: dict[str, Callable[[bytes], object]] = {"trafilatura": by_trafilatura, "newsmill": by_newsmill}
    seconds = dict.fromkeys(readers, 0.0)
    for reader in readers.values():  # loading of data files and caches is no part of it
        reader(pages[0])
    for number, body in enumerate(pages):
        for name in sorted(readers, reverse=number % 2 == 0):  # neither always finds the page warm
            started = time.process_time()
            readers[name](body)
            seconds[name] += time.process_time() - started
    table = Table(
        title=f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.0f} MB", title_justify="left", header_style=""
    )
    for column in ("", "pages/s", "ms a page", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    for name, spent in seconds.items():
        rate, ratio = len(pages) / spent, seconds["trafilatura"] / spent
        table.add_row(name, f"{rate:.1f}", f"{1000 * spent / len(pages):.1f}", f"{ratio:.2f}")
    Console(width=120).print(table)


def by_trafilatura(body: bytes) -> object:
    """Text and metadata by trafilatura alone, comments left out as we do."""
    return bare_extraction(body, url="https://courier.example/story", with_metadata=True, include_comments=False)


def by_newsmill(body: bytes) -> object:
    """Text and metadata as the pipeline reads them."""
    url = "https://courier.example/story"
    return extract(
        Page(
            seed=Seed(url=url),
            final_url=url,
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
