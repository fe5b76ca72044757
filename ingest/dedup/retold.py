"""Whether two texts tell the same in other words: no passage is common, but who, where and how much are.

That is all that words can tell of a strong rewording, and of two reports of one event by writers who know the same. So
it is a link for people to look at, and makes no duplicate.
"""

from __future__ import annotations

from ingest.dedup.exchanges import Specific

# Two reports of one event share some names, and the figures of the day; who retells has nearly all of both, and most of
# the rare words besides. benchmarks/dedup_quality.py counts what is found of paraphrases.
_FEWEST_SHARED = 6
_LEAST_AGREEMENT = 0.4
_LEAST_WITH_WORDS = 1.05


def retold(a: Specific, b: Specific) -> float | None:
    """How much of two texts' names and numbers agrees, 0.4 to 1; ``None`` where it is too little.

    The product of two shares, of the text that has more: of the names, and of the numbers, that both have. What the
    rare words have in common makes up for some of it.
    """
    numbers_a, numbers_b = a.profile.numbers, b.profile.numbers
    names, numbers = len(a.names & b.names), len(numbers_a & numbers_b)
    if names + numbers < _FEWEST_SHARED:
        return None
    agreement = names / max(1, len(a.names), len(b.names)) * numbers / max(1, len(numbers_a), len(numbers_b))
    if agreement < _LEAST_AGREEMENT:
        return None
    words = len(a.rare & b.rare) / max(1, min(len(a.rare), len(b.rare)))
    return agreement if agreement + words >= _LEAST_WITH_WORDS else None
