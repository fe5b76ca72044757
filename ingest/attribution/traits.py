"""What single words tell of a paragraph: enough to pass over most of them without a look at the order of the words."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Final

from ingest.attribution.citing import CITING, SOURCES
from ingest.attribution.mentions import is_acronym_like, is_kind, is_telling
from ingest.attribution.people import is_telling_of_experts
from ingest.attribution.words import TALKED
from ingest.lang.outlets import holds_outlet, may_complete
from ingest.lang.tokens import fold_word, printed_words

_CITING: Final = 1
_TALKED: Final = 2
_KIND: Final = 4
_NAMED: Final = 8
_ACRONYM: Final = 16
_LISTED: Final = 32
_EXPERT: Final = 64

_MOST_WORDS: Final = 1 << 16

_BEFORE_QUOTE = re.compile(r"\b([^\W\d_]{2,20})\s(?:(?:der|die|das|dem|den|the)\s)?[\"“„«‹]")


def may_cite(text: str) -> tuple[bool, bool]:
    """Whether a text may cite an outlet, and whether it may cite an expert.

    An outlet is cited by a word of citing beside a name; a known one by its kind and in parentheses too.
    """
    found = reduce(or_, map(_TRAITS.__getitem__, printed_words(text)), 0)
    return _may_cite_outlet(text, found), bool(found & _EXPERT)


def _may_cite_outlet(text: str, found: int) -> bool:
    cited = found & _CITING
    if not (cited or found & _KIND or "(" in text):
        return False
    if cited and (found & (_KIND | _NAMED) or (found & _ACRONYM and found & _TALKED)):
        return True
    if found & _LISTED and holds_outlet(set(map(fold_word, printed_words(text)))):
        return True
    return (
        bool(cited)
        and any(mark in text for mark in '"“„«‹')
        and any(match[1].lower() in SOURCES for match in _BEFORE_QUOTE.finditer(text))
    )


class _Traits(dict[str, int]):
    """The traits of words, remembered: texts of a few languages share most of theirs. Half the time of a cache."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_WORDS:
            self.clear()
        traits = self[word] = _traits(word)
        return traits


_TRAITS: Final = _Traits()


def _traits(word: str) -> int:
    low = word.lower()
    return (
        _CITING * (low in CITING)
        | _TALKED * (low in TALKED)
        | _KIND * is_kind(low)
        | _NAMED * is_telling(word)
        | _ACRONYM * (word != low and is_acronym_like(word))
        | _LISTED * may_complete(low)
        | _EXPERT * is_telling_of_experts(word)
    )
