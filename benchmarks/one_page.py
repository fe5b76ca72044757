"""One page by one command, from the start of the process to its end, beside trafilatura and newspaper4k.

    python benchmarks/one_page.py

The pages are the demo's, saved to files. How well each reads is measured by extraction_quality.py; here it is what a
person waits for, and how many of title, authors and day are right, also where the page has none. The first reading of
each program, which fills the caches of the machine, does not count.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from benchmarks import tables
from benchmarks.extraction_quality import Case, demo_pages, runs
from benchmarks.results import Kind, Results, Row, Scope

_PAGES = 5
_NEWSPAPER = """
import json, sys, newspaper
one = newspaper.article(sys.argv[1], input_html=open(sys.argv[2], encoding="utf-8").read(), fetch_images=False)
print(json.dumps({"title": one.title, "authors": one.authors, "date": str(one.publish_date or ""), "text": one.text}))
"""


def rows(_: Scope) -> Iterator[Row]:
    """Seconds, F1 and fields of each program."""
    cases = [case for case in demo_pages() if case.body.isascii() or _is_utf8(case.body)][:: max(1, 60 // _PAGES)]
    with tempfile.TemporaryDirectory() as folder:
        measured = {name: _measure(command, cases[:_PAGES], Path(folder)) for name, command in commands().items()}
    own = measured.pop("newsmill")
    on = f"{len(cases[:_PAGES])} pages, saved, a process each"
    units = {"seconds from process start": "s", "text, F1": "", "fields right": "of 3"}
    for figure, unit in units.items():
        peers = {name: figures[figure] for name, figures in measured.items()}
        kind = Kind.SPEED if unit == "s" else Kind.QUALITY
        yield Row(name=figure, value=own[figure], unit=unit, kind=kind, on=on, peers=peers, higher=unit != "s")


def commands() -> dict[str, list[str]]:
    """What is typed, {url} and {file} to be filled in; of those that are installed."""
    own = [sys.executable, "-c", "from flows.cli import main; main()", "read", "{file}", "--url", "{url}"]
    others = {
        "trafilatura": ("trafilatura", [sys.executable, "-m", "trafilatura.cli", "--json", "--with-metadata"]),
        "newspaper4k": ("newspaper", [sys.executable, "-W", "ignore", "-c", _NEWSPAPER, "{url}", "{file}"]),
    }
    there = {name: command for name, (module, command) in others.items() if importlib.util.find_spec(module)}
    return {"newsmill": [*own, "--format", "json"], **there}


def _measure(command: Sequence[str], cases: Sequence[Case], folder: Path) -> dict[str, float]:
    seconds: list[float] = []
    scores: list[float] = []
    fields: list[int] = []
    for case in (cases[0], *cases):
        file = folder / "page.html"
        file.write_bytes(case.body)
        started = time.perf_counter()
        with file.open("rb") as page:
            done = subprocess.run(
                [word.format(file=file, url=case.url) if word in ("{file}", "{url}") else word for word in command],
                stdin=page, capture_output=True, check=False,
            )  # fmt: skip
        seconds.append(time.perf_counter() - started)
        told: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
        fields.append(_right(case, told))
        scores.append(_f1(case.truth.text, told.get("text") or ""))
    return {
        "seconds from process start": median(seconds[1:]),
        "text, F1": sum(scores[1:]) / len(cases),
        "fields right": sum(fields[1:]) / len(cases),
    }


def _right(case: Case, told: dict[str, Any]) -> int:
    """How many of title, authors and day are as they should be; newsmill keeps organisations apart from people."""
    author = told.get("authors") or told.get("author") or []
    people = {author} if isinstance(author, str) else set(author)
    day = str(told.get("published_at") or told.get("date") or "")[:10]
    published = case.truth.published
    return sum(
        (
            told.get("title") == case.truth.title,
            set(case.truth.authors) in (people, people | set(told.get("organisations") or ())),
            day == (published.isoformat()[:10] if published else ""),
        )
    )


def _f1(wanted_text: str, got_text: str) -> float:
    wanted, got = runs(wanted_text), runs(got_text)
    return 2 * (wanted & got).total() / ((wanted.total() + got.total()) or 1)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    Console().print(tables.terminal(Results(about={}, versions={}, rows=tuple(rows(Scope()))), None))
