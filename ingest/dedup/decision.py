"""Whether one text is made from the other: a small trained model, kept as data beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from math import exp

from ingest.dedup.evidence import Evidence

FEATURES = ("contained", "order", "density", "heaviest", "unity", "numbers")
"""The numbers of `Evidence` that the model weighs. No weight is negative: sharing more never lowers a score."""

SHORT = 60
"""Texts with fewer words than this are judged more cautiously: little evidence can be chance."""

# Subtracted from the log odds of a text without words, falling to nothing at `SHORT` words: a text of 20 words needs
# odds of 7 to 1 where a long one needs evens.
_CAUTION = 3.0


def score(evidence: Evidence, words: int) -> float:
    """The estimated probability that one text is made from the other, 0 to 1.

    Args:
        evidence: what the two share.
        words: the length of the shorter text.
    """
    intercept, weights = _model()
    odds = intercept + sum(weight * value for weight, value in zip(weights, features(evidence), strict=True))
    odds -= _CAUTION * max(0, SHORT - words) / SHORT
    return 1 / (1 + exp(-odds)) if odds > -700 else 0.0


def features(evidence: Evidence) -> tuple[float, ...]:
    """The values of `FEATURES`."""
    return tuple(getattr(evidence, name) for name in FEATURES)


@cache
def _model() -> tuple[float, tuple[float, ...]]:
    table = tomllib.loads(files("ingest.dedup").joinpath("decision.toml").read_text(encoding="utf-8"))
    return table["intercept"], tuple(table["weights"][name] for name in FEATURES)
