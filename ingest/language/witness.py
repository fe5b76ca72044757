"""A second witness with more languages: py3langid's classifier, whose only owner this module is.

It knows some 140 languages, three times as many as have profiles here. What it is asked is whether a text is in one of
those at all: where a language without a profile fits better than each with one, the text is none of ours. Which one it
is, it may say only where it knows the sisters, too: what it takes for Zulu may be Swati, which it has never seen.
"""

from __future__ import annotations

import functools
import io
import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

from ingest.kept import kept_arrays
from ingest.language.profiles import LANGUAGES

VERSION: Final = f"py3langid {version('py3langid')}"

# What counts as one of ours: varieties of them, and what is told by its sisters' words (`words`).
_OURS: Final = {
    "ary": "ar", "arz": "ar", "bs": "hr", "grc": "el", "hbo": "he", "ms": "id", "nn": "no",
    "wuu": "zh-Hans", "yue": "zh-Hans", "zh": "zh-Hans",
}  # fmt: skip
_LIKE: Final = {"ms": "id", "zh-Hant": "zh-Hans"}  # not told apart here
_MOST_COLUMNS: Final = 4
_WORST: Final = -1e9
_NOTHING: Final = frozenset({"zxx"})

# Outsiders that may be named, and how far the next best must be behind, in the witness's units (log-likelihood by the
# root of the length in bytes). The first row are languages whose sisters the witness knows or that have none. Chosen
# on the Universal Declaration in 440 languages, where but two (Talysh, Rundi) were taken for one of these by so much.
_GAPS: Final = (
    dict.fromkeys(["fo", "ga", "gl", "is", "mr", "sa"], 1.0)
    | dict.fromkeys(["fy", "gd", "lb", "mg", "ne", "tg", "tk", "tt", "ug"], 3.0)
    | dict.fromkeys(["br", "cy", "eo", "eu", "ig", "ku", "mt", "om", "uz"], 6.5)
    | dict.fromkeys(["az", "ba", "ht", "ky", "la", "rw", "sw", "tl", "yo"], 8.0)
    | dict.fromkeys(["kk", "mn", "ps"], 11.0)
)
_LONGEST: Final = 600  # characters: of more than the first few hundred nothing new is learnt


class Testimony(NamedTuple):
    """What the witness says.

    `scores` are those of `LANGUAGES` beside the best of them, `margin` is by how much the best outsider is better than
    that (negative: it is worse), and `name` the outsider's code, "" where it may not be named.
    """

    scores: NDArray[np.float64]
    margin: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classes:
    identifier: LanguageIdentifier
    codes: tuple[str, ...]
    columns: NDArray[np.intp]  # by language of ours: two columns at most that stand for it
    outsiders: NDArray[np.bool_]


def testify(text: str) -> Testimony:
    """Ask the witness about a text that has letters."""
    classes = _classes()
    encoded = classes.identifier._encode(text[:_LONGEST])
    scores = classes.identifier._raw_score(encoded) / math.sqrt(len(encoded))
    ours = np.append(scores, np.float32(_WORST)).take(classes.columns).max(axis=0)
    best = int(np.where(classes.outsiders, scores, -np.inf).argmax())
    margin = float(scores[best] - ours.max())
    first, second = np.partition(scores, -2)[-2:][::-1]
    named = scores[best] == first and first - second >= _GAPS.get(classes.codes[best], math.inf)
    # Rounded, since sums of floats differ a little from machine to machine.
    return Testimony(
        np.round(ours.astype(np.float64) - ours.max(), 2), round(margin, 2), classes.codes[best] if named else ""
    )


class _InMemory:
    """Stands for `tempfile` while the model is read: a full disk must not end what only reads."""

    @staticmethod
    def TemporaryFile(suffix: str = "") -> io.BytesIO:  # noqa: N802 (the library's name and argument)
        return io.BytesIO()


def _load() -> LanguageIdentifier:
    """The classifier, whose model lies packed in py3langid."""
    from py3langid.langid import LanguageIdentifier  # late: most pages leave no doubt

    found = kept_arrays("witness", _unpack)
    row = array(found["row"].dtype.char, found["row"].tobytes())
    moves = memoryview(found["moves"])  # no copy: the largest part stays on disk, shared by all processes
    output = found["output"].tolist()
    return LanguageIdentifier(found["ptc"], found["pc"], found["classes"].tolist(), moves, output, tk_row=row)


def _unpack() -> Mapping[str, NDArray[Any]]:
    """The parts of the classifier, which py3langid would unpack into a temporary file."""
    from py3langid import modelio
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    kept = modelio.tempfile
    modelio.tempfile = _InMemory
    try:
        whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    finally:
        modelio.tempfile = kept
    return {
        "ptc": whole.nb_ptc,
        "pc": whole.nb_pc,
        "classes": np.array(whole.nb_classes),
        "moves": np.array(whole.tk_nextmove),
        "row": np.array(whole.tk_row),
        "output": np.array(whole.tk_output),
    }


@functools.cache
def _classes() -> _Classes:
    identifier = _load()
    codes = tuple(identifier.nb_classes)
    ours = np.array([_OURS.get(code, code) in LANGUAGES for code in codes])
    nothing = len(codes)
    columns = np.full((len(codes), len(LANGUAGES)), nothing)
    for column, code in enumerate(codes):
        language = _OURS.get(code, code)
        if language in LANGUAGES:
            columns[column, LANGUAGES.index(language)] = column
    for language, like in _LIKE.items():
        columns[:, LANGUAGES.index(language)] = columns[:, LANGUAGES.index(like)]
    return _Classes(
        identifier=identifier,
        codes=codes,
        columns=np.sort(columns, axis=0)[:_MOST_COLUMNS],
        outsiders=~ours & np.array([code not in _NOTHING for code in codes]),
    )
