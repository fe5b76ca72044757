"""`newsmill serve` as an operator starts it, and what its API says."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.command import NEWSMILL, environment

# Its first start makes the server's database: 15 s here, several times that on a busy machine.
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running `newsmill serve`: where it is, and what it has printed."""

    process: subprocess.Popen[bytes]
    home: Path
    address: str
    log: Path

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET a path of the API, or POST a body to it."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.address}/api/{path}", data=data, headers={"Content-Type": "application/json"}
        )
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:  # its database is busy; Prefect's own client tries again, too
                    raise
                error.close()
                time.sleep(0.3)
        raise AssertionError(f"{path}: busy for six seconds")

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a run of a deployment by hand; its id."""
        found = self.ask(f"deployments/name/{deployment}")
        made: dict[str, Any] = self.ask(
            f"deployments/{found['id']}/create_flow_run",
            {"parameters": parameters, "state": {"type": "SCHEDULED", "message": "by hand"}},
        )
        return str(made["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """A flow run."""
        found: dict[str, Any] = self.ask(f"flow_runs/{run_id}")
        return found

    def until(self, what: str, is_so: Callable[[], Any], patience_s: float = 60) -> Any:
        """Wait until something is so; what it gives."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if found := is_so():
                return found
            time.sleep(0.2)
        raise AssertionError(f"{what}: not within {patience_s:g} s\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def ended(self, run_id: str, patience_s: float = 60) -> dict[str, Any]:
        """A flow run, once it has ended."""

        def final() -> dict[str, Any] | None:
            run = self.run(run_id)
            return run if run["end_time"] else None

        found: dict[str, Any] = self.until(f"the end of {run_id}", final, patience_s)
        return found


@contextmanager
def served(home: Path, *options: str, **settings: str) -> Iterator[Served]:
    """Start `newsmill serve` in a folder on a free port, and end it as Ctrl-C does; yields it once it serves."""
    port = free_port()
    log = home / "serve.log"
    env = environment(home, NEWSMILL_SERVE__PORT=str(port), **settings)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [NEWSMILL, "serve", *options], cwd=home, env=env, stdout=out, stderr=out, start_new_session=True
        )
    service = Served(process=process, home=home, address=f"http://127.0.0.1:{port}", log=log)
    try:
        service.until("serving", lambda: _serves(service), _PATIENCE_S)
        yield service
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(20)


def free_port() -> int:
    """A port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def descendants(process: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text(encoding="utf-8")
            except OSError:  # it has just ended
                continue
            parents[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {process}} - found:
        found |= more
    return found


def alive(processes: set[int]) -> set[int]:
    """Those of these that still run."""
    return {one for one in processes if os.path.exists(f"/proc/{one}")}  # noqa: PTH110 - a pseudo file


def _serves(service: Served) -> bool:
    said = service.log.read_text(encoding="utf-8")
    assert service.process.poll() is None, f"`newsmill serve` has ended:\n{said}"
    return "Serving " in said
