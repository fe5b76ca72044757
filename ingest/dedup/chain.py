"""Colinear passages of two texts: the same words in the same order.

Every rare word that both texts have is a seed. The longest common subsequence of the seeds says which of them can be
matched in order. A chain is a run of matches worth the weights of its words minus a price for the gaps between them,
and ends where nothing would be left of its worth. Independent reports of one event share names but not their order; a
rewritten text keeps the order though a third of its words are new. What other passages there are is found among the
seeds that are left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
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

_BESIDE = 30  # words on either side of a passage that may belong to it

_STRETCH = 45  # words without a seed that is common: nobody rewords at such length and keeps nothing
_FEWEST_IN_PIECE = 2

_MOST_CHAINS = 4
_FEWEST_SEEDS = 4
LEAST_MASS = 8.0
"""Two or three names in order are no passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A shared passage: half-open ranges of words in either text, and the summed weight of its seeds.

    `worth` is what is left of the mass when the gaps between the seeds are paid for. `pieces` are what is left of the
    passage without the long stretches between its seeds in which nothing is common.
    """

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    mass: float
    worth: float = 0.0
    pieces: tuple[Chain, ...] = ()


@dataclass(frozen=True, slots=True)
class Seeds:
    """The words of a text that may begin or end a passage: their places, in order, and their stems."""

    places: list[int]
    stems: list[int]

    def without(self, used: Container[int]) -> Seeds:
        """The seeds that are at other places than these."""
        return _seeds([each for each in zip(self.places, self.stems, strict=True) if each[0] not in used])

    def among(self, stems: Container[int]) -> Seeds:
        """The seeds that have one of these stems."""
        return _seeds([each for each in zip(self.places, self.stems, strict=True) if each[1] in stems])

    def within(self, start: int, end: int) -> Seeds:
        """The seeds in a range of words."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, end)
        return Seeds(self.places[first:last], self.stems[first:last])


def _seeds(pairs: list[tuple[int, int]]) -> Seeds:
    return Seeds([place for place, _ in pairs], [stem for _, stem in pairs])


_Free: TypeAlias = tuple[Seeds, set[int]]
"""Seeds, and the places of those that are in a passage already."""


def chains(a: Seeds, b: Seeds, weights: Mapping[int, float]) -> list[Chain]:
    """The best disjoint chains, heaviest first, at most four.

    Args:
        a: the seeds of one text.
        b: the seeds of the other.
        weights: of each stem that both have.
    """
    found: list[Chain] = []
    while runs := sorted(_passages(_matched(a, b, weights)), key=lambda run: (-_mass(run), run)):
        used_a: set[int] = set()
        used_b: set[int] = set()
        for run in runs[: _MOST_CHAINS - len(found)]:
            # A heavier passage may have taken words of a lighter one when it grew.
            free = [match for match in run if match[0] not in used_a and match[1] not in used_b]
            for whole in _passage(free):
                grown = _grown(whole, (a, used_a), (b, used_b), weights)
                used_a.update(match[0] for match in grown)
                used_b.update(match[1] for match in grown)
                found.append(_parted(grown))
        if len(found) == _MOST_CHAINS:
            break
        b = b.without(used_b)
        a = a.without(used_a).among(set(b.stems))
        b = b.among(set(a.stems))
        if min(_worth(a, weights), _worth(b, weights)) < LEAST_MASS:
            break
    return sorted(found, key=lambda chain: (-chain.mass, chain.a_start, chain.b_start))


def _parted(run: list[_Match]) -> Chain:
    """A passage with its pieces, parted where words without a match lie between two seeds of either text."""
    whole = _chain(run)
    cuts = [
        place
        for place, (one, other) in enumerate(pairwise(run), start=1)
        if other[0] - one[0] > _STRETCH or other[1] - one[1] > _STRETCH
    ]
    parts = [run[start:end] for start, end in zip([0, *cuts], [*cuts, len(run)], strict=True)] if cuts else []
    pieces = tuple(_chain(part) for part in parts if len(part) >= _FEWEST_IN_PIECE)
    return replace(whole, pieces=pieces or (whole,))


def _chain(run: list[_Match]) -> Chain:
    mass = _mass(run)
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(run)]
    paid = sum([_PRICE_DIFFERENCE * abs(one - other) + _PRICE_DISTANCE * (one + other) for one, other in steps])
    return Chain(
        a_start=run[0][0],
        a_end=run[-1][0] + 1,
        b_start=run[0][1],
        b_end=run[-1][1] + 1,
        mass=mass,
        worth=mass - paid,
    )


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
        worth -= _PRICE_DIFFERENCE * abs(step_a - step_b) + _PRICE_DISTANCE * (step_a + step_b)  # as `_price`
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


def _grown(run: list[_Match], a: _Free, b: _Free, weights: Mapping[int, float]) -> list[_Match]:
    """A passage with what before and after it can be matched for less than it is worth.

    The longest common subsequence has as many matches as can be, wherever they lie: for the sake of one more it may
    match the first sentence of a passage with words far before it. Beside its ends the matches are chosen by worth.
    """
    (first_a, first_b, _), (last_a, last_b, _) = run[0], run[-1]
    before = _pairs(_near(a, first_a - _BESIDE), _near(b, first_b - _BESIDE), weights)
    after = _pairs(_near(a, last_a + 1), _near(b, last_b + 1), weights)
    if not before and not after:
        return run
    led = _worthiest([(first_a - place_a, first_b - place_b, weight) for place_a, place_b, weight in reversed(before)])
    left = _worthiest([(place_a - last_a, place_b - last_b, weight) for place_a, place_b, weight in after])
    return [
        *[(first_a - away_a, first_b - away_b, weight) for away_a, away_b, weight in reversed(led)],
        *run,
        *[(last_a + away_a, last_b + away_b, weight) for away_a, away_b, weight in left],
    ]


def _near(free: _Free, start: int) -> Seeds:
    """The seeds beside a passage that are in no other."""
    seeds, used = free
    found = seeds.within(start, start + _BESIDE)
    return found.without(used) if used else found


def _pairs(a: Seeds, b: Seeds, weights: Mapping[int, float]) -> list[_Match]:
    """All matches of two sets of seeds, in the order of the first."""
    if not a.stems or not b.stems or set(a.stems).isdisjoint(b.stems):
        return []
    where: defaultdict[int, list[int]] = defaultdict(list)
    for place, stem in zip(b.places, b.stems, strict=True):
        where[stem].append(place)
    return [
        (place_a, place_b, weights[stem])
        for place_a, stem in zip(a.places, a.stems, strict=True)
        for place_b in where.get(stem, ())
    ]


def _worthiest(matches: list[_Match]) -> list[_Match]:
    """Of matches at some distance from a place, nearest first, those in order that are worth the most together."""
    paths: list[tuple[float, list[_Match]]] = [(0.0, [])]
    for match in matches:
        away_a, away_b, weight = match
        worth, path = max(
            (
                (worth - _price(away_a - from_a, away_b - from_b), path)
                for worth, path in paths
                for from_a, from_b, _ in [path[-1] if path else (0, 0, 0.0)]
                if from_a < away_a and from_b < away_b
            ),
            key=lambda one: one[0],
        )
        paths.append((worth + weight, [*path, match]))
    return max(paths, key=lambda one: one[0])[1]


def _price(step_a: int, step_b: int) -> float:
    """What a gap of so many words costs."""
    return _PRICE_DIFFERENCE * abs(step_a - step_b) + _PRICE_DISTANCE * (step_a + step_b)


def _mass(run: list[_Match]) -> float:
    return sum([weight for _, _, weight in run])
