"""What an operator sees in the browser, after the first night of `newsmill serve --demo`; screenshots are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from support.screens import keep
from support.served import Served

from flows.report.figures import Figures
from flows.report.pages import Options, failure_rows, report_page
from flows.summary import Summary

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.ui]

# Under load the UI takes seconds to show what it has asked for.
_PATIENCE_MS = 90_000


@pytest.fixture
def page(browser: Any, demo: Served) -> Iterator[Page]:
    """A page that asks nothing of any other machine."""
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, base_url=demo.address)
    page.set_default_timeout(_PATIENCE_MS)
    expect.set_options(timeout=_PATIENCE_MS)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page
    page.close()
    assert asked
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert {urlsplit(demo.address).netloc} == hosts


@pytest.fixture
def first(demo: Served) -> dict[str, Any]:
    """The first nightly run."""
    runs: list[dict[str, Any]] = demo.ask("flow_runs/filter", {"sort": "START_TIME_ASC"})
    return min((run for run in runs if not run["auto_scheduled"]), key=lambda run: str(run["expected_start_time"]))


def test_the_dashboard_shows_runs(page: Page) -> None:
    """The first page counts runs and shows no error of the connection."""
    page.goto("/dashboard")
    expect(page.get_by_role("heading", name="Flow Runs")).to_be_visible()
    expect(page.locator("body")).to_contain_text(re.compile(r"[1-9]\d*\s*total"))
    keep(page, "dashboard")
    expect(page.get_by_text("Can't connect")).to_have_count(0)


def test_the_nightly_deployment_shows_its_schedule(page: Page, demo: Served) -> None:
    """The deployment says when it runs."""
    deployment = demo.ask("deployments/name/nightly/nightly")
    page.goto(f"/deployments/deployment/{deployment['id']}")
    expect(page.get_by_text(re.compile("02:30 AM")).first).to_be_visible()
    keep(page, "deployment")


def test_a_run_shows_its_batches(page: Page, first: dict[str, Any]) -> None:
    """A run has its name, its counts, and a task run a batch and stage."""
    page.goto(f"/runs/flow-run/{first['id']}?tab=Task%20Runs")
    expect(page.get_by_text(first["name"]).first).to_be_visible()
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"store \d+ from")).first).to_be_visible()
    keep(page, "run")


def test_the_report_shows_tables_and_a_picture(page: Page, demo: Served, first: dict[str, Any]) -> None:
    """The report is a page with headings, tables, and a chart that is really drawn."""
    found = demo.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [first["id"]]}}})
    ids = {one["key"]: one["id"] for one in found}
    page.goto(f"/artifacts/artifact/{ids['nightly-report']}")
    expect(page.get_by_role("heading", name="By source")).to_be_visible()
    expect(page.get_by_role("cell", name="pellhaven-mercury")).to_be_visible()
    expect(page.get_by_role("cell", name="private_address", exact=True)).to_be_visible()
    chart = page.get_by_alt_text("Records stored, by day and language")
    expect(chart).to_be_visible()
    assert chart.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [720, 260]
    keep(page, "report", height=2900)
    page.goto(f"/artifacts/artifact/{ids['nightly-picture']}")
    drawn = page.locator("img[src^='data:image/svg']")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.naturalWidth") == 720
    keep(page, "picture")
    page.goto(f"/artifacts/artifact/{ids['nightly-failures']}")
    expect(page.get_by_text("server_error")).to_be_visible()
    keep(page, "failures")


def test_hostile_text_in_a_report_can_be_read_and_not_pressed(page: Page, demo: Served) -> None:
    """Addresses that are scripts, markup of Markdown and of HTML stand in report and table as text: no link, no script.

    The UI makes links of what it takes for an address; of these none but http(s) may lead anywhere.
    """
    scripts = [
        "javascript:window.harmed=1",
        "JaVaScRiPt://news.example/%0awindow.harmed=1",
        "data:text/html,<script>parent.harmed=1</script>",
        "[read](javascript:window.harmed=1)",
        "<javascript:window.harmed=1>",
        "<a href='javascript:window.harmed=1'>read</a><img src=x onerror='window.harmed=1'>",
    ]
    rows = [(one, one, "timeout", one) for one in scripts]
    figures = Figures(
        sources=[(one, 1, 0, 0, 1) for one in scripts], reasons=[], languages=[], copies=[], failures=rows,
        hosts=[(one, 1, 1.0, 1.0) for one in scripts], one_text=[(one, 2, one, one) for one in scripts], nights=[],
        changed=[("correction", one, one) for one in scripts],
    )  # fmt: skip
    summary = Summary(
        run_id="r", seeds=6, stored=0, unchanged=0, rejected=0, failed=6, duplicates=0, translated=0,
        pending_translation=0, seconds=1.0, target="en", missing_models=(), broken_feeds=(), short_sources=(),
    )  # fmt: skip
    shown = {
        "markdown": report_page("nightly", summary, figures, Options()),
        "table": json.dumps(failure_rows(figures.failures, Options())),
    }
    for kind, data in shown.items():
        made = demo.ask("artifacts/", {"key": f"hostile-{kind}", "type": kind, "data": data})
        page.goto(f"/artifacts/artifact/{made['id']}")
        expect(page.get_by_text("JaVaScRiPt").first).to_be_visible()
        addresses = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
        assert {urlsplit(one).scheme for one in addresses} <= {"http", "https"}
        for text in page.get_by_text("javascript:window").all()[:6]:
            text.click(timeout=_PATIENCE_MS)
        assert page.evaluate("window.harmed") is None
        assert page.locator("img[src=x]").count() == 0


def test_the_form_takes_addresses_and_refuses_what_is_none(page: Page, demo: Served) -> None:
    """A list of URLs is typed one a line; what is no address does not start a run."""
    deployment = demo.ask("deployments/name/url-list/url-list")
    before = len(demo.ask("flow_runs/filter", {"deployments": {"id": {"any_": [deployment["id"]]}}}))
    page.goto(f"/deployments/deployment/{deployment['id']}/run")
    expect(page.get_by_text("Addresses of articles, one a line.")).to_be_visible()
    expect(page.get_by_text("Off leaves translations pending.")).to_be_visible()
    field = page.locator("textarea").first
    field.fill("https://example.org/a\nnot an address")
    page.get_by_role("button", name="Submit").click()
    expect(
        page.get_by_text(re.compile("urls.*not an address.*one web address a line", re.DOTALL)).first
    ).to_be_visible()
    keep(page, "form", height=1200)
    assert len(demo.ask("flow_runs/filter", {"deployments": {"id": {"any_": [deployment["id"]]}}})) == before
