"""Passages of two texts in any order: sentences that stand elsewhere in the other text.

A chain is a passage whose words keep their order, and few chains are looked for. A ticker with the newest on top, a
text whose paragraphs were exchanged, has as many passages as paragraphs. Here they are laid out like tiles (greedy
string tiling: Wise 1993): runs of three neighbouring words that both texts have, joined over the words between that
were exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest.dedup.chain import Chain

_MOST_PLACES = 4  # three words that a text repeats oftener tell no place
_LONGEST_GAP = 8  # words between two runs of one passage, on either side
_SHORTEST = 8  # words
_MOST_WORDS = 20_000  # of a book the beginning is looked at


def tiles(a: Sequence[int], b: Sequence[int], weights: Sequence[float]) -> list[Chain]:
    """The passages that both texts have, heaviest first; in neither text do two of them overlap.

    Args:
        a: the stems of one text.
        b: the stems of the other.
        weights: the weights of the words of `a`.
    """
    a, b = a[:_MOST_WORDS], b[:_MOST_WORDS]
    found = [tile for tile in _joined(_runs(a, b)) if tile[1] - tile[0] >= _SHORTEST]
    chains = [
        Chain(a_start=a_start, a_end=a_end, b_start=b_start, b_end=b_end, mass=sum(weights[a_start:a_end]))
        for a_start, a_end, b_start, b_end in found
    ]
    chains.sort(key=lambda one: (-one.mass, one.a_start, one.b_start))
    kept: list[Chain] = []
    taken = bytearray(len(b))
    for one in chains:
        # Of two passages of the first text that lead to one of the other, the heavier has it.
        if not any(taken[one.b_start : one.b_end]):
            taken[one.b_start : one.b_end] = b"\1" * (one.b_end - one.b_start)
            kept.append(one)
    return kept


def _runs(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Ranges of words that stand in both texts, in the order of the first."""
    places: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, three in enumerate(zip(b, b[1:], b[2:], strict=False)):
        places[three].append(place)
    found: list[tuple[int, int, int, int]] = []
    at, expected = 0, 0
    while at < len(a) - 2:
        where = places.get((a[at], a[at + 1], a[at + 2]), [])
        if not where or len(where) > _MOST_PLACES:
            at += 1
            continue
        start = min(where, key=lambda place: (place < expected, abs(place - expected)))
        length = 3
        while at + length < len(a) and start + length < len(b) and a[at + length] == b[start + length]:
            length += 1
        found.append((at, at + length, start, start + length))
        at, expected = at + length, start + length
    return found


def _joined(runs: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Runs joined that follow each other closely in both texts."""
    found: list[tuple[int, int, int, int]] = []
    for run in runs:
        if found:
            a_start, a_end, b_start, b_end = found[-1]
            if run[0] - a_end <= _LONGEST_GAP and 0 <= run[2] - b_end <= _LONGEST_GAP:
                found[-1] = (a_start, run[1], b_start, run[3])
                continue
        found.append(run)
    return found
