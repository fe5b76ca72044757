"""What the languages of its paragraphs say about a document: shares and quotations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import LANGUAGES, quoted, shares

LONG, LINE = 150, 12


def marks(document: str) -> str:
    """The quoted paragraphs of a document written as "sv:150 en:12", as a string of "q" and "-"."""
    pairs = [paragraph.split(":") for paragraph in document.split()]
    found = quoted([language for language, _ in pairs], [int(length) for _, length in pairs])
    return "".join("q" if one else "-" for one in found)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("sv:150 sv:90 en:300 en:400 en:500", "--qqq"),  # the writer is known by the first words, however few
        ("sv:150 en:300 sv:80 en:200", "-q-q"),
        ("sv:150 en:300 en:12 en:200 sv:10", "-qqq-"),  # a short line within a quotation belongs to it
        ("sv:30 sv:150 en:300", "--q"),  # a headline of the writer's
        ("en:30 sv:150 en:300", "--q"),  # a headline in another language opens nothing
        ("ar:38 en:300 en:400", "---"),  # a motto
        ("sv:60 en:300 en:400", "-qq"),
        ("sv:50 en:300 sv:80 en:400", "--q-"),  # too little to tell a writer by
        ("en:300 en:200 de:12 en:200 ru:25", "-----"),  # names and greetings
        ("en:300 de:90 en:200", "-q-"),
        ("en:300 de:90 und:0 de:80 und:3 en:90", "-qqqq-"),  # what says nothing goes with what stands before it
        ("und:0 en:300", "--"),
        ("und:90 sv:100 und:200", "---"),  # what cannot be told is no quotation
        ("en:12 sv:12 en:20", "---"),
        ("en:300", "-"),
        ("", ""),
    ],
)
def test_what_stands_in_another_language_is_quoted(document: str, expected: str) -> None:
    """The writer's language is that of the opening, or of most letters; runs of paragraphs in others are quotations."""
    assert marks(document) == expected


@given(st.lists(st.tuples(st.sampled_from(["sv", "en", "de", "und"]), st.integers(0, 500)), max_size=12))
def test_never_all_is_quoted(paragraphs: list[tuple[str, int]]) -> None:
    """There is one answer a paragraph; somebody wrote something, and what cannot be told opens no quotation."""
    found = quoted([language for language, _ in paragraphs], [length for _, length in paragraphs])

    assert len(found) == len(paragraphs)
    assert not found or not all(found)
    assert len({language for language, _ in paragraphs}) > 1 or not any(found)


def test_shares_are_counted_by_letters() -> None:
    """Figures, punctuation and addresses count for nothing; the largest share comes first, equal ones by code."""
    segments = [("abcd. 12345!", "sv"), ("abcd https://example.org/long", "en"), ("ab", "de"), ("12", "fr")]

    assert shares(segments) == (("en", 0.4), ("sv", 0.4), ("de", 0.2))


def test_shares_of_nothing() -> None:
    """Without letters all of it is undetermined."""
    assert shares([]) == shares([("12", "sv")]) == (("und", 1.0),)


def test_shares_are_rounded_to_one() -> None:
    """Thirds sum to 1 all the same."""
    assert shares([("a", "sv"), ("b", "en"), ("c", "de")]) == (("de", 0.3334), ("en", 0.3333), ("sv", 0.3333))


@given(st.lists(st.tuples(st.text(alphabet="abc 1", max_size=30), st.sampled_from(LANGUAGES))))
def test_shares_sum_to_one(segments: list[tuple[str, str]]) -> None:
    """Whatever the document, in order of size."""
    found = shares(segments)
    values = [share for _, share in found]

    assert math.isclose(sum(values), 1.0, abs_tol=1e-9)
    assert values == sorted(values, reverse=True)
