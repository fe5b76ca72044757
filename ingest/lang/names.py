"""What a name is: a person's, an organisation's, an agency's, a place's, a role, or nobody's.

The words by which they are told stand in the lexicon, table `names`: languages share one set, for a by-line is too
short to tell its language, and Swedish papers print "By" before the names of their English correspondents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from ingest.lang.lexicon import once, tables
from ingest.lang.outlets import is_domain, known
from ingest.lang.places import is_country, is_place
from ingest.text import letters


class Kind(StrEnum):
    """What a name is the name of."""

    PERSON = "person"
    ORGANISATION = "organisation"
    AGENCY = "agency"
    PLACE = "place"
    ROLE = "role"
    NOBODY = "nobody"


LONGEST_NAME = 80
"""Characters: "Bundesministerium für wirtschaftliche Zusammenarbeit und Entwicklung" has 67."""

_MOST_WORDS = 7  # "Maria del Carmen van der Berg Jr."
_AGENCY_LETTERS = re.compile(r"[A-ZА-ЯÅÄÖČŠ]{2,5}(?:[-/][A-ZА-Я]{2,5})*")
_IN_WORD = frozenset(".'’ʼ`‑-")
# Scripts that part no words: what is sought in them is sought in the middle of a word.
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EAST_ASIAN_NAME = re.compile(
    r"[\u3400-\u9fff々]{2,4}|[\uac00-\ud7af]{2,5}"
    r"|[\u3400-\u9fff々]{1,4}[ \u3000]?[\u3040-\u30ff\u3400-\u9fff々]{1,5}"
    r"|[\u30a0-\u30ff]{2,12}(?:[・＝ ][\u30a0-\u30ff]{2,12}){0,3}"
    r"|[\u3400-\u9fff]{1,6}(?:[·•．][\u3400-\u9fff]{1,6}){1,3}"
)
_ACCOUNT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of the lexicon by the way in which they are found.

    Whole; by their beginning ("editor*") or their end in a compound ("*skribent"); inside an unparted word.
    """

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    compounds: tuple[str, ...]
    inside: tuple[str, ...]
    endings: tuple[str, ...]
    phrases: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Whether a word, in any case and with marks around it, is one of these."""
        low = bare(word)
        if low in self.whole or low.rpartition("-")[2] in self.whole:
            return True
        if (self.beginnings and low.startswith(self.beginnings)) or (self.compounds and low.endswith(self.compounds)):
            return True
        if not _UNPARTED.search(low):
            return False
        return any(one in low for one in self.inside) or low.endswith(self.endings)

    def holds(self, name: str) -> bool:
        """Whether one of these stands in a name: a word of it, or a phrase."""
        low = f" {' '.join(map(bare, name.split()))} "
        return any(map(self.has, name.split())) or any(f" {phrase} " in low for phrase in self.phrases)


@once
def longest(*keys: str) -> tuple[str, ...]:
    """The words and phrases of the lexicon's table `names` under these keys, in all languages, the longest first."""
    every = {one for table in tables("names").values() for key in keys for one in table.get(key, ())}
    return tuple(sorted(every, key=lambda one: (-len(one), one)))


@once
def caseless(*keys: str) -> frozenset[str]:
    """The same without regard to case, as `str.casefold` has them: of "ς" and "σ" one."""
    return frozenset(map(str.casefold, longest(*keys)))


@once
def listed(*keys: str) -> _Words:
    """The same words by the way in which they are found."""
    every = [one.casefold() for one in longest(*keys)]
    single = [one for one in every if " " not in one]
    unparted = [one for one in single if _UNPARTED.search(one)]
    return _Words(
        whole=frozenset(one.strip(".") for one in single if "*" not in one),
        beginnings=tuple(one[:-1] for one in single if one.endswith("*")),
        compounds=tuple(one[1:] for one in single if one.startswith("*")),
        inside=tuple(one for one in unparted if len(one) > 1),
        endings=tuple(one for one in unparted if len(one) == 1) or ("\0",),
        phrases=tuple(one for one in every if " " in one),
    )


@lru_cache(maxsize=4_096)
def bare(word: str) -> str:
    """A word as it is looked up: lower case, without marks around it."""
    return word.strip(" .,:;|/()[]\"'“”„«»®").replace("’", "'").casefold()


def kind_of(name: str, own: Iterable[str] = ()) -> Kind:
    """Tell what a name is the name of.

    Args:
        name: a name alone, without role, day and place behind it: `ingest.lang.bylines` takes these off.
        own: names of the site and its publisher; a by-line of that name is the organisation's.
    """
    parts = name.split()
    if not parts or len(name) > LONGEST_NAME or not any(map(str.isalpha, name)) or _is_nobody(parts):
        return Kind.NOBODY
    listed_as = _kind_of_outlet(name, parts)
    if listed_as is not None:
        return listed_as
    if listed("roles").has(parts[-1]) and all(map(listed("roles", "modifiers").has, parts)):
        return Kind.ROLE
    if is_organisation(name) or _is_own(name, own):
        return Kind.ORGANISATION
    if is_place(name):
        return Kind.PLACE
    return Kind.PERSON if _has_shape_of_person(parts) else Kind.NOBODY


def _is_nobody(parts: Sequence[str]) -> bool:
    low = " ".join(map(bare, parts))
    nobody = listed("nobody")
    return low in nobody.phrases or (len(parts) == 1 and (low in nobody.whole or low.startswith(nobody.beginnings)))


def _kind_of_outlet(name: str, parts: Sequence[str]) -> Kind | None:
    outlet = known(name)
    if outlet is not None and not outlet.plain:
        return Kind.AGENCY if outlet.section == "agency" else Kind.ORGANISATION
    first = parts[0]  # "MDR THÜRINGEN"
    short = len(parts) > 1 and first.isupper() and len(first) > 1 and known(first) is not None
    return Kind.ORGANISATION if short else None


def is_organisation(name: str) -> bool:
    """Whether a name says by its words, its legal form or its letters that it is no person's."""
    parts = name.split()
    if not parts or name.endswith(("?", "!")) or len(parts) > max(_MOST_WORDS, 3 * sum(map(begins_name, parts))):
        return False  # a sentence
    if is_domain(name) or _AGENCY_LETTERS.fullmatch(name):
        return True
    if len(parts) > 1 and listed("companies").has(parts[-1]) and not parts[-1].islower():
        return True
    if len(parts) > 1 and bare(parts[0]) in listed("articles").whole:
        return True
    if len(parts) == 2 and bare(parts[0]) in listed("short_articles").whole:
        return True
    return listed("organisation", "newsroom").holds(name)


def is_full_name(name: str) -> bool:
    """Whether a person's name is whole: first and last, or written without a space; "di Giorno" and "van Gogh" no."""
    if " " not in name:
        return _EAST_ASIAN_NAME.fullmatch(name) is not None
    return any(not (part.islower() and is_particle(part)) for part in name.split()[:-1])


def is_east_asian(name: str) -> bool:
    """Whether a name is written in Chinese, Japanese or Korean."""
    return _EAST_ASIAN.search(name) is not None


def is_particle(word: str) -> bool:
    """Whether a word stands small inside names: "van", "de la"."""
    low = word.lower().replace("’", "'").rstrip(".")
    return low in listed("particles").whole or low.startswith(("d'", "l'", "al-", "el-"))


def is_glued(word: str) -> bool:
    """Whether a word is a particle with the name that it belongs to: "al-Rashid", "d'Arc"."""
    return is_particle(word) and any(map(str.isupper, word[1:]))


def begins_name(word: str) -> bool:
    """Whether a word has the look of a part of a name: a capital, or a script that has none."""
    first = next((letter for letter in word if letter.isalpha()), "")
    return bool(first) and not first.islower() and _is_word(word)


def _is_account(word: str) -> bool:
    """Whether a word is what somebody signs in by: small letters with digits, dots or dashes among them."""
    mixed = word.isalnum() and word.islower() and any(map(str.isdigit, word))
    return mixed or _ACCOUNT.fullmatch(word) is not None


def _is_word(word: str) -> bool:
    """Whether a word has no more in it than letters, their marks, and what may stand between them in a name."""
    inner = word.strip("()\"'“”„«»")
    return inner[:1].isalpha() and all(
        letter.isalpha() or letter in _IN_WORD or unicodedata.category(letter).startswith("M") for letter in inner
    )


def may_be_headings(name: str) -> bool:
    """Whether a name holds a word of places, sections and offices: beside a day these have the capitals of names.

    Some are surnames behind a given name: "Jana Nová", "Ann West".
    """
    surnames = listed("surnames")
    if len(name.split()) == 2 and begins_with_given_name(name) and surnames.has(name.split()[1]):
        return False
    return listed("places_and_sections", "organisation", "newsroom").holds(name)


def begins_with_given_name(name: str) -> bool:
    """Whether the first of several words is a given name of people, and none of a place."""
    first, _, others = name.partition(" ")
    return bool(others) and is_given_name(first)


def is_given_name(word: str) -> bool:
    """Whether a word, in any case, is a given name in one of some fifty languages and is no place."""
    low = bare(word)
    known_name = low in _given_names() or low.partition("-")[0] in _given_names()
    return known_name and not is_place(low) and not is_country(low)


@cache
def _given_names() -> frozenset[str]:
    text = files("ingest.lang").joinpath("given_names.txt").read_text(encoding="utf-8")
    return frozenset(text.strip().replace("\n", "|").split("|"))


def _is_own(name: str, own: Iterable[str]) -> bool:
    mine = letters(name)
    return any(mine == site or (len(mine) > 5 and mine in site) for site in map(letters, own) if site)


def _has_shape_of_person(parts: Sequence[str]) -> bool:
    name = " ".join(parts)
    if is_east_asian(name):
        return _EAST_ASIAN_NAME.fullmatch(name) is not None
    if len(parts) > _MOST_WORDS:
        return False
    if len(parts) == 1:
        word = parts[0]
        return len(word) > 1 and _is_word(word) and not _is_account(word)
    return (
        (begins_name(parts[0]) or is_particle(parts[0]))
        and (begins_name(parts[-1]) or is_glued(parts[-1]))
        and all(begins_name(part) or is_particle(part) for part in parts)
    )
