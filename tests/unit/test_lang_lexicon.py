"""The lexicon: one file a language, checked where it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.lang.lexicon import SECTIONS, LexiconError, entries, extended, fill, languages, once, tables

_PROMISED = {
    *("en", "sv", "de", "ru", "es", "fr", "it", "nl", "pl", "pt", "uk"),
    *("fi", "da", "no", "cs", "ar", "fa", "tr", "zh", "ja", "ko"),
}


def test_every_file_can_be_read_and_the_promised_languages_have_their_dates() -> None:
    """Twenty languages have words for days, times in the past and labels of dates."""
    assert set(languages()) >= _PROMISED
    for section in ("ago", "published", "updated"):
        assert entries(section).keys() >= _PROMISED, section
    for section in ("relative_days", "units"):
        assert tables(section).keys() >= _PROMISED, section


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("months = [", "xx.toml: "),
        ("moons = []", "no such section"),
        ("ago = 3", "should be a list of words"),
        ("ago = { a = ['b'] }", "should be a list of words"),
        ("ago = ['Ago']", "lower case"),
        ("months = ['jan']", "should be a table"),
        ("months = { 13 = ['x'] }", "no key of it"),
        ("trailers = ['by {nobody}']", "no placeholder of it"),
        ("trailers = ['by ({site})']", "captures"),
        ("trailers = ['by [']", "no regular expression"),
    ],
)
def test_a_fault_in_a_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    """A file that is not as it should be is refused with its name, its section and what is wrong."""
    (tmp_path / "xx.toml").write_text(text)
    with pytest.raises(LexiconError, match=r"xx\.toml") as caught, extended(tmp_path):
        pass
    assert message in str(caught.value)
    assert "xx" not in languages()


def test_a_file_is_named_by_a_code(tmp_path: Path) -> None:
    """A file with any other name is refused."""
    (tmp_path / "swedish.toml").write_text("")
    with pytest.raises(LexiconError, match="BCP-47"), extended(tmp_path):
        pass


def test_a_folder_adds_a_language_and_words_to_one_that_is_there(tmp_path: Path) -> None:
    """What a further folder holds counts inside the block, also for what is kept of the lexicon, and not behind it."""
    (tmp_path / "xx.toml").write_text("networks = ['''\n  lue\n  |myös''']")
    (tmp_path / "sv.toml").write_text("ago = ['sen']")
    many = once(lambda: len(entries("ago")["sv"]))
    before = many()
    with extended(tmp_path):
        assert entries("networks")["xx"] == ("lue|myös",)
        assert many() == before + 1
    assert "xx" not in entries("networks")
    assert many() == before


def test_placeholders_are_filled() -> None:
    """A placeholder stands for what the reader puts there; braces that count are left."""
    assert fill("by {names}{2,3}", {"names": "[a-z]+"}) == "by [a-z]+{2,3}"


def test_sections_say_what_they_are_for() -> None:
    """Each section is described."""
    assert all(section.about for section in SECTIONS.values())
