"""A real Prefect server on loopback, and what it says of runs."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.command import LEASH, environment

# The server makes its database at the first start: 10 s here, three times that on a busy machine.
_PATIENCE_S = 180

DATABASE = "prefect.db"
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


class PrefectServer:
    """A server with a database of its own in a folder, at `api`; a context manager.

    Args:
        home: the folder.
        made: a database to begin with, of a server that has done nothing yet; else it makes one, for seven seconds of
            a processor.
    """

    def __init__(self, home: Path, made: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.api = f"http://127.0.0.1:{port}/api"
        self._home = home
        if made is not None:
            put_database(made, home / "prefect")
        prefect = str(Path(sys.executable).parent / "prefect")
        self._command = [*LEASH, prefect, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = self._start()
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_PATIENCE_S)

    def wait(self) -> None:
        """Until it answers."""
        assert self._process is not None
        _wait(self.api, self._process, self._log)

    def crash(self) -> None:
        """End it at once, and begin to start it again; `wait` tells when it is back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._start()

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {**QUIET, "PREFECT_HOME": str(self._home / "prefect")}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self._home, env=environment(self._home, **settings), stdout=log, stderr=log
            )


@contextmanager
def prefect_server(home: Path, made: Path | None = None) -> Iterator[str]:
    """The URL of the API of a server that nothing befalls."""
    with PrefectServer(home, made) as server:
        yield server.api


def make_database(folder: Path) -> None:
    """Leave in a folder the database of a server that has done nothing yet."""
    with PrefectServer(folder):
        pass
    with closing(sqlite3.connect(folder / "prefect" / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (folder / "prefect" / DATABASE).rename(folder / DATABASE)


def put_database(made: Path, home: Path) -> None:
    """Have a server that keeps its things in the folder `home` begin with a database that is made already."""
    home.mkdir(parents=True)
    shutil.copy(made, home / DATABASE)


def ask(address: str, body: object = None, method: str | None = None) -> Any:
    """GET an address of the API, POST a body to it, or do what `method` says; the answer, None where it is empty.

    While the server's database is busy it says so by 503, and is asked again, as Prefect's own client does.
    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
    for _ in range(300):
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                said = answer.read()
                return json.loads(said) if said else None
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise  # whoever asked reads what it says
            error.close()
            time.sleep(0.3)
    raise AssertionError(f"{address}: its database is busy for a minute and a half")


def runs(api: str, what: str) -> list[dict[str, Any]]:
    """All runs of a kind: "flow_runs" or "task_runs"."""
    found: list[dict[str, Any]] = ask(f"{api}/{what}/filter", {})
    return found


def wait_for(api: str, what: str, count: int) -> list[dict[str, Any]]:
    """The runs of a kind, once the server has digested so many: it lags behind."""
    for _ in range(360):
        if len(found := runs(api, what)) >= count and all(one["end_time"] for one in found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"the server has {len(found)} {what}, not {count}: {[one['state_name'] for one in found]}")


def _wait(api: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"the Prefect server did not start: {log.read_text(encoding='utf-8')[-2000:]}")
