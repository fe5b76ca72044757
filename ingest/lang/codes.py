"""Codes of languages and locales: how pages write them, their scripts and directions, the names that people read."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_LONGEST = 35  # characters; RFC 5646 (4.4.1) says that no code in use is longer
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
# Top-level domains of countries that are not their ISO 3166 code, and of one country alone without being one.
_COUNTRIES = {"uk": "GB", "gov": "US", "mil": "US", "edu": "US", "su": "RU", "cat": "ES", "scot": "GB", "eus": "ES"}
# Sold to everybody, whatever country they belong to.
_EVERYWHERE = frozenset(re.findall(r"\w+", "ai cc co fm ga gg gl io la ly me nu pw sh so st tk to tv ws"))


@lru_cache(maxsize=1024)
def normalize(code: str | None) -> str | None:
    """A code as BCP 47 spells it: "sv_se" is "sv-SE", "iw" is "he"; ``None`` for what is none."""
    written = (code or "").strip().partition(".")[0]  # "en_US.UTF-8"
    if len(written) > _LONGEST or not _CODE.fullmatch(written):
        return None
    import langcodes  # late: its tables take long to load

    try:
        found = langcodes.standardize_tag(written.replace("_", "-"))
    except ValueError:
        return None
    return None if found.startswith("und") else found


def primary(code: str | None) -> str | None:
    """The language of a code without script and region: "sr-Latn-RS" is "sr", "nb" is "no"."""
    found = normalize(code)
    language = found.partition("-")[0] if found else None
    return "no" if language in ("nb", "nn") else language


@lru_cache(maxsize=1024)
def region(code: str | None) -> str | None:
    """The country that a code names ("en-GB": "GB"), none where it names a language alone."""
    found = normalize(code)
    if found is None:
        return None
    import langcodes

    return langcodes.Language.get(found).territory


def country_of(host: str) -> str | None:
    """The country that a host name belongs to by its top-level domain, where that tells one: "bbc.co.uk" is "GB"."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    if last in _COUNTRIES:
        return _COUNTRIES[last]
    return last.upper() if re.fullmatch("[a-z]{2}", last) and last not in _EVERYWHERE and last != "eu" else None


@lru_cache(maxsize=1024)
def script(code: str) -> str | None:
    """The script that a language is mostly written in, by its ISO 15924 code: "Latn", "Cyrl"."""
    found = normalize(code)
    if found is None:
        return None
    import langcodes

    return langcodes.Language.get(found).maximize().script


@lru_cache(maxsize=1024)
def direction(code: str) -> str:
    """How a language is written: "rtl" or "ltr", as HTML's attribute `dir` has it."""
    return "rtl" if script(code) in ("Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr") else "ltr"


@lru_cache(maxsize=1024)
def name_of(code: str, inside: str = "en") -> str:
    """The name of a language in a language ("pt-BR": "Portuguese (Brazil)"), or its code where CLDR has none."""
    found = normalize(code) or code
    names = Locale.parse(normalize(inside) or "en", sep="-").languages
    try:
        name = Locale.parse(found, sep="-").get_display_name(inside)
    except (UnknownLocaleError, ValueError):
        name = names.get(found)
    return name or names.get(found.partition("-")[0]) or code
