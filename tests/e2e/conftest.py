"""A browser, and one `newsmill serve --demo` for all tests that look at it: it takes half a minute to start."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.prefect_server import put_database
from support.served import Served, served


@dataclass(slots=True)
class Told:
    """What a webhook was told."""

    address: str
    notices: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium: the system's, or playwright's own."""
    from playwright.sync_api import Error, sync_playwright  # `make package` does without

    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        try:
            browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-dev-shm-usage"])
        except Error:
            pytest.skip("no Chromium: apt-get install chromium, or python -m playwright install chromium")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def webhook() -> Iterator[Told]:
    """A receiver of notifications on loopback."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.notices.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    told = Told(address=f"http://127.0.0.1:{server.server_port}/hook/very-secret")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, webhook: Told, prefect_made: Path) -> Iterator[Served]:
    """`newsmill serve --demo`, after its first nightly run."""
    home = tmp_path_factory.mktemp("serve")
    put_database(prefect_made, home / "data" / "serve-demo" / "prefect")
    with served(home, "--demo", NEWSMILL_NOTIFY__URL=webhook.address, NEWSMILL_NOTIFY__SHORTFALL="true") as service:
        # The scheduler may have planned nights before the first run is there.
        first = service.until(
            "a first run", lambda: [run for run in service.ask("flow_runs/filter", {}) if not run["auto_scheduled"]]
        )
        service.ended(first[0]["id"])
        yield service
