"""Years that do not count from Christ."""

from __future__ import annotations

from datetime import date

_BUDDHIST = range(2400, 2700)
_JALALI = range(1350, 1411)  # 1971 to 2031; from 1411 on it may be a year of the Islamic calendar
_EPOCH = 226894  # `date.toordinal` of 1 Farvardin of the year 1, less one


def gregorian(year: int, month: int, day: int) -> date | None:
    """The day, if there is one.

    The year may be a Buddhist one (2567 is 2024) or one of the Persian solar calendar (1403); months of the latter that
    are known by name are 101 to 112. What cannot be a day is ``None``.
    """
    try:
        if month > 100 or year in _JALALI:
            return _jalali(year, month % 100, day)
        return date(year - 543 if year in _BUDDHIST else year, month, day)
    except (ValueError, OverflowError):
        return None


def _jalali(year: int, month: int, day: int) -> date | None:
    """By the arithmetic calendar of 33 years, which agrees with the astronomical one from 1799 to 2256."""
    last = 31 if month <= 6 else 30 if month < 12 or _is_leap(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= last and year in range(1200, 1600)):
        return None
    passed = year - 1
    leaps = sum(_is_leap(one) for one in range(1, year))
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date.fromordinal(_EPOCH + 365 * passed + leaps + before + day)


def _is_leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
