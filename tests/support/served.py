"""`newsmill serve` as an operator starts it, and what its API says."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from support.command import NEWSMILL, environment
from support.prefect_server import ask

# Its first start makes the server's database: 15 s here, several times that on a busy machine.
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running `newsmill serve`: where it is, and what it has printed."""

    process: subprocess.Popen[bytes]
    home: Path
    address: str
    log: Path

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:
        """GET a path of the API, or POST a body to it; or what `method` says."""
        return ask(f"{self.address}/api/{path}", body, method)

    def start(self, deployment: str, at: str | None = None, **parameters: Any) -> str:
        """Start a run of a deployment by hand, now or at some time; its id."""
        found = self.ask(f"deployments/name/{deployment}")
        state = {"type": "SCHEDULED", "message": "by hand", "state_details": {"scheduled_time": at}}
        made: dict[str, Any] = self.ask(
            f"deployments/{found['id']}/create_flow_run", {"parameters": parameters, "state": state}
        )
        return str(made["id"])

    def beat(self, run_id: str) -> None:
        """Give the sign of life of a run, as its process does every 30 s."""
        resource = {"prefect.resource.id": f"prefect.flow-run.{run_id}"}
        tag = {"prefect.resource.id": "prefect.tag.newsmill", "prefect.resource.role": "tag"}
        now = datetime.now(UTC).isoformat()
        beat = {"occurred": now, "event": "prefect.flow-run.heartbeat", "id": str(uuid4())}
        self.ask("events", [beat | {"resource": resource, "related": [tag]}])

    def run(self, run_id: str) -> dict[str, Any]:
        """A flow run."""
        found: dict[str, Any] = self.ask(f"flow_runs/{run_id}")
        return found

    def until(self, what: str, is_so: Callable[[], Any], patience_s: float = _PATIENCE_S) -> Any:
        """Wait until something is so; what it gives."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if found := is_so():
                return found
            time.sleep(0.2)
        raise AssertionError(f"{what}: not within {patience_s:g} s\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def ended(self, run_id: str, patience_s: float = _PATIENCE_S) -> dict[str, Any]:
        """A flow run, once it has ended."""

        def final() -> dict[str, Any] | None:
            run = self.run(run_id)
            return run if run["end_time"] else None

        found: dict[str, Any] = self.until(f"the end of {run_id}", final, patience_s)
        return found


@contextmanager
def served(home: Path, *options: str, **settings: str) -> Iterator[Served]:
    """Start `newsmill serve` in a folder on a free port, and end it as Ctrl-C does; yields it once it serves.

    It is asserted that no process of it is left.
    """
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
        process.wait(_PATIENCE_S)
        service.until("the end of all it started", lambda: not processes_of(home))


def free_port() -> int:
    """A port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def processes_of(home: Path) -> dict[int, str]:
    """The processes whose home folder is this one, whoever started them, with their command lines."""
    mark = f"HOME={home}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        # What has just ended, or is another user's, cannot be read.
        with suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def process_of(home: Path, part: str) -> int:
    """The process of a home folder that has this in its command line."""
    (found,) = (number for number, command in processes_of(home).items() if part in command)
    return found


def _serves(service: Served) -> bool:
    said = service.log.read_text(encoding="utf-8")
    assert service.process.poll() is None, f"`newsmill serve` has ended:\n{said}"
    return "Serving " in said
