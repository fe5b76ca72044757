"""Lines around the text of an article over several pages: "Page 2 of 3", "1 2 3 Next page", "View as single page"."""

from __future__ import annotations

import re
from typing import Final

from ingest.lang.lexicon import once, tables

_TOKEN: Final = re.compile(r"\d+|[^\d\s.,:;!?/|\\()\[\]{}<>«»‹›→←⇒➔➜▶◀►◄·•*+=–—…_\"'’“”„#-]+")
_PACKED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LONGEST: Final = 200  # characters of a row of links
_LONGEST_COUNT: Final = 40
MOST_PAGES: Final = 99
"""No article has more pages; what counts further counts something else."""


def read_count(line: str) -> tuple[int, int] | None:
    """Which page of how many a line says that this is: (2, 3) for "Page 2 of 3" and "2/3"; ``None`` for other lines."""
    if len(line) > _LONGEST_COUNT or not any(map(str.isdigit, line)):
        return None
    tokens = _tokens(line)
    numbers = [int(token) for token in tokens if token.isdecimal() and len(token) < 3]
    words = [token for token in tokens if not token.isdigit()]
    if len(numbers) != 2 or len(numbers) + len(words) != len(tokens):
        return None
    number, total = min(numbers), max(numbers)
    if not (1 <= number <= total and total >= 2):
        return None
    counts, known = _words("page"), _words("page") | _words("of")
    told = any(word in counts for word in words) and all(map(known.__contains__, words))
    bare = not words and re.search(r"\d\s*[/／]\s*\d", line) is not None
    return (number, total) if (told or bare) else None


def leads_on(text: str) -> bool:
    """Whether the words of a link lead to the next page of the same text."""
    return _phrase(text) in _phrases("next")


def shows_all(text: str) -> bool:
    """Whether the words of a link promise the whole text on one page."""
    return _phrase(text) in _phrases("single")


def is_row(text: str) -> bool:
    """Whether a text is nothing but a row of links to pages: numbers, arrows, words for pages."""
    if len(text) > _LONGEST:
        return False
    known = _vocabulary()
    return all(token.isdigit() or token in known for token in _tokens(text))


def _tokens(text: str) -> list[str]:
    """The numbers and words of a text; what is written without spaces is parted into words that are known."""
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        found += _parted(token) if _PACKED.fullmatch(token) else [token]
    return found


def _parted(token: str) -> list[str]:
    """The known words that a piece without spaces is made of, the longest first; else the piece as it is."""
    known, words, start = _vocabulary(), [], 0
    while start < len(token):
        ends = range(len(token), start, -1)
        end = next((end for end in ends if token[start:end] in known), None)
        if end is None:
            return [token]
        words.append(token[start:end])
        start = end
    return words


def _phrase(text: str) -> str:
    """The words of a text without numbers and signs; of a long one nothing."""
    return " ".join(token for token in _TOKEN.findall(text.casefold()) if not token.isdigit()) if len(text) < 80 else ""


@once
def _words(key: str) -> frozenset[str]:
    """The single words of a key, in all languages."""
    return frozenset(token for phrase in _rows(key) for token in _TOKEN.findall(phrase))


@once
def _phrases(key: str) -> frozenset[str]:
    return frozenset(_phrase(phrase) for phrase in _rows(key))


@once
def _vocabulary() -> frozenset[str]:
    return frozenset().union(*map(_words, ("page", "of", "next", "previous", "single")))


def _rows(key: str) -> frozenset[str]:
    return frozenset(phrase.casefold() for table in tables("pages").values() for phrase in table.get(key, ()))
