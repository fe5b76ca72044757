"""The report of a run: its figures, its page, its picture."""

from __future__ import annotations

import base64
import logging
import re
import socket
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.report.figures import Figures, repeated_texts, slowest_hosts
from flows.report.pages import Options, escape, failure_rows, options_for, picture, report_page
from flows.report.plot import Bar, data_uri, stacked_bars
from flows.report.progress import Progress
from flows.summary import Summary
from flows.tally import Tally
from ingest.outcome import Reason, Rejection, Stage
from storage.listings import SourceRow

SVG = "{http://www.w3.org/2000/svg}"
PUNCTUATION = re.escape(string.punctuation)
USUAL = "sqlite:///data/newsmill.db"
NIGHT = datetime(2026, 3, 14, 1, 30, tzinfo=UTC)


def summary(**changes: object) -> Summary:
    """The counts of a night on which something fell short."""
    values = {
        "run_id": "20260314T013000-abc123", "seeds": 423, "stored": 412, "unchanged": 0, "rejected": 9, "failed": 2,
        "duplicates": 31, "translated": 200, "pending_translation": 3, "seconds": 81.5, "target": "en",
        "missing_models": (("uk", 3),),
        "broken_feeds": (
            Rejection(
                url="https://tidning.example/rss", source="Tidningen", stage=Stage.DISCOVER, reason=Reason.BAD_FEED,
                detail="an HTML page, no feed",
            ),
        ),
        "short_sources": (SourceRow(source="Der Bote; rm -rf", announced=1, expected=20),),
    } | changes  # fmt: skip
    return Summary(**values)  # type: ignore[arg-type]


FIGURES = Figures(
    sources=[("Tidningen", 400, 0, 9, 2), ("Der Bote", 12, 0, 0, 0)],
    reasons=[("rejected", "no_text", 9), ("failed", "timeout", 2)],
    languages=[("sv", 400, 199, 1, 0, 200), ("uk", 12, 0, 0, 3, 9)],
    copies=[("near", 31)],
    failures=[("Tidningen", "https://tidning.example/a?b=1&c='2'", "timeout", None)],
    hosts=[("news.example:8080", 40, 312.5, 8.0)],
    one_text=[("wall.example", 12, "Before you go on", "https://wall.example/a")],
    nights=[Bar(label="03-13", parts={"sv": 20}), Bar(label="03-14", parts={"sv": 400, "uk": 12})],
    changed=[("correction", "Ferry sails", "12ab34cd56ef")],
    unsure=[("Tidningen", 7, 400)],
)


def test_a_report_holds_what_an_operator_asks() -> None:
    """Counts, tables, the picture, and the commands that help, for the configuration of the run."""
    page = report_page("nightly 2026-03-14, 423 articles", summary(), FIGURES, Options(config=" --config night"))
    assert "**412 stored** (31 duplicates), 0 unchanged, 9 rejected, 2 failed, of 423 URLs in 81.5 s" in page
    assert "200 translated into en, 3 awaiting translation" in page
    for line in (
        "| Tidningen | 400 | 0 | 9 | 2 |",
        "| uk | 12 | 0 | 0 | 3 | 9 |",
        "| near | 31 |",
        "| correction | Ferry sails | 12ab34cd56ef |",
        "| Tidningen | 7 | 400 |",
        r"| Der Bote\; rm \-rf | 1 | 20 |",
        r"| news\.example\:8080 | 40 | 312\.5 | 8\.0 |",
        "    newsmill models install uk --to en --config night",
        "    newsmill retry --config night",
        "    newsmill sources check 'Der Bote; rm -rf' --config night",
        "    newsmill sources check Tidningen --config night",
    ):
        assert line in page.splitlines()
    assert r"an HTML page\, no feed" in page
    assert f"]({picture(FIGURES)})" in page


def test_a_night_without_faults_has_nothing_to_do() -> None:
    """Empty tables and steps are left out."""
    quiet = summary(failed=0, stored=423, rejected=0, missing_models=(), broken_feeds=(), short_sources=())
    nothing = Figures(sources=[], reasons=[], languages=[], copies=[], failures=[], hosts=[], one_text=[], nights=[])
    page = report_page("nightly", quiet, nothing, Options())
    assert "##" not in page
    assert "data:image" not in page


def test_what_stands_in_for_the_articles_of_a_host_is_named() -> None:
    """One text at five addresses of a host or more is told with the host; an agency's text at five hosts is not."""
    wall = [("aa", f"https://wall.example/story-{number}", "Before you go on") for number in range(6)]
    wire = [("bb", f"https://paper-{number}.example/wire", "Ferry sails") for number in range(6)]
    assert repeated_texts(wall + wire) == [("wall.example", 6, "Before you go on", "https://wall.example/story-0")]
    assert "| wall\\.example | 12 | Before you go on |" in report_page("nightly", summary(), FIGURES, Options())


def test_long_tables_end_with_how_much_is_missing() -> None:
    """A page shows two hundred lines of a table."""
    many = Figures(
        sources=[(f"s{n}", 1, 0, 0, 0) for n in range(250)], reasons=[], languages=[], copies=[], failures=[],
        hosts=[], one_text=[], nights=[],
    )  # fmt: skip
    page = report_page("nightly", summary(), many, Options())
    assert "| s199 |" in page
    assert "| s200 |" not in page
    assert "and 50 more" in page


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](http://evil.example/p.png)", "<img src=x onerror=alert(1)>", "a | b", "# heading", "*x* `y` \\|",
        "a\n\nb",
        "private_address", "www.evil.example", "<b>&amp;</b>", "http://evil.example/a_(b)?c=d&e=f", "1. a", "\\",
    ],
)  # fmt: skip
def test_foreign_text_is_no_markup(hostile: str) -> None:
    """What a page or feed brings is shown as it is: no picture, no link, no tag, no cell, no heading of its own."""
    shown = escape(hostile)
    assert re.search(f"[{PUNCTUATION}]", re.sub(rf"\\[{PUNCTUATION}]", "", shown)) is None
    assert " ".join(hostile.split()) == re.sub(rf"\\([{PUNCTUATION}])", r"\1", shown)


def test_the_slowest_hosts_come_first() -> None:
    """A host counts from its first page to its last; one page alone has no length."""

    def at(second: int) -> str:
        return f"2026-03-14T02:30:{second:02}.000000+00:00"

    responses = [
        ("https://www.quick.example/1", at(0)),
        ("https://slow.example:8443/1", at(1)),
        ("https://once.example/1", at(2)),
        ("https://quick.example/2", at(3)),
        ("file:///news/a.html", at(4)),
        ("https://slow.example:8443/2", at(21)),
        ("https://slow.example:8443/3", at(41)),
    ]
    assert slowest_hosts(responses) == [("slow.example:8443", 3, 40.0, 20.0), ("quick.example", 2, 3.0, 3.0)]


def test_a_failure_comes_with_the_command_that_tries_it_again() -> None:
    """The command can be pasted into a shell, whatever the address holds; it stands there as code."""
    (row,) = failure_rows(FIGURES.failures, Options(database=" --db sqlite:///x.db"))
    assert row["reason"] == "timeout"
    assert row["detail"] == ""
    expected = """newsmill run urls 'https://tidning.example/a?b=1&c='"'"'2'"'"'' --db sqlite:///x.db"""
    assert row["try again"] == f"`{expected}`"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://tidning.example/a_b?c=1&d=%C3%A5#e", "https://tidning.example/a_b?c=1&d=%C3%A5#e"),
        ("javascript:alert(1)", r"javascript\:alert\(1\)"),
        ("https://a.example/[x](javascript:1)", r"https\:\/\/a\.example\/\[x\]\(javascript\:1\)"),
    ],
)
def test_cells_of_the_table_are_text_and_only_web_addresses_are_links(address: str, shown: str) -> None:
    """Prefect reads cells as Markdown: what a page brought is escaped, a plain address of the web is left as it is."""
    (row,) = failure_rows([("[a](javascript:1)", address, "timeout", "``<b>``")], Options())
    assert (row["address"], row["source"]) == (shown, r"\[a\]\(javascript\:1\)")
    assert row["detail"] == escape("``<b>``")
    (row,) = failure_rows([("", "https://a.example/``b`", "timeout", "")], Options())
    assert row["try again"] == "```newsmill run urls 'https://a.example/``b`'```"


@pytest.mark.parametrize(
    ("config", "database", "options"),
    [
        (None, USUAL, ""),
        (Path("my config"), USUAL, " --config 'my config'"),
        (None, "sqlite:///other.db", " --db sqlite:///other.db"),
        (None, "postgresql+psycopg://news@db/news", " --db postgresql+psycopg://news@db/news"),
        (None, "postgresql+psycopg://news:5ecret@db/news", ""),
    ],
)
def test_a_command_names_its_configuration_but_no_password(config: Path | None, database: str, options: str) -> None:
    """Options are named where they differ from the usual; a database with a password never is."""
    assert options == options_for(config, database, USUAL).both


bars = st.lists(
    st.builds(
        Bar,
        label=st.dates().map(str),
        parts=st.dictionaries(st.text(alphabet="abcdefghij<&", max_size=3), st.integers(0, 10**7), max_size=12),
    ),
    max_size=20,
)


@given(bars)
def test_bars_are_as_high_as_their_totals(given_bars: list[Bar]) -> None:
    """Any bars give well-formed SVG, each as high as its total on one scale, none higher than the picture."""
    heights: dict[str, float] = {}
    for rect in ET.fromstring(stacked_bars("Stored & kept", given_bars)).iter(f"{SVG}rect"):
        if rect.find(f"{SVG}title") is not None:
            heights[rect.attrib["x"]] = heights.get(rect.attrib["x"], 0) + float(rect.attrib["height"])
            assert float(rect.attrib["y"]) >= 33.9
    totals = [bar.total for bar in given_bars if bar.total]
    assert len(heights) == len(totals)
    scale = max(heights.values(), default=0) / max(totals, default=1)
    # Each of up to eight parts is rounded to a tenth.
    assert list(heights.values()) == pytest.approx([total * scale for total in totals], abs=1)


def test_heights_are_the_sizes() -> None:
    """A bar of half the size is half as high; the largest kind stands lowest and comes first in the legend."""
    chart = ET.fromstring(stacked_bars("t", FIGURES.nights))
    heights: Mapping[str, float] = {
        title.text or "": float(rect.attrib["height"])
        for rect in chart.iter(f"{SVG}rect")
        if (title := rect.find(f"{SVG}title")) is not None
    }
    assert heights["03-13: 20 sv"] * 20 == pytest.approx(heights["03-14: 400 sv"], abs=2)
    texts = [text.text for text in chart.iter(f"{SVG}text")]
    assert texts[-2:] == ["sv", "uk"]
    assert "412" in texts


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    """It is an address that holds the picture."""
    chart = stacked_bars("t", FIGURES.nights)
    head, _, body = data_uri(chart).partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == chart
    assert "href" not in chart


@pytest.fixture
def prefect_is_gone() -> Iterator[None]:
    """A server is named, and nothing listens there: the port is held, so that nobody else takes it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}/api"
        with temporary_settings({PREFECT_API_URL: address, PREFECT_CLIENT_MAX_RETRIES: 0}):
            yield


@pytest.mark.usefixtures("prefect_is_gone")
def test_progress_is_told_on_even_if_prefect_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    """Where nothing can be shown the run goes on, each step is logged once, and the name still gets its size."""
    caplog.set_level(logging.INFO, "flows.report.progress")
    with Progress("nightly 2026-03-14", "nightly", tally=Tally()) as progress:
        for done in (0, 0, 100, 412):
            progress("articles", done, 412)
        progress("translations", 7, 7)
    told = [record.getMessage() for record in caplog.records if record.name == "flows.report.progress"]
    assert told == ["articles: 0 of 412", "articles: 100 of 412", "articles: 412 of 412", "translations: 7"]
    assert progress.title == "nightly 2026-03-14, 412 articles"
    assert "cannot name the run" in caplog.text
    assert "cannot show the progress" in caplog.text
