"""ingest.dedup.lines"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.lines import blank_lines, line_keys

ARTICLE = "The bridge opened.\n\nSubscribe today for 3 months.\nNobody was hurt."


def test_digits_case_and_margins_do_not_make_another_line() -> None:
    """A line with a counter is one line, however it is set."""
    assert line_keys("Read 12 comments") == line_keys("  read 7 comments ")


def test_keys_fit_a_database() -> None:
    """Signed 64-bit integers, one a distinct line."""
    keys = line_keys(ARTICLE)
    assert len(keys) == 3
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_frequent_lines_are_blanked_in_place() -> None:
    """What is left stands where it stood."""
    frequent = line_keys("Subscribe today for 12 months.")
    blanked = blank_lines(ARTICLE, frequent)
    assert "Subscribe" not in blanked
    assert blanked.index("Nobody") == ARTICLE.index("Nobody")


@given(st.text(), st.booleans())
def test_blanking_keeps_the_length(text: str, everything: bool) -> None:
    """Offsets into the blanked text are offsets into the text."""
    frequent = line_keys(text) if everything else frozenset[int]()
    assert len(blank_lines(text, frequent)) == len(text)


def test_what_is_nearly_all_of_a_text_is_no_template() -> None:
    """The versions of a running story on one site share most of their lines, and must still meet."""
    assert blank_lines(ARTICLE, line_keys(ARTICLE)) == ARTICLE
