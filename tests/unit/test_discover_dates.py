"""Dates of feeds and sitemaps: what is written in full is read, what could be two things is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.discover.dates import Moment, read_moment

NOW = datetime(2024, 5, 2, 6, 30, tzinfo=UTC)
MORNING = datetime(2024, 4, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 01 Apr 2024 08:00:00 GMT",
        "Mon, 1 Apr 2024 10:00:00 +0200",
        "mån, 01 Apr 2024 10:00 CEST",
        "Пн, 01 Apr 2024 11:00:00 MSK",
        "01 Apr 2024 08:00:00 +00:00",
        "Monday, 01-Apr-24 08:00:00 UTC",
        "Mon, 01 April 2024 04:00:00 EDT (eastern)",
        "Mon Apr 01 2024 10:00:00 GMT+0200 (CEST)",
        "2024-04-01T08:00:00Z",
        "2024-04-01T10:00:00+02:00",
        "2024-04-01 10:00:00.1234567 +0200",
        "2024-04-01T10:00+02",
        "  2024-04-01t08:00:00z\n",
        "1711958400",
        "Mo, 01 Apr 2024 10:00:00 +0200",
    ],
)
def test_instants(written: str) -> None:
    """RFC 822 and ISO 8601, and what is close to them."""
    moment = read_moment(written, NOW)
    assert moment is not None
    assert moment.exact
    assert abs(moment.instant - MORNING) < timedelta(seconds=1)


def test_the_offset_is_kept() -> None:
    """An instant keeps the offset that it was written with."""
    moment = read_moment("2024-04-01T10:00:00+05:30", NOW)
    assert moment is not None
    assert timedelta(hours=5, minutes=30) == moment.instant.utcoffset()


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-04-01T10:00:00", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        ("Mon, 01 Apr 2024 10:00:00", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        ("Mon, 01 Apr 2024 10:00:00 IST", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        ("2024-04-01", datetime(2024, 4, 1, 23, 59, 59, tzinfo=UTC)),
        ("1 Apr 2024", datetime(2024, 4, 1, 23, 59, 59, tzinfo=UTC)),
        ("2024-05-02", NOW),
        ("Mon Apr  1 10:00:00 2024", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        ("08.04.2022", datetime(2022, 4, 8, 23, 59, 59, tzinfo=UTC)),
        ("20240401", datetime(2024, 4, 1, 23, 59, 59, tzinfo=UTC)),
        ("Thu, Apr 18 2024 08:28:28 PM", datetime(2024, 4, 18, 20, 28, 28, tzinfo=UTC)),
        ("Do, 18 Apr 2024 11:41:36", datetime(2024, 4, 18, 11, 41, 36, tzinfo=UTC)),
    ],
)
def test_rough_moments(written: str, instant: datetime) -> None:
    """Without an offset, or with a name that means several, a date is good enough to sort by, and for nothing else."""
    assert Moment(instant=instant, exact=False) == read_moment(written, NOW)


@pytest.mark.parametrize(
    "written",
    [
        *("", "  ", "next week", "04/08/2022 10:00", "2024-04"),
        *("2024-13-01T10:00:00Z", "2024-02-30", "Mon, 31 Jun 2024 10:00:00 GMT", "Mon, 01 Foo 2024 10:00:00 GMT"),
        *("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT", "1989-12-31T10:00:00Z"),
        *("2024-05-02T07:00:00Z", "Mon, 01 Apr 2999 10:00:00 GMT", "2999-01-01"),
        *("2024-04-01T10:00:00Z" + "0" * 80, "Mon, 01 Ma 2023 10:00:00 GMT"),
    ],
)
def test_dates_that_are_none(written: str) -> None:
    """What is ambiguous, impossible, unset, in the future or no date at all is not known."""
    assert read_moment(written, NOW) is None


def test_clocks_may_differ_a_little() -> None:
    """A server whose clock is minutes ahead is no server that writes nonsense."""
    assert read_moment("2024-05-02T06:40:00Z", NOW) is not None


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2024, 1, 1)),  # noqa: DTZ001 - the zone is drawn apart
    st.integers(-12 * 60, 14 * 60),
)
def test_what_is_written_is_read(naive: datetime, minutes: int) -> None:
    """Every instant comes back as it was written, in both formats."""
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)), microsecond=0)
    assert Moment(instant=instant, exact=True) == read_moment(instant.isoformat(), NOW)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[instant.month - 1]
    written = f"{instant.day:02} {month} {instant.year} {instant:%H:%M:%S %z}"
    assert Moment(instant=instant, exact=True) == read_moment(written, NOW)


@given(st.text(max_size=70))
def test_any_text_is_a_date_or_none(written: str) -> None:
    """No text raises an exception."""
    moment = read_moment(written, NOW)
    assert moment is None or moment.instant.tzinfo is not None
