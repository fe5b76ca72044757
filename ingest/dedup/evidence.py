"""What two texts share, measured: passages and the numbers that the decision is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import log

import numpy as np

from ingest.dedup.chain import LEAST_MASS, Chain, Seeds, chains
from ingest.dedup.tiles import tiles
from ingest.dedup.weights import SEED_WEIGHT
from ingest.dedup.words import Words, numbers_among

_MOST_REPEATS = 6  # a word that a text repeats oftener tells nothing of order
_LEAST_TRIGRAMS = 0.35  # common of three neighbouring words: with every fourth exchanged, four in ten stay
_MOST_SEEDS = 4000  # of a very long text the heaviest are compared

# Odd constants with well-mixed bits (the multipliers of SplitMix64 and of MurmurHash3's finaliser).
_MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0xFF51AFD7ED558CCD], dtype=np.uint64)


class Profile:
    """A text made ready for comparison; what few comparisons ask for is made when it is asked for.

    Attributes:
        words: its words.
        repeats: how often it has each stem.
        weights: of the stems that can be seeds.
        repeated: those of them that it has more than once.
        seeds: the places of these words.
        mass: the running sum of their weights, one longer than the text.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.repeats = Counter(words.stems)
        self.weights = weights = {
            stem: weight
            for stem, weight in zip(words.stems, words.weights, strict=True)
            if weight >= SEED_WEIGHT and self.repeats[stem] <= _MOST_REPEATS
        }
        self.repeated = frozenset([stem for stem in weights if self.repeats[stem] > 1])
        places = [place for place, stem in enumerate(words.stems) if stem in weights]
        if len(places) > _MOST_SEEDS:
            # By weight, then by hash: the same words as of a copy.
            rank = sorted(places, key=lambda place: (-words.weights[place], words.stems[place], place))
            places = sorted(rank[:_MOST_SEEDS])
        self.seeds = Seeds(places, [words.stems[place] for place in places])
        self.mass = (0.0, *accumulate([weights.get(stem, 0.0) for stem in words.stems]))

    @cached_property
    def trigrams(self) -> frozenset[int]:
        """Hashes of its sets of three neighbouring stems."""
        return trigrams(self.words)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The stems of its numbers."""
        return numbers_among(self.words)

    @cached_property
    def facts(self) -> tuple[int, ...]:
        """How many names and numbers it has up to each place, one longer than the text."""
        return (0, *accumulate([kind > 0 for kind in self.words.kinds]))

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """How many words that are no common ones."""
        columns = zip(self.words.kinds, self.words.weights, strict=True)
        return (0, *accumulate([kind > 0 or weight >= SEED_WEIGHT for kind, weight in columns]))

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


def trigrams(words: Words) -> frozenset[int]:
    """Hashes of all sets of three neighbouring stems of a text."""
    stems = np.array(words.stems, dtype=np.uint64)
    mixed = stems[:-2] * _MIX[0] ^ stems[1:-1] * _MIX[1] ^ stems[2:] * _MIX[2]
    return frozenset(mixed.tolist())


def measure(a: Profile, b: Profile) -> Evidence | None:
    """What two texts share, or ``None`` where no passage is common."""
    common = a.weights.keys() & b.weights.keys()
    again = a.repeated & b.repeated
    shared = sum(map(a.weights.__getitem__, common))
    shared += sum([(min(a.repeats[stem], b.repeats[stem]) - 1) * a.weights[stem] for stem in again])
    found = chains(a.seeds, b.seeds, a.weights) if shared >= LEAST_MASS else []
    if not found:
        return None
    top = found[0]
    # A few words strewn over a long stretch are told by chance, and are no passage beside the others.
    mass = sum(chain.mass for chain in found if chain is top or chain.worth >= LEAST_MASS)
    pieces = sorted((piece for chain in found for piece in chain.pieces), key=lambda one: (-one.mass, one.a_start))
    between = min(a.mass_of(top.a_start, top.a_end), b.mass_of(top.b_start, top.b_end))
    return Evidence(
        chains=tuple(pieces),
        contained=mass / min(a.mass[-1], b.mass[-1]),
        order=mass / shared,
        density=top.mass / between,
        heaviest=log(top.mass),
        unity=log(top.mass / mass),
        numbers=_overlap(a.numbers, b.numbers, prior=1),
        trigrams=_overlap(a.trigrams, b.trigrams),
        covered_a=_covered([(piece.a_start, piece.a_end) for piece in pieces]) / len(a.words),
        covered_b=_covered([(piece.b_start, piece.b_end) for piece in pieces]) / len(b.words),
    )


def reordered(a: Profile, b: Profile) -> Evidence | None:
    """What two texts share in any order, or ``None`` where that is little: the same sentences, arranged otherwise."""
    trigrams = _overlap(a.trigrams, b.trigrams)
    if trigrams < _LEAST_TRIGRAMS:
        return None
    found = tiles(a.words.stems, b.words.stems, a.words.weights)
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
        covered_a=_covered([(chain.a_start, chain.a_end) for chain in found]) / len(a.words),
        covered_b=_covered([(chain.b_start, chain.b_end) for chain in found]) / len(b.words),
    )


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
