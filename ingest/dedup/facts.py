"""Facts that stand against each other: what tells two reports made from one template from two copies of one report.

Both have the same words in the same order. In a copy the names and numbers among them agree; in the next report of a
series others stand in their places. The words of every shared passage are aligned, and between the words that match lie
slots: where both texts have something specific in a slot that the other text lacks altogether, one fact stands against
another. What differs only in its spelling is no conflict: names are transliterated and inflected in many ways.

Where no capitals tell names, such a slot may hold two names or two synonyms, and two texts alone do not show which. So
every exchange is kept: of a series a third text has other words in the same places (`ingest.dedup.settle`).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import TypeAlias

from ingest.dedup.chain import Chain
from ingest.dedup.evidence import Profile
from ingest.dedup.fuzzy import common_blocks, likeness
from ingest.dedup.specific import Kind
from ingest.dedup.stems import PAIR, SPACELESS
from ingest.dedup.tokens import normal
from ingest.dedup.weights import SEED_WEIGHT
from ingest.dedup.words import Words
from ingest.link import Conflict, Fact, Span

_LONGEST_SLOT = 12  # words: what lies further apart was not exchanged for each other
_ALIKE = 0.5  # of the letters agree: Natalya and Natalia, Gísli and Gisli
_LONGEST_PASSAGE = 6000  # words are aligned of a passage: the work grows with the square
_MOST_KEPT = 40  # conflicts are kept of a pair: a few show that there are many

_CAPITALS = 0.01  # of the letters at least, in a script that has them: in running text they are 2 to 5 %
_SAMPLE = 2000  # characters tell
_SAME_WORD = 0.65  # of the letters agree: a form of the same word; short names are half alike by chance
_LONGEST_RUN = 24  # overlapping runs of characters: a long name in a script without spaces
# Of texts that differ in more places none are kept: that is no frame with slots. Where capitals tell names, fewer slots
# are left to tell.
_MOST_EXCHANGED = 120
_MOST_EXCHANGED_CASED = 24

# A name of two to five Chinese or Japanese characters that another takes the place of touches one more pair of them.
_FEWEST_RUNS, _MOST_RUNS = 3, 6
_OFTEN = 2

_KEPT_TEXTS = 1024  # a text is compared with some dozens
_KEPT_WORDS = 50_000

_Slot: TypeAlias = tuple[range, range]
_Found: TypeAlias = dict[tuple[Fact, frozenset[int | str], frozenset[int | str]], Conflict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How the facts of two texts stand to each other.

    Attributes:
        conflicts: those that stand against each other, each difference once, in the order of the first text.
        count: how many there are; `conflicts` has the first of very many.
        share: of all facts in the passages, the share that stands against each other; 0 to 1.
        names: how many of them are names.
        numbers: how many are numbers.
        share_of_numbers: the same share of the numbers alone.
        density: how many there are for each place in which the texts have other words.
        exchanged: every place where the texts have words, no numbers, that the other lacks, if these are few.
    """

    conflicts: tuple[Conflict, ...]
    count: int
    share: float
    names: int = 0
    numbers: int = 0
    share_of_numbers: float = 0.0
    density: float = 0.0
    exchanged: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Specific:
    """A text and its words."""

    text: str
    profile: Profile

    @property
    def words(self) -> Words:
        """The words."""
        return self.profile.words

    def has_facts(self, slot: range) -> bool:
        """Whether there is a name or a number in a slot."""
        return self.profile.facts[slot.start] < self.profile.facts[slot.stop]

    def tells(self, slot: range) -> bool:
        """Whether a slot has more than the commonest words."""
        return self.profile.telling[slot.start] < self.profile.telling[slot.stop]

    def word(self, place: int) -> str:
        """The word at a place, as `Tokens` have it."""
        return _normal(self.text[self.words.starts[place] : self.words.ends[place]])

    def slice(self, places: Sequence[int]) -> str:
        """The text from the first of some places to the last."""
        return self.text[self.words.starts[places[0]] : self.words.ends[places[-1]]]


_normal = lru_cache(maxsize=_KEPT_WORDS)(normal)


def weigh_facts(a: Specific, b: Specific, passages: Iterable[Chain]) -> Facts:
    """Which names and numbers of the shared passages stand against each other, and how many agree."""
    known_a, known_b = _Known(a), _Known(b)
    agreed: set[int] = set()
    found: _Found = {}
    telling: list[_Slot] = []
    for passage in passages:
        same, slots = _aligned(a, b, passage)
        kinds, stems = a.words.kinds, a.words.stems
        agreed.update([stems[place] for place in same if kinds[place]])
        for slot_a, slot_b in slots:
            if a.has_facts(slot_a) and b.has_facts(slot_b):
                _conflicts(a, slot_a, b, slot_b, known_a, known_b, found)
        if _has_pairs(a.text) and _has_pairs(b.text):
            found |= _renamed(a, b, slots, known_a, known_b)
        telling += [slot for slot in slots if a.tells(slot[0]) and b.tells(slot[1])]
    cased = _has_capitals(a.text) or _has_capitals(b.text)
    few = len(telling) <= (_MOST_EXCHANGED_CASED if cased else _MOST_EXCHANGED)
    count, numbers = len(found), sum(fact is Fact.NUMBER for fact, _, _ in found)
    same_numbers = len(agreed & a.profile.numbers)
    ordered = sorted(found.values(), key=lambda one: (one.place.a_start, one.place.b_start, one.fact))
    return Facts(
        conflicts=tuple(ordered[:_MOST_KEPT]),
        count=count,
        share=count / (count + len(agreed) + 1),
        names=count - numbers,
        numbers=numbers,
        share_of_numbers=numbers / (numbers + same_numbers + 1),
        density=count / max(1, len(telling)),
        exchanged=tuple(_exchanges(a, b, telling, known_a, known_b)) if few else (),
    )


def _conflicts(
    a: Specific, slot_a: range, b: Specific, slot_b: range, known_a: _Known, known_b: _Known, found: _Found
) -> None:
    """Add the facts that stand against each other in a slot."""
    own, other = known_b.lacks(a, slot_a), known_a.lacks(b, slot_b)
    if len(slot_a) == len(slot_b) == 1:
        # One number in the place of another: small ones stand elsewhere in any longer text.
        own, other = own or _number(a, slot_a), other or _number(b, slot_b)
    for fact, kind in ((Fact.NUMBER, Kind.NUMBER), (Fact.NAME, Kind.NAME)):
        ours = [place for place in own if a.words.kinds[place] == kind]
        theirs = [place for place in other if b.words.kinds[place] == kind]
        if ours and theirs and not (kind is Kind.NAME and _any_alike(a, ours, b, theirs)):
            key = (fact, frozenset(a.words.stems[p] for p in ours), frozenset(b.words.stems[p] for p in theirs))
            if key not in found:
                found[key] = _conflict(fact, a, ours, b, theirs)


@lru_cache(maxsize=_KEPT_TEXTS)
def _has_capitals(text: str) -> bool:
    letters = [letter for letter in text[:_SAMPLE] if letter.isalpha()]
    return sum(map(str.isupper, letters)) > _CAPITALS * len(letters)


@lru_cache(maxsize=_KEPT_TEXTS)
def _has_pairs(text: str) -> bool:
    return PAIR.search(text) is not None


def _exchanges(
    a: Specific, b: Specific, slots: Sequence[_Slot], known_a: _Known, known_b: _Known
) -> Iterator[Conflict]:
    """The slots in which each text has telling words that the other has nowhere, and not the same in another form."""
    for slot_a, slot_b in slots:
        ours, theirs = known_b.new_words(a, slot_a), known_a.new_words(b, slot_b)
        if not ours or not theirs:
            continue
        if SPACELESS.match(a.text, a.words.starts[ours[0]]):
            one, other = _apart(a.slice(ours), b.slice(theirs))
            alike = not one or not other or _alike(one, other) >= _SAME_WORD
        else:
            one, other = a.slice(ours), b.slice(theirs)
            alike = _any_alike(a, ours, b, theirs, _SAME_WORD)
        if not alike:
            yield replace(_conflict(Fact.NAME, a, ours, b, theirs), a=one, b=other)


def _apart(one: str, other: str) -> tuple[str, str]:
    """What is left of two strings without what they begin and end with alike: runs reach over what was exchanged."""
    start = _alike_from_start(one, other)
    one, other = one[start:], other[start:]
    end = _alike_from_start(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _alike_from_start(one: str, other: str) -> int:
    """How many characters two strings begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _number(one: Specific, slot: range) -> list[int]:
    return [place for place in slot if one.words.kinds[place] == Kind.NUMBER]


def _renamed(a: Specific, b: Specific, slots: Sequence[_Slot], known_a: _Known, known_b: _Known) -> _Found:
    """Runs of characters that give way to the same others again and again: in Chinese, names do."""
    seen: defaultdict[tuple[str, str], list[_Slot]] = defaultdict(list)
    for slot_a, slot_b in slots:
        one, other = _characters(a, slot_a), _characters(b, slot_b)
        if one and other and known_b.is_new(a, slot_a) and known_a.is_new(b, slot_b):
            seen[one, other].append((slot_a, slot_b))
    return {
        (Fact.NAME, frozenset({one}), frozenset({other})): replace(
            _conflict(Fact.NAME, a, slots[0][0], b, slots[0][1]), a=one, b=other
        )
        for (one, other), slots in seen.items()
        if len(slots) >= _OFTEN
    }


def _characters(one: Specific, slot: range) -> str | None:
    """The characters that were exchanged in a slot of overlapping pairs; ``None`` where it has other words."""
    if not _FEWEST_RUNS <= len(slot) <= _MOST_RUNS or any(not PAIR.fullmatch(one.word(place)) for place in slot):
        return None
    return "".join(one.word(place)[0] for place in slot[1:])


class _Known:
    """The words of a text."""

    def __init__(self, one: Specific) -> None:
        self._stems = one.profile.repeats.keys()

    def is_new(self, other: Specific, slot: range) -> bool:
        """Whether this text has none of the words in a slot of another."""
        return self._stems.isdisjoint(other.words.stems[place] for place in slot)

    def new_words(self, other: Specific, slot: range) -> list[int]:
        """The places in a slot of another text whose telling words, no numbers, this one has nowhere."""
        words = other.words
        return [
            place
            for place in slot
            if words.weights[place] >= SEED_WEIGHT
            and words.kinds[place] != Kind.NUMBER
            and words.stems[place] not in self._stems
        ]

    def lacks(self, other: Specific, slot: range) -> list[int]:
        """The places in a slot of another text whose specific words this one has nowhere."""
        return [place for place in slot if other.words.kinds[place] and other.words.stems[place] not in self._stems]


def _aligned(a: Specific, b: Specific, passage: Chain) -> tuple[list[int], list[_Slot]]:
    """The places of the first text that match in a passage, and the slots with words on both sides."""
    end_a = min(passage.a_end, passage.a_start + _LONGEST_PASSAGE)
    end_b = min(passage.b_end, passage.b_start + _LONGEST_PASSAGE)
    blocks = common_blocks(a.words.stems[passage.a_start : end_a], b.words.stems[passage.b_start : end_b])
    longest = _LONGEST_RUN if SPACELESS.match(a.text, a.words.starts[passage.a_start]) else _LONGEST_SLOT
    same: list[int] = []
    slots: list[_Slot] = []
    at_a, at_b = passage.a_start, passage.b_start
    for from_a, from_b, length in blocks:
        start_a, start_b = passage.a_start + from_a, passage.b_start + from_b
        if 0 < start_a - at_a <= longest and 0 < start_b - at_b <= longest:
            slots.append((range(at_a, start_a), range(at_b, start_b)))
        at_a, at_b = start_a + length, start_b + length
        same += range(start_a, at_a)
    return same, slots


def _any_alike(a: Specific, ours: Sequence[int], b: Specific, theirs: Sequence[int], least: float = _ALIKE) -> bool:
    return any(_alike(a.word(one), b.word(other)) >= least for one in ours for other in theirs)


@lru_cache(maxsize=_KEPT_WORDS)
def _alike(one: str, other: str) -> float:
    """How alike two names are, which may be one, spelt in two ways."""
    return likeness(_bare(one), _bare(other))


def _bare(word: str) -> str:
    """A word without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def _conflict(fact: Fact, a: Specific, ours: Sequence[int], b: Specific, theirs: Sequence[int]) -> Conflict:
    return Conflict(
        fact=fact,
        place=Span(
            a_start=a.words.starts[ours[0]],
            a_end=a.words.ends[ours[-1]],
            b_start=b.words.starts[theirs[0]],
            b_end=b.words.ends[theirs[-1]],
        ),
        a=_words(a, ours),
        b=_words(b, theirs),
    )


def _words(one: Specific, places: Sequence[int]) -> str:
    return " ".join(one.word(place) for place in places)
