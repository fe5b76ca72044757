"""ingest.dedup.fingerprint"""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.fingerprint import CANDIDATE_MIN_SCORE, FINGERPRINT_VERSION, fingerprint

TEXT = (
    "Ornithologists at Loch Verrin counted 71 breeding pairs of black-throated divers, the highest number since the "
    "reservoir was flooded in 1938. Warden Hamish Quill credits floating rafts that volunteers moored off Rowan Point."
)


def test_keys_fit_a_database() -> None:
    """Signed 32-bit integers, sorted and distinct."""
    keys = fingerprint(TEXT, "en").keys
    assert len(keys) > 10
    assert list(keys) == sorted(set(keys))
    assert all(-(2**31) <= key < 2**31 for key in keys)


def test_words_and_pairs_are_told_apart() -> None:
    """Of four rare words four keys are even; their six pairs are odd."""
    keys = fingerprint("Ptarmigan, gannets, Skerrow, Verrin.", "en").keys
    assert [sum(key % 2 == bit for key in keys) for bit in (0, 1)] == [4, 6]


def test_a_fingerprint_says_what_it_was_made_from() -> None:
    """Language, length and version are part of it."""
    found = fingerprint(TEXT, "en-GB")
    assert (found.language, found.tokens, found.version) == ("en-GB", 34, FINGERPRINT_VERSION)


def test_keys_of_this_version_never_change() -> None:
    """Stored keys must be met by new ones: when this fails on purpose, raise FINGERPRINT_VERSION."""
    found = fingerprint("Gannets circle Ailsa Craig.", "en")
    assert found.exact == "45de7885ee33da9176ae78e9fdabe3f4"
    assert found.keys == (-2113816862, -791030637, -540851615, -317905681, 199419112, 1127151802)


def test_keys_do_not_depend_on_the_process() -> None:
    """Another interpreter with another hash seed finds the same."""
    program = f"from ingest.dedup.fingerprint import fingerprint; print(fingerprint({TEXT!r}, 'en').keys)"
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == str(fingerprint(TEXT, "en").keys)


def test_exact_ignores_case_punctuation_and_spacing() -> None:
    """Typography does not make another text; a word does."""
    exact = fingerprint(TEXT, "en").exact
    assert fingerprint(TEXT.upper().replace(".", " ...\n"), "en").exact == exact
    assert fingerprint(TEXT.replace("71", "72"), "en").exact != exact


def test_languages_do_not_share_keys() -> None:
    """Keys are salted with the language in which a text was read."""
    assert not set(fingerprint(TEXT, "en").keys) & set(fingerprint(TEXT, "de").keys)


def test_regions_of_a_language_share_keys() -> None:
    """British and American copies meet."""
    assert fingerprint(TEXT, "en-GB").keys == fingerprint(TEXT, "en-US").keys


def test_a_passage_keeps_keys_of_its_text() -> None:
    """A quoted half of the text shares enough keys to be a candidate, were each held by four records."""
    half = TEXT[: TEXT.index("Warden")]
    common = set(fingerprint(TEXT, "en").keys) & set(fingerprint("My week in birds. " + half, "en").keys)
    assert len(common) / 4**0.5 >= CANDIDATE_MIN_SCORE


def test_long_texts_have_a_bounded_number_of_keys() -> None:
    """A book or a page of Japanese is no burden on the store."""
    words = " ".join(f"zorvath{number}quent brelling{number}" for number in range(3000))
    assert len(fingerprint(words, "en").keys) <= 264


@given(st.text())
def test_any_text_has_a_fingerprint(text: str) -> None:
    """No text breaks it, and the same text gives the same."""
    assert fingerprint(text, "en") == fingerprint(text, "en")
