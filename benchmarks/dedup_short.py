"""False pairs and found copies among short texts: pieces of two sentences, as a headline with a line below it is.

    python benchmarks/dedup_short.py [--texts TEXTS.jsonl.gz] [--pieces 2000]

The pieces are cut from the originals of a labelled set (see dedup_quality.py) or, without a file, from the demo's
English articles; no two share a sentence, though many are of one article or one event, with the same names. Of every
tenth piece four copies are made: typeset anew, every tenth word replaced by one as common, every fifth, and a
quarter of the words cut off. All are stored and linked as a run does it.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import wordfreq

from benchmarks.dedup_quality import found_in, run
from benchmarks.dedup_records import make_record
from benchmarks.growth import spin
from benchmarks.results import Kind, Row, Scope
from benchmarks.sets import read
from flows.demo.corpus import load_articles
from storage.store import Store

KINDS = ("typeset", "one word in ten", "one word in five", "cut")
SIZES = (20, 40, 60)
PIECES = 2000
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def pieces(texts: Sequence[str], most: int) -> list[str]:
    """Pairs of neighbouring sentences of 8 to 59 words, no two from one place."""
    found: list[str] = []
    for text in texts:
        sentences = _SENTENCE.split(text.strip())
        for start in range(0, len(sentences) - 1, 2):
            piece = " ".join(sentences[start : start + 2])
            if 8 <= len(piece.split()) < SIZES[-1]:
                found.append(piece)
    random.Random(1).shuffle(found)
    return list(dict.fromkeys(found))[:most]


def copies(piece: str, number: int) -> list[str]:
    """One copy of each kind."""
    common = wordfreq.top_n_list("en", 30_000)
    rank = {word: place for place, word in enumerate(common)}
    chance = random.Random(number)
    words = piece.split()

    def reworded(share: float) -> str:
        return " ".join(spin(word, rank, common, chance) if chance.random() < share else word for word in words)

    return [piece.replace('"', "”").upper(), reworded(0.1), reworded(0.2), " ".join(words[: len(words) * 3 // 4])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of the pieces: false pairs by relation, (found, wanted) by kind and length, CPU ms a text."""

    pieces: int
    median_words: int
    false: Counter[str]
    hits: dict[tuple[str, str], tuple[int, int]]
    each_ms: float


def rows(scope: Scope) -> Iterator[Row]:
    """False pairs, and copies found by kind."""
    path = scope.labelled("dedup_dev.jsonl.gz")
    found = measure(pieces(load(path), PIECES))
    on = f"{found.pieces} pieces of two sentences, of {'dedup_dev' if path else 'the demo'}"
    pairs = found.pieces * (found.pieces - 1) // 2
    # 24 of two million: nearly all give the same quotation.
    most = round(pairs * 24 / 2_000_000)
    false = found.false.total()
    yield Row(name="false pairs", value=false, on=on, higher=False, goal=most, note=f"of {pairs:,}")
    for kind in KINDS:
        counts = [count for (one, _), count in found.hits.items() if one == kind]
        hits, wanted = (sum(column) for column in zip(*counts, strict=True))
        yield Row(name=f"found: {kind}", value=hits / wanted, on=on, note=f"of {wanted}")
    yield Row(name="CPU a text", value=found.each_ms, unit="ms", kind=Kind.SPEED, on=on, higher=False)


def load(path: Path | None) -> list[str]:
    """The originals of a set; the demo's English articles without."""
    if path:
        return [one["text"] for one in read(path) if one["kind"] == "original"]
    return [one.text for one in load_articles() if one.language == "en" and not one.truth.copy_of]


def main() -> None:
    """Store, link, count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--pieces", type=int, default=PIECES)
    options = parser.parse_args()
    found = measure(pieces(load(options.texts), options.pieces))
    print(f"{found.pieces} pieces, median {found.median_words} words")
    print(f"false pairs: {found.false.total()} ({dict(found.false)}) of {found.pieces * (found.pieces - 1) // 2:,}")
    print(f"CPU ms a text: {found.each_ms:.1f}")
    for kind in KINDS:
        told = [f"{span} words {hits}/{all_}" for (one, span), (hits, all_) in found.hits.items() if one == kind]
        print(f"{kind}: {', '.join(told)}")


def measure(cut: Sequence[str]) -> Found:
    """Store and link some pieces and copies of every tenth."""
    entries = {f"piece {number}": piece for number, piece in enumerate(cut)}
    made = list(entries.items())
    for name, piece in made[::10]:
        entries |= {f"{name}, {kind}": copy for kind, copy in zip(KINDS, copies(piece, len(entries)), strict=True)}
    records = {
        name: make_record(f"https://s{number}.example/", text) for number, (name, text) in enumerate(entries.items())
    }
    with (
        tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder,
        Store(f"sqlite:///{folder}/short.db") as store,
    ):
        seconds = run(store, list(records.values()))
        found = found_in(store, {str(record.article.key): name for name, record in records.items()}).pairs
    hits = {}
    for kind in KINDS:
        for low, high in zip((8, *SIZES), SIZES, strict=False):
            names = [name for name, piece in made[::10] if low <= len(piece.split()) < high]
            hits[kind, f"{low}-{high - 1}"] = (sum((name, f"{name}, {kind}") in found for name in names), len(names))
    return Found(
        pieces=len(made),
        median_words=sorted(len(piece.split()) for _, piece in made)[len(made) // 2],
        false=Counter(kind for (a, b), kind in found.items() if a.partition(",")[0] != b.partition(",")[0]),
        hits=hits,
        each_ms=1000 * seconds / len(records),
    )


if __name__ == "__main__":
    main()
