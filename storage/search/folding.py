"""Words as they are searched: without case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ingest.kept import kept

# What stands above and below letters in Latin, Greek and Cyrillic; Hebrew points; Arabic vowel signs and stretching.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u0640\u064b-\u065f\u0670]+"
)
_MARKS = kept(
    "marks", lambda: "".join(chr(code) for code in range(0x300, 0x1E000) if unicodedata.category(chr(code))[0] == "M")
)
_WORD = re.compile(f"[^\\W_]+(?:[{_MARKS}]+[^\\W_]*)*")
# Scripts that part no words: each letter is a word, and a run of them a phrase.
_UNPARTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_SINGLE = re.compile(f"[{_UNPARTED}][{_MARKS}]*")
# One letter in several alphabets and spellings: Arabic forms of alef, yeh and kaf, final sigma, sharp s.
_SAME = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ς": "σ", "ł": "l", "ø": "o",
     "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е", **{chr(base + n): str(n) for base in (0x660, 0x6F0, 0x966)
     for n in range(10)}}
)  # fmt: skip


def fold(text: str) -> str:
    """A text in lower case without accents, digits as 0 to 9."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", parted)).translate(_SAME)


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """The same for one word, remembered."""
    return fold(word)


def words(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end."""
    parted = _SINGLE.search(text) is None
    for found in _WORD.finditer(text):
        if parted or not _SINGLE.search(found[0]):
            yield found.span()
        else:
            yield from _singles(found)


def distinct_words(text: str) -> set[str]:
    """The words of a text in small letters, with their accents, each once."""
    small = text.lower()
    if _SINGLE.search(small) is None:
        return set(_WORD.findall(small))
    return {small[start:end] for start, end in words(small)}


def folded_words(text: str) -> list[str]:
    """The words of a text, folded."""
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return [folded[start:end] for start, end in words(folded)]


def _singles(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The letters of unparted scripts one by one, what stands between them as it is."""
    at = found.start()
    for single in _SINGLE.finditer(found.string, found.start(), found.end()):
        if single.start() > at:
            yield at, single.start()
        yield single.span()
        at = single.end()
    if at < found.end():
        yield at, found.end()


def is_word(letter: str) -> bool:
    """Whether a letter is of a script that parts no words, in which one may be a word."""
    return _SINGLE.match(letter) is not None


def spaced(folded: str) -> str:
    """A folded text with spaces between the letters of unparted scripts."""
    return folded if folded.isascii() else _SINGLE.sub(r" \g<0> ", folded)
