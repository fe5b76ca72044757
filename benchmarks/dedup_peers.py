"""The de-duplication stage beside MinHash LSH: texts per second and F1 on the same texts, in one process.

    pip install datasketch rensa        # into an environment of their own: newsmill does not need them
    python benchmarks/dedup_peers.py BENCH.jsonl.gz [--texts 1000]

newsmill is timed whole: reading words, keys, lookup, comparison, clusters, and storing all of it in SQLite. The peers
are timed from text to candidate pairs, in memory, without a check of the pairs, as their users run them:

    14x8     word 5-grams, 14 buckets of 8 hashes (datatrove's default)
    42x6     word 2-grams, 42 buckets of 6 hashes, for a similarity of 0.45 (text-dedup's setting for news)

A pair is right if its texts are of one cluster, or if one quotes the other's. Pairs that the labels do not tell of are
left out: clusters listed in `ambiguous_with`, a quoting post against copies and other posts, texts composed with the
same sentences. CPU seconds, of one process.
"""

from __future__ import annotations

import argparse
import importlib
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.dedup_quality import found_in, labelled_sets, run
from benchmarks.dedup_records import addresses, make_record
from benchmarks.results import Kind, Row, Scope
from benchmarks.sets import read
from ingest.dedup.fingerprint import fingerprint
from storage.store import Store

Pairs = set[tuple[str, str]]

COMPOSED = {"quoted", "quoted_rt", "near_update"}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Shingles of so many words, and so many buckets of so many hashes."""

    words: int
    buckets: int
    hashes: int

    @property
    def name(self) -> str:
        """As it stands in the table."""
        return f"{self.buckets}x{self.hashes}, {self.words} words"


SETTINGS = (Setting(words=5, buckets=14, hashes=8), Setting(words=2, buckets=42, hashes=6))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--texts", type=int, help="only the first so many")
    options = parser.parse_args()
    entries = read(options.bench)[: options.texts]
    table = Table(title=f"{len(entries)} texts", title_justify="left", header_style="")
    for name in ("", "texts a second", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if not name else "right")
    for name, (speed, *figures) in compare(entries).items():
        table.add_row(name, f"{speed:,.0f}", *(f"{figure:.3f}" for figure in figures))
    Console(width=110).print(table)


def rows(scope: Scope) -> Iterator[Row]:
    """Quality and speed beside MinHash."""
    for on, entries in labelled_sets(scope):
        found = compare(entries)
        own = found.pop("newsmill")
        for place, name in enumerate(("texts per CPU second, all stored", "precision", "recall", "F1")):
            kind, unit = (Kind.SPEED, "/s") if place == 0 else (Kind.QUALITY, "")
            peers = {peer: figures[place] for peer, figures in found.items()}
            yield Row(name=name, value=own[place], unit=unit, kind=kind, on=on, peers=peers)


def compare(entries: Sequence[dict[str, Any]]) -> dict[str, tuple[float, float, float, float]]:
    """(texts per CPU second, precision, recall, F1) of each."""
    for _ in range(2):  # tables are loaded before the clock starts
        fingerprint("warm up", "en")
    wanted = gold(entries)
    compared = {}
    for name, find in finders():
        started = time.process_time()
        found = find(entries)
        speed = len(entries) / (time.process_time() - started)
        compared[name] = (speed, *judge(entries, found, wanted))
    return compared


def finders() -> Iterator[tuple[str, Callable[[Sequence[dict[str, Any]]], Pairs]]]:
    """What is compared; a peer that is not installed is said to be skipped."""
    yield "newsmill", newsmill
    for peer, signer in (("datasketch", datasketch_signer), ("rensa", rensa_signer)):
        try:
            importlib.import_module(peer)
        except ImportError:
            print(f"{peer} is not installed: skipped (pip install {peer})")
            continue
        for setting in SETTINGS:
            yield f"{peer} MinHash {setting.name}", lsh(setting, signer(setting))


def newsmill(entries: Sequence[dict[str, Any]]) -> Pairs:
    """The pairs that the tables hold after a run."""
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder, Store(f"sqlite:///{folder}/n.db") as store:
        made = [make_record(url, entry["text"]) for url, entry in zip(addresses(entries), entries, strict=True)]
        run(store, made)
        names = {str(record.article.key): entry["id"] for record, entry in zip(made, entries, strict=True)}
        return set(found_in(store, names).pairs)


def lsh(
    setting: Setting, sign: Callable[[Iterable[str]], Sequence[int]]
) -> Callable[[Sequence[dict[str, Any]]], Pairs]:
    """MinHash with banding: texts that agree in all hashes of a bucket are a pair."""

    def find(entries: Sequence[dict[str, Any]]) -> Pairs:
        buckets: defaultdict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
        for entry in entries:
            words = _WORD.findall(entry["text"].lower())
            shingles = {" ".join(words[start : start + setting.words]) for start in range(len(words))}
            signature = sign(shingles)
            for band in range(setting.buckets):
                part = tuple(signature[band * setting.hashes : (band + 1) * setting.hashes])
                buckets[band, part].append(entry["id"])
        return {(min(a, b), max(a, b)) for names in buckets.values() for a, b in combinations(names, 2)}

    return find


def datasketch_signer(setting: Setting) -> Callable[[Iterable[str]], Sequence[int]]:
    """Signatures by datasketch."""
    library = importlib.import_module("datasketch")

    def sign(shingles: Iterable[str]) -> Sequence[int]:
        made = library.MinHash(num_perm=setting.buckets * setting.hashes, seed=42)
        made.update_batch([shingle.encode() for shingle in shingles])
        return [int(value) for value in made.hashvalues]

    return sign


def rensa_signer(setting: Setting) -> Callable[[Iterable[str]], Sequence[int]]:
    """Signatures by rensa."""
    library = importlib.import_module("rensa")

    def sign(shingles: Iterable[str]) -> Sequence[int]:
        made = library.RMinHash(num_perm=setting.buckets * setting.hashes, seed=42)
        made.update(list(shingles))
        signature: Sequence[int] = made.digest()
        return signature

    return sign


def gold(entries: Sequence[dict[str, Any]]) -> Pairs:
    """The pairs that are to be found."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    originals: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        groups[entry["cluster"]].append(entry["id"])
        if entry["kind"] == "original":
            originals[entry["cluster"]].append(entry["id"])
    pairs = {(min(a, b), max(a, b)) for names in groups.values() for a, b in combinations(names, 2)}
    quoting = [entry for entry in entries if entry.get("quotes")]
    pairs |= {_pair(entry["id"], other) for entry in quoting for other in originals[entry["quotes"]]}
    return pairs


def judge(entries: Sequence[dict[str, Any]], found: Pairs, wanted: Pairs) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    by_id = {entry["id"]: entry for entry in entries}
    counted = Counter(pair in wanted for pair in found if pair in wanted or _told(by_id[pair[0]], by_id[pair[1]]))
    precision = counted[True] / max(1, counted.total())
    recall = counted[True] / max(1, len(wanted))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _told(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether the labels say that two texts have nothing to do with each other."""
    one, other = (entry.get("quotes") or entry["cluster"] for entry in (a, b))
    composed = a["kind"] in COMPOSED and b["kind"] in COMPOSED
    return one != other and not composed and other not in a.get("ambiguous_with", ())


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


if __name__ == "__main__":
    main()
