"""Days as texts print them: "8. April 2022", "5 апреля", "April 8, 2022". Lines of dates: `ingest.lang.dates`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.lang.cues import either
from ingest.lang.lexicon import once, tables

_YEAR = r"(?:19|20)\d\d"
_CENTURY = 2000
_BESIDE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text: `year` is ``None`` where it is not given. `start` and `end` are its character offsets."""

    year: int | None
    month: int
    day: int
    start: int
    end: int


def find_days(text: str, near: date | None = None) -> Iterator[Day]:
    """The days in a text, in order.

    Args:
        text: any text.
        near: a day that the text is about, if known. 04/05/2022 is the 4th of May or the 5th of April as the
            one or the other is this day or one beside it; else it is no day.
    """
    for match in _pattern().finditer(text):
        found = _read(match, near)
        if found is not None:
            year, month, day = found
            yield Day(year, month, day, match.start(), match.end())


def iso_day(day: Day, before: datetime | None) -> str:
    """A day as ISO 8601 has it.

    Args:
        day: the day.
        before: the latest that it can be; without a year, the last such day before it (and one more, for time zones).

    Returns:
        "2022-04-01", or "--04-01" where the year cannot be told.
    """
    year = day.year
    if year is None and before is not None:
        latest = (before + timedelta(days=1)).date()
        # Eight years hold a 29 February, over the turn of a century too.
        years = (latest.year - back for back in range(9))
        year = next((one for one in years if _exists(one, day.month, day.day, latest)), None)
    if year is None:
        return f"--{day.month:02}-{day.day:02}"
    return f"{year:04}-{day.month:02}-{day.day:02}"


def is_month(word: str) -> bool:
    """Whether a word, in any case, names a month."""
    return word.lower() in _months()


@once
def _months() -> dict[str, int]:
    """The number of each month by its names as they stand in texts."""
    every = tables("months_in_text").values()
    return {name: int(number) for table in every for number, names in table.items() for name in names}


@once
def _pattern() -> re.Pattern[str]:
    month = "|".join(sorted(_months(), key=lambda name: (-len(name), name)))
    of, ordinal = either("day_of"), either("ordinals")
    return re.compile(
        rf"""(?<![\w.:/-])(?:
          (?P<iy>{_YEAR})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)
        | (?P<cy>{_YEAR})\s?\u5e74\s?(?P<cm>\d\d?)\s?\u6708\s?(?P<cd>\d\d?)\s?\u65e5
        | (?P<d>\d\d?)(?:\.|{ordinal})?\s+(?:(?:{of})\s+)?(?P<m>{month})\b\.?
            (?:,?\s+(?:(?:{of})\s+)?(?P<y>{_YEAR})\b)?
        | (?P<em>{month})\b\.?\s+(?P<ed>\d\d?)(?:{ordinal})?(?![\d:.]\d|\d)(?:,?\s+(?P<ey>{_YEAR})\b)?
        | (?P<nd>\d\d?)\.\s?(?P<nm>\d\d?)\.\s?(?P<ny>{_YEAR}(?!\.?\d)|\d\d(?![\d.:]))?
        | (?P<sa>\d\d?)/(?P<sb>\d\d?)/(?P<sy>{_YEAR})
        )""",
        re.VERBOSE | re.IGNORECASE,
    )


def _read(match: re.Match[str], near: date | None) -> tuple[int | None, int, int] | None:
    group = match.groupdict()
    year: str | None
    for year_name, month_name, day_name in (("iy", "im", "id"), ("cy", "cm", "cd"), ("ny", "nm", "nd")):
        if group[day_name]:
            year = group[year_name]
            return _checked(year, int(group[month_name]), int(group[day_name]))
    if group["sa"]:
        first, second = int(group["sa"]), int(group["sb"])
        readings = {_checked(group["sy"], month, day) for day, month in ((first, second), (second, first))} - {None}
        if near is not None and len(readings) > 1:
            readings = {one for one in readings if one and one[0] and abs(date(one[0], *one[1:]) - near) <= _BESIDE}
        return readings.pop() if len(readings) == 1 else None
    name, number, year = (group[key] or group[f"e{key}"] for key in ("m", "d", "y"))
    if group["em"] and not name[0].isupper():  # "they may 10 times": month-first is English, capitalised
        return None
    return _checked(year, _months()[name.lower()], int(number))


def _checked(year: str | None, month: int, day: int) -> tuple[int | None, int, int] | None:
    whole = None if year is None else int(year) + (_CENTURY if len(year) == 2 else 0)
    return (whole, month, day) if _exists(whole or 2000, month, day) else None


def _exists(year: int, month: int, day: int, latest: date = date.max) -> bool:
    try:
        return date(year, month, day) <= latest
    except ValueError:
        return False
