"""A forest of small decision trees, read from JSON and evaluated for all rows at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ALL = 0xFFFF_FFFF
_MOST_LEAVES = 32
_AT_ONCE = 512  # rows: what is compared at once stays in the processor's cache


class Judge(Protocol):
    """What tells how probable it is of each row of numbers that it is what was learnt."""

    def predict(self, rows: Floats) -> Floats:
        """Probabilities, one for each row."""
        ...


class Forest:
    """Trees whose leaves add up to the logarithm of the odds.

    A node is [feature, threshold, left, right]; with feature -1 it is a leaf, and its threshold the value. A row goes
    left where its value is at most the threshold.

    No row walks down a tree (Lucchese et al., QuickScorer): all comparisons are made at once, each that fails
    strikes out the leaves to the left of its node, and of those that remain the leftmost is the row's.
    """

    def __init__(self, trees: Sequence[Sequence[Sequence[float]]], baseline: float, features: Sequence[str]) -> None:
        self.features = tuple(features)
        self.baseline = baseline
        laid = [_laid_out(tree) for tree in trees]
        nodes = max((len(inner) for inner, _ in laid), default=0)
        leaves = max((len(values) for _, values in laid), default=1)
        if leaves > _MOST_LEAVES:
            raise ValueError(f"a tree has {leaves} leaves; at most {_MOST_LEAVES} can be told apart")
        self._shape = (nodes, len(laid))  # node by node, so that the trees lie side by side
        self._feature = np.zeros(self._shape, dtype=np.intp)
        self._threshold = np.full(self._shape, np.inf)
        self._remaining = np.full(self._shape, _ALL, dtype=np.uint32)
        self._values = np.zeros((len(laid), leaves))
        for tree, (inner, values) in enumerate(laid):
            for node, (feature, threshold, struck) in enumerate(inner):
                self._feature[node, tree] = feature
                self._threshold[node, tree] = threshold
                self._remaining[node, tree] = _ALL & ~struck
            self._values[tree, : len(values)] = values

    def predict(self, rows: Floats) -> Floats:
        """The probability of each row: an array of as many numbers from 0 to 1."""
        parts = [self._odds(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE)]
        odds = np.concatenate(parts) if parts else np.zeros(0)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)

    def _odds(self, rows: Floats) -> Floats:
        columns = np.ascontiguousarray(rows.T)
        failed = columns[self._feature.ravel()] > self._threshold.reshape(-1, 1)
        left = np.where(failed, self._remaining.reshape(-1, 1), np.uint32(_ALL))
        leaves = np.bitwise_and.reduce(left.reshape(*self._shape, len(rows)), axis=0)
        lowest = leaves & (~leaves + np.uint32(1))
        place = np.frexp(lowest.astype(np.float64))[1] - 1
        trees = np.arange(self._shape[1])[:, None]
        return np.asarray(self.baseline + self._values[trees, place].sum(axis=0))


def _laid_out(tree: Sequence[Sequence[float]]) -> tuple[list[tuple[int, float, int]], list[float]]:
    """The inner nodes of a tree (feature, threshold, bits of the leaves to the left), and its leaves from the left."""
    inner: list[tuple[int, float, int]] = []
    values: list[float] = []

    def walk(place: int) -> int:
        feature, threshold, left, right = tree[place]
        if feature < 0:
            values.append(threshold)
            return 1 << (len(values) - 1)
        struck = walk(int(left))
        inner.append((int(feature), threshold, struck))
        return struck | walk(int(right))

    walk(0)
    return inner, values


@cache
def shipped() -> Forest:
    """The forest that tells article text from the rest of a page."""
    told: dict[str, Any] = json.loads(files("ingest.extract").joinpath("forest.json").read_text("utf-8"))
    return Forest(told["trees"], told["baseline"], told["features"])
