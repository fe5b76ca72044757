"""What each row of the lexicon does, told a second time, `tests/fixtures/phrases/<code>.toml`.

Under `minutes`, `days`, `months` and `dates` stand lines with what they come to: how many minutes ago, how many days
ago, the month, the day. Under `rules` stands for each row of a rule of `ingest.clean` a phrase that no other row takes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_date

from ingest.clean.rules import named
from ingest.lang.dates import Setting, minutes_ago, read_line, read_value
from ingest.lang.lexicon import tables

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_FOLDER = Path(__file__).parents[1] / "fixtures" / "phrases"
CODES = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))
_LOCALES = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fo fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl ps pt ro ru si sk sl sq sr sr_Latn sv sw ta te tg th tk tr uk ur
uz vi zh
"""
LOCALES = tuple(_LOCALES.split())


class Told(NamedTuple):
    """A line of a language, and what it comes to."""

    code: str
    kind: str
    line: str
    meaning: Any

    @property
    def holds(self) -> bool:
        """Whether the line is read so."""
        if self.kind == "minutes":
            return minutes_ago(self.line, self.code) == int(self.meaning)
        read = read_line(self.line, Setting(language=self.code, now=NOW))
        stamp = read.published or read.updated
        if self.kind == "days":
            return stamp is not None and read.whole and (NOW.date() - stamp.day).days == int(self.meaning)
        stamp = read_value(self.line, Setting(language=self.code)).published
        if stamp is None:
            return False
        found = stamp.day.isoformat() if self.kind == "dates" else str(stamp.day.month)
        return found == str(self.meaning)


@cache
def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def told(code: str) -> list[Told]:
    """The lines of dates of a language."""
    kinds = ("minutes", "days", "months", "dates")
    return [Told(code, kind, line, meaning) for kind in kinds for line, meaning in _read(code).get(kind, {}).items()]


def of_calendar(code: str) -> Iterator[Told]:
    """A line for each name of a month that CLDR has in a language: wide and abbreviated, in dates and alone."""
    for month in range(1, 13) if code == "he" else ():  # "in" is one word with the name there
        yield Told(code, "months", format_date(date(2023, month, 5), "long", locale=code), month)
    for context in Locale.parse(code).months.values():
        for width in ("wide", "abbreviated"):
            for month, name in context[width].items():
                if len(name) > 1 and not any(map(str.isdigit, name)):
                    yield Told(code, "months", f"5 {name} {2023}", month)


def phrases(code: str) -> dict[str, list[str]]:
    """The phrases of a language by the name of the rule that takes them."""
    found: dict[str, list[str]] = _read(code).get("rules", {})
    return found


def untold(code: str, rule: str, without: int | None = None) -> list[str]:
    """The phrases that no row of a rule takes, one row perhaps left out."""
    rows = [row for number, row in enumerate(_rows(code, rule)) if number != without]
    return [phrase for phrase in phrases(code).get(rule, ()) if not any(row.fullmatch(phrase) for row in rows)]


def count_of_rows(code: str, rule: str) -> int:
    """How many rows a rule has in a language."""
    return len(_rows(code, rule))


@cache
def _rows(code: str, rule: str) -> tuple[re.Pattern[str], ...]:
    """The rows that say something: a rule that only has a shape has an empty one."""
    return tuple(re.compile(named(row)) for row in tables("rules").get(code, {}).get(rule, ()) if row)
