"""What a page of another site, open in the operator's browser, can do with `newsmill serve`: nothing."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from support.served import Served

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.ui]

# Everything that a page can send without asking first, and what it must ask for; each tells what it could read.
ATTACK = """
async ([api, deployment]) => {
  const run = JSON.stringify({parameters: {urls: ["https://news.example/planted"]}});
  const automation = JSON.stringify({name: "planted", enabled: true,
    trigger: {type: "event", posture: "Reactive", expect: ["prefect.flow-run.Completed"], threshold: 1, within: 0},
    actions: [{type: "run-deployment", source: "selected", deployment_id: deployment, parameters: {}}]});
  const variable = JSON.stringify({name: "planted", value: "1"});
  const start = `deployments/${deployment}/create_flow_run`;
  const paths = {[start]: run, "automations/": automation, "variables/": variable};
  const read = [];
  const tried = async (what, attempt) => {
    try { const said = await attempt(); if (said) read.push(what + ": " + said); } catch (refused) { }
  };
  for (const [path, body] of Object.entries(paths)) {
    const to = `${api}/${path}`;
    const post = (extra) => async () => (await fetch(to, {method: "POST", body, ...extra})).text();
    await tried(path + " blob", post({mode: "no-cors", body: new Blob([body])}));
    await tried(path + " text", post({mode: "no-cors"}));
    await tried(path + " cookies", post({mode: "no-cors", credentials: "include", body: new Blob([body])}));
    await tried(path + " json", post({headers: {"Content-Type": "application/json"}}));
    await tried(path + " beacon", async () => { navigator.sendBeacon(to, new Blob([body])); });
    await tried(path + " form", () => new Promise(done => {
      const form = document.createElement("form");
      Object.assign(form, {action: to, method: "post", enctype: "text/plain", target: "inside"});
      const field = document.createElement("input");
      Object.assign(field, {name: body.slice(0, -1) + ', "x": "', value: '"}'});
      form.append(field); document.body.append(form); form.submit(); setTimeout(done, 300);
    }));
  }
  await tried("health", async () => (await fetch(`${api}/health`)).text());
  await tried("runs", async () => (await fetch(`${api}/flow_runs/filter`, {method: "POST"})).text());
  await tried("script", () => new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, {src: `${api}/health`, onload: () => done("loaded"), onerror: failed});
    document.body.append(script);
  }));
  for (const path of ["events/out", "events/in", "logs/out", "task_runs/subscriptions/scheduled"]) {
    await tried(path, () => new Promise((done, failed) => {
      const socket = new WebSocket(`${api.replace("http", "ws")}/${path}`, ["prefect"]);
      Object.assign(socket, {onopen: () => done("open"), onerror: failed});
    }));
  }
  return read;
}
"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of another site, whose page is empty but for a frame."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><iframe name=inside></iframe>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def whole(demo: Served) -> dict[str, list[str]]:
    """All that a stranger could have made."""
    runs = [run["id"] for run in demo.ask("flow_runs/filter", {}) if not run["auto_scheduled"]]
    automations = [one["name"] for one in demo.ask("automations/filter", {})]
    variables = [one["name"] for one in demo.ask("variables/filter", {})]
    return {"runs": sorted(runs), "automations": sorted(automations), "variables": variables}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_origin_can_make_read_and_start_nothing(browser: Any, demo: Served, elsewhere: int, host: str) -> None:
    """Neither another port of this machine nor another site, by no way that a browser offers."""
    deployment = demo.ask("deployments/name/url-list/url-list")["id"]
    before = whole(demo)
    page = browser.new_page()
    page.goto(f"http://{host}:{elsewhere}/")
    read = page.evaluate(ATTACK, [f"{demo.address}/api", deployment])
    page.close()
    assert (read, whole(demo)) == ([], before)


def test_another_site_cannot_frame_the_pages(browser: Any, demo: Served, elsewhere: int) -> None:
    """A click in a frame would be another page's; a link that is followed leads to the pages."""
    page = browser.new_page()
    page.goto(f"http://localhost:{elsewhere}/")
    page.evaluate("where => { document.querySelector('iframe').src = where }", f"{demo.address}/dashboard")
    page.wait_for_timeout(1000)
    framed = page.frames[1]
    assert framed.url.startswith("chrome-error:") or "Prefect" not in framed.content()
    page.evaluate("where => { location.href = where }", f"{demo.address}/dashboard")
    expect(page.get_by_role("heading", name="Flow Runs")).to_be_visible(timeout=90_000)
    page.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example", "Content-Type": "application/json"}, 421),
        ({"Origin": "https://evil.example", "Content-Type": "application/json"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Content-Type": "application/json"}, 403),
        ({}, 415),
    ],
)
def test_the_server_says_why(demo: Served, headers: dict[str, str], status: int) -> None:
    """Name, origin and type of a request are checked before Prefect sees it; the reason is one line."""
    with closing(http.client.HTTPConnection(urlsplit(demo.address).netloc, timeout=120)) as connection:
        connection.request("POST", "/api/variables/", json.dumps({"name": "planted", "value": "1"}), headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read().count(b"\n")) == (status, 1)
    assert whole(demo)["variables"] == []


def test_no_run_is_told_where_to_write(demo: Served) -> None:
    """Not by its own parameters, nor by those that its deployment was given: such a run ends before it begins."""
    deployment = demo.ask("deployments/name/url-list/url-list")["id"]
    planted = demo.home / "planted"
    given: dict[str, Any] = {"urls": ["https://news.example/a"], "db": f"sqlite:///{planted}", "config": str(planted)}
    loose = {"parameters": given, "enforce_parameter_schema": False}
    demo.ask(f"deployments/{deployment}", loose, "PATCH")
    try:
        started = [demo.start("url-list/url-list"), demo.start("url-list/url-list", **given)]
        ended = [demo.ended(run_id)["state_type"] for run_id in started]
    finally:
        strict = {"parameters": {}, "enforce_parameter_schema": True}
        demo.ask(f"deployments/{deployment}", strict, "PATCH")
    assert set(ended) <= {"FAILED", "CRASHED"}
    assert not planted.exists()


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/v2/dashboard", r"Flow Runs\s*[1-9]\d* total"), ("/v2/runs", "nightly"), ("/v2/deployments", "nightly")],
)
def test_the_second_ui_works_behind_the_gate(browser: Any, demo: Served, path: str, shown: str) -> None:
    """Prefect's other pages are let through, too: they show what is deployed, and nothing of theirs is refused."""
    page: Page = browser.new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status in (403, 415, 421) else None)
    page.route(lambda url: not url.startswith(demo.address), lambda route: route.abort())
    page.goto(demo.address + path)
    expect(page.get_by_role("main")).to_contain_text(re.compile(shown), timeout=90_000)
    page.close()
    assert refused == []
