"""How well the words of a text fit each language: the commonest words of wordfreq's tables.

Letters alone cannot tell a short line of one language from its sister's; function words can. Languages that wordfreq
has no table of have short lists of function words here.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.kept import kept_arrays
from ingest.language.function_words import FUNCTION_WORDS
from ingest.language.profiles import LANGUAGES, UNIT, Sums, to_serbian

VERSION: Final = f"wordfreq {version('wordfreq')}"

_TABLES: Final = {"hr": "sh", "no": "nb", "sr": "sh"}
"""Languages whose table goes by another code: wordfreq writes all Serbo-Croatian in Latin letters."""
_UNTABLED: Final = frozenset({"af", "be", "et", "sq"})
# Written without spaces, or with endings that hide most words: their letters tell them anyway.
_NO_WORDS: Final = frozenset({"ja", "ko", "th", "zh-Hans", "zh-Hant"})

# Words that are at least this share of running text, in wordfreq's steps of 10 ** -0.01: 16 in a million, some 5,000
# words of a language. With six in a million one short line in 200 more is right, at twice the memory.
_RAREST: Final = 480
_UNKNOWN: Final = -14.5  # nats for a word that another language has and this one has not
_UNLISTED: Final = -12.0  # the same for a language of which we hold only a short list, or none
_KNOWN: Final = round(_UNKNOWN * UNIT)
_NAME_TENTHS: Final = 3  # a capitalised word inside a line may be a name: so many tenths of its evidence count
_MAX_WORDS: Final = 400  # of a paragraph: long before that the evidence is overwhelming

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_APOSTROPHES: Final = re.compile("['’ʼ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """`rows` are the rows of `scores` by word, lower case; a column is a language; values are steps of 1 / UNIT nat."""

    rows: dict[str, int]
    scores: NDArray[np.int16]


def split(text: str) -> list[str]:
    """The words of a text, as far as they say anything: without figures, and no more than the first 400."""
    return _WORD.findall(text)[:_MAX_WORDS]


def evidence(words: Sequence[str], *, shouted: bool = False) -> Sums | None:
    """The log-likelihood of the words of a text in every language, in steps of 1 / UNIT nat.

    Args:
        words: What `split` gave, at least one.
        shouted: Whether all of them are in capitals, which then say nothing.

    Returns:
        A row by language. Words that no language has count for nothing; None where there is no other.
    """
    table = _table()
    known = table.rows.get
    rows: list[int] = []
    names: list[int] = []
    for word in [word.lower() for word in words] if shouted else [words[0].lower(), *words[1:]]:
        if (row := known(word)) is not None:
            rows.append(row)
        elif (row := known(word.lower())) is not None:
            names.append(row)
        elif not word.isalpha():
            rows += _parts(word.lower(), table.rows)
    if not rows and not names:
        return None
    found: Sums = np.add.reduce(table.scores.take(rows, axis=0), axis=0, dtype=np.int32)
    if names:
        found += np.add.reduce(table.scores.take(names, axis=0), axis=0, dtype=np.int32) * _NAME_TENTHS // 10
    return found


class Coverage(NamedTuple):
    """How many words of a text could be looked up, and what share of their letters the table of a language has."""

    words: int
    share: float


def coverage(words: Sequence[str], language: int, *, shouted: bool = False) -> Coverage | None:
    """How much of a text a language's table knows, names left out; ``None`` for a language that has no table.

    Args:
        words: What `split` gave.
        language: The place of the language in `LANGUAGES`.
        shouted: Whether all of them are in capitals.
    """
    if LANGUAGES[language] in _UNTABLED or LANGUAGES[language] in _NO_WORDS:
        return None
    table = _table()
    small = [word.lower() for word in words] if shouted else [word for word in words if not word[0].isupper()]
    if not small:
        return None
    rows = table.rows
    listed = [word for word in small if word in rows]
    scores = table.scores[[rows[word] for word in listed], language].tolist() if listed else []
    known = sum([len(word) for word, score in zip(listed, scores, strict=True) if score > _KNOWN])
    return Coverage(len(small), known / sum(map(len, small)))


def _parts(word: str, rows: dict[str, int]) -> Iterator[int]:
    """The rows of the parts of "l'eau", where no language has it whole; curly apostrophes are like straight ones."""
    whole = rows.get(_APOSTROPHES.sub("'", word))
    if whole is not None:
        yield whole
    else:
        yield from (rows[part] for part in _APOSTROPHES.split(word) if part in rows)


@functools.cache
def _table() -> _Table:
    found = kept_arrays("words", _make)
    words = found["words"].tobytes().decode().split("\n")
    return _Table(rows=dict(zip(words, range(len(words)), strict=True)), scores=found["scores"])


def _make() -> Mapping[str, NDArray[Any]]:
    import wordfreq  # late: it takes long to load, and this is asked once

    rows: dict[str, int] = {}
    found: list[tuple[list[int], list[float]]] = []
    paths = wordfreq.available_languages("small")
    for language in LANGUAGES:
        words = dict(_words(language, paths))
        found.append(([rows.setdefault(word, len(rows)) for word in words], list(words.values())))
    scores = np.empty((len(rows), len(LANGUAGES)), dtype=np.int16)
    for column, (row, share) in enumerate(found):
        floor = _UNLISTED if LANGUAGES[column] in _UNTABLED else _UNKNOWN
        scores[:, column] = round(floor * UNIT)
        scores[row, column] = np.rint(np.log(np.array(share) + math.exp(floor)) * UNIT)
    return {"words": np.frombuffer("\n".join(rows).encode(), dtype=np.uint8), "scores": scores}


def _words(language: str, paths: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Words of a language and their share of running text, lower case."""
    if language in _NO_WORDS:
        return
    # The rarer source first: where both have a word, the table's share holds.
    for code, common in FUNCTION_WORDS.items():
        if code == language or (code, language) == ("nn", "no"):
            # Zipf's law; a text in "no" is in Nynorsk now and then only.
            first = 0.02 if code == "nn" else 0.06
            yield from ((word, first / rank) for rank, word in enumerate(common.split(), start=1))
    if language not in _UNTABLED:
        path = paths[_TABLES.get(language, language)]
        # Row n of the file holds the words whose share of running text is 10 ** (-n / 100).
        import wordfreq

        for row, words in enumerate(wordfreq.read_cBpack(path)[: _RAREST + 1]):
            yield from ((to_serbian(word) if language == "sr" else word, 10 ** (-row / 100)) for word in words)
