"""Words that two texts have in each other's place: what a conflict of facts is told from, and what is kept of each.

Two texts alone do not show whether plain words that were exchanged are facts or synonyms. So every exchange is kept: of
a series a third text has other words in the same places (`ingest.dedup.settle`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import TypeAlias

from ingest.dedup.evidence import Profile
from ingest.dedup.fuzzy import likeness
from ingest.dedup.specific import Kind
from ingest.dedup.stems import PAIR, SPACELESS
from ingest.dedup.tokens import normal
from ingest.dedup.weights import RARE_WEIGHT, SEED_WEIGHT
from ingest.link import Conflict, Fact, Span
from ingest.value import LONGEST_LINE

Slot: TypeAlias = tuple[range, range]
"""Places of words in either text, between words that match."""

_ALIKE = 0.5  # of the letters agree: Natalya and Natalia, Gísli and Gisli
_SAME_WORD = 0.65  # of the letters agree: a form of the same word; short names are half alike by chance

_CAPITALS = 0.01  # of the letters at least, in a script that has them: in running text they are 2 to 5 %
_SAMPLE = 2000  # characters tell
# Of texts that differ in more places none are kept: that is no frame with slots. Where capitals tell names, fewer slots
# are left to tell.
_MOST_EXCHANGED = 120
_MOST_EXCHANGED_CASED = 24

_KEPT_WORDS = 50_000


class Specific:
    """A text and its words, as facts are told from them: columns side by side, for very many slots are looked at.

    Attributes:
        text: the text.
        profile: its words, and how often it has each.
        stems, kinds, starts, ends, weights: the columns of its words.
        known: how often it has each stem.
    """

    def __init__(self, text: str, profile: Profile) -> None:
        words = profile.words
        self.text, self.profile, self.known = text, profile, profile.repeats
        self.stems, self.kinds, self.weights = words.stems, words.kinds, words.weights
        self.starts, self.ends = words.starts, words.ends

    @cached_property
    def cased(self) -> bool:
        """Whether capitals tell names in it."""
        letters = [letter for letter in self.text[:_SAMPLE] if letter.isalpha()]
        return sum(map(str.isupper, letters)) > _CAPITALS * len(letters)

    @cached_property
    def paired(self) -> bool:
        """Whether some of it is read in pairs of characters."""
        return PAIR.search(self.text) is not None

    @cached_property
    def names(self) -> frozenset[int]:
        """The stems of its names."""
        return frozenset([stem for stem, kind in zip(self.stems, self.kinds, strict=True) if kind == Kind.NAME])

    @cached_property
    def rare(self) -> frozenset[int]:
        """The stems of its rare words."""
        return frozenset([stem for stem, weight in zip(self.stems, self.weights, strict=True) if weight >= RARE_WEIGHT])

    def has_facts(self, slot: range) -> bool:
        """Whether there is a name or a number in a slot."""
        return self.profile.facts[slot.start] < self.profile.facts[slot.stop]

    def tells(self, slot: range) -> bool:
        """Whether a slot has more than the commonest words."""
        return self.profile.telling[slot.start] < self.profile.telling[slot.stop]

    def word(self, place: int) -> str:
        """The word at a place, as `Tokens` have it."""
        return _normal(self.text[self.starts[place] : self.ends[place]])

    def slice(self, places: Sequence[int]) -> str:
        """The text from the first of some places to the last."""
        return self.text[self.starts[places[0]] : self.ends[places[-1]]]

    def facts_beside(self, slot: range, other: Specific) -> list[int]:
        """The places in a slot whose specific words the other text has nowhere."""
        kinds, stems, known = self.kinds, self.stems, other.known
        return [place for place in slot if kinds[place] and stems[place] not in known]

    def words_beside(self, slot: range, other: Specific) -> list[int]:
        """The places in a slot whose telling words, no numbers, the other text has nowhere."""
        kinds, stems, known, weights = self.kinds, self.stems, other.known, self.weights
        return [
            place
            for place in slot
            if stems[place] not in known and weights[place] >= SEED_WEIGHT and kinds[place] != Kind.NUMBER
        ]

    def is_new(self, slot: range, other: Specific) -> bool:
        """Whether the other text has none of the words in a slot."""
        return other.known.keys().isdisjoint(self.stems[slot.start : slot.stop])


_normal = lru_cache(maxsize=_KEPT_WORDS)(normal)


def exchanges(a: Specific, b: Specific, slots: Sequence[Slot]) -> tuple[Conflict, ...]:
    """The slots in which each text has telling words that the other has nowhere, if there are few slots.

    What is the same word in another form is none.
    """
    most = _MOST_EXCHANGED_CASED if a.cased or b.cased else _MOST_EXCHANGED
    return tuple(_exchanged(a, b, slots)) if len(slots) <= most else ()


def _exchanged(a: Specific, b: Specific, slots: Sequence[Slot]) -> Iterator[Conflict]:
    for slot_a, slot_b in slots:
        ours = a.words_beside(slot_a, b)
        theirs = b.words_beside(slot_b, a) if ours else []
        if not theirs:
            continue
        if SPACELESS.match(a.text, a.starts[ours[0]]):
            one, other = _apart(a.slice(ours), b.slice(theirs))
            alike = not one or not other or _alike(one, other) >= _SAME_WORD
        else:
            one, other = a.slice(ours), b.slice(theirs)
            alike = any_alike(a, ours, b, theirs, _SAME_WORD)
        if not alike:
            yield conflict(Fact.NAME, a, ours, b, theirs, (one, other))


def _apart(one: str, other: str) -> tuple[str, str]:
    """What is left of two strings without what they begin and end with alike: runs reach over what was exchanged."""
    start = _alike_from_start(one, other)
    one, other = one[start:], other[start:]
    end = _alike_from_start(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _alike_from_start(one: str, other: str) -> int:
    """How many characters two strings begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def any_alike(a: Specific, ours: Sequence[int], b: Specific, theirs: Sequence[int], least: float = _ALIKE) -> bool:
    """Whether words at some places of two texts may be one name, or forms of one word."""
    words = [b.word(place) for place in theirs]
    return any(_alike(one, other) >= least for one in map(a.word, ours) for other in words)


@lru_cache(maxsize=_KEPT_WORDS)
def _alike(one: str, other: str) -> float:
    """How alike two names are, which may be one, spelt in two ways."""
    return likeness(_bare(one), _bare(other))


@lru_cache(maxsize=_KEPT_WORDS)
def _bare(word: str) -> str:
    """A word without accents."""
    if word.isascii():
        return word
    return "".join([letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)])


def conflict(
    fact: Fact,
    a: Specific,
    ours: Sequence[int],
    b: Specific,
    theirs: Sequence[int],
    words: tuple[str, str] | None = None,
) -> Conflict:
    """What stands against each other at some places of two texts: `words`, or the words that are there."""
    place = Span(a.starts[ours[0]], a.ends[ours[-1]], b.starts[theirs[0]], b.ends[theirs[-1]])
    one, other = words or (" ".join(map(a.word, ours)), " ".join(map(b.word, theirs)))
    return Conflict(fact, place, one[:LONGEST_LINE], other[:LONGEST_LINE])
