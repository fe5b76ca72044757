"""What two texts share, measured: passages and the numbers that the decision is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from math import log

from ingest.dedup.chain import Chain, Seed, chains
from ingest.dedup.tiles import tiles
from ingest.dedup.tokens import Tokens
from ingest.dedup.weights import SEED_WEIGHT

# A word gives a seed for every pair of its places; one that a text repeats oftener tells nothing of order.
_MOST_REPEATS = 6
_LEAST_TRIGRAMS = 0.35  # common of three neighbouring words: with every fourth exchanged, four in ten stay
_MOST_SEEDS = 2500  # of two very long texts the heaviest are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A text made ready for comparison.

    `places` are the places of every word that can be a seed; `mass` is the running sum of their weights, one longer
    than the text; `trigrams` are its sets of three neighbouring stems; `numbers` the hashes of its numbers.
    """

    tokens: Tokens
    places: dict[int, list[int]]
    mass: tuple[float, ...]
    trigrams: frozenset[tuple[int, int, int]]
    numbers: frozenset[int]

    def mass_of(self, start: int, end: int) -> float:
        """The weight of the seeds among a range of words."""
        return self.mass[end] - self.mass[start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What two texts share. All but the last two numbers are the same when the texts change sides.

    Attributes:
        chains: the shared passages, heaviest first.
        contained: share of a text's weight that is in the passages, of the text where it is larger; 0 to 1.
        order: weight in the passages by weight of the common words in any order; 0 to 1.
        density: share of the weight between the ends of the heaviest passage that is common, where it is larger.
        heaviest: logarithm of the weight of the heaviest passage.
        unity: logarithm of the heaviest passage's share of all; 0 where there is one passage.
        numbers: share of numbers that are common, of the text that has fewer; 1 where one has none.
        trigrams: share of three neighbouring stems that are common, of the text that has fewer.
        covered_a: share of a text's words that lie between the ends of a passage, for the first text.
        covered_b: the same for the second.
    """

    chains: tuple[Chain, ...]
    contained: float
    order: float
    density: float
    heaviest: float
    unity: float
    numbers: float
    trigrams: float
    covered_a: float
    covered_b: float


def profile(tokens: Tokens) -> Profile:
    """Index a text for comparison."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, (stem, weight) in enumerate(zip(tokens.stems, tokens.weights, strict=True)):
        if weight >= SEED_WEIGHT:
            places[stem].append(place)
    seeds = {stem: where for stem, where in places.items() if len(where) <= _MOST_REPEATS}
    stems = tokens.stems
    return Profile(
        tokens=tokens,
        places=seeds,
        mass=(
            0.0,
            *accumulate(weight if stem in seeds else 0.0 for stem, weight in zip(stems, tokens.weights, strict=True)),
        ),
        trigrams=frozenset(zip(stems, stems[1:], stems[2:], strict=False)),
        numbers=frozenset(stem for stem, word in zip(stems, tokens.words, strict=True) if word[0].isdecimal()),
    )


def measure(a: Profile, b: Profile) -> Evidence | None:
    """What two texts share, or ``None`` where no passage is common."""
    common = a.places.keys() & b.places.keys()
    weights = dict(zip(a.tokens.stems, a.tokens.weights, strict=True))
    found = chains(_seeds(a, b, common, weights))
    if not found:
        return None
    top = found[0]
    mass = sum(chain.mass for chain in found)
    shared = sum(min(len(a.places[stem]), len(b.places[stem])) * weights[stem] for stem in common)
    between = min(a.mass_of(top.a_start, top.a_end), b.mass_of(top.b_start, top.b_end))
    return Evidence(
        chains=tuple(found),
        contained=mass / min(a.mass[-1], b.mass[-1]),
        order=mass / shared,
        density=top.mass / between,
        heaviest=log(top.mass),
        unity=log(top.mass / mass),
        numbers=_overlap(a.numbers, b.numbers, prior=1),
        trigrams=_overlap(a.trigrams, b.trigrams),
        covered_a=_covered([(chain.a_start, chain.a_end) for chain in found]) / len(a.tokens),
        covered_b=_covered([(chain.b_start, chain.b_end) for chain in found]) / len(b.tokens),
    )


def reordered(a: Profile, b: Profile) -> Evidence | None:
    """What two texts share in any order, or ``None`` where that is little: the same sentences, arranged otherwise."""
    trigrams = _overlap(a.trigrams, b.trigrams)
    if trigrams < _LEAST_TRIGRAMS:
        return None
    found = tiles(a.tokens.stems, b.tokens.stems, a.tokens.weights)
    if not found:
        return None
    mass = sum(chain.mass for chain in found)
    return Evidence(
        chains=tuple(found),
        contained=0.0,
        order=0.0,
        density=1.0,
        heaviest=log(max(1.0, found[0].mass)),
        unity=log(found[0].mass / mass) if mass else 0.0,
        numbers=_overlap(a.numbers, b.numbers, prior=1),
        trigrams=trigrams,
        covered_a=_covered([(chain.a_start, chain.a_end) for chain in found]) / len(a.tokens),
        covered_b=_covered([(chain.b_start, chain.b_end) for chain in found]) / len(b.tokens),
    )


def _seeds(a: Profile, b: Profile, common: set[int], weights: dict[int, float]) -> list[Seed]:
    seeds = [
        (place_a, place_b, weights[stem]) for stem in common for place_a in a.places[stem] for place_b in b.places[stem]
    ]
    if len(seeds) > _MOST_SEEDS:
        seeds = sorted(seeds, key=lambda seed: (-seed[2], seed))[:_MOST_SEEDS]
    return sorted(seeds)


def _covered(ranges: list[tuple[int, int]]) -> int:
    """The number of words in a union of ranges."""
    covered, reached = 0, 0
    for start, end in sorted(ranges):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _overlap(a: AbstractSet[object], b: AbstractSet[object], prior: int = 0) -> float:
    """The share of the smaller set that is in the other; `prior` elements are taken to agree beforehand."""
    return (len(a & b) + prior) / max(1, min(len(a), len(b)) + prior)
