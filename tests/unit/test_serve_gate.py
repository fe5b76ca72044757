"""Who may ask the server for what: by where a request says that it comes from, as browsers and programs say it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from flows.nightly import nightly
from flows.serve.gate import Names, names_of, refusal
from flows.url_list import url_list

US = "127.0.0.1:4200"
HERE = names_of("127.0.0.1", f"http://{US}")
JSON = {"content-type": "application/json", "content-length": "2"}
VISIT = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def status(
    method: str, headers: Mapping[str, str], names: Names = HERE, kind: Literal["http", "websocket"] = "http"
) -> int | None:
    """The status that a request to us with these headers is refused with."""
    refused = refusal(kind, method, {"host": US} | dict(headers), names)
    return int(refused[0]) if refused else None


@pytest.mark.parametrize("host", [US, "localhost:4200", "LOCALHOST", "[::1]:4200", "127.0.0.1:8080"])
def test_names_of_this_machine_pass(host: str) -> None:
    """Whatever port leads here: it may be forwarded."""
    assert status("GET", {"host": host}) is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:42", "127.0.0.1.evil.example", "192.0.2.7", "[::1", "localhost.", "a@b"]
)
def test_other_names_are_refused(host: str) -> None:
    """A name that is not ours leads here only because someone made it do so (DNS rebinding)."""
    assert status("GET", {"host": host}) == 421
    assert status("", {"host": host}, kind="websocket") == 421


def test_programs_pass() -> None:
    """What is no browser says neither Origin nor Sec-Fetch-Site, and says that it sends JSON."""
    assert status("GET", {}) is None
    assert status("POST", JSON) is None
    assert status("POST", JSON | {"content-type": "application/json; charset=utf-8"}) is None
    assert status("DELETE", {}) is None
    assert status("POST", {"content-length": "0"}) is None
    assert status("", {}, kind="websocket") is None


def test_the_pages_of_the_server_pass() -> None:
    """Under each of its names."""
    assert status("POST", JSON | {"origin": f"http://{US}", "sec-fetch-site": "same-origin"}) is None
    assert status("POST", JSON | {"origin": "http://localhost:4200", "host": "localhost:4200"}) is None
    assert status("", {"origin": f"http://{US}"}, kind="websocket") is None
    assert status("GET", VISIT | {"sec-fetch-site": "none"}) is None


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://127.0.0.1:8000", "http://localhost:4200", f"ftp://{US}", "x"]
)
@pytest.mark.parametrize("names", [HERE, names_of("127.0.0.1", None)])
def test_pages_of_other_origins_are_refused(origin: str, names: Names) -> None:
    """Even of another port of this machine, and the question whether they might (OPTIONS) too."""
    for method in ("GET", "POST", "PATCH", "DELETE", "OPTIONS"):
        assert status(method, JSON | {"origin": origin}, names) == 403
    assert status("", {"origin": origin}, names, kind="websocket") == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_requests_that_name_no_origin_are_known_by_their_site(site: str) -> None:
    """Pictures, scripts, frames and forms of other sites; only a link that someone follows is let through."""
    foreign = {"sec-fetch-site": site}
    assert status("GET", foreign | {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}) == 403
    assert status("GET", foreign | VISIT | {"sec-fetch-dest": "iframe"}) == 403
    assert status("POST", foreign | VISIT) == 403
    assert status("GET", foreign | VISIT) is None


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "text/json"])
@pytest.mark.parametrize("body", [{"content-length": "20"}, {"transfer-encoding": "chunked"}])
def test_what_is_not_called_json_is_refused(kind: str, body: dict[str, str]) -> None:
    """An untyped Blob of a page has no type at all, and needs no leave of ours to be sent."""
    typed = {"content-type": kind} if kind else {}
    assert status("POST", typed | body) == 415


def test_a_server_for_others_goes_by_its_addresses_and_its_public_name() -> None:
    """A page of another site has a name; addresses in numbers, the machine's name and PREFECT_UI_URL are ours."""
    names = names_of("0.0.0.0", "https://news.example")
    for host in ("192.0.2.7:4200", "[2001:db8::7]:4200", "news.example", "localhost:4200"):
        assert status("GET", {"host": host}, names) is None
    assert status("POST", JSON | {"origin": "https://news.example"}, names) is None
    assert status("POST", JSON | {"origin": "https://evil.example", "host": "news.example"}, names) == 403
    assert status("GET", {"host": "evil.example"}, names) == 421


@pytest.mark.parametrize("flow", [nightly, url_list])
def test_a_run_can_be_told_what_to_read_and_not_where_to_write(flow: Any) -> None:
    """Neither databases nor folders nor settings are parameters, however the run is started."""
    assert set(inspect.signature(flow.fn).parameters) <= {"urls", "sources", "target", "translate"}
    needed = {"urls": ["https://news.example/a"]} if flow is url_list else {}
    for name in ("db", "config", "archive", "packages_dir"):
        with pytest.raises(Exception, match=name):
            flow.validate_parameters({**needed, name: "x"})
