"""What kind of change lies between two versions of an article. Pure.

The sentences of both are aligned, and of those that differ the words. What counts is the facts: a number, a name or
the words of a quotation that give way to others make another article than an exchanged synonym or a mended typo.
Several kinds may meet; the first in the order of `Change` is the change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from ingest.dedup.specific import Kind, Shape
from ingest.dedup.tokens import Tokens, kinds_of, tokenise
from ingest.lang.lexicon import once, tables
from ingest.lang.notices import is_correction, is_stamp
from ingest.lang.sentences import split_sentences

_ALIKE = 0.5  # of the words of two sentences agree: one is the other, changed
_MOST_PAIRS = 4_000  # sentences are paired where so few stand against so few
_TYPO = 2  # letters
_QUOTED = re.compile(r"[“„«»‹›「『\"](?P<words>[^“”„«»‹›「」『』\"]+)(?:[”“»«›‹」』\"]|$)")
_SIGNS = str.maketrans(dict.fromkeys("’‘‛`´", "'") | dict.fromkeys("“”„«»", '"') | {"–": "-", "—": "-"})


class Change(StrEnum):
    """What has changed from one version to the next, the most telling first."""

    WITHDRAWN = "withdrawn"  # there is no text any more
    RESTORED = "restored"  # there is one again
    CORRECTION = "correction"  # the page says that it was wrong
    SUBSTANCE = "substance"  # names, numbers or quotations are others
    HEADLINE = "headline"
    GROWTH = "growth"  # whole sentences more, none taken away
    STYLE = "style"  # only other words or signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a version says: title, text (paragraphs parted by blank lines), and notes that were taken out of it."""

    title: str | None
    text: str
    language: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence of either version that stand in the same place; ``None`` where one version has none there."""

    before: str | None
    after: str | None

    @property
    def same(self) -> bool:
        """Whether nothing has changed."""
        return self.before == self.after


def changes(before: Told, after: Told) -> tuple[Change, ...]:
    """All kinds of change between two texts, the first of `Change` first; never empty."""
    pairs = [one for one in align(before, after) if not one.same]
    found: set[Change] = set()
    notes = set(after.notes) - set(before.notes)
    if any(is_correction(one) for one in (*notes, *(pair.after for pair in pairs if pair.after))):
        found.add(Change.CORRECTION)
    if _words(before.title or "", before.language) != _words(after.title or "", after.language):
        found.add(Change.HEADLINE)
    facts = _Facts(before), _Facts(after)
    told = [one for one in pairs if not _is_beside(one.before) and not _is_beside(one.after)]
    lost, gained = _without_moved(
        [one.before for one in told if one.before and one.after is None],
        [one.after for one in told if one.after and one.before is None],
    )
    if any(_differ(one.before, one.after, *facts) for one in told if one.before and one.after):
        found.add(Change.SUBSTANCE)
    if lost and (facts[1].lack(lost, facts[0]) or facts[0].lack(gained, facts[1])):
        found.add(Change.SUBSTANCE)
    if gained and not lost:
        found.add(Change.GROWTH)
    return tuple(one for one in Change if one in found) or (Change.STYLE,)


def align(before: Told, after: Told) -> list[Pair]:
    """The sentences of both texts side by side, in their order."""
    a, b = _sentences(before), _sentences(after)
    steps = SequenceMatcher(None, [_plain(one) for one in a], [_plain(one) for one in b], autojunk=False)
    found: list[Pair] = []
    for tag, start_a, end_a, start_b, end_b in steps.get_opcodes():
        if tag == "equal":
            found += [
                Pair(before=one, after=other) for one, other in zip(a[start_a:end_a], b[start_b:end_b], strict=True)
            ]
        else:
            found += _paired(a[start_a:end_a], b[start_b:end_b], before.language)
    return found


def _sentences(told: Told) -> list[str]:
    return [
        sentence.strip()
        for paragraph in told.text.split("\n\n")
        for sentence in split_sentences(paragraph, told.language)
        if sentence.strip()
    ]


def _paired(a: Sequence[str], b: Sequence[str], language: str) -> list[Pair]:
    """Sentences that stand against each other: what resembles the next one is that one, changed."""
    found: list[Pair] = []
    at = 0
    few = len(a) * len(b) <= _MOST_PAIRS
    words = [_words(one, language) for one in b]
    for one in a:
        own = _words(one, language)
        likeness = {place: _likeness(own, words[place]) for place in range(at, len(b) if few else at)}
        place = max(likeness, key=lambda each: (likeness[each], -each), default=at)
        if likeness.get(place, 0.0) < _ALIKE:
            found.append(Pair(before=one, after=None))
        else:
            found += [Pair(before=None, after=each) for each in b[at:place]]
            found.append(Pair(before=one, after=b[place]))
            at = place + 1
    return found + [Pair(before=None, after=each) for each in b[at:]]


def _likeness(a: Sequence[str], b: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _words(text: str, language: str) -> tuple[str, ...]:
    return tokenise(text, language).words


def _plain(sentence: str) -> str:
    """A sentence without what only looks different."""
    return " ".join(unicodedata.normalize("NFKC", sentence).translate(_SIGNS).split())


def _is_beside(sentence: str | None) -> bool:
    """Whether a sentence is no part of the story."""
    return sentence is not None and (is_stamp(sentence) or is_correction(sentence))


def _without_moved(lost: Sequence[str], gained: Sequence[str]) -> tuple[list[str], list[str]]:
    """Sentences that only stand in another place are neither lost nor gained."""
    moved = {_plain(one) for one in lost} & {_plain(one) for one in gained}
    return [one for one in lost if _plain(one) not in moved], [one for one in gained if _plain(one) not in moved]


class _Facts:
    """The names, numbers and words of a whole text."""

    def __init__(self, told: Told) -> None:
        tokens = tokenise(told.text, told.language)
        self.language = told.language
        self.stems = frozenset(tokens.stems)
        named = kinds_of(tokens, told.text, told.language)
        self.names = frozenset(stem for stem, kind in zip(tokens.stems, named, strict=True) if kind is Kind.NAME)

    def lack(self, sentences: Sequence[str], theirs: _Facts) -> bool:
        """Whether sentences of another text tell a fact that this one does not have."""
        for sentence in sentences:
            tokens = tokenise(sentence, theirs.language)
            for place, stem in enumerate(tokens.stems):
                if stem not in self.stems and theirs.is_fact(tokens, place):
                    return True
            if any(stem not in self.stems for stem in _quoted(sentence, tokens)):
                return True
        return False

    def is_fact(self, tokens: Tokens, place: int) -> bool:
        """Whether a word is a name or a number."""
        return tokens.shapes[place] is Shape.NUMBER or tokens.stems[place] in self.names


def _differ(before: str | None, after: str | None, old: _Facts, new: _Facts) -> bool:
    """Whether two sentences tell other facts."""
    if before is None or after is None:
        return False
    a, b = tokenise(before, old.language), tokenise(after, new.language)
    quoted = set(_quoted(before, a)) | set(_quoted(after, b))
    for tag, start_a, end_a, start_b, end_b in SequenceMatcher(None, a.stems, b.stems, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        own, other = range(start_a, end_a), range(start_b, end_b)
        if _numbers(a, own, old.language) != _numbers(b, other, new.language) and not _same_amount(a, own, b, other):
            return True
        if _is_typo(a, own, b, other, old, new):
            continue
        names = [a.stems[place] for place in own if a.stems[place] in old.names and a.stems[place] not in new.stems]
        names += [b.stems[place] for place in other if b.stems[place] in new.names and b.stems[place] not in old.stems]
        if names or any(stem in quoted for stem in (*a.stems[start_a:end_a], *b.stems[start_b:end_b])):
            return True
    return False


def _numbers(tokens: Tokens, places: range, language: str) -> str:
    """The digits in a slot in one, whatever parts them; numbers in words as digits."""
    spoken = _spoken().get(language.split("-", maxsplit=1)[0], {})
    found = [tokens.words[place] for place in places if tokens.shapes[place] is Shape.NUMBER]
    found += [spoken[tokens.words[place]] for place in places if tokens.words[place] in spoken]
    return "".join(found)


def _same_amount(a: Tokens, own: range, b: Tokens, other: range) -> bool:
    """Whether one text writes out what the other has in zeros: 3 million, 3,000,000."""
    own_digits, own_words = _split(a, own)
    digits, words = _split(b, other)
    both = bool(own_digits and digits)
    return both and own_digits.rstrip("0") == digits.rstrip("0") and own_words != words


def _split(tokens: Tokens, places: range) -> tuple[str, int]:
    """The digits in a slot, and how many other words it has."""
    numbers = [tokens.words[place] for place in places if tokens.shapes[place] is Shape.NUMBER]
    return "".join(numbers), len(places) - len(numbers)


def _is_typo(a: Tokens, own: range, b: Tokens, other: range, old: _Facts, new: _Facts) -> bool:
    """Whether two words differ by a slip of the pen, and are not both names."""
    if len(own) != 1 or len(other) != 1:
        return False
    one, its = a.words[own[0]], b.words[other[0]]
    if a.stems[own[0]] in old.names and b.stems[other[0]] in new.names:
        return False
    return len(one) > _TYPO and _distance(one, its) <= _TYPO


def _distance(one: str, other: str) -> int:
    """How many letters have to change, at least; two that changed places are one."""
    if sorted(one) == sorted(other):
        return 1
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(end - start, stop - begin) for tag, start, end, begin, stop in blocks if tag != "equal")


def _quoted(sentence: str, tokens: Tokens) -> list[int]:
    """The stems of the words in quotation marks; of single words that are set apart by them none."""
    spans = [match.span("words") for match in _QUOTED.finditer(sentence) if len(match["words"].split()) > 1]
    return [
        stem
        for stem, start in zip(tokens.stems, tokens.starts, strict=True)
        if any(first <= start < last for first, last in spans)
    ]


@once
def _spoken() -> dict[str, dict[str, str]]:
    """Numbers written as words, as digits, by language. "One" is an article in many."""
    return {
        code: {word: value for value, row in rows.items() if value != "1" for word in row}
        for code, rows in tables("numbers").items()
    }
