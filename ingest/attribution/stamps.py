"""Days and times as they are printed: "8. April 2022, 10:15 Uhr", "5 апреля", "April 8, 2022 at 10:15 AM EDT"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

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
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 60, "CET": 60, "MEZ": 60, "WEST": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "МСК": 180, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660,
}  # fmt: skip

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
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<h>[01]?\d|2[0-3])(?::|\.|\s?h\s?|\sUhr\s)(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.,]\d+)?)?(?!\d|\.\d\d)"
    r"\s?(?P<half>[ap]\.?m\b\.?)?\s?(?:Uhr|Uhr\.|ч\.)?\s?\(?(?P<zone>Z|[+-]\d\d:?\d\d|(?:UTC|GMT)[+-]\d\d?|[A-ZМСК]{3,4})?",
    re.IGNORECASE,
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


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed point in time: a day, the time of day if given, its zone if given."""

    day: date
    clock: time | None
    zone: tzinfo | None

    @property
    def instant(self) -> datetime | None:
        """The instant, or ``None`` without time or zone."""
        if self.clock is None or self.zone is None:
            return None
        return datetime.combine(self.day, self.clock, tzinfo=self.zone)

    @property
    def midnight(self) -> datetime:
        """The day as the model has it: midnight in UTC."""
        return datetime.combine(self.day, time(), tzinfo=UTC)


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


def read_stamp(text: str, near: date | None = None) -> Stamp | None:
    """The first day with a year in a text, with the time after (or right before) it; `near` as in `find_days`."""
    for day in find_days(text, near):
        if day.year is None:
            continue
        behind = text[day.end :].removeprefix("T")
        clock = _CLOCK.search(behind[:40]) or _CLOCK.search(text[max(0, day.start - 20) : day.start])
        read = date(day.year, day.month, day.day)
        return Stamp(read, *_read_clock(clock)) if clock else Stamp(read, None, None)
    return None


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


def _read_clock(match: re.Match[str]) -> tuple[time, tzinfo | None]:
    hour = int(match["h"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    return time(hour, int(match["m"]), int(match["s"] or 0)), _zone(match["zone"])


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text.upper()]))
    signed = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?", text, re.IGNORECASE)
    if not signed:
        return None
    minutes = int(signed[2]) * 60 + int(signed[3] or 0)
    if minutes > 14 * 60:  # no zone is further from UTC
        return None
    return timezone(timedelta(minutes=minutes if signed[1] == "+" else -minutes))
