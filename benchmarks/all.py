"""Every benchmark, one table: what newsmill and others come to on this machine.

    python benchmarks/all.py [NAME...]         all, or some; NAME is a file of this folder without its ending
    python benchmarks/all.py --full --save     also what grows to 100,000 records; keep the results, fill the docs
    python benchmarks/all.py --write-docs      measure nothing: fill the docs from benchmarks/results.json
    python benchmarks/all.py judge FOLDER      only quality, on every set of a folder: docs/benchmarks.md has the forms

Each runs in a process of its own, so that its memory is its own and its failure is a row of the table and not the end.
What is found is held against benchmarks/results.json; with --save it takes its place, and else it lies in
build/bench.json. NEWSMILL_BENCH_DATA, NEWSMILL_BENCH_PACKAGES and NEWSMILL_TEST_POSTGRES name what a fresh clone does
not hold: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks import results, sets, tables
from benchmarks.results import COMMITTED, ROOT, Results, Row, Scope

# Subjects in the order of the pipeline; a module gives its rows by `rows(scope)`.
BENCHMARKS = {
    "fetch": "Fetch",
    "archive": "Archive",
    "crawls": "Archives of others",
    "extraction_quality": "Extraction: quality",
    "extraction": "Extraction: speed",
    "one_page": "One page by one command",
    "language": "Language detection",
    "detectors": "Language detectors, by language",
    "splitter": "Sentences",
    "translation": "Translation",
    "guards": "Guards of translation",
    "mutants": "Rows and bounds that no test holds",
    "dedup_peers": "Copies, beside MinHash",
    "dedup_quality": "Copies, by kind",
    "dedup_kinds": "Copies, in kinds of their own",
    "dedup_short": "Copies of short texts",
    "growth": "Copies as the store grows",
    "throughput": "Whole path",
    "cost": "Processor time",
    "prefect_overhead": "Prefect",
    "workers": "Several workers",
    "export": "Export",
    "search": "Search",
    "browse": "Browse",
}
# Those that judge quality on sets of others.
JUDGES = ("extraction_quality", "language", "dedup_quality")
LATEST = ROOT / "build" / "bench.json"
LONGEST_S = 600  # of one benchmark; a full run has six times as long


def main() -> int:
    """Measure, print one table, keep the results; 1 where a benchmark failed or got worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="databases of 10,000 records (the default)")
    size.add_argument("--full", action="store_true", help="also what grows to 100,000 records")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results.json and docs/benchmarks.md")
    parser.add_argument("--write-docs", action="store_true", help="only fill docs/benchmarks.md")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--judge", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.names[:1] == ["judge"]:
        return judge(options.names[1:], parser)
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark {', '.join(unknown)}: choose of {', '.join(BENCHMARKS)}")
    data, packages = _folder("NEWSMILL_BENCH_DATA"), _folder("NEWSMILL_BENCH_PACKAGES")
    scope = Scope(full=options.full, data=data, packages=packages, judge=options.judge)
    before = results.read(COMMITTED)
    if options.alone:
        print(json.dumps(measured(options.names[0], scope)))
        return 0
    if options.write_docs:
        if before is None:
            parser.error(f"there is no {COMMITTED}: run with --save first")
        tables.write_docs(before)
        return 0
    return run(options.names or list(BENCHMARKS), scope, before, save=options.save)


def judge(folders: Sequence[str], parser: argparse.ArgumentParser) -> int:
    """Measure quality on the sets of a folder, and show it; 1 where a benchmark failed. Nothing is kept."""
    if len(folders) != 1 or not Path(folders[0]).is_dir():
        parser.error("judge wants one folder of labelled sets")
    folder = Path(folders[0]).resolve()
    try:
        found = sets.labelled(folder)
    except ValueError as error:
        parser.error(str(error))
    if not found:
        parser.error(f"no set is in {folder}: docs/benchmarks.md says which forms there are")
    wanted = [name for name in JUDGES if sets.READS[name] & {one.form for one in found}]
    scope = Scope(data=folder, full=True, judge=True)
    rows = tuple(row for name in wanted for row in in_own_process(name, scope))
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(tables.terminal(Results(about={}, versions={}, rows=rows), None))
    return 1 if any(row.value is None for row in rows) else 0


def run(names: Sequence[str], scope: Scope, before: Results | None, *, save: bool) -> int:
    """Measure some, show them, and keep what was found."""
    started = time.monotonic()
    about = results.machine()
    rows = tuple(row for name in names for row in in_own_process(name, scope))
    about["measured"] = "in full" if scope.full else "quickly"
    found = Results(about=about, versions=results.versions(), rows=rows)
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(tables.terminal(found, before))
    worse = tables.regressions(found, before)
    for row, old in worse:
        console.print(f"worse: {row.subject}, {row.name}: {old.compared} before, {row.compared} now", markup=False)
    results.write(LATEST, found)
    if save:
        kept = merged(before, found) if before and set(names) < set(BENCHMARKS) else found
        results.write(COMMITTED, kept)
        tables.write_docs(kept)
    minutes = (time.monotonic() - started) / 60
    console.print(f"{minutes:.0f} minutes; results in {COMMITTED if save else LATEST}", markup=False)
    return 1 if worse or any(row.note.startswith("failed") for row in rows) else 0


def merged(before: Results, found: Results) -> Results:
    """Earlier results with those subjects made anew that were measured."""
    anew = {row.subject for row in found.rows}
    every = [*(row for row in before.rows if row.subject not in anew), *found.rows]
    order = list(BENCHMARKS.values())
    about = {**found.about, "measured": "in parts, of which this is the last"}
    return replace(found, about=about, rows=tuple(sorted(every, key=lambda row: order.index(row.subject))))


def in_own_process(name: str, scope: Scope) -> Iterator[Row]:
    """The rows of a benchmark; one that says why, where it gave none."""
    flags = [*(["--full"] if scope.full else []), *(["--judge"] if scope.judge else [])]
    command = [sys.executable, "-m", "benchmarks.all", "--alone", name, *flags]
    environment = {**os.environ, **({"NEWSMILL_BENCH_DATA": str(scope.data)} if scope.data else {})}
    print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
    started = time.monotonic()
    limit = LONGEST_S * (6 if scope.full else 1)
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit, check=True
        )
        told = [results.as_row(row) for row in json.loads(done.stdout)]
    except subprocess.TimeoutExpired:
        told = [failed(f"took longer than {limit} s")]
    except subprocess.CalledProcessError as error:
        told = [failed((error.stderr.strip().splitlines() or [f"exit {error.returncode}"])[-1][:300])]
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    yield from (replace(row, subject=BENCHMARKS[name]) for row in told)


def measured(name: str, scope: Scope) -> list[dict[str, object]]:
    """What the process of one benchmark does: its rows as JSON holds them."""
    with redirect_stdout(sys.stderr):  # nothing else may come between the rows
        return [results.plain(row) for row in importlib.import_module(f"benchmarks.{name}").rows(scope)]


def failed(why: str) -> Row:
    """In place of the rows of a benchmark that broke down."""
    return Row(name="all of it", value=None, note=f"failed: {why}")


def _folder(variable: str) -> Path | None:
    named = os.environ.get(variable)
    if named and not Path(named).is_dir():
        sys.exit(f"{variable} names {named}, which is no folder")
    return Path(named).resolve() if named else None


if __name__ == "__main__":
    sys.exit(main())
