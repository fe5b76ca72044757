"""How fast the pages of `newsmill browse` answer over many records.

    python -m benchmarks.browse [--records 100000] [--db URL]

Without a URL an SQLite database is made: a night for every two thousand records, some failures in each, a tenth of the
records copies. Each page is asked for forty times over HTTP, one request after the other, lists each time at another
place. A page is in time if 95 of 100 answers come within 100 ms. Beside the time stands what an answer costs the server
in processor time, which says more on a machine that has other work.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import httpx
import wordfreq
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.making_many import LANGUAGES, ORIGINALS, fill
from benchmarks.results import Kind, Row, Scope
from storage.store import Store

EACH = 40
LIMIT_MS = 100

_OF_NIGHT = "id >= :low AND id < :high"
_NIGHT = (
    """
    INSERT INTO run (id, kind, target, status, host, started_at, finished_at, seeds, refresh, source_delays, summary)
    VALUES (:run, 'nightly', 'en', 'finished', 'bench', :at, :at, 2100, 0, '{}', '{"stored": 2000, "failed": 100}')
    """,
    f"""
    INSERT INTO url (key, url, source, language, via, state, record_id)
    SELECT id, url, source, language, 'feed', 'done', id FROM record WHERE {_OF_NIGHT}
    """,
    f"""
    INSERT INTO outcome (run_id, key, outcome, record_id)
    SELECT :run, id, 'stored', id FROM record WHERE {_OF_NIGHT}
    """,
    f"""
    INSERT INTO url (key, url, source, via, state)
    SELECT 'failed-' || id, url || '/failed', source, 'feed', 'done' FROM record WHERE {_OF_NIGHT} ORDER BY id LIMIT 100
    """,
    f"""
    INSERT INTO outcome (run_id, key, outcome, stage, reason, detail)
    SELECT :run, 'failed-' || id, 'failed', 'fetch', 'server_error', 'HTTP 503'
    FROM record WHERE {_OF_NIGHT} ORDER BY id LIMIT 100
    """,
    """
    INSERT INTO source_run (run_id, source, announced, expected)
    SELECT :run, source, 300, 310 FROM record WHERE source IS NOT NULL GROUP BY source
    """,
)
_COPIES = """
    INSERT INTO duplicate (record_id, cluster, canonical_id, is_canonical, relation, score, evidence, certainty)
    SELECT id, substr(id, 9), first, id = first, CASE WHEN id = first THEN 'original' ELSE 'exact' END,
           CASE WHEN id = first THEN NULL ELSE 1.0 END, '[]', 'yes'
    FROM (SELECT id, min(id) OVER (PARTITION BY substr(id, 9)) AS first FROM record WHERE substr(id, 9, 1) = '0')
    """


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--db")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as name:
        url = options.db or made(Path(name) / "n.db", options.records)
        table = Table(title="Pages", title_justify="left", header_style="")
        for column in ("page", "p50 ms", "p95 ms", "CPU ms", "kB", "in time"):
            table.add_column(column, justify="left" if column == "page" else "right")
        for page, (p50, p95, cpu, size) in measured(url):
            in_time = "yes" if p95 < LIMIT_MS else "NO"
            table.add_row(page, f"{p50:.0f}", f"{p95:.0f}", f"{cpu:.0f}", f"{size:.0f}", in_time)
        Console(width=110).print(table)


def rows(scope: Scope) -> Iterator[Row]:
    """What each page costs, for each number of records."""
    for records in scope.records:
        with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder:
            for page, (p50, p95, cpu, _) in measured(made(Path(folder) / "n.db", records)):
                note, on = f"half within {p50:.0f} ms, 95 of 100 within {p95:.0f}", f"{records:,} records"
                spent = partial(Row, unit="ms", kind=Kind.SPEED, higher=False, goal=LIMIT_MS)
                yield spent(name=f"{page}, CPU of an answer", value=cpu, on=on, note=note)


def made(path: Path, records: int) -> str:
    """The URL of a database of so many records."""
    fill(path, records)
    add_nights(f"sqlite:///{path}", records // ORIGINALS)
    return f"sqlite:///{path}"


def measured(url: str) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """For each page, what `measure` finds."""
    with Store(url) as store:
        asked = list(addresses(store))
    with served(url) as (base, process), httpx.Client(base_url=base, timeout=60) as client:
        for name, pages in asked:
            yield name, measure(client, process, pages)


def add_nights(url: str, nights: int) -> None:
    """Runs, what became of their addresses, and copies."""
    with Store(url) as store:
        for night in range(nights):
            day = f"2026-{1 + night // 28:02}-{1 + night % 28:02}T02:30:00+00:00"
            # The originals' ids are hashes; those of copies begin with a small number.
            low, high = (f"{night:08x}", f"{night + 1:08x}") if night else ("0001", "g")
            with store.writing() as tx:
                for statement in _NIGHT:
                    tx.execute(text(statement), {"run": f"bench-{night:04}", "at": day, "low": low, "high": high})
        with store.writing() as tx:
            tx.execute(text(_COPIES))


@contextmanager
def served(url: str) -> Iterator[tuple[str, int]]:
    """The address of a `newsmill browse` on a free port, and its process."""
    command = [str(Path(sys.executable).parent / "newsmill"), "browse", "--port", "0", "--db", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield next(line.split()[1] for line in process.stdout if line.startswith("Serving ")), process.pid
        process.terminate()


def addresses(store: Store) -> Iterator[tuple[str, list[str]]]:
    """(page, addresses), the same every time."""
    chance = random.Random(1)
    with store.reading() as tx:
        ids = list(tx.execute(text("SELECT id FROM record ORDER BY id")).scalars())
        runs = list(tx.execute(text("SELECT id FROM run WHERE kind = 'nightly' ORDER BY id")).scalars())
        clusters = list(tx.execute(text("SELECT canonical_id, record_id FROM duplicate WHERE NOT is_canonical")).all())
        languages = tx.execute(text("SELECT language FROM record GROUP BY language ORDER BY language")).scalars().all()
        sources = tx.execute(text("SELECT source FROM record GROUP BY source ORDER BY source")).scalars().all()
        authors = tx.execute(text("SELECT key FROM author GROUP BY key ORDER BY key LIMIT 500")).scalars().all()
    somewhere = chance.sample(ids, 7 * EACH)
    words = [word for language in LANGUAGES for word in wordfreq.top_n_list(language, 20_000) if len(word) > 3]
    common = [word for language in LANGUAGES for word in wordfreq.top_n_list(language, 200) if len(word) > 3]

    def deep() -> str:
        return f"after={somewhere.pop()}"

    yield "last run", ["/"] * EACH
    yield "a run", [f"/runs/{chance.choice(runs)}" for _ in range(EACH)]
    yield "sources", ["/sources"] * EACH
    yield "records", ["/records"] * EACH
    yield "records, deep", [f"/records?{deep()}" for _ in range(EACH)]
    yield "of a language, deep", [f"/records?language={chance.choice(languages)}&{deep()}" for _ in range(EACH)]
    pair = [f"language={chance.choice(languages)}&source={chance.choice(sources)}" for _ in range(EACH)]
    yield "of a language and source", [f"/records?{one}" for one in pair]
    yield "of a rare language", ["/records?language=is"] * EACH
    yield "of a week", ["/records?from=2026-02-01&to=2026-02-07"] * EACH
    yield "without copies, deep", [f"/records?originals=1&{deep()}" for _ in range(EACH)]
    yield "a record", [f"/records/{somewhere.pop()}" for _ in range(EACH)]
    copies = chance.sample(clusters, EACH)
    yield "a record with copies", [f"/records/{one}" for one, _ in copies]
    yield "two side by side", [f"/records/{one}/beside/{other}" for one, other in copies]
    yield "search: a word", [f"/records?q={chance.choice(words)}" for _ in range(EACH)]
    yield "search: a common word", [f'/records?q="{chance.choice(common)}"' for _ in range(EACH)]
    beginnings = [word[: chance.randint(2, 4)] for word in chance.choices(common, k=EACH)]
    yield "search: a common beginning", [f"/records?q={one}*" for one in beginnings]
    yield "search: in a run", [f"/records?q={chance.choice(common)}&run={chance.choice(runs)}" for _ in range(EACH)]
    yield "of a run", [f"/records?run={chance.choice(runs)}" for _ in range(EACH)]
    yield "not sure", ["/records?only=unsure"] * EACH
    yield "an author", [f"/author?name={quote(chance.choice(authors))}" for _ in range(EACH)]
    yield "stories of a language", [f"/?language={chance.choice(languages)}" for _ in range(EACH)]
    yield "a source", [f"/source?name={chance.choice(sources)}" for _ in range(EACH)]
    yield "who copies whom", ["/copying"] * EACH
    yield "pairs of two outlets", [f"/copying/pairs?outlet={chance.choice(sources)}" for _ in range(EACH)]
    yield "API: records", ["/api/records?limit=50"] * EACH
    yield "API: search", [f"/api/search?q={chance.choice(words)}" for _ in range(EACH)]
    yield "metrics", ["/metrics"] * EACH


def measure(client: httpx.Client, process: int, pages: list[str]) -> tuple[float, float, float, float]:
    """Milliseconds that half of the answers and 95 of 100 took at most; milliseconds of CPU and kB of one."""
    times, size = [], 0
    client.get(pages[0]).raise_for_status()
    before = cpu_ms(process)
    for page in pages:
        started = time.perf_counter()
        answer = client.get(page)
        times.append(1000 * (time.perf_counter() - started))
        answer.raise_for_status()
        size += len(answer.content)
    cpu = (cpu_ms(process) - before) / len(pages)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], cpu, size / len(pages) / 1000


def cpu_ms(process: int) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
