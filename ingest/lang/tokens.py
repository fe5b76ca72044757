"""Words of a text with their places, and the folding under which two spellings of a name are one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.lang.lexicon import once, words


def words_of(*rows: str) -> frozenset[str]:
    """The words in rows of text: how lists of words are written here."""
    return frozenset(word for row in rows for word in row.split())


# A word may hold dots, hyphens and ampersands (Harbour-geo.ru, n-tv, AT&T); an apostrophe parts it from what it owns.
_WORD = re.compile(r"[^\W_]+(?:[.\-‑&][^\W_]+)*+")
_CYRILLIC_ENDING = re.compile(
    r"(?<=[а-яёіїєґ]{3})(?:иями|ыми|ими|ами|ями|ого|его|ому|ему|иям|иях|ием|ах|ях|ов|ев|ом|ем|ой|ей|ам|ям|ая|яя|ую|юю"
    r"|ый|ий|ое|ее|ые|ие|ых|их|ым|им|ия|ию|ии|[аеёиоуыэюяйъьіїє])$"
)
_GERMAN_ENDING = re.compile(r"(?:(?<=sch)|(?<=gemein)|(?<=^neu)|(?<=^jung)|(?<=^frei)|(?<=^klein)|(?<=^groß))e[mnrs]?$")


class Token(NamedTuple):
    """A word and its half-open character offsets in the text; `low` is it in lower case.

    A page has some hundreds: a tuple is made several times as fast as a frozen dataclass.
    """

    text: str
    low: str
    start: int
    end: int


def printed_words(text: str) -> list[str]:
    """The words of a text in order, without their places."""
    return _WORD.findall(text)


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order."""
    return [Token(word := match[0], word.lower(), *match.span()) for match in _WORD.finditer(text)]


def gap(text: str, tokens: Sequence[Token], index: int) -> str:
    """What stands between the token at `index` and the one before it."""
    return text[tokens[index - 1].end : tokens[index].start]


@lru_cache(maxsize=1 << 16)  # texts of a few languages share most of their words
def fold_word(word: str) -> str:
    """A word as it is compared: without case and without what inflection adds to names.

    "Известиям" is "Известия", "(der) Süddeutschen" is "Süddeutsche".
    """
    low = word.casefold()
    if "а" <= low[-1:] <= "ґ":
        return _CYRILLIC_ENDING.sub("", low)
    return _GERMAN_ENDING.sub("", low) if "e" in low[-2:] else low


def fold_name(name: str) -> str:
    """A name as it is compared: folded words, without a leading article."""
    folded = [fold_word(match[0]) for match in _WORD.finditer(name)]
    while len(folded) > 1 and folded[0] in _articles():
        del folded[0]
    return " ".join(folded)


def is_article(low: str) -> bool:
    """Whether a lower-case word is an article in one of the languages that news is cited in."""
    return low in _articles()


def without_article(name: str) -> str:
    """A name without a leading article of English, German or Swedish: those are not part of a name."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower() in ("the", "der", "die", "das", "dem", "den", "det") else name


@once
def _articles() -> frozenset[str]:
    return words("articles")
