"""How the search for copies behaves as the store grows: time of a lookup, copies found, bytes a record.

    python benchmarks/growth.py [--sizes 1000,10000,100000] [--texts TEXTS.jsonl.gz]

The store is a topical one, the hardest kind: every distractor is written in the vocabulary of the planted articles,
so that all share their names. Planted are the texts of the file (one JSON object a line with `id`, `text` and `cluster`
or, without a file, the demo's English articles). Of each, three variants are looked up at every size and taken back:

    spun        every fourth word replaced by one as common (what word spinners do)
    cut         half of it under a foreign lead
    quoted      a passage of 80 words in a post of other words

Times are of the processor, so that what else the machine does counts little.

Distractors get fingerprints but are not compared with one another, which would take hours and changes no lookup.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import wordfreq
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import select

from benchmarks.dedup_records import make_record
from benchmarks.results import Kind, Row, Scope
from benchmarks.sets import read
from flows.demo.corpus import load_articles
from flows.link import link_texts
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE, STAND_INS
from ingest.dedup.lines import FREQUENT_LINE, line_keys
from ingest.model import Fingerprint, Record
from ingest.urls import url_key
from storage import links, records, runs
from storage.lines import add_lines
from storage.store import Store, Transaction
from storage.tables import link

PLANTED = 150
BATCH = 500
KINDS = ("spun", "cut", "quoted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """At one size: CPU milliseconds of a lookup and of a whole link, and the share of variants found, by kind."""

    lookup_ms: float
    lookup_p95_ms: float
    link_ms: float
    recall: dict[str, float]
    candidates: float
    bytes_each: float


class TakeBackError(Exception):
    """Ends a transaction whose work is not to stay."""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--texts", type=Path)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    planted = load(options.texts)
    table = Table(title=f"A topical store, {len(planted)} planted articles", title_justify="left", header_style="")
    for name in ("records", "lookup ms", "p95", "ratio", "candidates", "link ms", *KINDS, "bytes/record"):
        table.add_column(name, justify="right")
    first = 0.0
    for size, found in grown(planted, sizes):
        first = first or found.lookup_ms
        shares = [f"{found.recall[kind]:.3f}" for kind in KINDS]
        table.add_row(
            f"{size:,}",
            f"{found.lookup_ms:.2f}",
            f"{found.lookup_p95_ms:.2f}",
            f"{found.lookup_ms / first:.2f}",
            f"{found.candidates:.1f}",
            f"{found.link_ms:.1f}",
            *shares,
            f"{found.bytes_each:,.0f}",
        )
    Console(width=130).print(table)


def rows(scope: Scope) -> Iterator[Row]:
    """At each size: time of a lookup beside that of the smallest, copies found, bytes a record."""
    path = scope.labelled("dedup_dev.jsonl.gz")
    planted = load(path)
    first = 0.0
    for size, found in grown(planted, (1_000, *scope.records)):
        on = f"{size:,} records in the words of {len(planted)} articles of {'dedup_dev' if path else 'the demo'}"
        first = first or found.lookup_ms
        yield Row(name="CPU of a lookup", value=found.lookup_ms, unit="ms", kind=Kind.SPEED, on=on, higher=False)
        grew = partial(Row, name="the same beside 1,000 records", unit="x", kind=Kind.TIMES, on=on, higher=False)
        yield grew(value=found.lookup_ms / first, goal=3)
        for kind, share in found.recall.items():
            yield Row(name=f"found: {kind}", value=share, on=on, goal=0.95)
        yield Row(name="bytes a record", value=found.bytes_each, kind=Kind.SIZE, on=on, higher=False, goal=3_000)


def grown(planted: Sequence[str], sizes: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """A store that grows to each size, and what was found then."""
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder:
        path = Path(folder) / "growth.db"
        with Store(f"sqlite:///{path}") as store, ProcessPoolExecutor(2) as pool:
            with store.writing() as tx:
                run_id = runs.start_run(tx, "urls", "en")
            add(store, run_id, [make_record(address(f"planted-{number}"), text) for number, text in enumerate(planted)])
            stored = len(planted)
            for size in sizes:
                grow(store, run_id, pool, planted, range(stored, size))
                stored = size
                yield size, measure(store, run_id, planted, path, size)


def load(path: Path | None) -> list[str]:
    """The texts to plant: one a cluster, of a hundred words or more."""
    if path is None:
        return [article.text for article in load_articles() if article.language == "en" and not article.truth.copy_of]
    texts: dict[str, str] = {}
    for one in read(path):
        if one.get("cluster") and len(one["text"].split()) >= 150:
            texts.setdefault(one["cluster"], one["text"])
    return list(texts.values())[:PLANTED]


def grow(store: Store, run_id: str, pool: ProcessPoolExecutor, planted: Sequence[str], numbers: range) -> None:
    """Add distractors with these numbers."""
    starts = range(numbers.start, numbers.stop, BATCH)
    jobs = ((planted, range(start, min(start + BATCH, numbers.stop))) for start in starts)
    for made in track(pool.map(make_distractors, jobs), "growing", total=len(starts), transient=True):
        add(store, run_id, made)


def make_distractors(job: tuple[Sequence[str], range]) -> list[Record]:
    """Articles in the words of the planted ones."""
    planted, numbers = job
    return [make_record(address(f"distractor-{number}"), distractor(planted, number)) for number in numbers]


def distractor(planted: Sequence[str], number: int) -> str:
    """A text of 150 to 450 words drawn from three planted articles, in sentences, in an order of its own."""
    chance = random.Random(f"distractor {number}")  # of a number alone, -1 would be the same as 1
    words = [word for text in chance.sample(planted, 3) for word in text.split()]
    lengths = [chance.randint(8, 22) for _ in range(chance.randint(10, 25))]
    sentences = [" ".join(chance.choices(words, k=length)) + "." for length in lengths]
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def variants(planted: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """(kind, number of the planted article, text), the same in every call."""
    common = wordfreq.top_n_list("en", 30_000)
    rank = {word: place for place, word in enumerate(common)}
    for number, text in enumerate(planted):
        chance = random.Random(f"variant {number}")
        words = text.split()
        other = distractor(planted, -number - 1).split()
        spun = [spin(word, rank, common, chance) if chance.random() < 0.25 else word for word in words]
        yield "spun", number, " ".join(spun)
        yield "cut", number, " ".join(other[:40] + words[: len(words) // 2])
        start = chance.randrange(max(1, len(words) - 80))
        yield "quoted", number, " ".join(other[:90] + words[start : start + 80] + other[90:180])


def spin(word: str, rank: dict[str, int], common: Sequence[str], chance: random.Random) -> str:
    """Another word, about as common."""
    place = rank.get(word.strip(".,;:!?\"'()").lower())
    return word if place is None else common[max(0, min(len(common) - 1, place + chance.randint(-40, 40)))]


def measure(store: Store, run_id: str, planted: Sequence[str], path: Path, size: int) -> Found:
    """Look every variant up, one at a time, and take it back."""
    lookups: list[float] = []
    whole: list[float] = []
    near: list[int] = []
    hits = dict.fromkeys(KINDS, 0)
    for kind, number, text in variants(planted):
        made = make_record(address(f"{kind}-{number}"), text)
        side = (made.article.key, links.ORIGINAL_SIDE)
        try:
            with store.writing() as tx:
                records.add_records(tx, [made], run_id)
                links.add_fingerprints(tx, {side: made.fingerprint}, {}, cap=CANDIDATE_CAP)
                started = time.process_time()
                found = links.candidates(
                    tx,
                    [side],
                    cap=CANDIDATE_CAP,
                    limit=CANDIDATE_LIMIT,
                    stand_ins=STAND_INS,
                    min_score=CANDIDATE_MIN_SCORE,
                )
                lookups.append(time.process_time() - started)
                near.append(len(found[side]))
                started = time.process_time()
                link_texts(tx, {side: made.fingerprint}, [made.article.key])
                whole.append(time.process_time() - started)
                hits[kind] += is_linked(tx, made.article.key, url_key(address(f"planted-{number}")))
                raise TakeBackError  # noqa: TRY301 - the way out of a transaction
        except TakeBackError:
            pass
    return Found(
        lookup_ms=1000 * statistics.median(lookups),
        lookup_p95_ms=1000 * statistics.quantiles(lookups, n=20)[-1],
        link_ms=1000 * statistics.median(whole),
        recall={kind: count / len(planted) for kind, count in hits.items()},
        candidates=statistics.mean(near),
        bytes_each=dedup_bytes(path) / size,
    )


def address(name: str) -> str:
    """Each text has a site of its own."""
    return f"https://{name}.example/"


def is_linked(tx: Transaction, one: str, other: str) -> bool:
    """Whether two records are linked."""
    pair = (one, other)
    query = select(link.c.a).where(link.c.a.in_(pair), link.c.b.in_(pair))
    return tx.execute(query).first() is not None


def add(store: Store, run_id: str, made: Sequence[Record]) -> None:
    """Store records and their fingerprints, unlinked."""
    for start in range(0, len(made), BATCH):
        batch = made[start : start + BATCH]
        with store.writing() as tx:
            records.add_records(tx, batch, run_id)
            sides: dict[links.Side, Fingerprint] = {
                (one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in batch
            }
            lines = {(one.article.key, links.ORIGINAL_SIDE): line_keys(one.article.text) for one in batch}
            ids = links.add_fingerprints(tx, sides, lines, cap=CANDIDATE_CAP)
            add_lines(tx, {number: lines[side] for side, number in ids.items()}, most=FREQUENT_LINE)


def dedup_bytes(path: Path) -> int:
    """The bytes that fingerprints, anchors, lines and their indexes take in the file."""
    connection = sqlite3.connect(path)
    try:
        names = ("anchor", "line", "fingerprint", "fingerprint_exact", "sqlite_autoindex_fingerprint_1")
        marks = ",".join("?" * len(names))
        query = f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})"
        return int(connection.execute(query, names).fetchone()[0])
    finally:
        connection.close()


if __name__ == "__main__":
    main()
