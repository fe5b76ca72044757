"""Which language each paragraph of an article is written in. The only module that knows langdetect.

langdetect judges a text by the n-grams (one to three characters) of its language profiles, drawing n-grams at random
until one language wins: slow, different from run to run, and weak on short lines, since every line is judged alone.
Here the same profiles are read from the installed package and used in three steps:

1. *evidence*: the exact naive Bayes log-likelihood of every paragraph in every language, over all its n-grams, with
   langdetect's own normalisation of characters. Whole numbers, so that every machine gets the same sums;
2. *weight*: neighbouring n-grams overlap, so their evidence counts only in part, and that of a line of names
   ("Süddeutsche Zeitung") less still, since names travel between languages;
3. *smoothing*: languages come in runs. A hidden Markov model over the paragraphs (forward-backward; Rabiner 1989)
   prefers the language of the neighbours and of the whole document. Its posterior probability is the confidence.

A second opinion (another detector, for short lines and for languages that langdetect has no profile of, such as
Belarusian or Kazakh) would add its log-likelihoods to the matrix between steps 1 and 2.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

import numpy as np
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from ingest.model import UNDETERMINED
from ingest.segment import ADDRESS

DETECTOR: Final = f"langdetect {version('langdetect')} profiles, newsmill 1"
"""What made a detection: the profiles, and the version of what is done with them here."""

# The languages of Europe that langdetect knows, and the large news languages elsewhere. Each one more costs accuracy
# on short lines: of those of under 20 characters in sv, de, ru, en, read alone, 75.9 % are right with all 55 profiles,
# 78.3 % with these, 81.7 % with 11.
_PROFILES: Final = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "mk", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sv", "ta", "th", "tr",
    "uk", "ur", "vi", "zh-cn", "zh-tw",
)  # fmt: skip
_BCP47: Final = {"zh-cn": "zh", "zh-tw": "zh-Hant"}
LANGUAGES: Final = tuple(_BCP47.get(profile, profile) for profile in _PROFILES)
"""The languages that can be told apart, as BCP-47 codes."""

_SMOOTHING: Final = 0.5 / 10_000  # langdetect's: alpha over its base frequency, added to every probability
_UNIT: Final = 1024  # steps per nat: -10 nats is the least, so that a row of the table fits in 16 bits
_MAX_CHARACTERS: Final = 2_000  # of a paragraph: long before that the evidence is overwhelming

# Chosen on 240 documents of mixed languages and 275 of one; accuracy is flat around them (temper .25 to .45, switch
# .1 to .35, floor .002 to .02: within .3 points).
_TEMPER: Final = 0.35  # share of the evidence that counts
_SWITCH: Final = 0.25  # probability that a paragraph does not follow the language of the one before
_FLOOR: Final = 0.005  # what every language has in the document's prior, in hundreds of characters
_VOTE_CAP: Final = 400  # characters that a paragraph can vote with
# A line with a third of its letters in lower-case words counts fully; one of capitalised words only counts a fifth.
_LOWER_CASE_GAIN: Final = 3.0
_NAMES_WEIGHT: Final = 0.2
# Languages so close that short lines are taken for one another, and that are hardly ever mixed in one document: the
# weaker ones of a family lose in the prior, by how much weaker they are.
_FAMILIES: Final = tuple(
    [LANGUAGES.index(language) for language in family.split()]
    for family in ("da no sv", "bg mk ru uk", "cs sk", "hr sl", "ca es pt", "ar fa ur", "zh zh-Hant")
)

_WORD = re.compile(r"[^\W\d_]+")
# langdetect's rule for a text in another script with Latin words in it ("A" to "z", its own range).
_LATIN = re.compile("[A-z]")
_NOT_LATIN = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]")

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The language of a paragraph (BCP-47) and the posterior probability that it is right, 0 to 1."""

    language: str
    confidence: float


_NOTHING_KNOWN: Final = Detection(language=UNDETERMINED, confidence=0.0)


def detect_paragraphs(texts: Sequence[str]) -> tuple[Detection, ...]:
    """Tell the language of each paragraph of one document.

    The paragraphs are judged together and in order: a line without letters takes the language of its neighbours, a
    short line needs stronger evidence than a long one to differ from them. Where nothing can be told (no letters in
    the whole document, or a paragraph in a script that no profile covers) the language is "und" with confidence 0.

    Args:
        texts: The paragraphs of one document, in order.

    Returns:
        One detection for each paragraph. Equal input gives equal output.
    """
    if not texts:
        return ()
    evidence = np.array([_evidence(text) for text in texts])
    # A text without evidence is silent: all languages are equally likely for it.
    spoken = np.asarray(evidence.any(axis=1))
    if not spoken.any():
        return (_NOTHING_KNOWN,) * len(texts)
    weight = np.array([_TEMPER / _UNIT * _weight(text) for text in texts])
    likelihood = np.exp((evidence - evidence.max(axis=1, keepdims=True)) * weight[:, None])
    votes = np.array([min(len(text), _VOTE_CAP) / 100 for text in texts]) * spoken
    posterior = _smooth(likelihood, votes)
    best = posterior.argmax(axis=1).tolist()
    return tuple(
        Detection(language=LANGUAGES[language], confidence=round(float(row[language]), 4))
        if heard or not _letters(text)
        else _NOTHING_KNOWN
        for text, heard, language, row in zip(texts, spoken, best, posterior, strict=True)
    )


def shares(segments: Iterable[tuple[str, str]]) -> tuple[tuple[str, float], ...]:
    """What part of a document is in which language, by letters.

    Digits, punctuation and addresses belong to no language and are not counted: a table of figures or a long URL
    decides nothing.

    Args:
        segments: Pairs of a text and its language.

    Returns:
        Pairs of a language and its share, the largest first, equal ones by code. Shares are rounded to four decimals
        so that they sum to 1. Without any letter it is all "und".
    """
    counts: Counter[str] = Counter()
    for text, language in segments:
        counts[language] += _letters(text)
    total = counts.total()
    if not total:
        return ((UNDETERMINED, 1.0),)
    # Largest remainders: round down, and give what is left to those that lost most.
    parts = {language: divmod(count * 10_000, total) for language, count in counts.items() if count}
    left = 10_000 - sum(whole for whole, _ in parts.values())
    lucky = sorted(parts, key=lambda language: (-parts[language][1], language))[:left]
    rounded = [(language, (parts[language][0] + (language in lucky)) / 10_000) for language in parts]
    return tuple(sorted(rounded, key=lambda share: (-counts[share[0]], share[0])))


def _letters(text: str) -> int:
    return sum(map(len, _WORD.findall(ADDRESS.sub(" ", text))))


def _weight(text: str) -> float:
    """How far the evidence of a paragraph counts: little where all words are capitalised, names most likely."""
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if not letters:
        return _NAMES_WEIGHT
    lower_case = sum(len(word) for word in words if not word[0].isupper())
    return min(1.0, max(_NAMES_WEIGHT, _LOWER_CASE_GAIN * lower_case / letters))


def _smooth(likelihood: _Floats, votes: _Floats) -> _Floats:
    """The posterior probability of every language for every paragraph.

    A paragraph keeps the language of the one before, or (with probability `_SWITCH`) draws one from the document's
    prior; the prior is what the paragraphs say, each by its votes. Two rounds, since at first each has only its own
    word. A lone paragraph has no neighbours to listen to.
    """
    posterior: _Floats = likelihood / likelihood.sum(axis=1, keepdims=True)
    if len(posterior) == 1:
        return posterior
    for _ in range(2):
        prior = _FLOOR + votes @ posterior
        for family in _FAMILIES:
            prior[family] *= prior[family] / prior[family].max()
        posterior = _forward_backward(likelihood, prior / prior.sum())
    return posterior


def _forward_backward(likelihood: _Floats, prior: _Floats) -> _Floats:
    # The transition matrix is (1 - switch) * identity + switch * prior, so that a step costs one vector, not a matrix.
    forward = np.empty_like(likelihood)
    state = prior
    for step, seen in enumerate(likelihood):
        state = seen * ((1 - _SWITCH) * state + _SWITCH * prior)
        state = forward[step] = state / state.sum()
    backward = np.ones_like(likelihood)
    for step in range(len(likelihood) - 2, -1, -1):
        seen = likelihood[step + 1] * backward[step + 1]
        state = (1 - _SWITCH) * seen + _SWITCH * (seen @ prior)
        backward[step] = state / state.sum()
    posterior = forward * backward
    smoothed: _Floats = posterior / posterior.sum(axis=1, keepdims=True)
    return smoothed


_CODES: Final = 2**16  # UTF-16 code units: what lies beyond has no profile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """langdetect's profiles as arrays.

    By UTF-16 code: `numbers`, the number of the normalised character (`other` where no profile has it), and whether it
    is a letter and a capital. By row: `keys`, the n-grams as numbers in base `other + 1`, sorted; and `scores`, their
    log-probability in each language, in whole steps of 1 / `_UNIT` nat.
    """

    numbers: _Ints
    letter: _Bools
    capital: _Bools
    other: int
    keys: _Ints
    scores: NDArray[np.int16]


@functools.cache
def _table() -> _Table:
    folder = files("langdetect") / "profiles"
    profiles = [json.loads((folder / name).read_text(encoding="utf-8")) for name in _PROFILES]
    # Character 0 fills up the shorter n-grams: as the first code it gets number 0, and leaves the key as it is.
    grams = [gram.rjust(NGram.N_GRAM, "\0") for profile in profiles for gram in profile["freq"]]
    codes = _codes("".join(grams))
    characters, number = np.unique(codes, return_inverse=True)
    base = len(characters) + 1
    places = np.array([base**2, base, 1], dtype=np.int64)
    keys, row = np.unique(number.reshape(-1, NGram.N_GRAM) @ places, return_inverse=True)
    column = np.repeat(np.arange(len(profiles)), [len(profile["freq"]) for profile in profiles])
    probability = np.concatenate([_probabilities(profile) for profile in profiles])
    scores = np.full((len(keys), len(profiles)), round(math.log(_SMOOTHING) * _UNIT), dtype=np.int16)
    scores[row, column] = np.rint(np.log(probability + _SMOOTHING) * _UNIT)

    normal = [NGram.normalize(chr(code)) for code in range(_CODES)]
    number_of = np.full(_CODES, base - 1)
    number_of[characters] = np.arange(len(characters))
    return _Table(
        numbers=number_of[_codes("".join(normal))],
        letter=np.array([character.isalpha() for character in normal]),
        capital=np.array([character.isupper() for character in normal]),
        other=base - 1,
        keys=keys,
        scores=scores,
    )


def _codes(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def _probabilities(profile: dict[str, Any]) -> _Floats:
    """The share of each n-gram of a profile among the n-grams of its length."""
    totals = np.array([profile["n_words"][len(gram) - 1] for gram in profile["freq"]])
    probabilities: _Floats = np.array(list(profile["freq"].values())) / totals
    return probabilities


def _evidence(text: str) -> _Ints:
    """The log-likelihood of a text in every language; all zeros where the profiles do not know most of its letters.

    N-grams lie within a word and the space before and after it: no profile has one with a space inside.
    """
    table = _table()
    codes = _codes(f" {_prepare(text)} ")
    last = table.numbers.take(codes)
    if not text.isascii():
        letter = table.letter.take(codes)
        if 2 * np.count_nonzero(letter & (last == table.other)) > np.count_nonzero(letter):
            return np.zeros(len(_PROFILES), dtype=np.int64)
    capital = table.capital.take(codes)
    last[1:][capital[1:] & capital[:-1]] = table.other  # a run of capitals says nothing: it may be a name
    base = table.other + 1
    pairs = last[:-1] * base + last[1:]
    grams = np.concatenate((last, pairs, pairs[:-1] * base + last[2:]))
    row = np.searchsorted(table.keys[:-1], grams)
    row = row[table.keys.take(row) == grams]
    evidence: _Ints = np.add.reduce(table.scores.take(row, axis=0), axis=0, dtype=np.int64)
    return evidence


def _prepare(text: str) -> str:
    text = ADDRESS.sub(" ", text[:_MAX_CHARACTERS])
    if text.isupper():  # else nothing would be left of a headline in capitals
        text = text.lower()
    if not text.isascii():
        text = NGram.normalize_vi(text)
        if _NOT_LATIN.search(text) and 2 * len(_LATIN.findall(text)) < len(_NOT_LATIN.findall(text)):
            text = _LATIN.sub("", text)
    return text
