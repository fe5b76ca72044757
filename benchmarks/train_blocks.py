"""Train the model that tells text from the frame of a page, and print its file; with --folds, measure it instead.

    python benchmarks/train_blocks.py SET [SET ...] --data "what it is" > ingest/extract/forest.json
    python benchmarks/train_blocks.py SET [SET ...] --folds

A set is a folder with gold.jsonl (an object a line: page, url, text) and the pages that it names. A line of a page is
text if half of its runs of four words stand in the gold; a shorter one if it is a line of it; of equal lines only as
many as the gold has. A page counts as much as another, however long it is. Folds are by site: what is measured of a
page comes from a model that has seen no page of its site, and goes through the whole pipeline.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.extraction_quality import fold, runs
from ingest.extract.forest import Floats, Forest
from ingest.extract.likely import FEATURES, Lines, Reading, numbers
from ingest.model import Block, Page, Record, Seed
from ingest.pipeline import process_page
from ingest.urls import host_of

FOLDS = 5
TREES, LEAVES, RATE = 60, 20, 0.12
MOST_WORDS = 400  # of a line: a longer one does not count more
LAID_OUT = datetime(2027, 1, 1, tzinfo=UTC)  # later than any page of the sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page: the numbers of its lines, which are text, how much each counts, and the fold of its site."""

    page: Page
    gold: str
    rows: Floats
    labels: Floats
    weights: Floats
    fold: int


def read_set(folder: Path) -> Iterator[tuple[Page, str]]:
    """The pages of a set with their texts."""
    for line in (folder / "gold.jsonl").read_text("utf-8").strip().split("\n"):
        told = json.loads(line)
        url = told["url"] if told["url"].startswith("http") else f"https://{told['url']}"
        yield (
            Page(
                seed=Seed(url=url),
                final_url=url,
                body=(folder / told["page"]).read_bytes(),
                fetched_at=LAID_OUT,
                status=200,
                headers=(("content-type", "text/html"),),
            ),
            told["text"] or "",
        )


def example(page: Page, gold: str) -> Example | None:
    """What can be learnt from a page; nothing where no text is found in it."""
    seen: list[tuple[Lines, Reading]] = []

    def look(blocks: Sequence[Block], lines: Lines, reading: Reading) -> tuple[tuple[Block, ...], float]:
        seen.append((lines, reading))
        return tuple(blocks), 0.0

    with patch("ingest.extract.html.judge", look):
        process_page(page)
    if not seen:
        return None
    lines, reading = seen[0]
    rows = numbers(lines, reading)
    labels = label([run.text for run in lines.runs], gold, rows[:, FEATURES.index("found near")])
    weights = np.minimum(np.array(lines.words, dtype=float), MOST_WORDS)
    site = ".".join(host_of(page.final_url).split(".")[-2:])
    return Example(
        page=page,
        gold=gold,
        rows=rows,
        labels=labels,
        weights=weights / max(50, len(gold.split())),
        fold=crc32(site.encode()) % FOLDS,
    )


def label(lines: Sequence[str], gold: str, near: Floats) -> Floats:
    """Which lines stand in the gold: 1 or 0 each. Of equal lines those with most text around them come first."""
    known = runs(gold)
    short = Counter(fold(line) for line in gold.splitlines())
    labels = np.zeros(len(lines))
    left: Counter[str] = Counter()
    for place in sorted(range(len(lines)), key=lambda place: -near[place]):
        told = fold(lines[place])
        if not told:
            continue
        own = runs(lines[place])
        if own.total() >= 3:
            if (own & known).total() >= 0.5 * own.total():
                most = max(1, min(known[run] for run in own if known[run]) if any(known[run] for run in own) else 1)
                labels[place] = left[told] < most
                left[told] += 1
        else:
            labels[place] = left[told] < short[told]
            left[told] += 1
    return labels


def calibration(examples: Sequence[Example]) -> tuple[float, float]:
    """Slope and shift of the logarithms of the odds that make what is foretold of unseen sites come true as often."""
    odds, labels, weights = [], [], []
    for number in range(FOLDS):
        held = [one for one in examples if one.fold == number]
        told = train([one for one in examples if one.fold != number], calibrated=False)
        forest = Forest(told["trees"], told["baseline"], told["features"])
        chances = np.clip(np.concatenate([forest.predict(one.rows) for one in held]), 1e-9, 1 - 1e-9)
        odds.append(np.log(chances / (1 - chances)))
        labels += [one.labels for one in held]
        weights += [one.weights for one in held]
    fitted = LogisticRegression(C=1e6).fit(
        np.concatenate(odds)[:, None], np.concatenate(labels), sample_weight=np.concatenate(weights) * 10
    )
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def train(examples: Sequence[Example], *, calibrated: bool = True) -> dict[str, Any]:
    """The forest learnt from these pages, as its file has it."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE, min_samples_leaf=40, l2_regularization=1.0,
        early_stopping=False, random_state=7,
    )  # fmt: skip
    model.fit(
        np.vstack([one.rows for one in examples]),
        np.concatenate([one.labels for one in examples]),
        sample_weight=np.concatenate([one.weights for one in examples]) * 100,
    )
    slope, shift = calibration(examples) if calibrated else (1.0, 0.0)
    trees = []
    for [predictor] in model._predictors:
        nodes = predictor.nodes
        trees.append(
            [
                [-1, round(slope * float(node["value"]), 6), 0, 0]
                if node["is_leaf"]
                else [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"])]
                for node in nodes
            ]
        )
    return {
        "features": FEATURES,
        "baseline": slope * float(model._baseline_prediction.ravel()[0]) + shift,
        "trees": trees,
    }


def measure(examples: Sequence[Example], plot: Path | None) -> None:
    """Words F1 in folds, how well the confidence tells bad pages, and how near it comes in each band."""
    scores: list[tuple[float, float]] = []
    for number in range(FOLDS):
        told = train([one for one in examples if one.fold != number])
        forest = Forest(told["trees"], told["baseline"], told["features"])
        for one in (one for one in examples if one.fold == number):
            with patch("ingest.extract.judged.shipped", return_value=forest):
                made = process_page(one.page)
            if isinstance(made, Record):
                scores.append((made.confidence.text or 0.0, words_f1(made.article.text, one.gold)))
            else:
                scores.append((0.0, 0.0))
    if plot is not None:
        plot.write_text(reliability(scores), "utf-8")
    print(f"{len(scores)} pages, words F1 {sum(real for _, real in scores) / len(scores):.4f}")
    bad = [real < 0.8 for _, real in scores]
    print(f"bad (F1 < .8): {sum(bad)}, AUC {roc_auc_score(bad, [-sure for sure, _ in scores]):.3f}")
    lowest = sorted(scores)[: len(scores) // 20]
    print(f"of the lowest 5 % by confidence {sum(real < 0.8 for _, real in lowest)} of {len(lowest)} are bad")
    for low, high, count, expected, real in bands(scores):
        print(f"{low:.2f}-{high:.2f}: {count:4} pages, expected {expected:.3f}, real {real:.3f}")


def bands(scores: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, int, float, float]]:
    """By confidence: (from, below, pages, mean confidence, mean F1)."""
    for low, high in pairwise((0.0, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)):
        band = [one for one in scores if low <= one[0] < high]
        if band:
            expected, real = (sum(values) / len(band) for values in zip(*band, strict=True))
            yield low, high, len(band), expected, real


def reliability(scores: Sequence[tuple[float, float]]) -> str:
    """A plot of the bands as SVG: expected F1 to the right, real F1 upwards, as large as the band has pages."""
    side, edge = 400, 40

    def at(value: float) -> float:
        return edge + (side - 2 * edge) * (value - 0.4) / 0.6

    dots = "".join(
        f'<circle cx="{at(expected):.0f}" cy="{side - at(real):.0f}" r="{3 + count**0.5 / 2:.1f}" fill="#246" />'
        f'<text x="{at(expected) - 12:.0f}" y="{side - at(real) + 24:.0f}">{count}</text>'
        for _, _, count, expected, real in bands(scores)
    )
    ticks = "".join(
        f'<text x="{at(tick) - 8:.0f}" y="{side - 18}">{tick:.1f}</text>'
        f'<text x="12" y="{side - at(tick) + 4:.0f}">{tick:.1f}</text>'
        for tick in (0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" font-family="sans-serif" font-size="11">'
        f"<title>Expected F1 (to the right) and real F1 (upwards), pages of each band</title>"
        f'<rect width="{side}" height="{side}" fill="#fff" />'
        f'<line x1="{edge}" y1="{side - edge}" x2="{side - edge}" y2="{edge}" stroke="#999" />{dots}{ticks}</svg>\n'
    )


def words_f1(found: str, gold: str) -> float:
    """F1 over the words of two texts, counted as often as they occur."""
    mine, theirs = (Counter(fold(text).split()) for text in (found, gold))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def main() -> None:
    """Train on all and print the file, or measure in folds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--data", default="")
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--plot", type=Path, help="with --folds: where to write an SVG of how sure and how right it is")
    options = parser.parse_args()
    pages = [one for folder in options.sets for one in read_set(folder)]
    examples = [made for page, gold in pages if (made := example(page, gold)) is not None]
    if options.folds:
        measure(examples, options.plot)
        return
    told = train(examples) | {"trained_on": options.data, "pages": len(examples)}
    json.dump(told, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
