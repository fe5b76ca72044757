"""Each word of by-lines, of citing and of lines does what a line beside it says."""

from __future__ import annotations

import pytest
from support.meanings import CODES, Meaning, idle, meanings, rows_of, without

from ingest.lang.lexicon import languages


@pytest.mark.parametrize("code", CODES)
def test_each_word_does_what_its_line_says(code: str) -> None:
    """The readers find in each line what is written beside it."""
    assert [(one.line, one.found) for one in meanings(code) if not one.holds] == []


@pytest.mark.parametrize("code", [*languages(), "und"])
def test_each_word_has_a_line(code: str) -> None:
    """No word is added to a language without a line that shows what it does, and no line outlives its word.

    The few that make no difference in any line that was tried are named in `idle.txt`, and nothing else is.
    """
    told = {(one.section, one.key, one.row) for one in (meanings(code) if code in CODES else ())}
    unread = idle(code)
    assert told | unread == set(rows_of(code))
    assert told & unread == set()


def test_a_line_is_read_otherwise_without_its_word() -> None:
    """One word of each table is taken out of all languages, and its line is not read as before."""
    first: dict[tuple[str, str], Meaning] = {}
    for code in CODES:
        for one in meanings(code):
            first.setdefault((one.section, one.key), one)
    unheeded = []
    for one in first.values():
        with without(one.section, one.key, one.row):
            unheeded += [one] if one.holds else []
    assert unheeded == []
