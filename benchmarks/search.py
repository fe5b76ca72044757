"""How long it takes to index many records, and to find some of them.

    python -m benchmarks.search [--records 100000] [--db URL]

Without a URL an SQLite database is made. Queries are of six kinds, twenty of each, over words from very common to rare;
each is asked once. Time is that of `find`: the query understood, ranked over all that match, and ten records shown.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import wordfreq
from rich.console import Console
from rich.table import Table

from benchmarks.making_many import LANGUAGES, fill
from benchmarks.results import Kind, Row, Scope
from storage.changes import numbered
from storage.search import Within, find, update_index
from storage.store import Store

EACH = 20


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--db")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as name:
        path = Path(name) / "n.db"
        if options.db is None:
            fill(path, options.records)
        with Store(options.db or f"sqlite:///{path}") as store:
            measure(store, path)


def measure(store: Store, path: Path) -> None:
    """Index, then ask."""
    started = time.monotonic()
    with numbered(store):
        numbering = time.monotonic() - started
    before = path.stat().st_size if path.exists() else 0
    started = time.monotonic()
    count = update_index(store)
    building = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} records numbered in {numbering:.0f} s, indexed in {building:.0f} s; peak {peak:.0f} MB")
    if before:
        print(f"{before / 1e6:,.0f} MB before, {(path.stat().st_size - before) / 1e6:,.0f} MB more with the index")
    table = Table(title="Queries", title_justify="left", header_style="")
    for name in ("query", "for example", "p50 ms", "p95 ms", "hits"):
        table.add_column(name, justify="right" if name not in ("query", "for example") else "left")
    for kind, asked in queries():
        p50, p95, hits = ask(store, asked)
        table.add_row(kind, asked[0][0], f"{p50:.1f}", f"{p95:.1f}", f"{hits:.1f}")
    Console(width=110).print(table)


def rows(scope: Scope) -> Iterator[Row]:
    """Records indexed a second, and the time of each kind of query, for each number of records."""
    for records in scope.records:
        with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder:
            path, on = Path(folder) / "n.db", f"{records:,} records"
            fill(path, records)
            with Store(f"sqlite:///{path}") as store:
                with numbered(store):
                    started = time.monotonic()
                rate = update_index(store) / (time.monotonic() - started)
                yield Row(name="records indexed a second", value=rate, unit="/s", kind=Kind.SPEED, on=on)
                for kind, asked in queries():
                    p50, p95, _ = ask(store, asked)
                    name, note = f"{kind}, 95 of 100 within", f"half within {p50:.1f}"
                    yield Row(name=name, value=p95, unit="ms", kind=Kind.SPEED, on=on, higher=False, note=note)


def ask(store: Store, asked: list[tuple[str, Within]]) -> tuple[float, float, float]:
    """Milliseconds that half of the queries and 95 of 100 took at most, and hits a query."""
    times, hits = [], 0
    for query, within in asked:
        started = time.perf_counter()
        hits += len(find(store, query, within).hits)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], hits / len(asked)


def queries() -> Iterator[tuple[str, list[tuple[str, Within]]]]:
    """(kind, queries), the same every time."""
    chance = random.Random(1)
    words = [word for language in LANGUAGES for word in wordfreq.top_n_list(language, 20_000) if len(word) > 3]
    common = [word for language in LANGUAGES for word in wordfreq.top_n_list(language, 200) if len(word) > 3]
    everywhere = Within()
    rare = chance.sample(words, 6 * EACH)
    yield "a word", [(rare.pop(), everywhere) for _ in range(EACH)]
    yield "a common word", [(f'"{chance.choice(common)}"', everywhere) for _ in range(EACH)]
    yield "two words", [(f'"{chance.choice(common)}" {rare.pop()}', everywhere) for _ in range(EACH)]
    yield "one or the other", [(f"{rare.pop()} OR {rare.pop()}", everywhere) for _ in range(EACH)]
    yield "a beginning", [(f"{rare.pop()[:4]}*", everywhere) for _ in range(EACH)]
    week = Within(language="sv", first_day="2026-02-01", last_day="2026-02-07")
    yield "within a week", [(f'"{chance.choice(common)}"', week) for _ in range(EACH)]


if __name__ == "__main__":
    main()
