"""Colinear chaining: passages of two texts in which the same words come in the same order.

The method is the one of sequence aligners that "seed and chain" (Abouelhoda & Ohlebusch 2005; minimap2, Li 2018):
every rare word that both texts have is a seed, a pair of places. A chain is a run of seeds that move forward in both
texts, worth the weights of its words minus a price for the gaps. Independent reports of one event share names but not
their order; a rewritten text keeps the order though a third of its words are new.
"""

from __future__ import annotations

from dataclasses import dataclass

Seed = tuple[int, int, float]
"""A place in one text, a place in the other, the weight of the word that both have there."""

# Prices in units of weight, per word. A gap that differs between the texts (words inserted or dropped) costs more than
# one that both have (words replaced).
_PRICE_DIFFERENCE = 0.1
_PRICE_DISTANCE = 0.03
_REACH = 60  # words: longer gaps begin a new chain

_MOST_CHAINS = 4
_FEWEST_SEEDS = 4
_LEAST_MASS = 8.0  # two or three names in order are no passage
_TRIED_ENDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A shared passage: half-open ranges of words in either text, and the summed weight of its seeds."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    mass: float


def chains(seeds: list[Seed]) -> list[Chain]:
    """The best disjoint chains, heaviest first, at most four.

    Args:
        seeds: sorted, distinct.
    """
    scores, previous = _scores(seeds)
    used: set[int] = set()
    used_a: set[int] = set()
    used_b: set[int] = set()
    found: list[Chain] = []
    for end in sorted(range(len(seeds)), key=lambda k: (-scores[k], k))[:_TRIED_ENDS]:
        path = []
        at = end
        while at >= 0 and at not in used:
            path.append(at)
            at = previous[at]
        fresh = [k for k in path if seeds[k][0] not in used_a and seeds[k][1] not in used_b]
        mass = sum(seeds[k][2] for k in fresh)
        if len(fresh) < _FEWEST_SEEDS or mass < _LEAST_MASS:
            continue
        used.update(path)
        used_a.update(seeds[k][0] for k in path)
        used_b.update(seeds[k][1] for k in path)
        last, first = seeds[fresh[0]], seeds[fresh[-1]]
        found.append(Chain(a_start=first[0], a_end=last[0] + 1, b_start=first[1], b_end=last[1] + 1, mass=mass))
        if len(found) == _MOST_CHAINS:
            break
    return sorted(found, key=lambda chain: (-chain.mass, chain.a_start, chain.b_start))


def _scores(seeds: list[Seed]) -> tuple[list[float], list[int]]:
    """For every seed the score of the best chain that ends there, and the seed before it (-1: none)."""
    scores: list[float] = []
    previous: list[int] = []
    ceiling: list[float] = []  # the highest score up to each seed
    places_a, places_b = [seed[0] for seed in seeds], [seed[1] for seed in seeds]
    highest = 0.0
    for k, (a, b, weight) in enumerate(seeds):
        best, before = 0.0, -1
        for m in range(k - 1, -1, -1):
            distance = a - places_a[m]
            # No earlier seed can do better than the best score so far minus the least price from here: in true copies
            # the neighbour wins at once, and the search is linear.
            if distance > _REACH or ceiling[m] - _PRICE_DISTANCE * (distance + 1) <= best:
                break
            step = b - places_b[m]
            if 0 < step <= _REACH and distance > 0:
                score = scores[m] - _PRICE_DIFFERENCE * abs(distance - step) - _PRICE_DISTANCE * (distance + step)
                if score > best:
                    best, before = score, m
        scores.append(weight + best)
        previous.append(before)
        highest = max(highest, weight + best)
        ceiling.append(highest)
    return scores, previous
