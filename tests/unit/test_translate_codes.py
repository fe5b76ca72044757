"""Codes of languages."""

from __future__ import annotations

import pytest

from ingest.language import LANGUAGES
from ingest.translate.codes import STAND_INS, bcp47


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("sv", "sv"), ("SV", "sv"), ("sv-SE", "sv"), ("de_AT", "de"), ("en-GB", "en"),
        ("nb", "no"), ("nn", "no"), ("no", "no"), ("nb-NO", "no"), ("nn_NO", "no"),
        ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-Hans-CN", "zh-Hans"), ("zt", "zh-Hant"), ("zh-TW", "zh-Hant"),
        ("zh-Hant", "zh-Hant"), ("zh-Hant-TW", "zh-Hant"), ("zh-hant-hk", "zh-Hant"),
        ("pt", "pt"), ("pt-PT", "pt"), ("pb", "pt-BR"), ("pt-BR", "pt-BR"),
        ("sr", "sr"), ("sr-Latn", "sr"), ("hr", "hr"), ("bs", "bs"), ("sh", "hr"),
        ("iw", "he"), ("he", "he"), ("in", "id"), ("ji", "yi"), ("fil", "tl"), ("tl", "tl"), (" sv ", "sv"),
    ],
)  # fmt: skip
def test_codes_of_packages_detectors_and_pages_are_one(written: str, code: str) -> None:
    """Whatever a language is called, it has one code here."""
    assert code == bcp47(written)


def test_the_detectors_codes_are_ours() -> None:
    """What the detector says needs no translation to find a package."""
    assert list(LANGUAGES) == [bcp47(code) for code in LANGUAGES]


def test_stand_ins_have_codes_of_ours() -> None:
    """And none stands in for itself."""
    for code, nearest in STAND_INS.items():
        assert code == bcp47(code)
        assert all(one == bcp47(one) != code for one in nearest)
