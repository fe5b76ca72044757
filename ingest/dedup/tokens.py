"""Words of a text with their places, stems and weights.

Scripts that write without spaces are read as overlapping runs of characters: pairs for Chinese and Japanese, fours for
Thai, Lao, Khmer and Burmese, whose characters are parts of syllables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from ingest.dedup.specific import Break, Kind, Shape, break_in, kinds, shape
from ingest.dedup.stems import FOURFOLD, PAIRED, SPACELESS, stem
from ingest.dedup.weights import table_language, weight

# Combining marks are part of a word (Hindi vowels, decomposed accents), though `re` does not count them as letters; so
# are the soft hyphen and the zero-width joiners, which are dropped from the word.
_JOINERS = "\u00ad\u200b-\u200d\u2060"
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)).startswith("M"))
_NUMBER_TAIL = r"(?:[.,:]\d+)*"
_WORD = re.compile(rf"[^\W_]+(?:[{_MARKS}{_JOINERS}]+[^\W_]*)*{_NUMBER_TAIL}")

_PIECE = re.compile(
    rf"(?P<paired>[{PAIRED}]+)|(?P<fourfold>[{FOURFOLD}]+)"
    rf"|[^\W_{PAIRED}{FOURFOLD}]+(?:[{_MARKS}{_JOINERS}]+[^\W_{PAIRED}{FOURFOLD}]*)*{_NUMBER_TAIL}"
)
_WITHIN = frozenset({" ", "", "-", "'", "’", ", "})
_RUN = {"paired": 2, "fourfold": 4, None: 0}
_NO_BREAK = Break.NONE
_DROPPED = re.compile(f"[{_JOINERS}.,:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The words of a text, as columns of equal length.

    `words` are normalised (compatibility forms, lower case, numbers without separators), `starts` and `ends` are
    character offsets into the text, `stems` are 64-bit hashes salted with the language, `weights` belong to the stems,
    `shapes` say how the words are written.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stems: tuple[int, ...]
    weights: tuple[float, ...]
    shapes: tuple[Shape, ...]

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str, language: str) -> Tokens:
    """Read the words of a text; an empty text has none.

    Args:
        text: plain text, in any Unicode normal form.
        language: BCP-47 code; one without a frequency table is weighted by the length of its words.
    """
    table = table_language(language)
    spans = list(_runs(text)) if SPACELESS.search(text) else [match.span() for match in _WORD.finditer(text)]
    if not spans:
        return Tokens(words=(), starts=(), ends=(), stems=(), weights=(), shapes=())
    starts, ends = zip(*spans, strict=True)
    words, stems, weights, shapes = zip(*[_entry(text[start:end], table) for start, end in spans], strict=True)
    return Tokens(
        words=words,
        starts=starts,
        ends=ends,
        stems=stems,
        weights=weights,
        shapes=shapes,
    )


def kinds_of(tokens: Tokens, text: str, language: str) -> tuple[Kind, ...]:
    """What each word of a text stands for: names and numbers (`ingest.dedup.specific`)."""
    if not tokens.words:
        return ()
    return kinds(tokens.shapes, tokens.stems, tokens.weights, _breaks(text, tokens), table_language(language))


def _breaks(text: str, tokens: Tokens) -> list[Break]:
    """What stands between each word and the one before it: a line break, the end of a sentence, or neither."""
    between = [text[end:start] for end, start in zip((0, *tokens.ends), tokens.starts, strict=False)]
    found = [_NO_BREAK if each in _WITHIN else break_in(each) for each in between]
    found[0] = Break.LINE
    return found


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """The places of words and of overlapping runs of characters, in a text of which some is written without spaces."""
    for match in _PIECE.finditer(text):
        start, end = match.span()
        length = _RUN[match.lastgroup] or end - start
        for offset in range(start, max(start, end - length) + 1):
            yield offset, min(end, offset + length)


def normal(piece: str) -> str:
    """A word as it is compared: compatibility forms, lower case, without separators and joiners."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", piece).casefold())


@lru_cache(maxsize=100_000)
def _entry(piece: str, language: str) -> tuple[str, int, float, Shape]:
    """The word, hashed stem, weight and shape of a piece of text. Cached, because texts repeat most of their words."""
    word = normal(piece)
    salted = f"{language}\0{stem(word, language)}".encode()
    return word, int.from_bytes(blake2b(salted, digest_size=8).digest(), "big"), weight(word, language), shape(piece)
