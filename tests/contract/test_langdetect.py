"""What language detection relies on in langdetect: its profiles and how it reads characters."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest
from langdetect import DetectorFactory
from langdetect.utils.ngram import NGram

from ingest.language import LANGUAGES
from ingest.language.document import without_addresses
from ingest.language.profiles import _ABSENT, _SMOOTHING, PROFILES, UNIT, evidence

TEXTS = [
    "Hon köpte en röd cykel, och sedan cyklade hon hem genom skogen.",
    "Тихая улица, старый дом и собака у ворот.",
    "„Wie geht es dir?“, fragte der Bäcker. Schön war’s!",
    "Sáng nay trời mưa to ở Hà Nội.",
    "今日は雨ですね。",
    "القطار متأخر اليوم، كما تعلم.",
    "Дом Smith стоит на углу, see https://example.org/house or write to me@example.org",
    "x",
]


@pytest.fixture(scope="module")
def factory() -> DetectorFactory:
    """langdetect with the profiles that we use."""
    folder = files("langdetect") / "profiles"
    made = DetectorFactory()
    made.load_json_profile([(folder / name).read_text(encoding="utf-8") for name in PROFILES])
    return made


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_is_the_sum_over_langdetects_own_ngrams(factory: DetectorFactory, text: str) -> None:
    """The log-likelihoods are those that langdetect's random draws approach, to the rounding of the table."""
    detector = factory.create()
    detector.append(text + " ")  # langdetect itself leaves out the n-grams that end the last word
    detector.cleaning_text()
    grams = detector._extract_ngrams()
    expected = [
        sum(math.log(factory.word_lang_prob_map[gram][column] + _SMOOTHING) for gram in grams)
        for column in range(len(PROFILES))
    ]

    # A letter that a language does not have costs it more than langdetect's profile says.
    same = [
        column
        for column, language in enumerate(LANGUAGES[: len(PROFILES)])
        if not set(_ABSENT.get(language, "")) & set(text.lower())
    ]
    found = evidence(without_addresses(text))

    assert grams
    assert found is not None
    assert len(same) > len(PROFILES) / 2
    # The derived profiles know n-grams that langdetect's do not: those speak against all others alike.
    difference = found[same] / UNIT - np.array(expected)[same]
    assert np.ptp(difference) <= 2 * len(grams) / UNIT


def test_langdetects_smoothing_is_ours(factory: DetectorFactory) -> None:
    """alpha over the base frequency, as in `_update_lang_prob`."""
    detector = factory.create()

    assert pytest.approx(detector.alpha / detector.BASE_FREQ) == _SMOOTHING


def test_langdetect_agrees_on_plain_texts(factory: DetectorFactory) -> None:
    """Where a text leaves no doubt both give the same language."""
    factory.set_seed(0)
    for text in TEXTS[:3]:
        detector = factory.create()
        detector.append(text)

        found = evidence(text)
        assert found is not None
        assert detector.detect() == LANGUAGES[int(found.argmax())]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_counts_of_ngrams_without_inner_spaces(name: str) -> None:
    """We rely on `freq`, `n_words` and on n-grams that never reach over a space."""
    profile = json.loads((files("langdetect") / "profiles" / name).read_text(encoding="utf-8"))

    assert len(profile["n_words"]) == NGram.N_GRAM
    assert all(count > 0 for count in profile["n_words"])
    assert all(1 <= len(gram) <= NGram.N_GRAM for gram in profile["freq"])
    assert not [gram for gram in profile["freq"] if " " in gram[1:-1] or gram in {" ", "  "}]
    assert not [gram for gram in profile["freq"] if "\0" in gram]
    assert max(map(ord, "".join(profile["freq"]))) < 0x10000


def test_normalisation_is_one_to_one_in_length() -> None:
    """Every character of the Basic Multilingual Plane becomes one character of it."""
    assert all(len(NGram.normalize(chr(code))) == 1 for code in range(0x10000))
    assert {NGram.normalize(character) for character in "1 .,«»\n\t-"} == {" "}
