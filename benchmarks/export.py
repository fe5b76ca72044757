"""Records a second and memory of each export, beside pandas on the same table; what the noting of changes costs.

    python -m benchmarks.export [--records 100000] [--pandas PYTHON]

PYTHON is an interpreter with pandas and pyarrow. It reads our Parquet folder and writes it again, with the same
partitions and compression, so that only the writing is compared; ours includes reading the database. Each export is a
process of its own, whose peak of memory is taken. The first numbers all records. pandas holds the whole table: 100,000
records take it some 7 GB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.making_many import add_originals, fill
from benchmarks.results import Kind, Row, Scope
from storage import runs
from storage.store import Store

EXPORT = """
import json, sys, time
from pathlib import Path
from storage.export import Selection, export_records
from storage.store import Store
url, out, kind, since = sys.argv[1:]
started = time.monotonic()
with Store(url) as store:
    written = export_records(store, "en", Path(out), kind, Selection(since=int(since) if since else None))
seconds = time.monotonic() - started
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps({"records": written.records, "seconds": seconds, "peak": peak}))
"""
PANDAS = """
import json, sys, time
from pathlib import Path
import pandas
table = pandas.read_parquet(sys.argv[1])
started = time.monotonic()
table.to_parquet(sys.argv[2], partition_cols=["date", "lang"], compression="zstd", index=False)
seconds = time.monotonic() - started
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps({"records": len(table), "seconds": seconds, "peak": peak}))
"""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--pandas", metavar="PYTHON")
    options = parser.parse_args()
    table = Table(title=f"Exports of {options.records:,} records", title_justify="left", header_style="")
    for name in ("export", "records", "s", "records/s", "peak MB", "MB on disk"):
        table.add_column(name, justify="left" if name == "export" else "right")
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as name:
        folder = Path(name)
        plain, noted = storing(folder, noted=False), storing(folder, noted=True)
        fill(folder / "n.db", options.records)
        url = f"sqlite:///{folder / 'n.db'}"
        jobs = [("first.jsonl", ""), ("all.jsonl", ""), ("since.jsonl", "0"), ("all.jsonl.gz", ""), ("all.csv", "")]
        for out, since in [*jobs, ("all.jsonld", ""), ("parquet", ""), ("atom", "")]:
            kind = out if out in ("parquet", "atom") else out.split(".")[1]
            add(table, out, [sys.executable, "-c", EXPORT, url, str(folder / out), kind, since], folder / out)
        if options.pandas:
            again = folder / "again"
            add(table, "pandas", [options.pandas, "-c", PANDAS, str(folder / "parquet"), str(again)], again)
    Console(width=110).print(table)
    print(f"storing 2,000 records: {plain:.2f} s without the triggers, {noted:.2f} s with them ({noted / plain:.2f})")


def rows(scope: Scope) -> Iterator[Row]:
    """Speed, memory and size of the two largest kinds, for each number of records."""
    for records in scope.records:
        with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as name:
            folder = Path(name)
            fill(folder / "n.db", records)
            url, on = f"sqlite:///{folder / 'n.db'}", f"{records:,} records"
            for out, since, goal in (("first.jsonl", "", None), ("all.jsonl", "", None), ("parquet", "", 300)):
                kind = "parquet" if out == "parquet" else "jsonl"
                command = [sys.executable, "-c", EXPORT, url, str(folder / out), kind, since]
                done, size = export(command, folder / out)
                if out == "first.jsonl":  # numbers the records, which is not export
                    continue
                rate = done["records"] / done["seconds"]
                megabytes = partial(Row, unit="MB", kind=Kind.SIZE, on=on, higher=False)
                yield Row(name=f"{kind}, records a second", value=rate, unit="/s", kind=Kind.SPEED, on=on)
                yield megabytes(name=f"{kind}, memory", value=done["peak"], goal=goal)
                yield megabytes(name=f"{kind}, on disk", value=size / 1e6)


def storing(folder: Path, *, noted: bool) -> float:
    """The best of three times of storing the same records, with and without triggers."""
    best = float("inf")
    for go in range(3):
        with Store(f"sqlite:///{folder}/{noted}-{go}.db") as store:
            with store.writing() as tx:
                if not noted:
                    triggers = tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
                    for trigger in triggers:
                        tx.execute(text(f"DROP TRIGGER {trigger}"))
                run_id = runs.start_run(tx, "urls", "en")
            started = time.monotonic()
            add_originals(store, run_id)
            best = min(best, time.monotonic() - started)
    return best


def add(table: Table, name: str, command: list[str], out: Path) -> None:
    """Measure one export."""
    done, size = export(command, out)
    speed = done["records"] / done["seconds"]
    table.add_row(
        name,
        f"{done['records']:,}",
        f"{done['seconds']:.1f}",
        f"{speed:,.0f}",
        f"{done['peak']:.0f}",
        f"{size / 1e6:.0f}",
    )


def export(command: list[str], out: Path) -> tuple[dict[str, float], int]:
    """What an export's process says of itself, and the bytes it wrote."""
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return done, sum(one.stat().st_size for one in ([out] if out.is_file() else out.rglob("*")))


if __name__ == "__main__":
    main()
