"""Patterns of addresses: what they match, and which are refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment

from ingest.discover.patterns import MAX_URL, compile_pattern, selects


@pytest.mark.parametrize(
    ("pattern", "url", "matches"),
    [
        ("https://bay.example.org/sport/*", "https://bay.example.org/sport/football", True),
        ("https://bay.example.org/sport/*", "https://bay.example.org/sports", False),
        ("*/sport/*", "https://bay.example.org/sport/", True),
        ("/sport/", "https://bay.example.org/sport/", False),
        ("*.html", "https://bay.example.org/a.html", True),
        ("*.html", "https://bay.example.org/a.html?b", False),
        ("*a*a", "https://aa", True),
        ("*aa*aa", "https://aaa", False),
        ("*/a.c/*", "https://bay.example.org/abc/", False),
        ("*", "https://bay.example.org/", True),
        ("*/новости/*", "https://bay.example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", True),
        ("*/%D0%BD*", "https://bay.example.org/%D0%BD%D0%BE", True),
        (r"re:/\d{4}/\d\d/", "https://bay.example.org/2024/04/a", True),
        (r"re:/\d{4}/\d\d/", "https://bay.example.org/24/04/a", False),
        (r"re:^https://[^/]+/(?:news|world)/[^/]+-\d+$", "https://bay.example.org/news/a-b-17", True),
        (r"re:/новост[ьи]/", "https://bay.example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", True),
    ],
)
def test_patterns(pattern: str, url: str, matches: bool) -> None:
    """A glob is matched against the whole URL, a regular expression is searched for in it."""
    assert matches is compile_pattern(pattern)(url)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", "an empty pattern"),
        ("re:", "an empty pattern"),
        ("re:(", "no regular expression"),
        ("re:" + "(" * 90 + ")" * 90, None),
        ("re:(a+)+$", "for ever"),
        ("re:(?:a|a)*$", "for ever"),
        ("re:((a|b)c){2,}", "for ever"),
        (r"re:(a)\1", "for ever"),
        ("re:(?P<x>a)(?P=x)", "for ever"),
        (r"re:(a\+)+ok", None),
        ("re:[(+*]+x", None),
        ("re:(news|world)/", None),
        ("x" * 600, "at most 500"),
    ],
)
def test_patterns_that_are_refused(pattern: str, told: str | None) -> None:
    """What is no expression, or one that an address could keep busy for ever, is refused with the reason."""
    if told is None:
        compile_pattern(pattern)
    else:
        with pytest.raises(ValueError, match=told):
            compile_pattern(pattern)


def test_include_and_exclude() -> None:
    """One of the included must match, if there are any, and none of the excluded; endless addresses match nothing."""
    news, live = compile_pattern("*/news/*"), compile_pattern("*/live*")
    assert selects("https://a/x", (), ())
    assert selects("https://a/news/1", (live, news), ())
    assert not selects("https://a/sport/1", (news,), ())
    assert not selects("https://a/news/live-1", (news,), (live,))
    assert not selects("https://a/news/" + "x" * MAX_URL, (news,), ())
    assert selects("https://a/" + "x" * MAX_URL, (), ())


def test_many_asterisks_take_no_time() -> None:
    """A glob is no chain of `.*`, which would take hours for this."""
    match = compile_pattern("*" + "a*" * 100 + "b")
    with no_more_than_a_moment():
        assert not match("a" * MAX_URL)


@given(st.text("ab*", min_size=1, max_size=8).filter(str.strip), st.text("ab", max_size=12))
def test_globs_are_what_the_regular_expression_says(pattern: str, url: str) -> None:
    """An asterisk is any text, and all else is itself."""
    expression = "".join(".*" if character == "*" else re.escape(character) for character in pattern)
    assert bool(re.fullmatch(expression, url)) is compile_pattern(pattern)(url)
