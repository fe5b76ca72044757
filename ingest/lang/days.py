"""The names of months and days of the week, by which a by-line is told from the day beside it."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

_LOCALES: Final = [
    "en",
    "sv",
    "de",
    "ru",
    "es",
    "fr",
    "it",
    "nl",
    "pl",
    "pt",
    "uk",
    "fi",
    "da",
    "nb",
    "cs",
    "tr",
    "ar",
    "fa",
    "el",
    "hu",
    "ro",
    "bg",
    "hr",
    "sk",
    "sl",
    "et",
    "lv",
    "lt",
    "id",
    "vi",
    "he",
    "hi",
    "ca",
]
_LEAST = 3  # letters: shorter abbreviations are words, and parts of names


@cache
def _day_words() -> frozenset[str]:
    found: set[str] = set()
    for code in _LOCALES:
        locale = Locale.parse(code)
        for names in (locale.months, locale.days):
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    found |= {name.casefold().strip(".") for name in names[context][width].values()}
    return frozenset(name for name in found if len(name) >= _LEAST and " " not in name and not name.isdigit())


def is_day_word(word: str) -> bool:
    """Whether a word, in any case, names a month or a day of the week."""
    return word.casefold().strip(".,") in _day_words()
