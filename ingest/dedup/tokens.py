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

from ingest.dedup.stems import stem
from ingest.dedup.weights import table_language, weight

# Combining marks are part of a word (Hindi vowels, decomposed accents), though `re` does not count them as letters; so
# are the soft hyphen and the zero-width joiners, which are dropped from the word.
_JOINERS = "\u00ad\u200b-\u200d\u2060"
_MARKS = "".join(chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)).startswith("M"))
_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SEA = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_TOKEN = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<sea>[{_SEA}]+)"
    rf"|[^\W_{_HAN}{_SEA}](?:[^\W_{_HAN}{_SEA}]|[{_MARKS}{_JOINERS}])*(?:[.,:]\d+)*"
)
_RUN = {"han": 2, "sea": 4}
_DROPPED = re.compile(f"[{_JOINERS}.,:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The words of a text, as columns of equal length.

    `words` are normalised (compatibility forms, lower case, numbers without separators), `starts` and `ends` are
    character offsets into the text, `stems` are 64-bit hashes salted with the language, `weights` belong to the stems.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stems: tuple[int, ...]
    weights: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str, language: str) -> Tokens:
    """Read the words of a text; an empty text has none.

    Args:
        text: plain text, in any Unicode normal form.
        language: BCP-47 code; one without a frequency table is weighted by the length of its words.
    """
    table = table_language(language)
    found = list(_pieces(text))
    entries = [_entry(piece, table) for piece, _, _ in found]
    return Tokens(
        words=tuple(word for word, _, _ in entries),
        starts=tuple(start for _, start, _ in found),
        ends=tuple(end for _, _, end in found),
        stems=tuple(key for _, key, _ in entries),
        weights=tuple(each for _, _, each in entries),
    )


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        run = _RUN.get(match.lastgroup or "")
        if run is None:
            yield match[0], start, end
            continue
        for offset in range(start, max(start, end - run) + 1):
            yield text[offset : offset + run], offset, min(end, offset + run)


@lru_cache(maxsize=100_000)
def _entry(piece: str, language: str) -> tuple[str, int, float]:
    """The word, hashed stem and weight of a piece of text. Cached, because texts repeat most of their words."""
    word = _DROPPED.sub("", unicodedata.normalize("NFKC", piece).casefold())
    salted = f"{language}\0{stem(word, language)}".encode()
    return word, int.from_bytes(blake2b(salted, digest_size=8).digest(), "big"), weight(word, language)
