"""Notifications: what is sent in which form, a second attempt, and a secret that stays one."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import ValidationError

from flows.notify import Notice, body_for, notify
from flows.settings import NotifySettings

NOTICE = Notice(
    flow="nightly",
    run="nightly 2026-03-14, 412 articles",
    state="Failed",
    message="StorageError: database <disk> is full & read-only",
    url="http://127.0.0.1:4200/runs/flow-run/1",
    at="2026-03-14T02:31:00+00:00",
)


@dataclass(slots=True)
class Receiver:
    """A webhook: what it was sent, and what it answers in turn (the last answer stays)."""

    port: int
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def settings(self, path: str = "/hook/5ecret", **more: Any) -> NotifySettings:
        """Settings that lead here."""
        return NotifySettings(url=f"http://127.0.0.1:{self.port}{path}", **more)  # type: ignore[arg-type]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            there.got.append((self.path, body))
            self.send_response(there.answers.pop(0) if len(there.answers) > 1 else there.answers[0])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Receiver(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()
    thread.join()


def test_without_an_address_nothing_is_sent() -> None:
    """No setting, no notification, no error."""
    assert not notify(NotifySettings(), NOTICE)


def test_json_holds_all_there_is_to_say(receiver: Receiver) -> None:
    """A program of the operator's own gets every field by its name."""
    assert notify(receiver.settings(), NOTICE)
    assert receiver.got == [
        (
            "/hook/5ecret",
            {
                "flow": "nightly",
                "run": "nightly 2026-03-14, 412 articles",
                "state": "Failed",
                "message": "StorageError: database <disk> is full & read-only",
                "url": "http://127.0.0.1:4200/runs/flow-run/1",
                "at": "2026-03-14T02:31:00+00:00",
            },
        )
    ]


def test_slack_gets_its_own_markup(receiver: Receiver) -> None:
    """One text with a bold title and a link; what is no markup is escaped."""
    assert notify(receiver.settings(format="slack"), NOTICE)
    ((_, body),) = receiver.got
    assert body == {
        "text": "*nightly 2026-03-14, 412 articles: Failed*\n"
        "StorageError: database &lt;disk&gt; is full &amp; read-only\n"
        "<http://127.0.0.1:4200/runs/flow-run/1|Look at the run>"
    }


def test_ntfy_gets_the_topic_in_the_body(receiver: Receiver) -> None:
    """JSON goes to the root of the server, with the topic that the address ends with."""
    assert notify(receiver.settings("/under/newsmill", format="ntfy"), NOTICE)
    ((path, body),) = receiver.got
    assert path == "/under/"
    assert body["topic"] == "newsmill"
    assert (body["title"], body["priority"]) == ("nightly 2026-03-14, 412 articles: Failed", 4)
    assert body["click"] == NOTICE.url


def test_a_failed_attempt_is_made_once_more(receiver: Receiver) -> None:
    """After one error the second attempt arrives."""
    receiver.answers = [503, 204]
    assert notify(receiver.settings(), NOTICE, pause_s=0)
    assert len(receiver.got) == 2


def test_two_failed_attempts_are_a_line_in_the_log(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """Then it gives up: nothing is raised, and the log tells the status but not the address."""
    receiver.answers = [404]
    with caplog.at_level(logging.DEBUG):
        assert not notify(receiver.settings(), NOTICE, pause_s=0)
    assert len(receiver.got) == 2
    assert "HTTP 404" in caplog.text
    assert "5ecret" not in caplog.text


@pytest.mark.parametrize("path", ["/5ecret%00", "/5ecret"])
def test_no_way_there_is_a_line_in_the_log(path: str, caplog: pytest.LogCaptureFixture) -> None:
    """A server that is down, or an address that cannot be asked for, raises nothing and tells no secret."""
    with socket.socket() as held, caplog.at_level(logging.DEBUG):
        held.bind(("127.0.0.1", 0))  # and nobody listens there
        settings = NotifySettings(url=f"http://127.0.0.1:{held.getsockname()[1]}{path}")  # type: ignore[arg-type]
        assert not notify(settings, NOTICE, pause_s=0)
    assert "not delivered" in caplog.text
    assert "ecret" not in caplog.text


@pytest.mark.parametrize("address", ["file:///etc/passwd", "hooks.example/5ecret", "http:///5ecret"])
def test_only_web_addresses_are_settings(address: str) -> None:
    """What is no web address is refused, without repeating it."""
    with pytest.raises(ValidationError) as refused:
        NotifySettings(url=address)  # type: ignore[arg-type]
    assert refused.value.errors()[0]["msg"].endswith("not an address in ASCII that begins with http:// or https://")


def test_the_address_is_not_shown() -> None:
    """Settings that are printed do not tell it."""
    settings = NotifySettings(url="https://hooks.example/5ecret")  # type: ignore[arg-type]
    assert "5ecret" not in repr(settings)
    assert body_for(settings, NOTICE)[0] == "https://hooks.example/5ecret"
