"""How well the letters of a text fit each language: langdetect's n-gram profiles, read from the installed package.

The only module that knows langdetect. Languages that it has no profile of get one from their nearest relatives: by
spelling rules Serbian in Cyrillic letters from Croatian, Belarusian from Russian and Ukrainian; Malay has Indonesian's,
since the two differ in words only.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

import numpy as np
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from ingest.kept import kept_arrays

VERSION: Final = f"langdetect {version('langdetect')} profiles"

# The languages of Europe that langdetect knows, and the large news languages elsewhere.
PROFILES: Final = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "mk", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sv", "ta", "th", "tr",
    "uk", "ur", "vi", "zh-cn", "zh-tw", "af",
)  # fmt: skip
_BCP47: Final = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
LANGUAGES: Final = (*(_BCP47.get(profile, profile) for profile in PROFILES), "be", "sr", "ms")
"""The languages that can be told apart, as BCP-47 codes, in the order of every row of evidence."""

UNIT: Final = 1024
"""Evidence comes in steps of 1 / UNIT nat: whole numbers have the same sum on every machine."""

# Letters that a language does not have, where its sisters have them. langdetect's profiles were made from Wikipedia,
# where every letter occurs everywhere.
_SERBIAN: Final = "ђјљњћџ"
_MACEDONIAN: Final = "ѓѕќ"
_ABSENT: Final = {
    "ru": "іїєґў" + _SERBIAN + _MACEDONIAN,
    "uk": "ыэёъў" + _SERBIAN + _MACEDONIAN,
    "be": "ищъїєґ" + _SERBIAN + _MACEDONIAN,
    "bg": "ыэёіїєґў" + _SERBIAN + _MACEDONIAN,
    "mk": "йщъыьэюяёіїєґўђћ",
    "sr": "йщъыьэюяёіїєґў" + _MACEDONIAN,
    "sv": "æø",
    "da": "äöß",
    "no": "äöß",
    "de": "åæø",
}
_ABSENT_COST: Final = 5.0  # nats for each such letter, beside what its n-grams cost

# Letters of languages without a profile: Cyrillic beyond the Slavic languages (Kazakh, Kyrgyz, Mongolian, Tatar, Tajik,
# ...), Arabic letters of Kurdish, Pashto and Uyghur. They are one letter in ten there; one in 25 is enough to say so.
_UNPROFILED: Final = re.compile(
    "[\u0460-\u048f\u0492-\u052f\u0695\u06b5\u06c6\u06d5\u0681\u0685\u0696\u069a\u06bc\u06d0]"
)
_UNPROFILED_SHARE: Final = 25

_SMOOTHING: Final = 0.5 / 10_000  # langdetect's: alpha over its base frequency, added to every probability

# How letters of a relative are spelled. Belarusian has neither и nor щ: where Russian has и it mostly has і, where
# Ukrainian has и it mostly has ы. A в that closes a syllable becomes ў, which is one in four of them.
_RUSSIAN_TO_BELARUSIAN: Final = str.maketrans("ищИЩ", "ішІШ")
_UKRAINIAN_TO_BELARUSIAN: Final = str.maketrans("иїєґщИЇЄҐЩ", "ыіегшЫІЕГШ")
_SHORT_U_SHARE: Final = 0.25
# Gaj's alphabet and Vuk's stand letter for letter, but for three digraphs.
_LATIN_TO_SERBIAN: Final = str.maketrans(
    "abcčćdđefghijklmnoprsštuvzžABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽ", "абцчћдђефгхијклмнопрсштувзжАБЦЧЋДЂЕФГХИЈКЛМНОПРСШТУВЗЖ"
)
_DIGRAPH: Final = re.compile("(?i:lj)|(?i:nj)|(?i:dž)")
_SERBIAN_DIGRAPHS: Final = {"lj": "љ", "nj": "њ", "dž": "џ", "Lj": "Љ", "Nj": "Њ", "Dž": "Џ"}

_Ints = NDArray[np.int64]
Sums = NDArray[np.int32]
_Bools = NDArray[np.bool_]
_CODES: Final = 2**16  # UTF-16 code units: what lies beyond has no profile


def to_serbian(text: str) -> str:
    """Croatian or Serbian in Latin letters, written in Cyrillic ones."""
    text = _DIGRAPH.sub(lambda found: _SERBIAN_DIGRAPHS.get(found[0], found[0]), text)
    return text.translate(_LATIN_TO_SERBIAN)


def evidence(text: str) -> Sums | None:
    """The log-likelihood of the letters of a text in every language, in steps of 1 / UNIT nat.

    None where the profiles do not know most of the letters, or where some belong to an alphabet without profile.
    N-grams lie within a word and the space before and after it: no profile has one with a space inside.
    """
    table = _table()
    codes = _codes(f" {_prepare(text)} ")
    last = table.numbers.take(codes)
    if not text.isascii():
        letter = table.letter.take(codes)
        letters = np.count_nonzero(letter)
        if (
            2 * np.count_nonzero(letter & (last == table.other)) > letters
            or _UNPROFILED_SHARE * len(_UNPROFILED.findall(text)) > letters
        ):
            return None
    capital = table.capital.take(codes)
    last[1:][capital[1:] & capital[:-1]] = table.other  # a run of capitals says nothing: it may be a name
    base = table.other + 1
    pairs = last[:-1] * base + last[1:]
    grams = np.concatenate((last, pairs, pairs[:-1] * base + last[2:]))
    grams.sort()  # what is looked up in order is found in half the time
    row = table.keys[:-1].searchsorted(grams)
    row = row[table.keys.take(row) == grams]
    if not row.size:
        return None
    found: Sums = np.add.reduce(table.scores.take(row, axis=0), axis=0, dtype=np.int32)
    return found


def _prepare(text: str) -> str:
    if text.isupper():  # else nothing would be left of a headline in capitals
        text = text.lower()
    return text if text.isascii() else NGram.normalize_vi(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The profiles as arrays.

    By UTF-16 code: `numbers`, the number of the normalised character (`other` where no profile has it), and whether it
    is a letter and a capital. By row: `keys`, the n-grams as numbers in base `other + 1`, sorted; and `scores`, their
    log-probability in each language, in whole steps of 1 / `UNIT` nat.
    """

    numbers: _Ints
    letter: _Bools
    capital: _Bools
    other: int
    keys: _Ints
    scores: NDArray[np.int16]


_ARRAYS: Final = ("numbers", "letter", "capital", "keys", "scores")


@functools.cache
def _table() -> _Table:
    found = kept_arrays("letters", _make)
    return _Table(other=int(found["base"]) - 1, **{name: found[name] for name in _ARRAYS})


def _make() -> Mapping[str, NDArray[Any]]:
    profiles = _profiles()
    # Character 0 fills up the shorter n-grams: as the first code it gets number 0, and leaves the key as it is.
    grams = [gram.rjust(NGram.N_GRAM, "\0") for profile in profiles for gram in profile]
    codes = _codes("".join(grams))
    characters, number = np.unique(codes, return_inverse=True)
    base = len(characters) + 1
    places = np.array([base**2, base, 1], dtype=np.int64)
    keys, row = np.unique(number.reshape(-1, NGram.N_GRAM) @ places, return_inverse=True)
    column = np.repeat(np.arange(len(profiles)), [len(profile) for profile in profiles])
    probability = np.concatenate([list(profile.values()) for profile in profiles])
    scores = np.full((len(keys), len(profiles)), round(math.log(_SMOOTHING) * UNIT), dtype=np.int16)
    scores[row, column] = np.rint(np.log(probability + _SMOOTHING) * UNIT)

    for language, letters in _ABSENT.items():
        # A single character is its own key.
        absent = np.flatnonzero(np.isin(characters, _codes(letters + letters.replace("ß", "").upper())))
        cost = round((math.log(_SMOOTHING) - _ABSENT_COST) * UNIT)
        scores[np.isin(keys, absent), LANGUAGES.index(language)] = cost

    normal = [NGram.normalize(chr(code)) for code in range(_CODES)]
    number_of = np.full(_CODES, base - 1)
    number_of[characters] = np.arange(len(characters))
    return {
        "numbers": number_of[_codes("".join(normal))],
        "letter": np.array([character.isalpha() for character in normal]),
        "capital": np.array([character.isupper() for character in normal]),
        "base": np.array(base),
        "keys": keys,
        "scores": scores,
    }


def _codes(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def _profiles() -> list[dict[str, float]]:
    """For each language, the share of each n-gram among those of its length."""
    folder = files("langdetect") / "profiles"
    counts = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in PROFILES}
    profiles = {
        name: {gram: count / counts[name]["n_words"][len(gram) - 1] for gram, count in counts[name]["freq"].items()}
        for name in PROFILES
    }
    ru, uk, hr = profiles["ru"], profiles["uk"], profiles["hr"]
    belarusian = _shares(
        [(gram.translate(_RUSSIAN_TO_BELARUSIAN), share) for gram, share in ru.items()]
        + [(gram.translate(_UKRAINIAN_TO_BELARUSIAN), share) for gram, share in uk.items()]
    )
    short_u = {gram.replace("в", "ў"): share * _SHORT_U_SHARE for gram, share in belarusian.items() if "в" in gram}
    serbian = _shares((to_serbian(gram), share) for gram, share in hr.items())
    return [*profiles.values(), belarusian | short_u, serbian, profiles["id"]]


def _shares(grams: Iterable[tuple[str, float]]) -> dict[str, float]:
    summed: defaultdict[str, float] = defaultdict(float)
    totals = [0.0] * NGram.N_GRAM
    for gram, share in grams:
        summed[gram] += share
        totals[len(gram) - 1] += share
    return {gram: share / totals[len(gram) - 1] for gram, share in summed.items()}
