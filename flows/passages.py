"""The words that two passages have in common, for whoever shows them side by side."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from ingest.dedup.tokens import Tokens, tokenise

Range = tuple[int, int]
"""Half-open, in characters."""


def common_runs(one: str, language: str, other: str, other_language: str) -> Iterator[tuple[Range, Range]]:
    """Where in either text the same words stand in the same order, in characters; forms of a word are the same."""
    a, b = tokenise(one, language), tokenise(other, other_language)
    for block in SequenceMatcher(None, a.stems, b.stems, autojunk=False).get_matching_blocks():
        if block.size:
            yield _range(a, block.a, block.size), _range(b, block.b, block.size)


def _range(tokens: Tokens, first: int, size: int) -> Range:
    return tokens.starts[first], tokens.ends[first + size - 1]
