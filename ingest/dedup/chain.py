"""Colinear passages of two texts: the same words in the same order.

Every rare word that both texts have is a seed. The longest common subsequence of the seeds says which of them can be
matched in order. A chain is a run of matches worth the weights of its words minus a price for the gaps between them,
and ends where nothing would be left of its worth. Independent reports of one event share names but not their order; a
rewritten text keeps the order though a third of its words are new. What other passages there are is found among the
seeds that are left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from ingest.dedup.fuzzy import common_blocks

_Match: TypeAlias = tuple[int, int, float]
"""A place in one text, a place in the other, the weight of the word that both have there."""

# Prices in units of weight, per word. A gap that differs between the texts (words inserted or dropped) costs more than
# one that both have (words replaced).
_PRICE_DIFFERENCE = 0.1
_PRICE_DISTANCE = 0.03
_REACH = 60  # words: longer gaps begin a new chain

_STRETCH = 45  # words without a seed that is common: nobody rewords at such length and keeps nothing
_FEWEST_IN_PIECE = 2

_MOST_CHAINS = 4
_FEWEST_SEEDS = 4
LEAST_MASS = 8.0
"""Two or three names in order are no passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A shared passage: half-open ranges of words in either text, and the summed weight of its seeds.

    `pieces` are what is left of it without the long stretches between its seeds in which nothing is common.
    """

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    mass: float
    pieces: tuple[Chain, ...] = ()


@dataclass(frozen=True, slots=True)
class Seeds:
    """The words of a text that may begin or end a passage: their places, in order, and their stems."""

    places: list[int]
    stems: list[int]

    def without(self, used: Container[int], stems: Container[int]) -> Seeds:
        """The seeds at other places than these that have one of these stems."""
        pairs = zip(self.places, self.stems, strict=True)
        left = [(place, stem) for place, stem in pairs if stem in stems and place not in used]
        return Seeds([place for place, _ in left], [stem for _, stem in left])


def chains(a: Seeds, b: Seeds, weights: Mapping[int, float]) -> list[Chain]:
    """The best disjoint chains, heaviest first, at most four.

    Args:
        a: the seeds of one text.
        b: the seeds of the other.
        weights: of each stem that both have.
    """
    found: list[list[_Match]] = []
    while fresh := sorted(_passages(_matched(a, b, weights)), key=lambda run: (-_mass(run), run)):
        fresh = _extended(fresh, a, b, weights)
        found += fresh[: _MOST_CHAINS - len(found)]
        a, b = (
            a.without({match[0] for run in fresh for match in run}, set(b.stems)),
            b.without({match[1] for run in fresh for match in run}, set(a.stems)),
        )
        if len(found) == _MOST_CHAINS or min(_worth(a, weights), _worth(b, weights)) < LEAST_MASS:
            break
    made = [replace(_chain(run), pieces=_pieces(run)) for run in found]
    return sorted(made, key=lambda chain: (-chain.mass, chain.a_start, chain.b_start))


def _pieces(run: list[_Match]) -> tuple[Chain, ...]:
    """A passage in pieces, parted where words without a match lie between two seeds of either text."""
    cuts = [
        place
        for place, (one, other) in enumerate(pairwise(run), start=1)
        if max(other[0] - one[0], other[1] - one[1]) > _STRETCH
    ]
    parts = [run[start:end] for start, end in zip([0, *cuts], [*cuts, len(run)], strict=True)]
    return tuple(_chain(part) for part in parts if len(part) >= _FEWEST_IN_PIECE) or (_chain(run),)


def _chain(run: list[_Match]) -> Chain:
    return Chain(a_start=run[0][0], a_end=run[-1][0] + 1, b_start=run[0][1], b_end=run[-1][1] + 1, mass=_mass(run))


def _worth(seeds: Seeds, weights: Mapping[int, float]) -> float:
    return sum([weights[stem] for stem in seeds.stems])


def _matched(a: Seeds, b: Seeds, weights: Mapping[int, float]) -> list[_Match]:
    """The seeds that can be matched in order, as many as possible."""
    return [
        (a.places[at + k], b.places[beside + k], weights[a.stems[at + k]])
        for at, beside, length in common_blocks(a.stems, b.stems)
        for k in range(length)
    ]


def _passages(matches: list[_Match]) -> Iterator[list[_Match]]:
    """The runs of matches that are worth more than their gaps cost (the maximal segments of Kadane's algorithm)."""
    start, last = 0, -1  # of the run, up to where it is worth most
    worth = best = 0.0
    before_a = before_b = 0
    for k, (place_a, place_b, weight) in enumerate(matches):
        step_a, step_b = place_a - before_a, place_b - before_b
        worth -= _PRICE_DIFFERENCE * abs(step_a - step_b) + _PRICE_DISTANCE * (step_a + step_b)
        if worth <= 0 or step_a > _REACH or step_b > _REACH:
            yield from _passage(matches[start : last + 1])
            start, worth, best = k, 0.0, 0.0
        worth += weight
        if worth > best:
            best, last = worth, k
        before_a, before_b = place_a, place_b
    yield from _passage(matches[start : last + 1])


def _passage(run: list[_Match]) -> Iterator[list[_Match]]:
    if len(run) >= _FEWEST_SEEDS and _mass(run) >= LEAST_MASS:
        yield run


def _extended(runs: list[list[_Match]], a: Seeds, b: Seeds, weights: Mapping[int, float]) -> list[list[_Match]]:
    """Passages as far as equal seeds stand beside their ends.

    Of two equal alignments the longest common subsequence is either: the first word of a passage may be matched with
    the same word far before it.
    """
    at_a, at_b = ({place: k for k, place in enumerate(seeds.places)} for seeds in (a, b))
    used_a, used_b = ({match[side] for run in runs for match in run} for side in (0, 1))
    made: list[list[_Match]] = []
    for run in runs:
        grown = deque(run)
        for step, end in ((-1, 0), (1, -1)):
            i, j = at_a[grown[end][0]] + step, at_b[grown[end][1]] + step
            while 0 <= i < len(a.places) and 0 <= j < len(b.places) and a.stems[i] == b.stems[j]:
                match = (a.places[i], b.places[j], weights[a.stems[i]])
                distance = abs(match[0] - grown[end][0]) + abs(match[1] - grown[end][1])
                if match[0] in used_a or match[1] in used_b or _PRICE_DISTANCE * distance > match[2]:
                    break
                grown.appendleft(match) if step < 0 else grown.append(match)
                used_a.add(match[0])
                used_b.add(match[1])
                i, j = i + step, j + step
        made.append(list(grown))
    return made


def _mass(run: list[_Match]) -> float:
    return sum(weight for _, _, weight in run)
