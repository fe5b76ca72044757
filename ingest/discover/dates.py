"""Dates of feeds and sitemaps, as instants by which entries are sorted and left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ingest.lang.dates import Setting, read_date, refused

# Clocks differ. Wrong time zones differ by half an hour at least, so this lets none of them pass.
_CLOCK_SKEW = timedelta(minutes=15)
_ROUGHLY = timedelta(hours=14 + 24)
_END = time(23, 59, 59)
_MONTH = re.compile(r"\d{4}-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was published or changed; `exact` if time and offset were given.

    Else UTC is assumed, and of a day the last second: what is left out for being old is old at any hour.
    """

    instant: datetime
    exact: bool


def read_moment(text: str | None, now: datetime, language: str | None = None) -> Moment | None:
    """The date that a feed or sitemap writes, or ``None`` where it is missing, ambiguous, impossible or after `now`."""
    if text is None or _MONTH.fullmatch(text.strip()):  # fromisoformat of later Pythons makes it the first of the month
        return None
    stamp = read_date(text, Setting(language=language, now=now))
    if stamp is None:
        return None
    instant = stamp.instant
    try:
        moment = instant or datetime.combine(stamp.day, stamp.clock or _END, tzinfo=UTC)
        if refused(moment, now) and moment <= now:
            return None
    except (ValueError, OverflowError):  # at the ends of the calendar an offset leads out of it
        return None
    if instant is not None:
        return Moment(instant=instant, exact=True) if instant <= now + _CLOCK_SKEW else None
    # At the far end of the earth's time zones it is 14 hours later, and a day may have just begun there.
    return Moment(instant=min(moment, now), exact=False) if moment <= now + _ROUGHLY else None
