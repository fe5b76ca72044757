"""A local Prefect server: its environment, its port, its process. Imports no Prefect: the server is a child."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen

from flows.settings import ServeSettings
from ingest.errors import ConfigError, NewsmillError

# Tied to the one who starts it by its standard input.
COMMAND = (sys.executable, "-m", "flows.serve.tether", "flows.serve.gate")

# The first start makes the server's database: 10 s on a laptop, several times that on a busy machine.
_PATIENCE_S = 180.0
_PORTS_TRIED = 100
HEARTBEAT_S = 30
"""Seconds between two signs of life of a run; the least that Prefect allows."""
TAG = "newsmill"
"""Of all our runs, wherever they are started: the automation looks at no others."""

# No figures about the use to Prefect's makers: from the server, from the client, from the second version of the UI.
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """An environment for everything that is served; what the operator has set stays."""
    return {
        **_QUIET,
        "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,ingest,storage",
        # A message from outside a run, of a thread that fetches for example, is none for the server.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
        **given,
    }


def server_environment(given: Mapping[str, str], settings: ServeSettings, port: int, home: Path) -> dict[str, str]:
    """The environment of a local server and of what works with it.

    Args:
        given: the operator's environment, which wins where it says something.
        settings: where to listen and how long to keep runs.
        port: the port that is free.
        home: the folder of the server's database.
    """
    address = address_of(settings.host, port)
    own = {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings.keep_days * 86_400),
        # The gate lets pages of other sites do nothing; so Prefect need not tell browsers that they might.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
        # For links in notifications, and one of the server's names.
        "PREFECT_UI_URL": address,
        **_pages_of(home),
    }
    settled = {
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_SERVER_API_HOST": settings.host,
        "PREFECT_SERVER_API_PORT": str(port),
        # The UI asks the API where it was loaded from, whatever name that has there.
        "PREFECT_UI_API_URL": "/api",
    }
    return environment({**own, **given, **settled})


def _pages_of(home: Path) -> dict[str, str]:
    """Where Prefect puts the files of its UI: beside its own code, or in our folder if that is another user's."""
    package = find_spec("prefect")
    if package is None or package.origin is None or os.access(Path(package.origin).parent / "server", os.W_OK):
        return {}
    return {"PREFECT_UI_STATIC_DIRECTORY": str(home.resolve() / "ui")}


def address_of(host: str, port: int) -> str:
    """The address at which a browser on this machine finds the server."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound to
    host = everywhere.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that is free.

    Raises:
        ConfigError: this machine has no such address, or a hundred ports are taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + _PORTS_TRIED, 65_536)):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise ConfigError(f"setting serve.host: cannot listen on {host!r}: {error.strerror}") from error
            else:
                return port
    raise ConfigError(f"setting serve.port: {first} and the {_PORTS_TRIED - 1} ports after it are taken")


def home_of(environ: Mapping[str, str], default: Path) -> Path:
    """The folder of the server's database: PREFECT_HOME, or the default, which is made."""
    home = Path(environ["PREFECT_HOME"]) if environ.get("PREFECT_HOME") else default
    home.mkdir(parents=True, exist_ok=True)
    return home


def wait_until_healthy(api: str, server: Popen[bytes], log: Path) -> None:
    """Return when the server answers.

    Raises:
        NewsmillError: it ended, or does not answer in time; the message names its log.
    """
    until = time.monotonic() + _PATIENCE_S
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:  # noqa: S310 - our own server
                if json.load(answer) is True:
                    return
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.2)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    last = lines[-1].strip() if lines else "it wrote nothing"
    raise NewsmillError(f"the Prefect server did not start: {last} (all it wrote is in {log})")


def server_answers(patience_s: float = 2.0) -> bool:
    """Whether a Prefect server is named by PREFECT_API_URL and answers in so many seconds, name server and all."""
    api = os.environ.get("PREFECT_API_URL", "")
    if not api.startswith(("http://", "https://")):
        return False
    answers: list[bool] = []

    def ask() -> None:
        # Whatever befalls an address that is none, or a server that is none: it does not answer.
        address = f"{api.rstrip('/')}/health"
        with (
            suppress(OSError, ValueError, HTTPException),
            urllib.request.urlopen(address, timeout=patience_s) as answer,  # noqa: S310 - http(s) only
        ):
            answers.append(answer.status == 200)

    # In a thread, for a time limit of a request is for each address of a host, and for none of its name servers.
    asking = threading.Thread(target=ask, name="newsmill-prefect", daemon=True)
    asking.start()
    asking.join(patience_s)
    return answers == [True]
