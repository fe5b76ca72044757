"""References in parentheses, with days: "(Regnum, April 1)", "(EurActiv, 29. März; Hafen.ru, 12 mars, 2 april)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.attribution.mentions import is_like_outlet
from ingest.attribution.stamps import find_days, is_month, iso_day
from ingest.lang.outlets import is_domain, known
from ingest.lang.places import is_place
from ingest.lang.tokens import is_article, without_article, words_of

_PARENTHESIS = re.compile(r"\(([^()\n]{6,300})\)\s*([.,;:!?…]?)")
_NAME = re.compile(r"[^\W_][\w .,&’'‑/:-]*")
_BETWEEN_DAYS = re.compile(r"[\s,.&–-]*(?:(?:and|och|und|и|et|y|e|og|i)\b)?[\s,.]*", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"(?:[,\s]|\b(?:of|on|from|dated|vom|am|den|från|от|du|del|van|z dnia)\s)+$", re.IGNORECASE)
_QUOTES = "\"'“”„«»‘’ "
_MOST_WORDS = 6
# Days of the week and words of events: "(Tuesday, April 5)", "(born April 5)".
_NO_NAME = words_of(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow born died updated"
    " published photo måndag tisdag onsdag torsdag fredag lördag söndag född död foto bild idag igår imorgon"
    " uppdaterad montag dienstag mittwoch donnerstag freitag samstag sonntag geboren gestorben heute gestern"
    " morgen stand понедельник вторник среда четверг пятница суббота воскресенье сегодня вчера завтра родился фото"
    " lundi mardi mercredi jeudi vendredi samedi dimanche né née lunes martes miércoles jueves viernes sábado"
    " domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag"
    " zaterdag zondag mandag tirsdag lørdag søndag final semi-final quarter-final round easter christmas until"
    " from since before after bis seit ab von sedan från till с до от"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A source and a day that a text refers to.

    `sure` says that the name is an outlet's by itself, `listed` that it stands in a list of references.
    """

    name: str
    date: str
    sure: bool
    listed: bool


def find_references(text: str, before: datetime | None) -> Iterator[Reference]:
    """The references of a text in order.

    Args:
        text: a paragraph.
        before: the latest that a day without a year can be, or ``None``.

    Yields:
        References; those that are neither `sure` nor `listed` are to be believed only in an article that has such as
        are.
    """
    for match in _PARENTHESIS.finditer(text):
        inside = match[1]
        if not any(map(str.isdigit, inside)):
            continue
        ends_clause = bool(match[2]) or match.end() == len(text)
        parts = inside.split(";")
        for part in parts:
            yield from _read(part, before, ends_clause=ends_clause, listed=len(parts) > 1)


def _read(part: str, before: datetime | None, *, ends_clause: bool, listed: bool) -> Iterator[Reference]:
    days = list(find_days(part))
    if not days:
        return
    name = without_article(_BEFORE_DAY.sub("", part[: days[0].start]).strip(_QUOTES + ","))
    ends = [*(day.start for day in days[1:]), len(part)]
    if any(not _BETWEEN_DAYS.fullmatch(part[day.end : end]) for day, end in zip(days, ends, strict=True)):
        return
    sure = known(name) is not None or is_domain(name) or (_like_a_name(name) and is_like_outlet(name))
    if not sure and not (ends_clause and _like_a_name(name)):
        return
    for day in days:
        yield Reference(name, iso_day(day, before), sure, listed)


def _like_a_name(name: str) -> bool:
    """Whether it may be the name of an outlet that is not known: few words, the main ones with capitals."""
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS or not _NAME.fullmatch(name) or len(name) < 3:
        return False
    if any(word.lower().strip(",.") in _NO_NAME or is_month(word.strip(",.")) for word in words) or is_place(name):
        return False
    if any(map(str.isdigit, name)) or "," in name:
        return False
    return name[0].isupper() and all(word[0].isupper() or len(word) <= 3 or is_article(word) for word in words)
