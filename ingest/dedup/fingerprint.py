"""What is stored of a text to find its copies, and how candidates are found by it.

Two kinds of keys. The rarest words of a text are names and numbers, which survive rewording and translation; but in a
store about one topic everybody shares them. Pairs of neighbouring rare words stay rare there. Of all pairs those are
kept whose hash falls below a bound (FracMinHash: Irber et al. 2022), so that two texts keep the same ones, whatever
their lengths. Keys have 32 bits: among the 90 million of a million texts two in a hundred meet a stranger by chance,
and a text that shares one key with a stranger is no candidate, for it takes two. The lowest bit tells words (even) from
pairs (odd), which the store treats differently where many texts have them.

Candidates are looked up by the store: every key of a new text that n others have adds 1 / sqrt(n) to the score of each
of them. The `CANDIDATE_LIMIT` texts with the highest score, from `CANDIDATE_MIN_SCORE` on, are compared with the new
one in full. A word that more than `CANDIDATE_CAP` texts have tells nothing. A pair in so many texts is of a story that
many have: those of its texts with the smallest ids stand for the others, and `STAND_INS` of them are compared with the
new one too.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from ingest.dedup.tokens import Tokens, tokenise
from ingest.dedup.weights import RARE_WEIGHT
from ingest.dedup.words import pack, words_of
from ingest.model import Fingerprint

FINGERPRINT_VERSION = "keys-4"
"""Changes whenever a text would get other keys or words: fingerprints of different versions are not comparable."""

CANDIDATE_CAP = 60
"""A word that more texts than this have is no key any more (a frequent name); of a pair no more are kept."""

CANDIDATE_LIMIT = 25
"""At most this many candidates are compared with a new text."""

STAND_INS = 12
"""At most this many texts stand for a story that more than `CANDIDATE_LIMIT` have."""

CANDIDATE_MIN_SCORE = 1.0
"""Candidates with a lower score are not compared: two keys that four records have come to this score."""

_SINGLES = 24
_MOST_PAIRS = 240  # the smallest hashes: very long texts and scripts read in runs would have thousands
_NEIGHBOURS = 3  # a rare word pairs with so many following rare words ...
_REACH = 14  # ... within so many words
_SAMPLED = 1 << 63  # pairs with a hash below this are kept: half
_FEW_PAIRS = 60  # a short text keeps all of its pairs
# Words as common as "open" or "river" make keys where a text has hardly any rarer ones; "people" or "will" never do.
_PLAIN_WEIGHT = 2.1

_MASK = (1 << 64) - 1
# Odd constants with well-mixed bits (the multipliers of SplitMix64 and MurmurHash3's finaliser).
_MIX_A, _MIX_B, _MIX_C = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0xFF51AFD7ED558CCD


def fingerprint(text: str, language: str) -> Fingerprint:
    """The fingerprint of a text. It depends on the text, the language and `FINGERPRINT_VERSION` only.

    Args:
        text: clean text, original or translated.
        language: BCP-47 code of that text: the same words in another language get other keys.
    """
    tokens = tokenise(text, language)
    least = _least_weight(tokens)
    rare = [
        (place, stem)
        for place, (stem, weight) in enumerate(zip(tokens.stems, tokens.weights, strict=True))
        if weight >= least
    ]
    keys = {_signed(key & ~1) for key in _rarest(tokens)} | {_signed(key | 1) for key in _pairs(rare)}
    return Fingerprint(
        language=language,
        exact=exact_hash(tokens.words),
        tokens=len(tokens),
        keys=tuple(sorted(keys)),
        words=pack(words_of(tokens, text, language)),
        version=FINGERPRINT_VERSION,
    )


def exact_hash(words: Iterable[str]) -> str:
    """Hex hash of the sequence of words: equal for texts that differ in case, punctuation and spacing only."""
    return blake2b("\0".join(words).encode(), digest_size=16).hexdigest()


def _least_weight(tokens: Tokens) -> float:
    """From which weight on a word is rare in this text: in plain prose the least common words must do."""
    ranked = sorted(tokens.weights, reverse=True)
    quarter = ranked[len(ranked) // 4] if ranked else RARE_WEIGHT
    return min(RARE_WEIGHT, max(quarter, _PLAIN_WEIGHT))


def _rarest(tokens: Tokens) -> list[int]:
    """Keys of the rarest stems. Ties are broken by hash, so that two texts break them alike."""
    weights = dict(zip(tokens.stems, tokens.weights, strict=True))
    ranked = sorted((-weight, stem) for stem, weight in weights.items() if weight >= RARE_WEIGHT)
    return [stem >> 32 for _, stem in ranked[:_SINGLES]]


def _pairs(rare: list[tuple[int, int]]) -> list[int]:
    """Keys of neighbouring rare words, in either order, given as (place, stem): a well-mixed hash of the two."""
    pairs: set[int] = set()
    factors = [(place, stem, stem * _MIX_A, stem * _MIX_B >> 7) for place, stem in rare]
    for index, (place, stem, as_low, as_high) in enumerate(factors):
        for other_place, other, other_as_low, other_as_high in factors[index + 1 : index + 1 + _NEIGHBOURS]:
            if other_place - place > _REACH:
                break
            if stem != other:
                mixed = (as_low ^ other_as_high if stem < other else other_as_low ^ as_high) & _MASK
                pairs.add((mixed ^ mixed >> 31) * _MIX_C & _MASK)
    kept = sorted(pairs)
    if len(kept) > _FEW_PAIRS:
        kept = [key for key in kept if key < _SAMPLED][:_MOST_PAIRS]
    # A second multiplication spreads the kept half over all keys.
    return [(key * _MIX_C & _MASK) >> 32 for key in kept]


def _signed(key: int) -> int:
    """Two's complement: databases have signed integers only."""
    return key - (1 << 32) if key >> 31 else key
