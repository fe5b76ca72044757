"""The one reader of dates: every language, form, calendar and zone that it knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from babel.dates import format_date
from support.pages import FETCHED_AT

from ingest.lang.dates import Setting, is_line, read_line, read_value, refused
from ingest.lang.zones import ZONES, zone_of
from ingest.model import Page, Record, Seed, Via
from ingest.pipeline import process_page

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
_LANGUAGES = (
    *("en", "sv", "de", "ru", "es", "fr", "it", "nl", "pl", "pt", "uk", "fi", "da", "nb", "cs", "ar", "fa", "tr"),
    *("zh", "ja", "ko", "el", "hu", "ro", "sk", "lv", "lt"),
)
_DAYS = [date(2023, month, 13) for month in range(1, 13)]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_days_of_all_months_are_read_in_every_form(language: str) -> None:
    """Twelve months in three forms of CLDR are read, and the line is known to say nothing else."""
    for form in ("long", "medium", "full"):
        for day in _DAYS:
            written = format_date(day, form, locale=language)
            stamp = read_value(written, Setting(language=language)).published
            assert stamp is not None, written
            assert (day, True) == (stamp.day, is_line(written)), written


@pytest.mark.parametrize("kind", ["text/plain", "text/html; charset=utf-8"])
def test_a_line_of_date_under_the_title_is_read_and_leaves_the_text(kind: str) -> None:
    """In plain text and in HTML, in every language."""
    prose = "The council said on Monday that the bridge will open in spring, seven months later than it was promised."
    for number, language in enumerate(_LANGUAGES):
        day = _DAYS[number % 12]
        line = format_date(day, "long", locale=language)
        body = f"A bridge opens\n\n{line}\n\n{prose}\n\n{prose} Nobody knows why.\n"
        if "html" in kind:
            paragraphs = "".join(f"<p>{one}</p>" for one in body.split("\n\n")[1:])
            body = f"<html lang={language}><body><article><h1>A bridge opens</h1>{paragraphs}</article></body></html>"
        via, url = (Via.FILE, "file:///a.txt") if kind == "text/plain" else (Via.LIST, "https://news.example/a")
        seed = Seed(url=url, via=via)
        headers = (("Content-Type", kind),)
        page = Page(seed=seed, final_url=url, body=body.encode(), fetched_at=FETCHED_AT, status=200, headers=headers)
        record = process_page(page)
        assert isinstance(record, Record)
        assert record.article.published_at is not None, line
        assert (day, False) == (record.article.published_at.date(), line in record.article.text), line


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1404/09/09", date(2025, 11, 30)),
        ("۹ آذر ۱۴۰۴", date(2025, 11, 30)),
        ("30 اسفند 1399", date(2021, 3, 20)),
        ("1 فروردین 1403", date(2024, 3, 20)),
        ("28 พฤศจิกายน 2567", date(2024, 11, 28)),
        ("28 พ.ย. 2567", date(2024, 11, 28)),
        ("令和6年11月28日", date(2024, 11, 28)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("民國113年11月28日", date(2024, 11, 28)),
        ("٢٨ نوفمبر ٢٠٢٤", date(2024, 11, 28)),
        ("२८ नवंबर २०२४", date(2024, 11, 28)),
        ("28 tháng 11, 2024", date(2024, 11, 28)),
        ("28 בנובמבר 2024", date(2024, 11, 28)),
        ("11 listopada 2024", date(2024, 11, 11)),
        ("11. listopada 2024.", date(2024, 10, 11)),
        ("01-APR-2024", date(2024, 4, 1)),
        ("2026. 1. 29.", date(2026, 1, 29)),
        ("12 พ.ย. 69", date(2026, 11, 12)),
        ("วันพฤหัสบดีที่ 12 พฤศจิกายน พ.ศ. 2569", date(2026, 11, 12)),
        ("R8.11.12", date(2026, 11, 12)),
        ("H31.4.30", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("12 XI 2026", date(2026, 11, 12)),
        ("12.IV.2026", date(2026, 4, 12)),
        ("12 Nov '26", date(2026, 11, 12)),
        ("12. Nov 26", date(2026, 11, 12)),
        ("Thứ Năm, ngày 12 tháng 11 năm 2026", date(2026, 11, 12)),
        ("12 नवम्बर 2026", date(2026, 11, 12)),
    ],
)
def test_other_calendars_digits_and_orders(written: str, day: date) -> None:
    """Years and digits that are not those of the West, and months that two languages call the same."""
    stamp = read_value(written).published
    assert stamp is not None
    assert day == stamp.day


@pytest.mark.parametrize(
    ("written", "language", "country", "day"),
    [
        ("03/04/2022", "en-US", None, date(2022, 3, 4)),
        ("03/04/2022", "en", "US", date(2022, 3, 4)),
        ("03/04/2022", "en-GB", None, date(2022, 4, 3)),
        ("03/04/2022", "de", None, date(2022, 4, 3)),
        ("03/04/2022", "sv", None, date(2022, 4, 3)),
        ("03/04/2022", "en", None, None),
        ("03/04/2022", "en-CA", None, None),
        ("03/04/2022", None, None, None),
        ("13/04/2022", "en-US", None, date(2022, 4, 13)),
        ("04/13/2022", None, None, date(2022, 4, 13)),
        ("03.04.2022", None, None, date(2022, 4, 3)),
    ],
)
def test_the_order_of_day_and_month(written: str, language: str | None, country: str | None, day: date | None) -> None:
    """The language with its country tells the order; where nothing tells it, the day is ambiguous."""
    line = read_value(written, Setting(language=language, country=country))
    assert (day, day is None) == (line.published.day if line.published else None, line.ambiguous)


@pytest.mark.parametrize(
    ("written", "back"),
    [
        *[(text, 0) for text in ("heute, 08:15 Uhr", "3 hours ago", "Publicerad 3 tim sedan", "il y a 3 heures")],
        *[(text, 0) for text in ("3小时前", "3時間前", "3시간 전", "час назад", "منذ ساعتين", "há 2 horas")],
        *[(text, 1) for text in ("вчера, 18:05", "gestern, 9:00", "i går 18.05", "hier à 18h05", "昨天 18:05")],
        *[(text, 2) for text in ("2 days ago", "vor 2 Tagen", "منذ يومين", "2 dni temu")],
        *[
            (text, 2)
            for text in ("two days ago", "vor zwei Tagen", "hace dos días", "il y a deux jours", "há dois dias")
        ],
        *[(text, 3) for text in ("for tre dager siden", "för tre dagar sedan", "kolme päivää sitten", "üç gün önce")],
    ],
)
def test_days_told_by_their_distance(written: str, back: int) -> None:
    """They are counted from the time of capture, and not read where that is not known."""
    stamp = read_line(written, Setting(now=NOW)).published
    assert stamp is not None
    assert (NOW - timedelta(days=back)).date() == stamp.day
    assert read_line(written).published is None


@pytest.mark.parametrize(
    ("line", "published", "clock", "updated"),
    [
        ("Publisert 5. mars 2024 kl. 10:15, oppdatert 7. mars 2024", 5, time(10, 15), 7),
        ("Julkaistu 5.3.2024 10.15, päivitetty 7.3.2024", 5, time(10, 15), 7),
        ("发布时间：2024-03-05 10:15 更新时间：2024-03-07", 5, time(10, 15), 7),
        ("5 maart 2024 (bijgewerkt 7 maart 2024 10:15)", 5, None, 7),
        ("Erstellt: 5.3.2024, Stand: 7.3.2024, 10:00 Uhr", 5, None, 7),
        ("Updated 7 March 2024, published 5 March 2024 10:15", 5, time(10, 15), 7),
        ("10:15, 5 March 2024", 5, time(10, 15), None),
    ],
)
def test_publication_and_change_in_one_line(line: str, published: int, clock: time | None, updated: int | None) -> None:
    """Each day has the label before it, and a time belongs to the day on its own side of a label."""
    read = read_line(line)
    assert read.whole
    assert read.published is not None
    assert (read.published.day, read.published.clock) == (date(2024, 3, published), clock)
    assert (read.updated and read.updated.day) == (updated and date(2024, 3, updated))


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("Thu, Nov 26 2026 08:28:28 PM", time(20, 28, 28)),
        ("April 8, 2022 at 12:05 AM", time(0, 5)),
        ("8. April 2022, 10:15 Uhr", time(10, 15)),
        ("3 maart 2024 om 10.15 uur", time(10, 15)),
        ("28 novembre 2024 à 18h05", time(18, 5)),
        ("2024年11月28日 10時15分", time(10, 15)),
        ("2026년 1월 29일 오후 3:05", time(15, 5)),
        ("5 March 2024, 3 o'clock", time(3)),
    ],
)
def test_the_time_of_day(written: str, clock: time) -> None:
    """In clocks of twelve and of twenty-four hours."""
    stamp = read_value(written).published
    assert stamp is not None
    assert clock == stamp.clock


_OFFSETS = """
UTC 0 GMT 0 UT 0 Z 0 WET 0 WEST 1 CET 1 MEZ 1 CEST 2 MESZ 2 EET 2 SAST 2 EEST 3 MSK 3 МСК 3 IDT 3 TRT 3 EAT 3 PKT 5
NPT 5.75 WIB 7 HKT 8 WITA 8 SGT 8 MYT 8 PHT 8 AWST 8 JST 9 KST 9 WIT 9 ACST 9.5 ACDT 10.5 AEST 10 AEDT 11 NZST 12
NZDT 13 BRT -3 EDT -4 EST -5 CDT -5 MDT -6 MST -7 PDT -7 PST -8 AKDT -8 AKST -9 HST -10 GREENWICH_MEAN_TIME 0
CENTRAL_EUROPEAN_TIME 1 CENTRAL_EUROPEAN_SUMMER_TIME 2 EASTERN_EUROPEAN_TIME 2 MOSCOW_TIME 3 EASTERN_STANDARD_TIME -5
EASTERN_DAYLIGHT_TIME -4 CENTRAL_STANDARD_TIME -6 CENTRAL_DAYLIGHT_TIME -5 MOUNTAIN_STANDARD_TIME -7
MOUNTAIN_DAYLIGHT_TIME -6 PACIFIC_STANDARD_TIME -8 PACIFIC_DAYLIGHT_TIME -7
"""


def test_zones_are_where_they_are() -> None:
    """Each name means its offset, in a date as alone, and no name is left out here."""
    words = _OFFSETS.split()
    told = dict(zip((word.replace("_", " ") for word in words[::2]), map(float, words[1::2]), strict=True))
    assert told.keys() == ZONES.keys()
    for name, hours in told.items():
        stamp = read_value(f"26 Nov 2024 10:00:00 {name}").published
        assert stamp is not None
        assert stamp.instant == datetime(2024, 11, 26, 10, tzinfo=UTC) - timedelta(hours=hours), name
    assert zone_of("IST") is None
    assert zone_of("+15:00") is None


@pytest.mark.parametrize(
    ("instant", "is_refused"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), True),
        (datetime(1989, 12, 31, tzinfo=UTC), True),
        (datetime(1990, 1, 1, tzinfo=UTC), False),
        (NOW, True),
        (NOW - timedelta(minutes=1), False),
        (NOW + timedelta(days=1), False),
        (NOW + timedelta(days=3), True),
    ],
)
def test_what_cannot_be_a_day_of_publication(instant: datetime, *, is_refused: bool) -> None:
    """The epoch, years before the web, the future, and the moment of capture."""
    assert refused(instant, NOW) is is_refused


@pytest.mark.parametrize("line", ["November 2024", "The 28 November 2024 plan", "It opened on 3 May 2024 at last."])
def test_what_is_no_line_of_dates(line: str) -> None:
    """A line that says anything else stays in the text."""
    assert not is_line(line)


@pytest.mark.parametrize(
    "line",
    ["2024-Two-03", "one/two/2024", "2024-03-Two", "Part 10:Two days ago", "3:Two 5 minutes ago", "Two:30 today"],
)
def test_a_number_in_words_is_no_figure(line: str) -> None:
    """A word for a number where a date or a time has figures stops no page from being read."""
    assert not read_line(line, Setting(now=NOW)).ambiguous
