"""Paragraphs to languages: the evidence of letters and words, weighed and smoothed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ingest.language import han, profiles, witness, words
from ingest.language.document import without_addresses
from ingest.language.han import HAN_LANGUAGES, is_cantonese
from ingest.language.profiles import LANGUAGES, UNIT
from ingest.language.scripts import HAN, LATIN, SCRIPTS_OF, fold, only, writing
from ingest.language.smooth import OUTSIDER, Floats, smooth
from ingest.language.witness import Testimony, testify
from ingest.language.yat import variety
from ingest.model import UNDETERMINED

DETECTOR: Final = f"{profiles.VERSION}, {words.VERSION} words, {witness.VERSION}, newsmill 5"
"""What made a detection: the profiles, the words, and the version of what is done with them here."""

# Neighbouring n-grams overlap, so that their evidence counts only in part; words hardly do. Fitted with the prior of
# rare languages by maximum likelihood on 6,400 texts of 12 languages; accuracy is flat around them.
_LETTERS: Final = 0.16 / UNIT
_WORDS: Final = 0.65 / UNIT
_HAN_LETTERS: Final = 0.05 / UNIT  # the characters' standards say more than the profiles
_WORDLESS: Final = 2.0 * _LETTERS  # for the letters where they are all there is, as in Chinese

# A line with a third of its letters in lower-case words counts fully; one of capitalised words only counts a fifth,
# since names travel between languages; a few of them, a name or a byline, next to nothing.
_LOWER_CASE_GAIN: Final = 3.0
_TITLE_WEIGHT: Final = 0.2
_NAME_WEIGHT: Final = 0.05
_NAME_WORDS: Final = 8
_STOPS: Final = (".", "!", "?", "…")
_PARTICLES: Final = frozenset({
    "af", "al", "and", "d", "da", "de", "del", "della", "den", "der", "di", "do", "du", "e", "el", "et", "för", "für",
    "i", "la", "le", "of", "och", "og", "the", "und", "van", "von", "y", "zu",
})  # fmt: skip
# Nats for each letter that a paragraph can say against a language. Foreign letters speak much louder, but a credit or
# the name of an agency in Latin letters ("Foto: dpa") makes no Italian of a line in a Russian text.
_MOST: Final = 1.0
_MOST_OUTSIDE: Final = 20.0  # what letters that a language does not have say against it
_HAN_PRIOR: Final = np.array([0.0, 0.0, -1.0])  # kanji without any kana are rarer than Chinese
# For a language that is none of ours: fitted by logistic regression, each language with the same weight, on 460
# languages of the Universal Declaration and on news; the bias was then set where of 1,000 paragraphs in ours two are
# lost. Nats by the witness's margin, by its sign, and by the share of words that the winner's table lacks.
_MARGIN: Final = 0.52
_MARGIN_CAP: Final = (-20.0, 8.0)
_MARGIN_SIGN: Final = 0.86
_MARGIN_SIGN_CAP: Final = (-2.0, 2.0)
_COVERAGE: Final = 6.0
_COVERAGE_USUAL: Final = 0.45
_COVERAGE_WORDS: Final = 8
# The witness takes as long as all else together. It is not asked where half of the words are in the winner's table, or
# more of fewer words and no other language comes near; nor of a line of which it could not say that it is in none of
# ours. Those whose sisters (Galician, Nepali) share their words are asked always.
_COVERED: Final = 0.5
_COVERED_WORDS: Final = 5
_WELL_COVERED: Final = 0.6
_AHEAD: Final = 3.0  # nats
_FAR_AHEAD: Final = 6.0
_BELARUSIAN: Final = LANGUAGES.index("be")  # has no table of words, and a letter of its own
_TESTIMONY: Final = 0.45  # nats for a unit of the witness's
_TESTIMONY_CAP: Final = 0.3  # nats a letter
_SISTERS: Final = frozenset({"es", "hi", "id", "ms", "pt"})
_OUTSIDE_BIAS: Final = 1.6
_OUTSIDE_FROM: Final = 40  # letters: of a shorter text little can be said
_OUTSIDE_UNTOLD: Final = 4.0
_OUTSIDE_COVERED: Final = 9.0

_MAX_CHARACTERS: Final = 2_000  # of a paragraph: long before that the evidence is overwhelming
_VOTE_FROM: Final = 20  # letters: a shorter line says nothing about its document
_VOTE_CAP: Final = 400  # letters that a paragraph can vote with


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The language of a paragraph (BCP-47) and the posterior probability that it is right, 0 to 1."""

    language: str
    confidence: float


_HAN: Final = [LANGUAGES.index(language) for language in HAN_LANGUAGES]
_NON_LATIN: Final = frozenset(" ".join(SCRIPTS_OF.values()).split())
# By script: which of the languages are not written in it.
_OTHERS: Final = {
    script: np.array([language not in languages.split() for language in LANGUAGES])
    for script, languages in SCRIPTS_OF.items()
} | {LATIN: np.array([language in _NON_LATIN for language in LANGUAGES])}
_CROATIAN: Final = LANGUAGES.index("hr")
_TOLD: Final = 0.3  # a list of brands is in no language, and less sure of any than this
_NAMED: Final = frozenset({OUTSIDER, _CROATIAN})
_SILENCE: Final[Floats] = np.zeros(len(LANGUAGES) + 1)
_NOTHING_KNOWN: Final = Detection(language=UNDETERMINED, confidence=0.0)


def detect_paragraphs(texts: Sequence[str]) -> tuple[Detection, ...]:
    """Tell the language of each paragraph of one document.

    The paragraphs are judged together and in order: a line without letters takes the language of its neighbours, a
    short line needs stronger evidence than a long one to differ from them. A paragraph that is in none of `LANGUAGES`
    is "und" with the confidence that it is none of them, or has the code of its language where its script or the second
    witness names it beyond doubt. Where there are no letters in the whole document it is "und" with confidence 0. Lines
    of under 20 letters or in capitals have no say in what the document is written in, unless there are no others.

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
    best = posterior.argmax(axis=1).tolist()
    names = _outsiders(readings, [found == OUTSIDER for found in best])
    if _CROATIAN in best:
        shared = variety(text for text, found in zip(texts, best, strict=True) if found == _CROATIAN)
        names = [shared if found == _CROATIAN else name for found, name in zip(best, names, strict=True)]
    return tuple(
        Detection(language=_called(reading, found, sure, name), confidence=round(sure, 4))
        for reading, found, sure, name in zip(readings, best, posterior.max(axis=1).tolist(), names, strict=True)
    )


def _called(reading: _Reading, found: int, sure: float, name: str) -> str:
    if sure < _TOLD and reading.votes:
        return UNDETERMINED
    return name if found in _NAMED else LANGUAGES[found]


def _outsiders(readings: Sequence[_Reading], outside: Sequence[bool]) -> list[str]:
    """What to call the language of each paragraph that is in none of ours: its own name, else its neighbours'.

    The name that most letters outside bear serves where a paragraph is too short to have one; a real paragraph that
    cannot be named stays "und".
    """
    said: Counter[str] = Counter()
    for reading, out in zip(readings, outside, strict=True):
        if out:
            said[reading.name] += reading.votes
    usual = max(said, key=lambda name: (said[name], name), default="")
    return [reading.name or (usual if reading.votes < _VOTE_FROM else "") or UNDETERMINED for reading in readings]


class _Reading(NamedTuple):
    """What a paragraph says by itself.

    `letters` is how many it has, `votes` how many of them have a say in what the document is written in; `evidence` is
    the weighed log-likelihood of each language beside the best one, in nats, and behind them that of all others
    together; `name` is the code of its language where that is one of those and can be told. A text that is not `heard`
    is silent: all languages are equally likely for it.
    """

    letters: int
    heard: bool
    votes: int
    evidence: Floats
    name: str = ""


def _read(text: str) -> _Reading:
    text = fold(without_addresses(text[:_MAX_CHARACTERS]))
    written = writing(text)
    if written is None:
        return _Reading(0, heard=False, votes=0, evidence=_SILENCE)
    if written.sure or (written.script != LATIN and not written.languages):
        return _by_script(written.sure or "", sum(map(str.isalpha, text)))
    if written.script == HAN:
        return _by_characters(text, sum(map(str.isalpha, text)))
    return _by_words(only(text, latin=written.script == LATIN), written.script)


def _by_words(text: str, script: str) -> _Reading:
    """A paragraph in letters that several languages are written in."""
    found = words.split(text)
    count = sum(map(len, found))
    shouted = text.isupper()
    votes = 0 if count < _VOTE_FROM or shouted else min(count, _VOTE_CAP)
    letters = profiles.evidence(text) if count else None
    if letters is None:
        name = testify(text).name
        return _Reading(count, heard=True, votes=votes, evidence=_beyond(_MOST_OUTSIDE), name=name)
    # Little counts where all words are capitalised, names most likely.
    lower_case = sum([len(word) for word in found if not word[0].isupper() and word not in _PARTICLES])
    if text.rstrip().endswith(_STOPS) and found[0][0].isupper():  # a sentence begins with a capital, whatever the word
        lower_case += len(found[0])
    names = _NAME_WEIGHT if len(found) <= _NAME_WORDS else _TITLE_WEIGHT
    weight = min(1.0, max(names, _LOWER_CASE_GAIN * lower_case / count))
    said = words.evidence(found, shouted=shouted)
    ours: Floats = letters * np.float64(_WORDLESS if said is None else _LETTERS)
    if said is not None:
        ours += said * _WORDS
    others = _OTHERS[script]
    ours[others] = -np.inf
    best = int(ours.argmax())
    coverage = words.coverage(found, best, shouted=shouted)
    if shouted and coverage is not None:  # capitals do not tell names from words, but common words are no names
        weight = max(weight, coverage.share)
    lead = _lead(ours, best)
    is_told = _is_told(coverage, best, lead, count) or (best == _BELARUSIAN and "ў" in text)
    testimony = None if is_told else testify(text)
    if testimony is not None:
        ours += np.maximum(testimony.scores * _TESTIMONY, -_TESTIMONY_CAP * count)
        ours -= ours.max()
    else:
        ours -= ours[best]
    ours = np.maximum(ours * weight, -weight * _MOST * count)
    if script != LATIN:  # a line of Latin letters may stand anywhere; any other is in a language that has them
        ours[others] = -_MOST_OUTSIDE
    outside = _outside(testimony, coverage, min(1.0, count / _OUTSIDE_FROM) * weight)
    name = testimony.name if testimony is not None else ""
    return _Reading(count, heard=True, votes=votes, evidence=np.append(ours, outside), name=name)


def _lead(ours: Floats, best: int) -> float:
    """How far the best language is ahead of the next, in nats."""
    highest = ours[best]
    ours[best] = -np.inf
    lead = float(highest - ours.max())
    ours[best] = highest
    return lead


def _is_told(coverage: words.Coverage | None, best: int, lead: float, count: int) -> bool:
    """Whether the words tell the language so well that the second witness need not be asked.

    Args:
        coverage: How many of them are in the table of the best language.
        best: That language.
        lead: How far the next one is behind, in nats.
        count: The letters of the text.
    """
    if coverage is None or LANGUAGES[best] in _SISTERS:
        return False
    if coverage.share >= _COVERED and coverage.words >= _COVERED_WORDS:
        return True
    return (coverage.share >= _WELL_COVERED and lead > _AHEAD) or (count < _VOTE_FROM and lead > _FAR_AHEAD)


def _outside(testimony: Testimony | None, coverage: words.Coverage | None, told: float) -> float:
    """What speaks for a language that is none of ours, in nats beside the best of them.

    Both witnesses have a say: how many of the words the table of the first one's best knows, and the margin of the
    second one. `told` says how much of a text there is to go by, 0 to 1.
    """
    if testimony is None:
        return -_OUTSIDE_COVERED
    margin = testimony.margin
    nats = _OUTSIDE_BIAS + _MARGIN * _capped(margin, _MARGIN_CAP) + _MARGIN_SIGN * _capped(margin, _MARGIN_SIGN_CAP)
    if coverage is not None:
        nats += min(1.0, coverage.words / _COVERAGE_WORDS) * _COVERAGE * (_COVERAGE_USUAL - coverage.share)
    return told * nats - (1.0 - told) * _OUTSIDE_UNTOLD


def _capped(value: float, caps: tuple[float, float]) -> float:
    return max(caps[0], min(value, caps[1]))


def _by_script(name: str, count: int) -> _Reading:
    """A paragraph whose script tells its language, or is one of a language that has no profile."""
    evidence = _only(LANGUAGES.index(name)) if name in LANGUAGES else _beyond(_MOST_OUTSIDE)
    return _Reading(count, heard=True, votes=min(count, _VOTE_CAP), evidence=evidence, name=name)


def _by_characters(text: str, count: int) -> _Reading:
    """A paragraph in Chinese characters: of China, of Taiwan, of Japan."""
    if is_cantonese(text):
        return _Reading(count, heard=True, votes=min(count, _VOTE_CAP), evidence=_beyond(_MOST_OUTSIDE), name="yue")
    said = _HAN_PRIOR - han.costs(text)
    letters = profiles.evidence(text)
    if letters is not None:
        said += letters[_HAN] * _HAN_LETTERS
    evidence = np.full(len(LANGUAGES) + 1, -_MOST_OUTSIDE)
    evidence[_HAN] = np.maximum(said - said.max(), -_MOST_OUTSIDE)
    return _Reading(count, heard=True, votes=min(count, _VOTE_CAP), evidence=evidence)


def _only(column: int) -> Floats:
    evidence = np.full(len(LANGUAGES) + 1, -_MOST_OUTSIDE)
    evidence[column] = 0.0
    return evidence


def _beyond(nats: float) -> Floats:
    evidence = np.zeros(len(LANGUAGES) + 1)
    evidence[OUTSIDER] = nats
    return evidence
