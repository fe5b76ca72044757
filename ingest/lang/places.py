"""Places that news is datelined from: cities under their names in several languages (`places.txt`), and countries."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel import Locale
from babel.localedata import exists

from ingest.lang.lexicon import languages, once


def is_place(name: str) -> bool:
    """Whether a name, in any case, is that of a city which is known to datelines."""
    return _bare(name) in _cities()


def is_country(name: str) -> bool:
    """Whether a name, in any case, is that of a country in one of the languages of the lexicon."""
    return _bare(name) in _countries()


def _bare(name: str) -> str:
    return name.strip(" .,").lower()


@cache
def _cities() -> frozenset[str]:
    text = files("ingest.lang").joinpath("places.txt").read_text(encoding="utf-8")
    return frozenset(text.strip().replace("\n", "|").split("|"))


@once
def _countries() -> frozenset[str]:
    # Codes of letters are countries, codes of digits parts of the world.
    known = (Locale.parse(code).territories for code in languages() if exists(code))
    return frozenset(name.lower() for names in known for code, name in names.items() if code.isalpha())
