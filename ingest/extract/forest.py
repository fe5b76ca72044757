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


class Judge(Protocol):
    """What tells how probable it is of each row of numbers that it is what was learnt."""

    def predict(self, rows: Floats) -> Floats:
        """Probabilities, one for each row."""
        ...


class Forest:
    """Trees whose leaves add up to the logarithm of the odds.

    A node is [feature, threshold, left, right]; with feature -1 it is a leaf, and its threshold the value. A row goes
    left where its value is at most the threshold.
    """

    def __init__(self, trees: Sequence[Sequence[Sequence[float]]], baseline: float, features: Sequence[str]) -> None:
        self.features = tuple(features)
        self.baseline = baseline
        starts = np.cumsum([0, *(len(tree) for tree in trees)])
        nodes = np.array([node for tree in trees for node in tree], dtype=np.float64).reshape(-1, 4)
        shift = np.repeat(starts[:-1], np.diff(starts))
        self._roots = starts[:-1].astype(np.int32)
        self._leaf = nodes[:, 0] < 0
        own = np.arange(len(nodes))
        self._feature = np.where(self._leaf, 0, nodes[:, 0]).astype(np.int32)
        self._threshold = nodes[:, 1]
        self._left = np.where(self._leaf, own, nodes[:, 2] + shift).astype(np.int32)
        self._right = np.where(self._leaf, own, nodes[:, 3] + shift).astype(np.int32)
        self._depth = max((_depth(tree) for tree in trees), default=0)

    def predict(self, rows: Floats) -> Floats:
        """The probability of each row: an array of as many numbers from 0 to 1."""
        count = len(rows)
        flat = np.ascontiguousarray(rows).ravel()
        first = (np.arange(count, dtype=np.int32) * rows.shape[1])[:, None]
        at = np.broadcast_to(self._roots, (count, len(self._roots)))
        for _ in range(self._depth):
            left = flat[first + self._feature[at]] <= self._threshold[at]
            at = np.where(left, self._left[at], self._right[at])
        odds = self.baseline + self._threshold[at].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def _depth(tree: Sequence[Sequence[float]]) -> int:
    depth, level = 0, [0]
    while level:
        level = [int(child) for node in level if tree[node][0] >= 0 for child in tree[node][2:4]]
        depth += bool(level)
    return depth


@cache
def shipped() -> Forest:
    """The forest that tells article text from the rest of a page."""
    told: dict[str, Any] = json.loads(files("ingest.extract").joinpath("forest.json").read_text("utf-8"))
    return Forest(told["trees"], told["baseline"], told["features"])
