"""What newsmill costs in processor time: a page, the same again, one page alone, and the main process for itself.

    python benchmarks/cost.py [FOLDER] [DATABASE]

FOLDER holds saved .html pages; without it 300 pages of the size and build of news pages are made. DATABASE is the URL
of an empty PostgreSQL database; SQLite by default. Time is that of all processes, also of those that nobody waits for:
this one is made the reaper of all that its children leave (Linux). Read ratios, not milliseconds: a busy machine makes
all of them longer.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.results import Kind, Row, Scope
from benchmarks.throughput import NEWSMILL, TRAFILATURA, make_pages

PAGES = 300
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of processor time: of the process that was started, and of all together."""

    main: float
    all: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds: of trafilatura over all pages; of a run of one page, the same again, a look; of all pages, and again.

    Then of loading trafilatura alone, and of trafilatura and a run over as many bare pages.
    """

    trafilatura: float
    one: Cost
    nothing: Cost
    look: float
    first: Cost
    again: Cost
    loading: float
    bare_trafilatura: float
    bare: Cost

    @property
    def repeated(self) -> float:
        """What the same pages cost again, as a share of the first time; the start of a run left out of both."""
        return (self.again.all - self.nothing.all) / (self.first.all - self.one.all)

    @property
    def beside(self) -> float:
        """The whole path as a multiple of trafilatura's extraction with metadata, the start of a run left out."""
        return (self.first.all - self.one.all) / self.trafilatura

    @property
    def bare_beside(self) -> float:
        """The same of bare pages."""
        return (self.bare.all - self.one.all) / self.bare_trafilatura


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory(prefix="newsmill-cost-") as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else make_pages(Path(scratch) / "pages", PAGES)
        count = len(list(folder.glob("*.html")))
        found = measured(folder, Path(scratch), sys.argv[2] if len(sys.argv) > 2 else None)
    each = 1000 / count
    each_bare = 1000 / PAGES * (found.bare.all - found.one.all)
    lines = (
        ("a run of one page, s", found.one.all, ""),
        ("the same page again, s", found.nothing.all, ""),
        ("`newsmill stats`, s", found.look, ""),
        ("a page, start apart, ms", each * (found.first.all - found.one.all), f"{found.beside:.2f} x trafilatura"),
        ("of it the main process, ms", each * (found.first.main - found.one.main), "no second core makes it shorter"),
        (f"one of {PAGES} pages of 4 kB, ms", each_bare, f"{found.bare_beside:.2f} x trafilatura"),
        ("again, start apart, ms", each * (found.again.all - found.nothing.all), f"{found.repeated:.3f} x the first"),
    )
    table = Table(title=f"{count} pages: processor time of all processes", title_justify="left", header_style="")
    for name in ("", "time", "ratio"):
        table.add_column(name, justify="right" if name == "time" else "left")
    for name, value, ratio in lines:
        table.add_row(name, f"{value:.2f}", ratio)
    Console(width=110).print(table)


def rows(_: Scope) -> Iterator[Row]:
    """Start, the whole path beside trafilatura, its serial part, and nothing new."""
    with tempfile.TemporaryDirectory(prefix="newsmill-cost-") as scratch:
        found = measured(make_pages(Path(scratch) / "pages", PAGES), Path(scratch), None)
    on = f"{PAGES} made pages of 150 kB, processor time of all processes"
    times = partial(Row, unit="x", kind=Kind.TIMES, on=on, higher=False)
    yield times(name="whole path beside trafilatura with metadata", value=found.beside, goal=1.1)
    yield times(name="the same pages again beside the first time", value=found.repeated, goal=0.03)
    serial = found.first.main - found.one.main
    yield times(name="main process as a share of all", value=serial / (found.first.all - found.one.all))
    bare = f"{PAGES} made pages of 4 kB"
    yield replace(times(name="bare pages beside trafilatura with metadata", value=found.bare_beside, goal=2.0), on=bare)
    ceiling = "what the main process takes of the made pages, in processor time"
    yield Row(name="ceiling of one run", value=PAGES / serial, unit="/s", kind=Kind.SPEED, on=ceiling, goal=250.0)
    start = partial(Row, unit="s", kind=Kind.SPEED, higher=False, peers={"loading trafilatura": found.loading})
    yield start(name="a run of one page", value=found.one.all, on="one page, tables kept")
    yield start(name="the same page again", value=found.nothing.all, on="one page, tables kept")
    yield start(name="newsmill stats", value=found.look, on="a database of one record")


def measured(folder: Path, scratch: Path, database: str | None) -> Costs:
    """Everything, one after the other."""
    reap()
    pages = sorted(folder.glob("*.html"))
    small, many = f"sqlite:///{scratch}/one.db", database or f"sqlite:///{scratch}/many.db"
    bare = make_pages(scratch / "bare", PAGES, bare=True)
    run_files(pages[0], f"sqlite:///{scratch}/first.db")  # tables are made at the first use
    return Costs(
        trafilatura=cost([sys.executable, "-c", TRAFILATURA, str(folder)]).all,
        one=run_files(pages[0], small),
        nothing=run_files(pages[0], small),
        look=cost([str(NEWSMILL), "stats", "--db", small]).all,
        first=run_files(folder, many),
        again=run_files(folder, many),
        loading=cost([sys.executable, "-c", "import trafilatura"]).all,
        bare_trafilatura=cost([sys.executable, "-c", TRAFILATURA, str(bare)]).all,
        bare=run_files(bare, f"sqlite:///{scratch}/bare.db"),
    )


def reap() -> None:
    """Be the parent of whatever our children leave (Linux)."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def run_files(path: Path, database: str) -> Cost:
    """A run over files without translation, with one worker."""
    command = [str(NEWSMILL), "run", "files", str(path), "--no-translate", "--json", "--db", database]
    return cost(command, {"NEWSMILL_EXTRACT__PROCESSES": "1"})


def cost(
    command: list[str], settings: dict[str, str] | None = None, started: Callable[[int], object] = lambda _: None
) -> Cost:
    """Run a command in a session of its own, and wait for all that it leaves behind; `started` is told its number."""
    before = _of_children()
    process = subprocess.Popen(
        command,
        env={**os.environ, **(settings or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    started(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return Cost(main=used.ru_utime + used.ru_stime, all=_of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
