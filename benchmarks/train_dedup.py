"""Train the decision of the de-duplication core on a labelled set and print its file.

    python benchmarks/train_dedup.py BENCH.jsonl.gz --data "what it is" > ingest/dedup/decision.toml

The set is the one of dedup_quality.py, with `kind` ("original" or how the copy was made). Only pairs that the candidate
index proposes are learnt from. The model is a logistic regression whose weights may not be negative: more agreement
never lowers a score, whatever the set happens to hold. The score at which most pairs are decided rightly, by five-fold
cross-validation in which an article and its copies stay together, is moved to 0.5.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.dedup_quality import Clock, link, read
from ingest.dedup.compare import Prepared, compare
from ingest.dedup.decision import FEATURES, features
from ingest.dedup.evidence import measure
from ingest.dedup.lines import line_keys
from ingest.model import Link

Floats = NDArray[np.float64]

FOLDS = 5
# A post that quotes is rare in the set and must not be lost; of pairs in which both are copies there are very many; a
# false link costs more than a missed one.
QUOTE_WEIGHT, COPIES_WEIGHT, UNRELATED_WEIGHT = 3.0, 0.3, 1.5
# Posts made with the same sentences around different quotes share text that no label knows.
COMPOSED = {"quoted", "quoted_rt", "near_update"}
# Whole pages share what surrounds the articles; extraction takes it away before texts are compared.
WHOLE_PAGE = "near_html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pair to learn from."""

    values: tuple[float, ...]
    related: bool
    weight: float
    fold: int


def label(a: dict[str, Any], b: dict[str, Any]) -> tuple[bool, float] | None:
    """Whether two records are related and how much the pair counts; ``None`` where the labels do not tell."""
    copies = "original" not in (a["kind"], b["kind"])
    sources = {record.get("quotes") or record["cluster"] for record in (a, b)}
    if a["cluster"] == b["cluster"]:
        return True, COPIES_WEIGHT if copies else 1.0
    if a["kind"] in COMPOSED and b["kind"] in COMPOSED:
        return None
    if len(sources) == 1:
        return None if copies else (True, QUOTE_WEIGHT)
    if WHOLE_PAGE in (a["kind"], b["kind"]) or sources & {*a.get("ambiguous_with", ()), *b.get("ambiguous_with", ())}:
        return None
    return False, UNRELATED_WEIGHT


def examples(records: list[dict[str, Any]]) -> list[Example]:
    """The candidate pairs of a set that share a passage and are labelled."""
    by_id = {record["id"]: record for record in records}
    found: list[Example] = []

    def watch(a: Prepared, b: Prepared) -> Link | None:
        record = by_id[a.text.key]
        labelled = label(record, by_id[b.text.key])
        evidence = measure(a.profile, b.profile) if labelled and a.exact != b.exact else None
        if labelled and evidence:
            group = record.get("event") or record.get("quotes") or record["cluster"]
            related, weight = labelled
            fold = crc32(group.encode()) % FOLDS
            found.append(Example(values=features(evidence), related=related, weight=weight, fold=fold))
        return compare(a, b)

    # The lines of the whole set are counted first, once an article: boilerplate is not what the model has to learn.
    lines = Counter(line for _, line in {(each["cluster"], key) for each in records for key in line_keys(each["text"])})
    for _ in link(records, Clock(), judge=watch, counted=lines):
        pass
    return found


def fit(values: Floats, related: Floats, weights: Floats) -> Floats:
    """Intercept and non-negative weights, by accelerated projected gradient descent (Beck & Teboulle 2009)."""
    mean, spread = values.mean(axis=0), values.std(axis=0)
    design = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    shares = weights / weights.sum()
    step = 4 / np.linalg.eigvalsh(design.T @ (design * shares[:, None])).max()
    current = ahead = np.zeros(design.shape[1])
    momentum = 1.0
    for _ in range(20_000):
        odds = np.clip(design @ ahead, -500, 500)
        gradient = design.T @ (shares * (1 / (1 + np.exp(-odds)) - related))
        moved = ahead - step * gradient
        moved[1:] = np.maximum(0, moved[1:])
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - current)
        current, momentum = moved, faster
    slopes = current[1:] / spread
    return np.concatenate([[current[0] - slopes @ mean], slopes])


def best_cut(odds: Floats, related: Floats, weights: Floats) -> tuple[float, float]:
    """The log odds from which a pair is best linked, and the F1 there."""
    scored = []
    for cut in np.arange(-3.0, 3.01, 0.25):
        right = weights[(odds >= cut) & (related == 1)].sum()
        scored.append((2 * right / (weights[odds >= cut].sum() + weights[related == 1].sum()), -abs(cut), cut))
    f1, _, cut = max(scored)
    return float(cut), float(f1)


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--data", required=True, help="what the set is, for the file")
    parser.add_argument("--version", default="decision-1")
    options = parser.parse_args()
    found = examples(read(options.bench))
    values = np.array([example.values for example in found])
    related = np.array([float(example.related) for example in found])
    weights = np.array([example.weight for example in found])
    folds = np.array([example.fold for example in found])
    odds = np.zeros(len(found))
    for fold in range(FOLDS):
        rest = folds != fold
        model = fit(values[rest], related[rest], weights[rest])
        odds[~rest] = model[0] + values[~rest] @ model[1:]
    cut, f1 = best_cut(odds, related, weights)
    model = fit(values, related, weights)
    print(f"{len(found)} pairs, cross-validated F1 {f1:.4f} at log odds {cut:+.2f}", file=sys.stderr)
    print("# Whether one of two texts is made from the other: a logistic regression over numbers of evidence.py.")
    print("# Written by benchmarks/train_dedup.py, not by hand.")
    print(f"# Data: {options.data}.")
    print(f"# {len(found)} pairs, {int(related.sum())} of them related; cross-validated F1 {f1:.4f}.")
    print(f'\nversion = "{options.version}"\nintercept = {model[0] - cut:.3f}\n\n[weights]')
    for name, each in zip(FEATURES, model[1:], strict=True):
        print(f"{name} = {each:.3f}")


if __name__ == "__main__":
    main()
