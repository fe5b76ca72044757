"""Dates as pages write them: ISO 8601, RFC 2822 and JavaScript's form; what could be read in two ways is not read."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

from ingest.model import Precision

_FIRST_NEWSPAPER = 1605  # the Relation of Strasbourg; .NET writes an unset date as the year 1
# Abbreviations that mean one zone all over the world. EST is in America and in Australia, IST in three countries.
_ZONES = {"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_TAIL = re.compile(r"\s*(?:(?P<name>[A-Z]{1,4})|(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d\d)?)\s*$")
_LETTER = re.compile(  # "Mon, 01 Apr 2024 10:00:00 +0200", "Mon Apr 01 2024 10:00:00 GMT+0200 (CEST)"
    r"^(?:[A-Za-z]{3,9},?\s+)?(?:(?P<d1>\d{1,2})\s+(?P<m1>[A-Za-z]{3})[a-z]*|(?P<m2>[A-Za-z]{3})[a-z]*\s+(?P<d2>\d{1,2}))"
    r",?\s+(?P<year>\d{4})(?:,?\s+(?P<time>\d\d:\d\d(?::\d\d)?)\s*(?P<zone>(?:[A-Z]{1,4}\s*)?[+-]\d\d:?\d\d|[A-Z]{1,4})?)?"
    r"(?:\s*\([^)]*\))?$"
)
# "2026.01.29", "2026. 1. 29.", "2026/1/29", "2026年1月29日", "2026년 1월 29일": behind the year stands the month,
# everywhere.
YEAR_FIRST = r"\d{4} ?[-./年년] ?\d{1,2} ?[-./月월] ?\d{1,2}(?!\d)[.日일]?"
_YEAR_FIRST = re.compile(rf"(?={YEAR_FIRST})(\d+)\D+(\d+)\D+(\d+)[.日일]?")
_SECONDS = re.compile(r"^1\d{9}(?:\d{3})?$")  # since 1970, with or without thousandths: the years 2001 to 2033


def parse_date(text: object) -> tuple[datetime | None, Precision | None]:
    """A date or instant with its precision; anything that is none, or could be another, is (None, None).

    A time without a zone is kept as a day: which instant it means is not known.
    """
    if not isinstance(text, str) or len(text) > 100:
        return None, None
    parsed = _read(text.strip())
    if parsed is None or parsed.year < _FIRST_NEWSPAPER:
        return None, None
    if parsed.tzinfo is not None:
        return parsed, Precision.INSTANT
    return parsed.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), Precision.DAY


def _read(text: str) -> datetime | None:
    if _SECONDS.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    for read in (datetime.fromisoformat, _letter_form, _zone_apart, _year_first):
        with suppress(ValueError):  # not of this form, a 30 February, an hour 25
            if (found := read(text)) is not None:
                return found
    return None


def _year_first(text: str) -> datetime | None:
    """ISO 8601 but for what parts year, month and day."""
    found = _YEAR_FIRST.match(text)
    if found is None:
        return None
    iso = f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}{text[found.end() :]}"
    return _zone_apart(iso) or datetime.fromisoformat(iso)


def _zone_apart(text: str) -> datetime | None:
    """ISO 8601 but for the zone: "2024-04-01 12:00 CET", "2024-04-01T12:00:00 +02:00"."""
    tail = _ISO_TAIL.search(text)
    if tail is None or ":" not in text[: tail.start()]:
        return None
    plain = datetime.fromisoformat(text[: tail.start()])
    return plain if plain.tzinfo is not None else plain.replace(tzinfo=_zone(tail.group().strip()))


def _letter_form(text: str) -> datetime | None:
    found = _LETTER.match(text)
    name = (found["m1"] or found["m2"]).lower() if found else ""
    if found is None or name not in MONTHS:
        return None
    month = MONTHS.index(name) + 1
    day = int(found["d1"] or found["d2"])
    parsed = datetime(int(found["year"]), month, day, tzinfo=_zone(found["zone"] or "") if found["time"] else None)
    if found["time"] is None:
        return parsed
    hour, minute, second = (int(part) for part in f"{found['time']}:0".split(":")[:3])
    return parsed.replace(hour=hour, minute=minute, second=second)


def _zone(text: str) -> timezone | None:
    offset = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    hours = _ZONES.get(text.strip())
    return None if hours is None else timezone(timedelta(hours=hours))
