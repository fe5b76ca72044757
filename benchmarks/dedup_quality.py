"""Quality and speed of the de-duplication core on a labelled set of texts.

    python benchmarks/dedup_quality.py BENCH.jsonl.gz --out predictions.jsonl

The set has one JSON object a line: `id`, `text`, `cluster` (copies of one article share it) and, for a post that
quotes, `quotes` (the cluster it quotes). All texts are in English. Records arrive in the order of the file; candidates
and frequent lines are looked up in memory, among earlier records only, by the rules of ingest/dedup.

Predictions are one JSON object a line: `a`, `b`, `relation` ("duplicate" or "quote"), `score`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingest.dedup.cluster import clusters
from ingest.dedup.compare import Prepared, Text, compare, prepare
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE, fingerprint
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.model import Link, Relation, UrlKey

Judge = Callable[[Prepared, Prepared], Link | None]
"""Decides about a pair: `compare`, or something that watches it."""


@dataclass(slots=True)
class Store:
    """What the database does for candidates and lines, in memory."""

    records: list[Prepared] = field(default_factory=list)
    holders: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    lines: Counter[int] = field(default_factory=Counter)

    def add(self, record: Prepared, keys: Iterable[int], lines: Iterable[int]) -> None:
        """Keep a record; `lines` are empty for a copy of an earlier one."""
        for key in keys:
            self.holders[key].append(len(self.records))
        self.records.append(record)
        self.lines.update(lines)

    def candidates(self, keys: Iterable[int]) -> list[Prepared]:
        """The earlier records to compare with, best first."""
        scores: Counter[int] = Counter()
        for key in keys:
            holders = self.holders.get(key, [])
            if len(holders) <= CANDIDATE_CAP:
                for number in holders:
                    scores[number] += 1 / len(holders) ** 0.5
        ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))[:CANDIDATE_LIMIT]
        return [self.records[number] for number, score in ranked if score >= CANDIDATE_MIN_SCORE]

    def frequent(self, lines: Iterable[int]) -> frozenset[int]:
        """Those of some lines that are boilerplate."""
        return frozenset(line for line in lines if self.lines[line] > FREQUENT_LINE)


@dataclass(slots=True)
class Clock:
    """CPU seconds and calls by step."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Count a call of a step."""
        started = time.process_time()
        yield
        self.seconds[step] += time.process_time() - started
        self.calls[step] += 1

    def __str__(self) -> str:
        return "\n".join(
            f"{step:12} {self.calls[step]:8d} calls  {self.seconds[step] / self.calls[step] * 1e3:7.3f} ms each"
            for step in self.calls
        )


def read(path: Path) -> list[dict[str, Any]]:
    """The records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def link(
    records: Iterable[dict[str, Any]],
    clock: Clock,
    *,
    blank: bool = True,
    judge: Judge = compare,
    counted: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Link]:
    """All links among the records, each compared with earlier ones only; `counted` are lines known beforehand."""
    store = Store(lines=Counter(counted))
    for record in records:
        text, lines = record["text"], line_keys(record["text"])
        with clock.time("fingerprint"):
            keys = fingerprint(text, "en").keys
        with clock.time("candidates"):
            candidates = store.candidates(keys)
        with clock.time("prepare"):
            shown = blank_lines(text, store.frequent(lines)) if blank else text
            new = prepare(Text(key=UrlKey(record["id"]), text=shown, language="en"))
        links = list(judge_all(new, candidates, clock, judge))
        yield from links
        copied = any(each.relation is not Relation.QUOTES for each in links)
        store.add(new, keys, () if copied else lines)


def judge_all(new: Prepared, candidates: Iterable[Prepared], clock: Clock, judge: Judge) -> Iterator[Link]:
    """The links of one record."""
    for candidate in candidates:
        with clock.time("compare"):
            found = judge(new, candidate)
        if found:
            yield found


def rand_index(gold: list[str], found: list[str]) -> float:
    """Adjusted Rand index of two labellings (Hubert & Arabie 1985): 1 for the same groups, 0 for chance."""
    both = sum(comb(n, 2) for n in Counter(zip(gold, found, strict=True)).values())
    of_gold = sum(comb(n, 2) for n in Counter(gold).values())
    of_found = sum(comb(n, 2) for n in Counter(found).values())
    chance = of_gold * of_found / comb(len(gold), 2)
    return (both - chance) / ((of_gold + of_found) / 2 - chance)


def judge_clusters(records: list[dict[str, Any]], links: list[Link]) -> str:
    """How well the groups agree with the labels, and how many quoting posts were merged with what they quote."""
    groups = clusters(links)
    by_id = {record["id"]: record for record in records}
    label = {key: min(group) for group in groups for key in group}
    found = {record["id"]: label.get(record["id"], record["id"]) for record in records}
    articles = [record for record in records if not record.get("quotes")]
    agreement = rand_index([record["cluster"] for record in articles], [found[record["id"]] for record in articles])
    members = defaultdict(set)
    for record in articles:
        members[found[record["id"]]].add(record["cluster"])
    posts = [record for record in records if record.get("quotes")]
    merged = sum(record["quotes"] in members[found[record["id"]]] for record in posts)
    merged_events = sum(
        a.get("event") == b.get("event") is not None
        and a["cluster"] != b["cluster"]
        and b["cluster"] not in a.get("ambiguous_with", ())
        for group in groups
        for a, b in combinations([by_id[key] for key in sorted(group)], 2)
    )
    return (
        f"clusters {len(groups)}  adjusted Rand index {agreement:.4f}  "
        f"quoting posts merged with their source {merged} of {len(posts)} ({merged / max(1, len(posts)):.1%})  "
        f"pairs of same-event reports merged {merged_events}"
    )


def main() -> None:
    """Read a set, link it, judge the groups, write predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--out", type=Path, help="where to write predictions")
    parser.add_argument("--keep-lines", action="store_true", help="compare frequent lines too")
    options = parser.parse_args()
    records = read(options.bench)
    fingerprint("warm up", "en")
    clock = Clock()
    links = list(link(records, clock, blank=not options.keep_lines))
    print(clock)
    print(dict(Counter(str(each.relation) for each in links)))
    print(judge_clusters(records, links))
    if options.out:
        with options.out.open("w", encoding="utf-8") as out:
            for each in links:
                relation = "quote" if each.relation is Relation.QUOTES else "duplicate"
                out.write(json.dumps({"a": each.a, "b": each.b, "relation": relation, "score": each.score}) + "\n")


if __name__ == "__main__":
    main()
