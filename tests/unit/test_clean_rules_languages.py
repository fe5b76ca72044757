"""Boilerplate by language: for each its own lines that are residue, and sentences with the same words that are text."""

from __future__ import annotations

import pytest
from support.lines import CODES, DAY, NOW, lines_of_rules, lines_under

from ingest.clean.rules import all_rules, rule_named
from ingest.clean.shape import line_of
from ingest.lang.bylines import read_byline
from ingest.lang.dates import Setting, is_line, read_line
from ingest.lang.lexicon import entries, tables
from ingest.model import Block, Residue

# What a reader of any of these languages meets on every other page.
EXPECTED = ("newsletter", "share", "comments", "paywall", "related_heading", "ad_marker", "photo_credit", "source_line")
PROMISED = (
    *("en", "sv", "de", "ru", "es", "fr", "it", "nl", "pl", "pt", "uk"),
    *("fi", "da", "no", "cs", "ar", "fa", "tr", "zh", "ja", "ko"),
)
LINES = [(code, name, line) for code in CODES for name, lines in lines_of_rules(code).items() for line in lines]
VALUES = [
    (code, name, line, value)
    for code in CODES
    for name, lines in lines_of_rules(code).items()
    if isinstance(lines, dict)
    for line, value in lines.items()
]


def _by_language(name: str, code: str, line: str) -> Residue | None:
    """What a rule makes of a line with the phrases of one language alone."""
    return rule_named(name).in_language(code).find(line_of(Block(text=line)))


@pytest.mark.parametrize(("code", "name", "line"), LINES)
def test_a_line_of_boilerplate_is_taken_by_its_language(code: str, name: str, line: str) -> None:
    """The phrases of the language itself take the line, and nothing takes it before for something else than that."""
    found = _by_language(name, code, line)
    assert found is not None
    assert found.text == line
    assert any(rule.find(line_of(Block(text=line))) for rule in all_rules())


@pytest.mark.parametrize(("code", "name", "line", "value"), VALUES)
def test_the_fact_in_a_line_is_found(code: str, name: str, line: str, value: str) -> None:
    """A line that holds a fact is taken with the fact."""
    found = _by_language(name, code, line)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for _, name, _, value in VALUES if name in ("byline", "byline_colon", "published_stamp")],
)
def test_what_is_taken_out_is_read(name: str, value: str) -> None:
    """A name or a day that a rule takes out of the text in one language has a reader in it."""
    read = read_line(value).published if name == "published_stamp" else read_byline(value).people
    assert read


@pytest.mark.parametrize("code", PROMISED)
def test_no_language_removes_what_it_cannot_read(code: str) -> None:
    """A language with rules that take out names, days or sources has words by which these are read."""
    rules, names = tables("rules").get(code, {}), tables("names").get(code, {})
    assert not {"byline", "byline_colon"} & rules.keys() or {"by", "author"} & names.keys()
    assert not {"published_stamp", "modified_stamp"} & rules.keys() or entries("published").get(code)


@pytest.mark.parametrize(("code", "text"), lines_under("text"))
def test_a_sentence_with_the_same_words_is_text(code: str, text: str) -> None:
    """No rule of any language takes an ordinary sentence for the words that it begins with."""
    assert [rule.name for rule in all_rules() if rule.find(line_of(Block(text=text)))] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_every_promised_language_has_what_its_sites_print(name: str) -> None:
    """Letters, sharing, comments, subscriptions, other articles, advertisements, credits, sources: in 21 languages."""
    assert [code for code in PROMISED if name not in tables("rules").get(code, {})] == []


@pytest.mark.parametrize(("code", "line"), lines_under("stamps"))
def test_a_stamp_is_read_whole(code: str, line: str) -> None:
    """A day in any form that sites of a language print is that day, with its time; so it may be taken out of a text."""
    read = read_line(line, Setting(language=code, now=NOW))
    stamp = read.published or read.updated
    assert stamp is not None
    assert stamp.day == DAY
    assert (("10" in line and "15" in line) or "۱۰" in line) == (stamp.clock is not None)
    assert is_line(line)


@pytest.mark.parametrize(("code", "line"), lines_under("ago"))
def test_a_time_ago_is_read(code: str, line: str) -> None:
    """A day that is told by its distance from now is read where the time of capture is known."""
    read = read_line(line, Setting(language=code, now=NOW))
    stamp = read.published or read.updated
    assert stamp is not None
    assert 0 <= (NOW.date() - stamp.day).days <= 2
    assert is_line(line)
