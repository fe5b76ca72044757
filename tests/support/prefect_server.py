"""A real Prefect server on loopback, and what it says of runs."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.command import environment

# The server makes its database at the first start: 10 s here, three times that on a busy machine.
_PATIENCE_S = 120

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Start a server with a database of its own; yields the URL of its API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    prefect = str(Path(sys.executable).parent / "prefect")
    command = [prefect, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        settings = {**QUIET, "PREFECT_HOME": str(home / "prefect")}
        server = subprocess.Popen(command, cwd=home, env=environment(home, **settings), stdout=log, stderr=log)
        try:
            _wait(api, server, home / "server.log")
            yield api
        finally:
            server.terminate()
            server.wait(30)


def ask(api: str, what: str) -> list[dict[str, Any]]:
    """All runs of a kind: "flow_runs" or "task_runs"."""
    request = urllib.request.Request(
        f"{api}/{what}/filter", data=b"{}", headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def wait_for(api: str, what: str, count: int) -> list[dict[str, Any]]:
    """The runs of a kind, once the server has digested so many: it lags behind."""
    for _ in range(60):
        if len(found := ask(api, what)) >= count and all(one["end_time"] for one in found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"the server has {len(found)} {what}, not {count}: {[one['state_name'] for one in found]}")


def _wait(api: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"the Prefect server did not start: {log.read_text(encoding='utf-8')[-2000:]}")
