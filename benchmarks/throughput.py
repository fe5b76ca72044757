"""Articles per second of the whole path without translation, beside trafilatura alone on the same pages.

    python benchmarks/throughput.py [FOLDER]

FOLDER holds saved .html pages; without it 1,000 of the size and build of news pages are made. Four measurements in
one go, so that their ratios mean something on a busy machine:

    trafilatura     its own extraction with metadata, one process on one core
    one core        `newsmill run files FOLDER --no-translate` with one worker, all of it on one core
    two cores       the same with two workers on two cores
    again           the same input once more: everything is unchanged

Time is that of the run itself, with the start of its workers, without the interpreter's start. Memory is the sum over
all processes of what each holds alone and its part of what they share (PSS), at its highest.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.results import Kind, Row, Scope

PAGES = 1000
_BARE = 0.1
NEWSMILL = Path(sys.executable).parent / "newsmill"

TRAFILATURA = """
import sys, time
from pathlib import Path
from trafilatura import bare_extraction
pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
bare_extraction(pages[0], with_metadata=True, include_comments=False)
started = time.monotonic()
for page in pages:
    bare_extraction(page, with_metadata=True, include_comments=False)
print(time.monotonic() - started)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds that the work took, and the most memory that all its processes held, in MB."""

    seconds: float
    megabytes: float


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else make_pages(Path(scratch) / "pages", PAGES)
        count = len(list(folder.glob("*.html")))
        alone, one, two, again = four(folder, Path(scratch))
    table = Table(title=f"{count} pages, {len(two_cores())} cores", title_justify="left", header_style="")
    for name in ("", "articles/s", "ms an article", "memory MB", "ratio"):
        table.add_column(name, justify="right" if name else "left")
    lines = (
        ("trafilatura alone, one core", alone, ""),
        ("whole path, one core", one, f"{one.seconds / alone.seconds:.2f} x trafilatura's time"),
        ("whole path, two cores", two, f"{one.seconds / two.seconds:.2f} x one core's speed"),
        ("the same again", again, f"{one.seconds / again.seconds:.2f} x one core's speed"),
    )
    for name, measured, ratio in lines:
        rate, each = count / measured.seconds, 1000 * measured.seconds / count
        table.add_row(name, f"{rate:.1f}", f"{each:.1f}", f"{measured.megabytes:.0f}", ratio)
    Console(width=110).print(table)


def rows(_: Scope) -> Iterator[Row]:
    """Time beside trafilatura's alone, what a second core adds, and memory."""
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as scratch:
        folder = make_pages(Path(scratch) / "pages", PAGES)
        alone, one, two, again = four(folder, Path(scratch))
    on = f"{PAGES} made pages of 150 kB, no translation"
    peers = {"trafilatura alone": PAGES / alone.seconds}
    speed = partial(Row, unit="/s", kind=Kind.SPEED, on=on, peers=peers)
    yield speed(name="articles a second, one core", value=PAGES / one.seconds, goal=0.8)
    yield speed(name="articles a second, two cores", value=PAGES / two.seconds)
    yield speed(name="articles a second, nothing new", value=PAGES / again.seconds)
    gained = one.seconds / two.seconds
    yield Row(name="two cores beside one", value=gained, unit="x", kind=Kind.TIMES, on=on, goal=1.9)
    size = partial(Row, unit="MB", kind=Kind.SIZE, on=on, higher=False, peers={"trafilatura alone": alone.megabytes})
    yield size(name="memory of all processes, one core", value=one.megabytes)
    yield size(name="memory of all processes, two cores", value=two.megabytes)


def four(folder: Path, scratch: Path) -> tuple[Measured, Measured, Measured, Measured]:
    """trafilatura alone, the whole path on one core, on two, and the same again."""
    cores = two_cores()
    alone = measure([sys.executable, "-c", TRAFILATURA, str(folder)], cores[:1], float)
    one = run_files(folder, scratch / "one.db", cores[:1])
    two = run_files(folder, scratch / "two.db", cores)
    return alone, one, two, run_files(folder, scratch / "two.db", cores)


def two_cores() -> list[int]:
    """The cores that are used."""
    return sorted(os.sched_getaffinity(0))[:2]


def run_files(folder: Path, database: Path, cores: list[int]) -> Measured:
    """A run over a folder, with a worker for each core."""
    command = [str(NEWSMILL), "run", "files", str(folder), "--no-translate", "--json", "--db", f"sqlite:///{database}"]
    workers = {"NEWSMILL_EXTRACT__PROCESSES": str(len(cores))}
    return measure(command, cores, lambda line: float(json.loads(line)["seconds"]), workers)


def measure(
    command: list[str], cores: list[int], read: Callable[[str], float], settings: dict[str, str] | None = None
) -> Measured:
    """Run a command on some cores; its last line tells the seconds."""
    process = subprocess.Popen(
        ["taskset", "-c", ",".join(map(str, cores)), *command],
        env={**os.environ, **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # so that workers can be told from other processes
    )
    ended = threading.Event()
    with ThreadPoolExecutor(1) as watcher:
        peak: Future[float] = watcher.submit(watch_memory, process.pid, ended)
        output, _ = process.communicate()
        ended.set()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    return Measured(seconds=read(output.splitlines()[-1]), megabytes=peak.result())


def watch_memory(session: int, ended: threading.Event) -> float:
    """The most memory that the processes of a session held together, in MB."""
    peak = 0.0
    while not ended.wait(1.0):
        held = 0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                    rollup = (process / "smaps_rollup").read_text()
                    held += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            except (OSError, StopIteration, IndexError):
                continue  # it ended while we looked
        peak = max(peak, held / 1024)
    return peak


def make_pages(folder: Path, count: int, *, bare: bool = False) -> Path:
    """Write pages like those of news sites: some 150 KB, of which the article is 3; or bare ones of some 4 KB.

    Of 268 saved news pages the median has 255 KB and 170 links; the large ones have more links and less markup.
    """
    folder.mkdir(parents=True)
    for number, page in enumerate(itertools.islice(pages(0.02 if bare else 1.0), count)):
        (folder / f"{number:04}.html").write_text(page, encoding="utf-8")
    return folder


def pages(share: float = 1.0, seed: int = 1) -> Iterator[str]:
    """Any number of made pages, with a share of the frame that a large one has around its article."""
    from wordfreq import top_n_list

    words = top_n_list("en", 20_000)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    dice = random.Random(seed)

    def sentence() -> str:
        return " ".join(dice.choices(words, cum_weights=weights, k=dice.randint(8, 24))).capitalize() + "."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(dice.randint(2, 5)))

    def links(number: int) -> str:
        return "".join(
            f'<li class="teaser"><a href="/story/{dice.random()}">{sentence()}</a></li>'
            for _ in range(int(number * share))
        )

    bare = share < _BARE
    script = "window.state=" + json.dumps(
        {f"key{number}": f"value {number}" * 3 for number in range(int(1800 * share))}
    )
    for number in itertools.count():
        published = f"2026-03-{1 + number % 28:02}T08:15:00+01:00"
        linked = {
            "@type": "NewsArticle",
            "headline": sentence(),
            "datePublished": published,
            "author": {"name": "A. Byline"},
        }
        comments = "".join(f"<div class=comment><p>{sentence()}</p></div>" for _ in range(int(30 * share)))
        body = "".join(f"<p>{paragraph()}</p>" for _ in range(dice.randint(4, 7) if bare else dice.randint(8, 16)))
        yield (
            f"<!doctype html><html lang=en><head><title>{linked['headline']}</title>"
            f'<script type="application/ld+json">{json.dumps(linked)}</script><script>{script}</script></head><body>'
            f"<header><nav><ul>{links(60)}</ul></nav></header><main>"
            f"<article><h1>{linked['headline']}</h1>{body}</article>"
            f"<aside><h2>Read more</h2><ul>{links(120)}</ul></aside></main>"
            f"<section class=comments>{comments}</section><footer><ul>{links(60)}</ul></footer></body></html>"
        )


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - started:.0f} s")
