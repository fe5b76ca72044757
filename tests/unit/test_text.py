"""Letters and scripts of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import letters, script_of


@pytest.mark.parametrize("text", ["Ann-Lee 2", "ANN LEE (2)", "_ann·lee_ 2!"])
def test_letters(text: str) -> None:
    """Texts that differ in case, spacing and punctuation have the same letters."""
    assert letters(text) == "annlee2"


@given(st.text())
def test_letters_of_letters(text: str) -> None:
    """Nothing but letters and digits is left."""
    assert letters(text).isalnum() or letters(text) == ""


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("The bell", "LATIN"),
        ("Паром и ferry", "CYRILLIC"),
        ("フェリーの", "KATAKANA"),
        ("1.2.2024 – 3", None),
        ("", None),
        ("12 %", None),
    ],
)
def test_script(text: str, script: str | None) -> None:
    """The script is that of most letters; a text without letters has none."""
    assert script_of(text) == script
