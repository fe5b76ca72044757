"""Paragraphs to languages: the evidence of letters and words, weighed and smoothed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ingest.language import profiles, words
from ingest.language.document import without_addresses
from ingest.language.profiles import LANGUAGES, UNIT
from ingest.language.smooth import Floats, smooth
from ingest.model import UNDETERMINED

DETECTOR: Final = f"{profiles.VERSION}, {words.VERSION} words, newsmill 2"
"""What made a detection: the profiles, the words, and the version of what is done with them here."""

# Neighbouring n-grams overlap, so that their evidence counts only in part; words hardly do. Fitted with the prior of
# rare languages by maximum likelihood on 6,400 texts of 12 languages; accuracy is flat around them.
_LETTERS: Final = 0.16 / UNIT
_WORDS: Final = 0.65 / UNIT
_WORDLESS: Final = 2.0 * _LETTERS  # for the letters where they are all there is, as in Chinese

# A line with a third of its letters in lower-case words counts fully; one of capitalised words only counts a fifth,
# since names travel between languages; a few of them, a name or a byline, next to nothing.
_LOWER_CASE_GAIN: Final = 3.0
_TITLE_WEIGHT: Final = 0.2
_NAME_WEIGHT: Final = 0.05
_NAME_WORDS: Final = 8
_PARTICLES: Final = frozenset({
    "af", "al", "and", "d", "da", "de", "del", "della", "den", "der", "di", "do", "du", "e", "el", "et", "för", "für",
    "i", "la", "le", "of", "och", "og", "the", "und", "van", "von", "y", "zu",
})  # fmt: skip
# Nats for each letter that a paragraph can say against a language. Foreign letters speak much louder, but a credit or
# the name of an agency in Latin letters ("Foto: dpa") makes no Italian of a line in a Russian text.
_MOST: Final = 1.0
_MAX_CHARACTERS: Final = 2_000  # of a paragraph: long before that the evidence is overwhelming
_VOTE_FROM: Final = 20  # letters: a shorter line says nothing about its document
_VOTE_CAP: Final = 400  # letters that a paragraph can vote with


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The language of a paragraph (BCP-47) and the posterior probability that it is right, 0 to 1."""

    language: str
    confidence: float


_SILENCE: Final[Floats] = np.zeros(len(LANGUAGES))
_NOTHING_KNOWN: Final = Detection(language=UNDETERMINED, confidence=0.0)


def detect_paragraphs(texts: Sequence[str]) -> tuple[Detection, ...]:
    """Tell the language of each paragraph of one document.

    The paragraphs are judged together and in order: a line without letters takes the language of its neighbours, a
    short line needs stronger evidence than a long one to differ from them. Where nothing can be told (no letters in
    the whole document, or a paragraph in a script or alphabet that no profile covers) the language is "und" with
    confidence 0. Lines of under 20 letters or in capitals have no say in what the document is written in, unless there
    are no others.

    Args:
        texts: The paragraphs of one document, in order.

    Returns:
        One detection for each paragraph. Equal input gives equal output.
    """
    readings = [_read(text) for text in texts]
    if not any(reading.heard for reading in readings):
        return (_NOTHING_KNOWN,) * len(texts)
    votes = [reading.votes for reading in readings]
    if not any(votes):  # nothing but short lines: they have to do
        votes = [reading.letters * reading.heard for reading in readings]
    posterior = smooth(np.exp(np.array([reading.evidence for reading in readings])), votes)
    return tuple(
        Detection(language=LANGUAGES[best], confidence=round(sure, 4))
        if reading.heard or not reading.letters
        else _NOTHING_KNOWN
        for reading, best, sure in zip(
            readings, posterior.argmax(axis=1).tolist(), posterior.max(axis=1).tolist(), strict=True
        )
    )


class _Reading(NamedTuple):
    """What a paragraph says by itself.

    `letters` is how many it has, `votes` how many of them have a say in what the document is written in; `evidence` is
    the weighed log-likelihood of each language beside the best one, in nats. A text that is not `heard` is silent: all
    languages are equally likely for it.
    """

    letters: int
    heard: bool
    votes: int
    evidence: Floats


def _read(text: str) -> _Reading:
    text = without_addresses(text[:_MAX_CHARACTERS])
    found = words.split(text)
    count = sum(map(len, found))
    letters = profiles.evidence(text) if count else None
    if letters is None:
        return _Reading(count, heard=False, votes=0, evidence=_SILENCE)
    shouted = text.isupper()
    # Little counts where all words are capitalised, names most likely.
    lower_case = sum([len(word) for word in found if not word[0].isupper() and word not in _PARTICLES])
    names = _NAME_WEIGHT if len(found) <= _NAME_WORDS else _TITLE_WEIGHT
    weight = min(1.0, max(names, _LOWER_CASE_GAIN * lower_case / count))
    said = words.evidence(found, shouted=shouted)
    evidence: Floats = np.multiply(letters, weight * (_WORDLESS if said is None else _LETTERS), dtype=np.float64)
    if said is not None:
        evidence += said * (weight * _WORDS)
    evidence -= evidence.max()
    np.maximum(evidence, -weight * _MOST * count, out=evidence)
    votes = 0 if count < _VOTE_FROM or shouted else min(count, _VOTE_CAP)
    return _Reading(count, heard=True, votes=votes, evidence=evidence)
