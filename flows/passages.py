"""The words that two passages have in common, for whoever shows them side by side."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from ingest.dedup.tokens import Tokens, tokenise

Range = tuple[int, int]
"""Half-open, in characters."""

# The comparison takes time by the square of the length: 0.1 s for two passages of this many characters.
_LONGEST = 15_000


def common_runs(one: str, language: str, other: str, other_language: str) -> Iterator[tuple[Range, Range]]:
    """Where in either passage the same words stand in the same order; forms of a word are the same.

    Passages that are too long to compare count as the same throughout.
    """
    if len(one) + len(other) > 2 * _LONGEST:
        yield (0, len(one)), (0, len(other))
        return
    a, b = tokenise(one, language), tokenise(other, other_language)
    for block in SequenceMatcher(None, a.stems, b.stems, autojunk=False).get_matching_blocks():
        if block.size:
            yield _range(a, block.a, block.size), _range(b, block.b, block.size)


def _range(tokens: Tokens, first: int, size: int) -> Range:
    return tokens.starts[first], tokens.ends[first + size - 1]
