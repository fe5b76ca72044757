"""Train the decision of the de-duplication core on a labelled set and print its file.

    python benchmarks/train_dedup.py BENCH.jsonl.gz --data "what it is" > ingest/dedup/decision.toml

The set is the one of dedup_quality.py, with `kind` ("original" or how the copy was made). Only pairs that share keys
are learnt from, looked up in memory by the rules of ingest/dedup. The model is a logistic regression whose weights may
not be negative: more agreement never lowers a score, whatever the set happens to hold.

Five folds, in which all that is made from one article (or reports one event) stays together. A pair across two folds
is learnt from in neither. The score at which most pairs are decided rightly is moved to 0.5; for the figures of a fold
it is chosen on the other folds, as the weights are.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import read
from ingest.dedup.compare import Prepared, Text, compare, prepare
from ingest.dedup.decision import FEATURES, features
from ingest.dedup.evidence import measure
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE, fingerprint
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.link import Relation
from ingest.model import UrlKey

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
    """A pair to learn from, and the folds of its two records."""

    values: tuple[float, ...]
    related: bool
    weight: float
    folds: tuple[int, int]


@dataclass(slots=True)
class Memory:
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


def candidate_pairs(records: list[dict[str, Any]]) -> Iterator[tuple[Prepared, Prepared]]:
    """The pairs that the keys propose, each record with earlier ones."""
    # The lines of the whole set are counted first, once an article: boilerplate is not what the model has to learn.
    pairs = {(each["cluster"], key) for each in records for key in line_keys(each["text"])}
    memory = Memory(lines=Counter(line for _, line in pairs))
    for record in records:
        text, lines = record["text"], line_keys(record["text"])
        keys = fingerprint(text, "en").keys
        shown = blank_lines(text, frozenset(line for line in lines if memory.lines[line] > FREQUENT_LINE))
        new = prepare(Text(key=UrlKey(record["id"]), text=shown, language="en"))
        copied = False
        for other in memory.candidates(keys):
            yield new, other
            link = compare(new, other)
            copied = copied or (link is not None and link.relation is not Relation.QUOTES)
        memory.add(new, keys, () if copied else lines)


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
    events = {record["cluster"]: record["event"] for record in records if record.get("event")}
    found: list[Example] = []
    for a, b in candidate_pairs(records):
        ends = (by_id[a.text.key], by_id[b.text.key])
        labelled = label(*ends)
        evidence = measure(a.profile, b.profile) if labelled and a.exact != b.exact else None
        if labelled and evidence:
            related, weight = labelled
            sources = [end.get("quotes") or end["cluster"] for end in ends]
            one, other = (crc32(events.get(source, source).encode()) % FOLDS for source in sources)
            found.append(Example(values=features(evidence), related=related, weight=weight, folds=(one, other)))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """How well the pairs of a fold are decided by what was learnt on the others."""

    pairs: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def cross_validate(
    values: Floats, related: Floats, weights: Floats, folds: NDArray[np.int64]
) -> tuple[list[Fold], float]:
    """The figures of the folds, and the log odds from which pairs are best linked."""
    odds = np.zeros(len(values))
    for fold in range(FOLDS):
        rest = (folds != fold).all(axis=1)
        model = fit(values[rest], related[rest], weights[rest])
        here = folds[:, 0] == fold
        odds[here] = model[0] + values[here] @ model[1:]
    found = []
    for fold in range(FOLDS):
        here, rest = folds[:, 0] == fold, (folds != fold).all(axis=1)
        cut, _ = best_cut(odds[rest], related[rest], weights[rest])
        linked, true = odds[here] >= cut, related[here] == 1
        right = weights[here][linked & true].sum()
        precision, recall = right / weights[here][linked].sum(), right / weights[here][true].sum()
        found.append(Fold(pairs=int(here.sum()), precision=float(precision), recall=float(recall)))
    return found, best_cut(odds, related, weights)[0]


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--data", required=True, help="what the set is, for the file")
    parser.add_argument("--version", default="decision-2")
    options = parser.parse_args()
    records = read(options.bench)
    found = examples(records)
    values = np.array([example.values for example in found])
    related = np.array([float(example.related) for example in found])
    weights = np.array([example.weight for example in found])
    folds = np.array([example.folds for example in found])
    figures, cut = cross_validate(values, related, weights, folds)
    for number, one in enumerate(figures):
        told = f"precision {one.precision:.4f}, recall {one.recall:.4f}, F1 {one.f1:.4f}"
        print(f"fold {number}: {one.pairs} pairs, {told}", file=sys.stderr)
    model = fit(values, related, weights)
    print("# Whether one of two texts is made from the other: a logistic regression over numbers of evidence.py.")
    print("# Written by benchmarks/train_dedup.py, not by hand.")
    print(f'\nversion = "{options.version}"\nintercept = {model[0] - cut:.3f}\n\n[weights]')
    for name, each in zip(FEATURES, model[1:], strict=True):
        print(f"{name} = {each:.3f}")
    print(f'\n[provenance]\ndata = "{options.data}"\ntexts = {len(records)}')
    print(f"pairs = {len(found)}\nrelated = {int(related.sum())}")
    print('chance = "none: folds by a hash of the article, no random start"')
    for name in ("precision", "recall", "f1"):
        print(f"fold_{name} = [{', '.join(f'{getattr(one, name):.4f}' for one in figures)}]")


if __name__ == "__main__":
    main()
