"""How much a word tells: static weights from the frequencies of its language.

The weights come from wordfreq's tables and never from the store. A fingerprint made today must meet one made next
year, so nothing in it may depend on what else has been stored. This is the only module that knows wordfreq.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from math import log10
from types import ModuleType
from zlib import crc32

from ingest.dedup.stems import SPACELESS, stem
from ingest.kept import kept

SEED_WEIGHT = 1.2
"""Words from this weight on are seeds of a comparison: below lie the few hundred commonest words of a language."""

RARE_WEIGHT = 3.0
"""Words from this weight on are rare enough for a key: less than one in 30,000 words of running text."""

UNKNOWN_WEIGHT = 5.7
"""The weight of a word that its language's table lacks: a name, a loan, a misprint."""

# A weight is the distance of a word from "common" on the Zipf scale (log10 of occurrences per billion words, 3 to 7).
_COMMON_ZIPF = 7.5

# Tables that serve a close relative; the codes of both sides would otherwise keep the same text apart.
_RELATIVES = {"hr": "sh", "sr": "sh", "bs": "sh", "no": "nb", "nn": "nb", "id": "ms", "tl": "fil"}


def table_language(language: str) -> str:
    """The code under which a language is looked up and salted: no region, no script, one code for close relatives."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _RELATIVES.get(primary, primary)


def weight(word: str, language: str) -> float:
    """The weight of a lower-case word or character run, 0 to `UNKNOWN_WEIGHT`.

    Args:
        word: a word as the tokeniser gives it, without separators.
        language: a code from `table_language`.
    """
    if word.isdecimal():
        return _number_weight(word)
    known = _table(language).get(stem(word, language))
    if known is not None:
        return known
    if SPACELESS.match(word):
        return _run_weight(word)
    return UNKNOWN_WEIGHT if _table(language) else _length_weight(word)


def _number_weight(digits: str) -> float:
    """One digit says nothing, two little; a year is shared by half of the news; longer numbers are as good as names."""
    if len(digits) == 4 and digits[:2] in {"19", "20"}:
        return 1.6
    return (0.0, 0.0, 1.6, 2.8)[len(digits)] if len(digits) < 4 else 3.6


def _run_weight(run: str) -> float:
    """Most runs of characters are no words, so no table knows them. One in four, by hash, has to stand for the rare."""
    return 3.4 if crc32(run.encode()) % 4 == 0 else 1.8


def _length_weight(word: str) -> float:
    """Without a table the length must do: the shorter a word, the commoner (Zipf)."""
    return min(3.4, max(0.0, 0.6 * (len(word) - 1)))


@cache
def _table(language: str) -> dict[str, float]:
    """Weights by stem; empty for a language that wordfreq lacks. Loaded once a process: some 3 MB."""
    known = kept("weights", lambda: tuple(wordfreq().available_languages("small")))
    return kept(f"weights-{language}", lambda: _make(language)) if language in known else {}


def wordfreq() -> ModuleType:
    """The library, which takes long to load: only what is not kept on disk is read from it."""
    import wordfreq

    return wordfreq


def _make(language: str) -> dict[str, float]:
    """The weights of a language that wordfreq has; made in 0.03 to 0.1 s.

    Words rarer than one in a million, which only wordfreq's large tables have, count as unknown: on 2,848 articles
    the same copies were found, in a quarter of the time to load.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    # Row n of the file holds the words whose share of running text is 10 ** (-n / 100).
    for centibels, words in enumerate(wordfreq().read_cBpack(wordfreq().available_languages("small")[language])):
        share = 10 ** (-centibels / 100)
        for word in words:
            shares[stem(word, language)] += share
    return {each: min(UNKNOWN_WEIGHT, max(0.0, _COMMON_ZIPF - 9 - log10(share))) for each, share in shares.items()}
