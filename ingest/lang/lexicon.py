"""The lexicon: one TOML file a language with its words and rules, `lexicon/<code>.toml`; "und" holds what is in all.

A file holds some of the sections of `ingest.lang.sections`, each of one kind:

    published = ["published", "posted"]                # WORDS: words and phrases, in lower case
    trailers = ["the post {title} is from {site}"]     # PATTERNS: regular expressions of lower-case text
    units = { 60 = ["hour", "hours"] }                 # WORD_TABLE: words by a key of this section's
    rules = { read_also = ["read also", "see also"] }  # PATTERN_TABLE: regular expressions by a name

In a pattern `{names}` stands for what whoever reads the section puts there: only the names that the section allows. A
pattern captures nothing ("(?:...)", never "(...)") and may go on over several lines, whose breaks and indents do not
count. Patterns are compiled lazily, in a function under `once`, so that a folder added by `extended` counts.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from ingest.errors import NewsmillError
from ingest.kept import kept
from ingest.lang.sections import SECTIONS, Kind, Section

Found = TypeVar("Found")
Given = ParamSpec("Given")
Made = TypeVar("Made")


class LexiconError(NewsmillError):
    """A lexicon file is not as it should be; the message names file, section and fault."""


Row = tuple[str, ...]
_Tables = Mapping[str, Mapping[str, Mapping[str, Row]]]
_OWN = ""  # the key under which lists are kept that have no table
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BREAK = re.compile(r"\n\s*")

_folders: list[Path] = []
_caches: list[Callable[[], None]] = []


def once(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Keep what a function makes of the lexicon, until a folder is added to it."""
    cached = functools.cache(function)
    _caches.append(cached.cache_clear)
    return cast("Callable[Given, Found]", cached)


def entries(section: str) -> Mapping[str, Row]:
    """The words or patterns of a section that is a list, by language."""
    return {code: rows[_OWN] for code, rows in _read().get(section, {}).items()}


def tables(section: str) -> Mapping[str, Mapping[str, Row]]:
    """The tables of a section that is one, by language."""
    return _read().get(section, {})


def words(section: str) -> frozenset[str]:
    """The words of a section of all languages together."""
    return frozenset(word for row in entries(section).values() for word in row)


def languages() -> tuple[str, ...]:
    """The codes of all files, sorted, without "und"."""
    return tuple(sorted({code for rows in _read().values() for code in rows} - {"und"}))


def fill(pattern: str, meanings: Mapping[str, str]) -> str:
    """A pattern with a regular expression in the place of each `{placeholder}`."""
    return _PLACEHOLDER.sub(lambda match: meanings[match[1]], pattern)


@contextmanager
def extended(folder: Path) -> Iterator[None]:
    """Read a further folder of lexicon files, whose sections add to those that are there; for tests.

    Raises:
        LexiconError: a file is not as it should be.
    """
    _folders.append(folder)
    _forget()
    try:
        _read()
        yield
    finally:
        _folders.remove(folder)
        _forget()


def _forget() -> None:
    for clear in _caches:
        clear()


def made_once(name: str, make: Callable[[], Made]) -> Made:
    """A plain value made of the lexicon as it is installed, by name: kept on disk, where that is all that there is."""
    return make() if _folders else kept(name, make)


@once
def _read() -> _Tables:
    return made_once("lexicon", _made)


def _made() -> dict[str, dict[str, dict[str, Row]]]:
    found: dict[str, dict[str, dict[str, Row]]] = {}
    for folder in (files("ingest.lang").joinpath("lexicon"), *_folders):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".toml"):
                _add(found, file)
    return found


def _add(found: dict[str, dict[str, dict[str, Row]]], file: Traversable) -> None:
    code = file.name.removesuffix(".toml")
    if not _CODE.fullmatch(code):
        raise LexiconError(f"{file.name}: a lexicon file is named by a BCP-47 code, as sv.toml or zh-Hant.toml")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{file.name}: {error}") from error
    for name, value in data.items():
        rows = found.setdefault(name, {}).setdefault(code, {})
        for key, row in _checked(f"{file.name}: {name}", name, value).items():
            rows[key] = tuple(dict.fromkeys((*rows.get(key, ()), *row)))


def _checked(where: str, name: str, value: Any) -> Mapping[str, Row]:  # noqa: ANN401 - what TOML may hold
    section = SECTIONS.get(name)
    if section is None:
        raise LexiconError(f"{where}: there is no such section; the sections are {', '.join(SECTIONS)}")
    is_table = section.kind in (Kind.WORD_TABLE, Kind.PATTERN_TABLE)
    if isinstance(value, dict) is not is_table:
        raise LexiconError(f"{where} should be {section.kind}")
    table: dict[str, Any] = value if is_table else {_OWN: value}
    if section.keys and (odd := table.keys() - section.keys):
        raise LexiconError(f"{where}: {min(odd)!r} is no key of it; the keys are {', '.join(sorted(section.keys))}")
    check = _pattern if section.kind in (Kind.PATTERNS, Kind.PATTERN_TABLE) else _word
    for row in table.values():
        if not isinstance(row, list) or not all(isinstance(one, str) for one in row):
            raise LexiconError(f"{where} should be {section.kind}")
    return {key: tuple(check(where, section, one) for one in row) for key, row in table.items()}


def _word(where: str, _section: Section, written: str) -> str:
    if written != written.lower() or written != " ".join(written.split()) or not written:
        raise LexiconError(f"{where}: {written!r} should be in lower case, without spaces around it")
    return written


def _pattern(where: str, section: Section, written: str) -> str:
    pattern = _BREAK.sub("", f"\n{written}") if "\n" in written else written
    odd = set(_PLACEHOLDER.findall(pattern)) - section.placeholders
    if odd:
        allowed = ", ".join(sorted(section.placeholders)) or "none"
        raise LexiconError(f"{where}: {{{min(odd)}}} is no placeholder of it (there are: {allowed})")
    try:
        groups = re.compile(_PLACEHOLDER.sub("x", pattern)).groups
    except re.error as error:
        raise LexiconError(f"{where}: {pattern!r} is no regular expression: {error}") from error
    if groups:
        raise LexiconError(f"{where}: {pattern!r} captures; write (?:...) in place of (...)")
    return pattern
