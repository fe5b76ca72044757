"""Which of several copies lies in their middle, from which the others are most easily made.

Whoever copies adds and takes away, each another part: the text that they were made from has most of what the others
share, resembles them best, and has least of what none of them has. Length says the opposite of what one thinks: framing
and rewording lengthen. Of 476 groups of news without dates the original was found in 87 % this way, by length in none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

_OWN = 0.5
_ODD = 0.3
# Of the same words in plain and in typographic dress the plain ones come first: agencies send plain text, and what
# publishes it sets quotation marks and dashes. It decides where nothing else does.
_MARK = 1e-5
_MOST_MARKS = 1000
_DIGITS = 9
_LONGEST_ODD_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A copy among copies.

    `trigrams` are hashes of its sets of three neighbouring stems, `odd` says whether it has a trailer of a site,
    `marks` counts its marks of typesetting.
    """

    trigrams: frozenset[int]
    odd: bool = False
    marks: int = 0


def centrality(copies: Sequence[Standing]) -> list[float]:
    """How near the middle each of two copies or more lies; differences from 0.1 on tell."""
    once: set[int] = set()
    often: set[int] = set()
    for one in copies:
        often |= once & one.trigrams
        once |= one.trigrams
    found = [_against(one, often) for one in copies]
    for (i, one), (j, other) in combinations(enumerate(copies), 2):
        common, has, others = len(one.trigrams & other.trigrams), len(one.trigrams), len(other.trigrams)
        alike = common / max(1, has + others - common)
        found[i] += (common / max(1, others) + alike) / (len(copies) - 1)
        found[j] += (common / max(1, has) + alike) / (len(copies) - 1)
    return [round(each, _DIGITS) for each in found]


def _against(one: Standing, often: Set[int]) -> float:
    """What speaks against a text, given what it has in common with any other."""
    own = len(one.trigrams - often) / max(1, len(one.trigrams))
    return -_OWN * own - _ODD * one.odd - _MARK * min(one.marks, _MOST_MARKS)


def has_trailer(text: str) -> bool:
    """Whether a line of a text is of the kind that sites put around articles, in any language."""
    phrases, pattern = _trailers()
    lines = [line for line in text.split("\n") if len(line) < _LONGEST_ODD_LINE]
    # The pattern is slow, and most texts have none of the phrases.
    lowered = "\n".join(lines).casefold()
    return any(phrase in lowered for phrase in phrases) and any(map(pattern.search, lines))


@cache
def _trailers() -> tuple[frozenset[str], re.Pattern[str]]:
    table = tomllib.loads(files("ingest.dedup").joinpath("trailers.toml").read_text(encoding="utf-8"))
    phrases = {phrase for each in table.values() for phrase in each}
    # Scripts without spaces have no beginnings of words.
    starts = (rf"\b{re.escape(phrase)}" if phrase.isascii() else re.escape(phrase) for phrase in sorted(phrases))
    return frozenset(map(str.casefold, phrases)), re.compile("|".join(starts), re.IGNORECASE)
