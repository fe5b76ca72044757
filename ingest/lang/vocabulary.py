"""The words in dates of all languages: months, weekdays and halves of the day of CLDR, the rest from the lexicon.

Each word or phrase has one letter for each thing that it may be; `KINDS` has them in the order in which they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from babel import Locale
from babel.localedata import exists

from ingest.lang.lexicon import entries, languages, made_once, once, tables

KINDS = "ymdisqMWEDPahLlAUjon"
"""y m d i s: what stands behind years, months, days, minutes, seconds in Chinese, Japanese and Korean; q: what stands
before the number of a month; M month, W weekday, E era, D day relative to today, P after noon, a before noon, h: what
stands behind hours; L published, l updated, A ago, U unit of time, j joiner, o note, n number as a word (in German "um"
is "at", in Portuguese "one")."""

# News is written in these; CLDR knows more, with abbreviations that are words elsewhere.
_LOCALES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fo fr ga gl gu he hi hr hu hy id is it ja ka kk km"
    " kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl ps pt ro ru si sk sl sq sr sr_Latn sv sw ta te tg th"
    " tk tr uk ur uz vi zh"
)
_ERAS = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "民國": 1911,
    "民国": 1911,
    "พศ": -543,
    "คศ": 0,
    "西暦": 0,
    "公元": 0,
}
_SIGNS = {
    "y": "年 년",
    "m": "月 월",
    "d": "日 號 号 일",
    "h": "時 时 點 点 시",
    "i": "分 분",
    "s": "秒 초",
    "q": "tháng thg",
}
_LITERAL = re.compile(r"'([^']+)'|([^\W\d_yMdEGLQc]+)")
_LEAST = 3  # letters: shorter abbreviations are words, and parts of names
_GLUED = re.compile(r"([^\x00-\x7f]{1,3})M{3,4}")
_DOTS = re.compile(r"[.\u05f3\u0970\u200c\u200d\u0640]")  # the signs of abbreviations in Hebrew and Hindi, too


@dataclass(slots=True)
class Word:
    """What a word may be: its letters of `KINDS`, with a number each, and the languages that call a month or unit so.

    Months of the Persian year are 101 to 112.
    """

    kinds: dict[str, int] = field(default_factory=dict)
    months: dict[int, set[str]] = field(default_factory=dict)
    units: dict[int, set[str]] = field(default_factory=dict)


def key_of(word: str) -> str:
    """A word as the vocabulary has it: in lower case, without dots and joiners inside."""
    return _DOTS.sub("", word.lower().replace("’", "'"))


@once
def vocabulary() -> Mapping[str, Word]:
    """What each word or phrase may be."""
    plain = made_once("vocabulary", _plain)
    return {key: Word(*values) for key, values in plain.items()}


def _plain() -> dict[str, tuple[Any, ...]]:
    """The vocabulary as plain values, for the disk: of each word all its fields."""
    return {key: tuple(getattr(word, one.name) for one in fields(Word)) for key, word in _made().items()}


def _made() -> dict[str, Word]:
    found: dict[str, Word] = {}
    for letter, written, number in _all():
        if key := key_of(written):
            found.setdefault(key, Word()).kinds.setdefault(letter, number)
    for number, language, name in _months():
        word = found.setdefault(key_of(name), Word())
        word.kinds["M"] = 0
        word.months.setdefault(number, set()).add(language)
    for language, table in tables("units").items():
        for minutes, row in table.items():
            for name in row:
                found[key_of(name)].units.setdefault(int(minutes), set()).add(language)
    for key, word in found.items():
        if "j" in word.kinds and key not in {"am", "pm"}:  # "de." is before noon in Hungarian, "of" in Spanish
            word.kinds.pop("a", None)
            word.kinds.pop("P", None)
    return found


def is_day_word(word: str) -> bool:
    """Tell whether a word, in any case, names a month or a day of the week in a language of the lexicon."""
    return key_of(word.strip(".,")) in _day_words()


@once
def _day_words() -> frozenset[str]:
    return made_once("days", _made_days)


def _made_days() -> frozenset[str]:
    # Abbreviations of other languages are names here: "Anna" is a day in Irish.
    found: set[str] = set()
    for locale in map(Locale.parse, filter(exists, languages())):
        for names in (locale.months, locale.days):
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    found |= {key_of(name) for name in names[context][width].values()}
    return frozenset(name for name in found if len(name) >= _LEAST and " " not in name and not name.isdigit())


def has_unit(text: str) -> bool:
    """Tell whether one of the words between blanks is a unit of time in a language of the lexicon."""
    return not _units().isdisjoint(key_of(text).split())


@once
def _units() -> frozenset[str]:
    return frozenset(key for key, word in vocabulary().items() if word.units)


@once
def longest() -> int:
    """The number of characters of the longest word or phrase."""
    return max(map(len, vocabulary()))


def _all() -> Iterator[tuple[str, str, int]]:
    for era, years in _ERAS.items():
        yield "E", era, years
    yield "n", "元", 1
    for letter, signs in _SIGNS.items():
        yield from ((letter, sign, 0) for sign in signs.split())
    plain = {"W": "weekdays", "L": "published", "l": "updated", "A": "ago", "j": "date_joiners", "o": "date_notes"}
    for letter, section in (plain | {"h": "hour_marks", "P": "pm", "a": "am"}).items():
        yield from ((letter, word, 0) for row in entries(section).values() for word in row)
    for row in entries("ordinals").values():
        yield from (("j", word.lstrip(":-"), 0) for word in row)
    for letter, section in {"D": "relative_days", "U": "units", "n": "numbers"}.items():
        for table in tables(section).values():
            yield from ((letter, word, int(key)) for key, row in table.items() for word in row)
    for locale in map(Locale.parse, _LOCALES.split()):
        yield from _of_cldr(locale)


def _of_cldr(locale: Locale) -> Iterator[tuple[str, str, int]]:
    for context in locale.days.values():
        for width in ("wide", "abbreviated"):
            for day in context.get(width, {}).values():
                parts = day.split("-")  # "quarta-feira"; single letters are other things, too
                yield from (("W", part, 0) for part in parts if len(part) > 1 or part.lower() == part.upper())
    for periods in locale.day_periods.get("format", {}).values():
        for name, letter in (("am", "a"), ("pm", "P")):
            if len(periods.get(name, "")) > 1:
                yield letter, periods[name], 0
    for form in ("long", "full"):
        for quoted, bare in _LITERAL.findall(locale.date_formats[form].pattern):
            yield from (("j", word, 0) for word in re.findall(r"[^\W\d_]+", quoted or bare))


def _months() -> Iterator[tuple[int, str, str]]:
    for section, plus in (("months", 0), ("jalali_months", 100)):
        for language, table in tables(section).items():
            yield from ((int(key) + plus, language, name) for key, row in table.items() for name in row)
    for locale in map(Locale.parse, _LOCALES.split()):
        glued = _GLUED.search(locale.date_formats["long"].pattern)
        before = glued[1] if glued else ""
        language = "no" if locale.language in ("nb", "nn") else locale.language
        for context in locale.months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context.get(width, {}).items():
                    if not any(map(str.isdigit, name)) and len(key_of(name)) > 1:
                        yield number, language, name
                        if before:
                            yield number, language, before + name
