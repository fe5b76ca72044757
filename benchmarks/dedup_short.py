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
from collections.abc import Sequence
from pathlib import Path

import wordfreq

from benchmarks.dedup_quality import found_in, run
from benchmarks.dedup_records import make_record, read
from benchmarks.growth import spin
from flows.demo.corpus import load_articles
from storage.store import Store

KINDS = ("typeset", "one word in ten", "one word in five", "cut")
SIZES = (20, 40, 60)
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


def main() -> None:
    """Store, link and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--pieces", type=int, default=2000)
    options = parser.parse_args()
    if options.texts:
        texts = [one["text"] for one in read(options.texts) if one["kind"] == "original"]
    else:
        texts = [one.text for one in load_articles() if one.language == "en" and not one.truth.copy_of]
    entries = {f"piece {number}": piece for number, piece in enumerate(pieces(texts, options.pieces))}
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
    false = Counter(kind for (a, b), kind in found.items() if a.partition(",")[0] != b.partition(",")[0])
    print(f"{len(made)} pieces, median {sorted(len(piece.split()) for _, piece in made)[len(made) // 2]} words")
    print(f"false pairs: {sum(false.values())} ({dict(false)}) of {len(made) * (len(made) - 1) // 2:,}")
    print(f"CPU ms a text: {1000 * seconds / len(records):.1f}")
    for kind in KINDS:
        told = []
        for low, high in zip((8, *SIZES), SIZES, strict=False):
            names = [name for name, piece in made[::10] if low <= len(piece.split()) < high]
            hits = sum((name, f"{name}, {kind}") in found for name in names)
            told.append(f"{low}-{high - 1} words {hits}/{len(names)}")
        print(f"{kind}: {', '.join(told)}")


if __name__ == "__main__":
    main()
