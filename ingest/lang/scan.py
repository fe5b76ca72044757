"""A text as tokens of dates: numbers, words of the vocabulary, names of zones and signs, each with its places.

The letters of all tokens together are a string in which `ingest.lang.dates` looks for the forms of dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ingest.lang.vocabulary import KINDS, Word, key_of, longest, vocabulary
from ingest.lang.words import FOURFOLD, PAIRED, fold
from ingest.lang.zones import zone_of

_DIGITS = {code: str(unicodedata.decimal(chr(code))) for code in range(0x660, 0xFF1A) if chr(code).isdecimal()}
_SIGNS = {
    "：": ":",
    "／": "/",
    "．": ".",
    "－": "-",
    "‑": "-",
    "–": "-",
    "−": "-",
    "\u200e": " ",
    "\u200f": " ",
    "،": ",",
}
_PLAIN = _DIGITS | {ord(sign): plain for sign, plain in _SIGNS.items()}
_RUN = f"{PAIRED}{FOURFOLD}\uac00-\ud7af"
_MARKS = "".join(chr(code) for code in range(0x300, 0x1000) if unicodedata.category(chr(code)).startswith("M"))
_LETTERS = rf"[^\W\d_{_RUN}](?:[^\W\d_{_RUN}]|[{_MARKS}\u200c\u200d'’\u05f3\u0970])*"
_TOKEN = re.compile(
    rf"(?P<number>\d+)|(?P<run>[{_RUN}](?:[{_RUN}.]*[{_RUN}])?)|(?P<word>{_LETTERS}(?:\.{_LETTERS})*)|(?P<sign>[^\w\s])"
)
_WORD_AHEAD = re.compile(rf"(?:[ \u00a0]+|-)({_LETTERS}(?:\.{_LETTERS})*)")
_BETWEEN_NUMBERS = re.compile(r"[ ./-]{1,2}\d{4}(?!\d)")
_MOST_WORDS = 4  # of a phrase
_NUMBERS = {1: "n", 2: "n", 3: "t", 4: "Y", 8: "B"}
_NOTHING = Word()
_ROMAN_NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = {name: str(number) for number, name in enumerate(_ROMAN_NUMBERS, 1)}
_ERA_LETTERS = {"R": 2018, "H": 1988, "S": 1925}  # of the Japanese eras: "R8.11.12"


class Token(NamedTuple):
    """A piece of a text: its letter, the word of the vocabulary that it is, its half-open places."""

    kind: str
    text: str
    start: int
    end: int
    word: Word = _NOTHING


class Scan(NamedTuple):
    """The tokens of a text, and their letters as one string."""

    tokens: tuple[Token, ...]
    kinds: str


@lru_cache(maxsize=256)  # one line is looked at by several readers
def scan(text: str) -> Scan:
    """Read the tokens of a text."""
    tokens = tuple(_tokens(text.translate(_PLAIN)))
    return Scan(tokens, "".join(token.kind for token in tokens))


def _tokens(text: str) -> Iterator[Token]:
    words = vocabulary()
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["number"]:
            yield Token(_NUMBERS.get(len(match[0]), "b"), match[0], *match.span())
        elif match["sign"]:
            sign = match[0] if match[0] in "./-:+" else ","
            yield Token(sign, match[0], *match.span())
        elif match["run"]:
            yield from _pieces(match[0], match.start(), words)
        else:
            token = _phrase(text, match, words)
            at = token.end
            yield token


def _phrase(text: str, match: re.Match[str], words: Mapping[str, Word]) -> Token:
    """The longest phrase that begins with a word, else the word alone; what is a zone in capitals is one."""
    start, end = match.span()
    if (match[0].isupper() or not match[0].isascii()) and zone_of(match[0]) is not None:  # "мск" is written small
        return Token("Z", match[0], start, end)
    if match[0] in _ROMAN and _BETWEEN_NUMBERS.match(text, end) and text[:start].rstrip(" ./-")[-1:].isdecimal():
        return Token("R", _ROMAN[match[0]], start, end)
    if match[0] in _ERA_LETTERS and text[end : end + 1].isdecimal():
        return Token("E", match[0], start, end, Word(kinds={"E": _ERA_LETTERS[match[0]]}))
    ends = [end]
    while len(ends) < _MOST_WORDS and (ahead := _WORD_AHEAD.match(text, ends[-1])):
        ends.append(ahead.end())
    for end in reversed(ends):
        if end != ends[0] and zone_of(text[start:end]) is not None:
            return Token("Z", text[start:end], start, end)
        known = words.get(key_of(fold(text[start:end])))
        if known is not None:
            return Token(_kind(known), text[start:end], start, end, known)
    return Token("x", match[0], *match.span())


def _pieces(run: str, start: int, words: Mapping[str, Word]) -> Iterator[Token]:
    """A run without spaces as the longest words that are known, and single letters."""
    at = 0
    while at < len(run):
        for end in range(min(len(run), at + longest()), at, -1):
            known = words.get(key_of(run[at:end]))
            if known is not None:
                yield Token(_kind(known), run[at:end], start + at, start + end, known)
                break
        else:
            end = at + 1
            yield Token("x", run[at:end], start + at, start + end)
        at = end


def _kind(word: Word) -> str:
    return next(kind for kind in KINDS if kind in word.kinds)
