"""Each row of the lexicon does what a line beside it says: none is changed, or left out, without a test that fails."""

from __future__ import annotations

import pytest
from support.phrases import CODES, LOCALES, count_of_rows, of_calendar, phrases, told, untold

from ingest.lang.lexicon import tables


@pytest.mark.parametrize("code", LOCALES)
def test_each_name_of_a_month_is_that_month(code: str) -> None:
    """Wide and abbreviated, as it stands in dates and alone: as CLDR has it."""
    assert [one.line for one in of_calendar(code) if not one.holds] == []


@pytest.mark.parametrize("code", CODES)
def test_each_word_of_dates_means_what_it_says(code: str) -> None:
    """Units of time, numbers, relative days, months beside those of CLDR."""
    assert [(one.line, one.meaning) for one in told(code) if not one.holds] == []


@pytest.mark.parametrize("code", CODES)
def test_each_word_of_dates_has_a_line(code: str) -> None:
    """No word of dates is added to a language without a line that shows what it means."""
    lines = "\n".join(one.line for one in told(code)).lower()
    sections = ("months", "jalali_months", "relative_days", "units", "numbers")
    words = {word for name in sections for row in tables(name).get(code, {}).values() for word in row}
    assert sorted(word for word in words if word not in lines) == []


@pytest.mark.parametrize("code", CODES)
def test_each_row_of_a_rule_takes_a_phrase_of_its_own(code: str) -> None:
    """Every phrase is taken, and without any one row some phrase is not."""
    rules = tables("rules").get(code, {})
    assert {name: left for name in rules if (left := untold(code, name))} == {}
    idle = [(name, row) for name in rules for row in range(count_of_rows(code, name)) if not untold(code, name, row)]
    assert idle == []
    assert phrases(code).keys() <= rules.keys()
