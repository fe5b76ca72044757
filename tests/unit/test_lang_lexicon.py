"""The lexicon: one file a language, checked where it is read."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from support.documents import ROOT

from ingest.lang.lexicon import LexiconError, entries, extended, fill, languages, once, tables
from ingest.lang.sections import SECTIONS

_PROMISED = {
    *("en", "sv", "de", "ru", "es", "fr", "it", "nl", "pl", "pt", "uk"),
    *("fi", "da", "no", "cs", "ar", "fa", "tr", "zh", "ja", "ko"),
}


def test_every_file_can_be_read_and_the_promised_languages_are_whole() -> None:
    """Twenty-one languages have words for days, by-lines, credits, sources, reposts and notes of translations."""
    assert set(languages()) >= _PROMISED
    for section in ("ago", "published", "updated", "trailers", "machine_translation"):
        assert entries(section).keys() >= _PROMISED, section
    for section in ("relative_days", "units"):
        assert tables(section).keys() >= _PROMISED, section
    for section, keys in (("names", ("by", "photo", "roles")), ("rules", ("newsletter", "paywall", "teaser"))):
        for key in keys:
            assert {code for code, table in tables(section).items() if key in table} >= _PROMISED, key


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


# What is no language's: patterns apart from their classes of characters, and names of other things than words.
_NOT_WORDS = re.compile(r"[\w-]+(?:\.[\w-]+)+|\w*_\w*|\[(?:\\.|[^\]\\])*\]|\\.|\(\?[a-zA-Z<!=:-]+(?:<\w+>)?")
_FOREIGN, _ENGLISH = 3, 10  # words of the lexicon in one string that make it a list of words

# Where words of languages stand in Python, and why. None of them is what pages print, which a newcomer would look for.
_TABLES_OF_ALGORITHMS = {
    # Tables of letters and of frequent words, which are made from texts and not written.
    "ingest/language/": "the letters and frequent words by which the detector tells languages apart",
    # Without their order and the letters before them these endings are nothing: each is a step of an algorithm.
    "ingest/dedup/stems.py": "endings that stemming takes off",
    "ingest/lang/tokens.py": "endings that folding takes off",
    # Signs that count and part numbers; a language with words for them has these in its lexicon.
    "ingest/lang/vocabulary.py": "eras and signs of East Asian dates, which stand in no lexicon of CLDR",
    # Names that are the same in all languages.
    "ingest/lang/zones.py": "names of time zones",
    "ingest/lang/outlets.py": "domains of countries",
    "ingest/preload.py": "a text to warm up with",
    # Both sides of a translation are counted alike: a row is a number or a currency over all languages at once, and of
    # negations what stands in one language and not in another matters, which only shows where they stand together.
    "ingest/translate/": "what the guards count on both sides: negations, amounts, signs",
}


def _written(path: Path) -> list[tuple[int, str]]:
    """The strings of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    documented = {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
    ]


def _words_in(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{3,}", _NOT_WORDS.sub(" ", text))}


@cache
def _listed() -> list[tuple[str, str]]:
    """Where strings list words of a language: with letters beyond ASCII, or several words of the lexicon in a row."""
    files = {path.stem: path for path in (ROOT / "ingest/lang/lexicon").glob("*.toml")}
    own = {code: _words_in(path.read_text(encoding="utf-8")) for code, path in files.items()}
    english, foreign = own["en"], set().union(*(words for code, words in own.items() if code not in ("en", "und")))
    found = []
    for path in sorted((ROOT / "ingest").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for line, text in _written(path):
            words = _words_in(text)
            in_row = len(words & english) >= _ENGLISH and not re.search(r"[A-Z,.] ", text)
            if in_row or not all(map(str.isascii, words)) or len(words & foreign - english) >= _FOREIGN:
                found.append((name, f"{name}:{line} {text[:60]!r}"))
    return found


def test_words_of_languages_stand_in_the_lexicon() -> None:
    """No module lists words of a language, but for the tables of a few algorithms."""
    assert [text for name, text in _listed() if not name.startswith(tuple(_TABLES_OF_ALGORITHMS))] == []


def test_what_is_excused_from_the_lexicon_is_there() -> None:
    """No excuse outlives its table."""
    assert [one for one in _TABLES_OF_ALGORITHMS if not any(name.startswith(one) for name, _ in _listed())] == []
