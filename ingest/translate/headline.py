"""Headlines in capitals or with a capital on every word: models read sentences, so they get one, and the case after."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FEWEST: Final = 8  # letters: what is shorter may be an abbreviation
_FEWEST_WORDS: Final = 4
_LONG: Final = 4  # letters of a word that a headline in title case writes with a capital
_SMALL_WORDS: Final = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "of", "on", "or", "over", "the", "to",
    "with",
})  # fmt: skip
_CAPITAL_NOUNS: Final = frozenset({"de", "lb"})  # capitals are no headline's there


class Case(StrEnum):
    """How the letters of a sentence are written."""

    SENTENCE = "sentence"
    CAPITALS = "capitals"
    TITLE = "title"


def case_of(text: str, language: str) -> Case:
    """The case of a sentence: that of a headline, or the usual one."""
    words = _WORD.findall(text)
    if text.isupper():
        return Case.CAPITALS if sum(map(len, words)) >= _FEWEST and len(words) > 1 else Case.SENTENCE
    long = [word for word in words if len(word) >= _LONG]
    if language in _CAPITAL_NOUNS or len(words) < _FEWEST_WORDS or len(long) < _FEWEST_WORDS - 1 or text.endswith("."):
        return Case.SENTENCE
    return Case.TITLE if all(word[0].isupper() for word in long) else Case.SENTENCE


def as_sentence(text: str, case: Case, *, is_first: bool = True) -> str:
    """A part of a headline as a sentence would have it; `is_first` where the sentence begins with it."""
    if case is Case.SENTENCE:
        return text
    lowered = _WORD.sub(lambda found: _lowered(found[0], case), text)
    if not is_first:
        return lowered
    return _WORD.sub(lambda found: found[0][0].upper() + found[0][1:], lowered, count=1)


def as_headline(text: str, case: Case) -> str:
    """A sentence in the case of a headline."""
    if case is Case.CAPITALS:
        return text.upper()
    if case is Case.TITLE:
        first = _WORD.search(text)
        return _WORD.sub(
            lambda found: (
                found[0]
                if found[0] in _SMALL_WORDS and found.start() != (first and first.start())
                else found[0][0].upper() + found[0][1:]
            ),
            text,
        )
    return text


def _lowered(word: str, case: Case) -> str:
    return word if case is Case.TITLE and len(word) > 1 and word.isupper() else word.lower()
