"""Sequences that are partly alike. This is the only module that knows rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq, Levenshtein


def common_blocks(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int]]:
    """A longest common subsequence, as (place in one, place in the other, length) of its unbroken stretches."""
    return [(block.a, block.b, block.size) for block in LCSseq.editops(a, b).as_matching_blocks()[:-1]]


def likeness(one: str, other: str) -> float:
    """How alike two words are, by the letters that need no change; 0 to 1."""
    return Levenshtein.normalized_similarity(one, other)
