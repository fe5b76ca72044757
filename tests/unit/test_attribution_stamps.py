"""Days, times and datelines as they are printed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.attribution.datelines import Dateline, read_dateline
from ingest.attribution.stamps import find_days, iso_day
from ingest.lang.dates import read_line
from ingest.lang.outlets import agency_in

REST = " the council decided on Monday to close the only bridge to the island."


@pytest.mark.parametrize(
    "text",
    [
        "Created: 2022-04-08 10:15",
        "8. April 2022, 10:15 Uhr",
        "Publicerad 8 april 2022 kl. 10.15",
        "8 апреля 2022 г., 10:15",
        "10:15, 8 апреля 2022",
        "April 8, 2022 at 10:15 AM",
        "Friday, Apr. 8, 2022 10:15 a.m.",
        "8 de abril de 2022 a las 10:15",
        "le 8 avril 2022 à 10h15",
        "8 aprile 2022 alle 10:15",
        "8 april 2022 om 10:15",
        "8 kwietnia 2022, 10:15",
        "Stand: 08.04.2022 10:15 Uhr",
        "2022年4月8日 10:15",
    ],
)
def test_stamps_in_many_languages(text: str) -> None:
    """Each language's way of writing a day and a time is read; without a zone there is no instant."""
    line = read_line(text)
    stamp = line.published or line.updated
    assert stamp is not None
    assert (date(2022, 4, 8), time(10, 15), None) == (stamp.day, stamp.clock, stamp.instant)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("April 8, 2022 at 10:15 AM EDT", 14),
        ("08.04.2022 10:15 МСК", 7),
        ("8. April 2022, 10:15 MESZ", 8),
        ("2022-04-08T10:15:00Z", 10),
        ("2022-04-08 10:15 +0200", 8),
        ("8 April 2022, 10:15 UTC+2", 8),
    ],
)
def test_zones(text: str, hour: int) -> None:
    """A zone by name or offset makes an instant of a stamp."""
    stamp = read_line(text).published
    assert stamp is not None
    assert datetime(2022, 4, 8, hour, 15, tzinfo=UTC) == stamp.instant


@pytest.mark.parametrize(
    "text", ["04/05/2022", "31.02.2022", "they may 10 times", "10.15 Uhr", "version 1.2.2022.4", ""]
)
def test_what_is_no_day(text: str) -> None:
    """Ambiguous and impossible days, and numbers beside words that are also months, are no days."""
    assert [day for day in find_days(text) if day.year is not None] == []


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("April 1", datetime(2022, 4, 8, tzinfo=UTC), "2022-04-01"),
        ("December 30", datetime(2022, 4, 8, tzinfo=UTC), "2021-12-30"),
        ("April 9", datetime(2022, 4, 8, 20, tzinfo=UTC), "2022-04-09"),  # it is the 9th already in the east
        ("29 February", datetime(2022, 4, 8, tzinfo=UTC), "2020-02-29"),
        ("April 1", None, "--04-01"),
        ("April 1, 2019", None, "2019-04-01"),
        ("13/04/2019", None, "2019-04-13"),
    ],
)
def test_year_of_a_day(text: str, before: datetime | None, expected: str) -> None:
    """A day without a year is the last one before publication; the year that is given is kept."""
    assert [expected] == [iso_day(day, before) for day in find_days(text)]


@pytest.mark.parametrize(
    ("opening", "places", "agency"),
    [
        ("MOSCOW (Reuters) - On Monday", "MOSCOW", "Reuters"),
        ("WASHINGTON, April 5 (Reuters) - On Monday", "WASHINGTON", "Reuters"),
        ("KYIV, Ukraine (AP) — On Monday", "KYIV, Ukraine", "AP"),
        ("BEIJING, April 5 (Xinhua) -- On Monday", "BEIJING", "Xinhua"),
        ("Berlin (dpa) – Am Montag", "Berlin", "dpa"),
        ("Hamburg (dpa/lno) - Am Montag", "Hamburg", "dpa"),
        ("Wien (APA) - Am Montag", "Wien", "APA"),
        ("Bern (Keystone-SDA) - Am Montag", "Bern", "Keystone-SDA"),
        ("STOCKHOLM (TT) Regeringen vill", "STOCKHOLM", "TT"),
        ("Oslo (NTB): Regjeringen vil", "Oslo", "NTB"),
        ("МОСКВА, 5 апреля (Интерфакс) - В понедельник", "МОСКВА", "Интерфакс"),
        ("МОСКВА, 5 апр - РИА Новости. В понедельник", "МОСКВА", "РИА Новости"),
        ("МОСКВА, 5 апреля. /ТАСС/. В понедельник", "МОСКВА", "ТАСС"),
        ("Madrid, 5 abr (EFE).- El lunes", "Madrid", "EFE"),
        ("MADRID, 5 Abr. (EUROPA PRESS) - El lunes", "MADRID", "EUROPA PRESS"),
        ("Paris, le 5 avril 2022 (AFP) - Lundi", "Paris", "AFP"),
        ("(ANSA) - ROMA, 05 APR - Il governo", "ROMA", "ANSA"),
        ("Oslo/Stockholm/Turku - Two ferries were sold", "Oslo/Stockholm/Turku", None),
        ("WASHINGTON — The president", "WASHINGTON", None),
        ("München – Der Hafen", "München", None),
    ],
)
def test_datelines(opening: str, places: str, agency: str | None) -> None:
    """Places and agency are read as printed, the day between them is not part of them."""
    assert Dateline(places, agency) == read_dateline(opening + REST)


def test_dateline_that_lost_its_agency() -> None:
    """Empty parentheses are told apart from none."""
    assert Dateline("Moscow", None, emptied=True) == read_dateline("Moscow () – On Monday" + REST)


@pytest.mark.parametrize(
    "opening",
    [
        "Berlin – die Stadt der Freiheit – ist",
        "BREAKING - The bridge",
        "NATO - The alliance",
        "Holt - She said",
        "The minister (SPD) - who",
        "Prime Minister Bo Ek (Conservative) said",
        "Moscow is a city - The bridge",
        "Bank of Harbour (BAH) - The stock",
        "Stockholm. Regeringen vill",
        "ВАЖНО - Мост закрыт",
    ],
)
def test_openings_that_are_no_datelines(opening: str) -> None:
    """A city in a sentence, a label, a person and a party are no datelines."""
    assert read_dateline(opening + REST) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("mho/dpa", "dpa"), ("dpa/AFP", "dpa/AFP"), ("pm", None), ("ТАСС", "ТАСС"), ("Ann Holt", None), ("", None)],
)
def test_agencies_beside_initials(text: str, expected: str | None) -> None:
    """The agency is told apart from the initials of who edited its text."""
    assert expected == agency_in(text)


@given(st.text(alphabet="0123456789./-: ,apAPmM年月日 мая апр Mai()–", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    """No text makes reading of stamps or datelines fail."""
    assert all(text[day.start : day.end] for day in find_days(text, date(2022, 4, 8)))
    read_dateline(text + REST)
