"""Days as texts print them: "8. April 2022", "5 апреля", "April 8, 2022". Lines of dates: `ingest.lang.dates`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# The names of the months as they stand in dates (Slavic and Finnish ones inflected), and their abbreviations, parted by
# ";": en, de, sv/da/nb, es, fr, it, nl, pt, pl, ru, uk, cs, fi. Croatian is left out: its "listopada" is October, the
# Polish November.
_MONTHS = """
january jan januar jänner januari enero ene janvier janv gennaio gen janeiro stycznia sty января январь янв січня
ledna tammikuuta;
february feb februar feber februari febrero février févr fév febbraio febr fevereiro fev lutego lut февраля февраль
фев февр лютого února helmikuuta;
march mar märz mär mrz mars marts marzo maart mrt março marca marzec марта март мар березня března maaliskuuta;
april apr abril abr avril avr aprile kwietnia kwi апреля апрель апр квітня dubna huhtikuuta;
may mai maj mayo maggio mag mei maio maja мая май травня května toukokuuta;
june jun juni junio juin giugno giu junho czerwca июня июнь июн червня června kesäkuuta;
july jul juli julio juillet juil luglio lug julho lipca июля июль июл липня července heinäkuuta;
august aug augusti augustus agosto ago août sierpnia августа август авг серпня srpna elokuuta;
september sep sept septiembre setiembre septembre settembre setembro września wrz сентября сентябрь сен сент вересня
září syyskuuta;
october oct oktober okt octubre octobre ottobre ott outubro października paź октября октябрь окт жовтня října
lokakuuta;
november nov noviembre novembre novembro listopada lis ноября ноябрь ноя нояб листопада listopadu marraskuuta;
december dec dezember dez desember des diciembre dic décembre déc dicembre dezembro grudnia gru декабря декабрь дек
грудня prosince joulukuuta
"""
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS.split(";"), 1) for name in names.split()}

_MONTH_NAME = rf"(?:{'|'.join(sorted(_MONTH_NUMBERS, key=lambda name: (-len(name), name)))})"
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"""(?<![\w.:/-])(?:
      (?P<iy>{_YEAR})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)
    | (?P<cy>{_YEAR})\s?年\s?(?P<cm>\d\d?)\s?月\s?(?P<cd>\d\d?)\s?日
    | (?P<d>\d\d?)(?:\.|º|er|st|nd|rd|th|:e)?\s+(?:de\s+|of\s+)?(?P<m>{_MONTH_NAME})\b\.?
        (?:,?\s+(?:de[l]?\s+)?(?P<y>{_YEAR})\b)?
    | (?P<em>{_MONTH_NAME})\b\.?\s+(?P<ed>\d\d?)(?:st|nd|rd|th)?(?![\d:.]\d|\d)(?:,?\s+(?P<ey>{_YEAR})\b)?
    | (?P<nd>\d\d?)\.\s?(?P<nm>\d\d?)\.\s?(?P<ny>{_YEAR}(?!\.?\d)|\d\d(?![\d.:]))?
    | (?P<sa>\d\d?)/(?P<sb>\d\d?)/(?P<sy>{_YEAR})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
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
    for match in _DAY.finditer(text):
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
    return word.lower() in _MONTH_NUMBERS


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
    return _checked(year, _MONTH_NUMBERS[name.lower()], int(number))


def _checked(year: str | None, month: int, day: int) -> tuple[int | None, int, int] | None:
    whole = None if year is None else int(year) + (_CENTURY if len(year) == 2 else 0)
    return (whole, month, day) if _exists(whole or 2000, month, day) else None


def _exists(year: int, month: int, day: int, latest: date = date.max) -> bool:
    try:
        return date(year, month, day) <= latest
    except ValueError:
        return False
