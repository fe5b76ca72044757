"""A text as it is compared: what is kept of its words, so that it is read once and compared often.

A comparison needs stems, weights and places, and what is a name or a number; never the letters. These columns are made
together with the fingerprint and stored with it, some 2 kB a text. Stems have 32 bits here: of two texts of 1,000 words
one pair in 4,000 meets by chance.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.dedup.specific import Kind
from ingest.dedup.standing import has_trailer
from ingest.dedup.tokens import Tokens, kinds_of, tokenise

_STEP = 40  # weights are kept in fortieths
_HEAD = struct.Struct("<IHBB")  # words, marks of typesetting, bytes an offset takes, whether the text has a trailer
_NARROW, _WIDE = 2, 4
_LEVEL = 1

_MARKS = re.compile("[‘’“”„«»–—…\n]")
_MOST_MARKS = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text, as columns of equal length.

    `stems` are hashes of 32 bits salted with the language, `weights` belong to them, `kinds` are values of `Kind`;
    `starts` and `ends` are character offsets. `odd` says that the text has what sites put around articles, `marks` how
    many marks of typesetting: curly quotation marks, long dashes, line breaks.
    """

    stems: tuple[int, ...]
    weights: tuple[float, ...]
    kinds: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    odd: bool = False
    marks: int = 0

    def __len__(self) -> int:
        return len(self.stems)

    def at(self, places: Sequence[int]) -> Words:
        """The words at some places only."""
        return replace(
            self,
            stems=tuple([self.stems[place] for place in places]),
            weights=tuple([self.weights[place] for place in places]),
            kinds=tuple([self.kinds[place] for place in places]),
            starts=tuple([self.starts[place] for place in places]),
            ends=tuple([self.ends[place] for place in places]),
        )


def read_words(text: str, language: str) -> Words:
    """Read the words of a text."""
    return words_of(tokenise(text, language), text, language)


def words_of(tokens: Tokens, text: str, language: str) -> Words:
    """What is kept of the words of a text."""
    return Words(
        stems=tuple(stem >> 32 for stem in tokens.stems),
        weights=tuple(int(_STEP * weight) / _STEP for weight in tokens.weights),
        kinds=tuple(map(int, kinds_of(tokens, text, language))),
        starts=tokens.starts,
        ends=tokens.ends,
        odd=has_trailer(text),
        marks=min(_MOST_MARKS, len(_MARKS.findall(text))),
    )


def pack(words: Words) -> bytes:
    """Words as a fingerprint keeps them."""
    starts = np.array(words.starts, dtype="<u4")
    gaps = np.diff(starts, prepend=np.uint32(0))
    lengths = np.array(words.ends, dtype="<u4") - starts
    width = _WIDE if max(gaps.max(initial=0), lengths.max(initial=0)) > 0xFFFF else _NARROW
    columns = (
        np.array(words.stems, dtype="<u4"),
        gaps.astype(f"<u{width}"),
        lengths.astype(f"<u{width}"),
        np.rint(np.array(words.weights) * _STEP).astype(np.uint8),
        np.array(words.kinds, dtype=np.uint8),
    )
    head = _HEAD.pack(len(words), words.marks, width, words.odd)
    return head + zlib.compress(b"".join(column.tobytes() for column in columns), _LEVEL)


def unpack(packed: bytes) -> Words:
    """The words that were packed."""
    count, marks, width, odd = _HEAD.unpack_from(packed)
    data, at = zlib.decompress(packed[_HEAD.size :]), 0
    columns = []
    for kind, size in (("<u4", 4), (f"<u{width}", width), (f"<u{width}", width), ("u1", 1), ("u1", 1)):
        columns.append(np.frombuffer(data, kind, count, at))
        at += size * count
    stems, gaps, lengths, weights, kinds = columns
    starts = np.cumsum(gaps, dtype=np.int64)
    return Words(
        stems=_values(stems),
        weights=tuple((weights / _STEP).tolist()),
        kinds=_values(kinds),
        starts=_values(starts),
        ends=_values(starts + lengths),
        odd=bool(odd),
        marks=marks,
    )


def numbers_among(words: Words) -> frozenset[int]:
    """The stems of the numbers of a text."""
    number = int(Kind.NUMBER)
    return frozenset([stem for stem, kind in zip(words.stems, words.kinds, strict=True) if kind == number])


def _values(column: NDArray[Any]) -> tuple[int, ...]:
    return tuple(column.tolist())
