"""A site that changes its template in the middle of a night is named after it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.databases import KINDS, empty_database
from support.here import Here
from support.mended import GERMAN, QUAY, SWEDISH
from support.newsroom import Newsroom
from support.shell import newsmill

from flows.cli.screen import print_summary
from flows.orders import url_order
from flows.report.figures import Figures
from flows.report.pages import Options, report_page
from flows.run import run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from flows.tasks import state_of
from ingest.model import Seed

NOTHING = Figures(
    sources=(), reasons=(), languages=(), copies=(), failures=(), hosts=(), one_text=(), nights=()
)  # fmt: skip


def _page(number: int, *, dated: bool) -> str:
    text = "".join(f"<p>{number}. {one} Nr {number * 7}.</p>" for one in (*QUAY, *SWEDISH, *GERMAN))
    date = f'<meta property="article:published_time" content="2026-03-{number % 28 + 1:02}T07:00:00+01:00">'
    head = f"<title>Story {number}</title>{date if dated else ''}"
    return f"<html><head>{head}</head><body><article><h1>Story {number}</h1>{text}</article></body></html>"


def _feed(urls: list[str]) -> str:
    items = "".join(f"<item><title>A story</title><link>{url}</link></item>" for url in urls)
    return f'<rss version="2.0"><channel><title>Quay</title>{items}</channel></rss>'


def _night(settings: Settings, urls: list[str]) -> Summary:
    order = replace(url_order([Seed(url=url) for url in urls], translate=False), kind="nightly")
    return run(order, settings, open_engines=Here().open)


@pytest.mark.parametrize("kind", KINDS)
def test_a_site_that_changes_in_mid_night_is_named(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A host whose pages lose their dates is named by the run, its report, its state and `stats`; before, it is not."""
    monkeypatch.chdir(tmp_path)
    with Newsroom() as room, empty_database(kind, tmp_path) as database:
        for number in range(60):
            room.put(f"/{number}", _page(number, dated=number < 47))
        urls = [f"{room.base}/{number}" for number in range(60)]
        fetch = {"delay_s": 0.0, "allow_private": (room.host,)}
        settings = load_settings(None, fetch=fetch, storage={"url": database}, run={"batch_size": 20})
        quiet = _night(settings, urls[:40])
        assert (quiet.stored, quiet.drifted) == (40, ())
        loud = _night(settings, urls[40:])
        assert [(one.host, one.sign, one.now) for one in loud.drifted] == [(room.host, "date", 13 / 20)]
        assert loud.fell_short
        print_summary(settings, loud)
        assert f"extraction from {room.host} has changed: no date on 65% of the newest 20 pages, 0% before" in " ".join(
            capsys.readouterr().out.split()
        )
        page = report_page("a night", loud, NOTHING, Options())
        assert "## Hosts whose extraction has changed" in page
        assert f"extraction has changed at 1 host: {room.host}" in str(state_of(loud).message)
        told = json.loads(newsmill("stats", "--json", "--db", database).stdout)
        assert [one["sign"] for one in told["drifted"]] == ["date"]
        room.put("/feed", _feed(urls[:2]), "application/rss+xml")
        sources = f'[[source]]\nname = "Quay"\nlanguage = "sv"\nfeeds = ["{room.base}/feed"]\n'
        (tmp_path / "sources.toml").write_text(sources, "utf-8")
        (tmp_path / "settings.toml").write_text(f'[fetch]\nallow_private = ["{room.host}"]\n', "utf-8")
        asked = ("sources", "check", "--deep", "--config", str(tmp_path), "--db", database)
        (changed,) = json.loads(newsmill(*asked, "--json").stdout)["changed"]
        assert (changed["host"], changed["sign"]) == (room.host, "date")
        assert changed["before"]["published_at"]
        assert changed["after"]["published_at"] is None
        assert changed["before"]["title"] != changed["after"]["title"]
        side_by_side = newsmill(*asked).stdout
        assert f"{room.host}: no date on 65% of the newest 20 pages, 0% before" in " ".join(side_by_side.split())
        assert "before" in side_by_side
