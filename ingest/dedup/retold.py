"""Whether two texts tell the same in other words: no passage is common, but who, where and how much are.

That is all that words can tell of a strong rewording, and of two reports of one event by writers who know the same. So
it is a link for people to look at, and makes no duplicate.
"""

from __future__ import annotations

from ingest.dedup.exchanges import Specific
from ingest.dedup.specific import Kind

# Two reports of one event share some names, and the figures of the day; who retells has nearly all of both, and most of
# the rare words besides. benchmarks/dedup_quality.py counts what is found of paraphrases.
_FEWEST_SHARED = 6
_LEAST_AGREEMENT = 0.4
_LEAST_WITH_WORDS = 1.05

# Where no capitals tell names, numbers stand for them. Small ones are in any text.
_FEWEST_NUMBERS = 5
_FEWEST_LONG = 3
_LONG = 2  # digits


def retold(a: Specific, b: Specific) -> float | None:
    """How much of two texts' names and numbers agrees, 0.4 to 1; ``None`` where it is too little.

    The product of two shares, of the text that has more: of the names, and of the numbers, that both have. What the
    rare words have in common makes up for some of it. In scripts without capitals a name is told from a word neither
    by how it is written nor by how rare it is: there the numbers alone have to agree, and more of them.
    """
    agreement = _by_names(a, b) if a.cased or b.cased else _by_numbers(a, b)
    if agreement is None or agreement < _LEAST_AGREEMENT:
        return None
    words = len(a.rare & b.rare) / max(1, min(len(a.rare), len(b.rare)))
    return agreement if agreement + words >= _LEAST_WITH_WORDS else None


def _by_names(a: Specific, b: Specific) -> float | None:
    names, numbers = len(a.names & b.names), len(a.profile.numbers & b.profile.numbers)
    if names + numbers < _FEWEST_SHARED:
        return None
    return names / max(1, len(a.names), len(b.names)) * _agreeing_numbers(a, b)


def _by_numbers(a: Specific, b: Specific) -> float | None:
    common = a.profile.numbers & b.profile.numbers
    if len(common) < _FEWEST_NUMBERS:
        return None
    places = [place for place, kind in enumerate(a.kinds) if kind == Kind.NUMBER and a.stems[place] in common]
    long = {a.stems[place] for place in places if sum(map(str.isdecimal, a.word(place))) >= _LONG}
    return _agreeing_numbers(a, b) if len(long) >= _FEWEST_LONG else None


def _agreeing_numbers(a: Specific, b: Specific) -> float:
    """The share of the numbers of the text that has more of them."""
    numbers_a, numbers_b = a.profile.numbers, b.profile.numbers
    return len(numbers_a & numbers_b) / max(1, len(numbers_a), len(numbers_b))
