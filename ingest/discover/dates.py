"""Dates of feeds and sitemaps: RFC 822 and ISO 8601 only, and nothing guessed.

"08.04.2022" and "04/08/2022" are the eighth of April or the fourth of August, depending on who writes: they are not
read. Neither is a date in the future, which is a mistake of the feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# The Relation of Strasbourg, the first newspaper. .NET writes an unset date as the year 1.
_FIRST_NEWSPAPER = 1605
# What Unix writes for an unset date.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Clocks differ. Wrong time zones differ by half an hour at least, so this lets none of them pass.
_CLOCK_SKEW = timedelta(minutes=15)
_ROUGHLY = timedelta(hours=14 + 24)
_LONGEST = 64
_END = (23, 59, 59)

_ZONE = r"(?P<zone>Z|UTC|GMT|UT|[+-]\d\d:?\d\d|[+-]\d\d|[A-Z]{1,5})?"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:(?:T|\s+){_TIME}\s*{_ZONE})?", re.ASCII | re.IGNORECASE
)
# RFC 822 with the years of RFC 2822, and hyphens as in the cookies' dates. The weekday may be in any language.
_RFC = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?P<day>\d{{1,2}})[\s-]+(?P<name>[A-Za-z]{{3,9}})\.?[\s-]+(?P<year>\d{{4}}|\d\d)"
    rf"(?:\s+{_TIME}\s*{_ZONE}(?:\s*\([^()]*\))?)?",
    re.IGNORECASE,
)
# What C's asctime and JavaScript's Date write.
_ASCTIME = re.compile(
    rf"[A-Za-z]{{3}},?\s+(?P<name>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+(?:(?P<year>\d{{4}})\s+{_TIME}"
    rf"\s*(?:(?:GMT|UTC)(?=[+-]))?{_ZONE}(?:\s*\([^()]*\))?|(?:\d\d:\d\d:\d\d\s+)(?P<year2>\d{{4}}))",
    re.IGNORECASE,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
# Names that mean one offset wherever they stand in news. IST, BST and CST (of China) do not.
_HOURS = dict.fromkeys(("Z", "UT", "UTC", "GMT", "WET"), 0) | {
    **dict.fromkeys(("WEST", "CET", "MEZ"), 1),
    **dict.fromkeys(("CEST", "MESZ", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **dict.fromkeys(("JST", "KST"), 9),
    **dict.fromkeys(("EDT",), -4),
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("MDT",), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    **dict.fromkeys(("PST",), -8),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was published or changed; `exact` if time and offset were given.

    Else UTC is assumed, and of a day the last second: what is left out for being old is old at any hour.
    """

    instant: datetime
    exact: bool


def read_moment(text: str | None, now: datetime) -> Moment | None:
    """The date that a feed or sitemap writes, or ``None`` where it is missing, ambiguous, impossible or after `now`."""
    written = (text or "").strip()
    if not written or len(written) > _LONGEST:
        return None
    match = _ISO.fullmatch(written) or _RFC.fullmatch(written) or _ASCTIME.fullmatch(written)
    moment = _moment(match.groupdict()) if match else None
    if moment is None or moment.instant == _EPOCH or moment.instant.year < _FIRST_NEWSPAPER:
        return None
    if moment.exact:
        return moment if moment.instant <= now + _CLOCK_SKEW else None
    # At the far end of the earth's time zones it is 14 hours later, and a day may have just begun there.
    return Moment(instant=min(moment.instant, now), exact=False) if moment.instant <= now + _ROUGHLY else None


def _moment(part: dict[str, str | None]) -> Moment | None:
    try:
        offset = _offset(part["zone"])
        # A leap second is the last one that datetime knows.
        clock = (
            (int(part["hour"]), int(part["minute"] or 0), min(int(part["second"] or 0), 59)) if part["hour"] else _END
        )
        instant = datetime(_year(part), _month(part), int(part["day"] or 0), *clock, tzinfo=offset or UTC)
        instant.astimezone(UTC)  # at the ends of the calendar an offset leads out of it
    except (ValueError, OverflowError):
        return None
    return Moment(instant=instant, exact=offset is not None and bool(part["hour"]))


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        hours = _HOURS.get(zone.upper())
        return None if hours is None else timezone(timedelta(hours=hours))
    digits = zone[1:].replace(":", "").ljust(4, "0")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if distance > timedelta(hours=14):
        raise ValueError(f"no offset on earth: {zone}")
    return timezone(-distance if zone[0] == "-" else distance)


def _year(part: dict[str, str | None]) -> int:
    year = part["year"] or part.get("year2") or ""
    # RFC 2822 (4.3): 00 to 49 are of this century.
    return int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)


def _month(part: dict[str, str | None]) -> int:
    name = (part.get("name") or "").lower()
    if not name:
        return int(part["month"] or 0)
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name) or name == "sept" == month[:4]]
    return found[0] if len(found) == 1 else 0
