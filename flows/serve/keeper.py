"""The process in front: starts the server and the runner, watches over both, and ends them.

Ending takes a second, whatever a run is at. To cancel a run by Prefect's own means takes four or more, and all that is
worth keeping stands in our database; so the server goes first, and what was under way stands as such in its database
until the next start closes it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

from flows.serve.runner import Errand
from flows.serve.server import (
    COMMAND,
    environment,
    free_port,
    home_of,
    server_environment,
    wait_until_healthy,
)
from flows.settings import HANDED_ON, ServeSettings
from flows.stop import PATIENCE_S, at_stop, descendants
from ingest.errors import ConfigError, NewsmillError

_LOOK_EVERY_S = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What to serve: settings, the folder they are from if not the usual one, and where the server's database goes.

    With `now` a nightly run starts at once.
    """

    settings: ServeSettings
    config: Path | None
    home: Path
    now: bool = False


def serve(service: Service, environ: Mapping[str, str], say: Say) -> None:
    """Serve the deployments until the process is told to stop (`flows.stop`).

    Args:
        service: what to serve.
        environ: the environment of all that is started. With PREFECT_API_URL no server is started.
        say: tells the operator something.

    Raises:
        ConfigError: the service cannot be started so.
        NewsmillError: something that was started has ended by itself.
    """
    with ExitStack() as stack:
        group = _Group()
        if not environ.get("PREFECT_API_URL"):
            home = home_of(environ, service.home)
            stack.enter_context(_alone(home))
            group.mark = home / "stopped"
        stack.callback(group.end)
        stack.enter_context(at_stop(group.end_when_told))
        errand = Errand(alone=group.mark is not None, stopped=group.ended_when_told(), now=service.now)
        if group.mark is not None:
            env, log = _start_server(group, service, environ, group.mark.parent, say)
        else:
            env = environment(environ)
        runner = group.runner = _start_runner(service, env, errand)
        if group.server:
            wait_until_healthy(env["PREFECT_API_URL"], group.server, log)
            say(f"The UI is at {env['PREFECT_API_URL'].removesuffix('/api')}")
        else:
            say(f"Using the Prefect server at {env['PREFECT_API_URL']}")
        _tell_to_begin(runner)
        _watch(({"the Prefect server": group.server} if group.server else {}) | {"the runner": runner})


@dataclass(slots=True)
class _Group:
    """What was started: a server of our own, perhaps, and the runner, each the head of a process group.

    With a server of our own, `mark` is a file in its folder that says that its end was no accident.
    """

    server: Popen[bytes] | None = None
    runner: Popen[bytes] | None = None
    mark: Path | None = None
    _ending: threading.Lock = field(default_factory=threading.Lock)

    def ended_when_told(self) -> bool:
        """Whether the last one was told to end; that is said once."""
        marked = self.mark is not None and self.mark.exists()
        if self.mark is not None:
            self.mark.unlink(missing_ok=True)
        return marked

    def end_when_told(self) -> None:
        """End, and leave word for the next start, which cancels what is under way now."""
        if self.mark is not None:
            self.mark.touch()
        self.end()

    def end(self) -> None:
        """End both and all that they have started, in a second; once, for what is told twice dies of it."""
        if not self._ending.acquire(blocking=False):
            return
        if self.server is not None:
            if self.runner is not None:  # it would complain of the server's end, and the runs would die with it at once
                self.runner.send_signal(signal.SIGSTOP)
            _kill_group(self.server)  # from now on nobody changes what is noted of the runs
        if self.runner is not None:
            with suppress(ProcessLookupError, PermissionError):
                if self.server is None:
                    self.runner.terminate()  # it tells its server that it cancels what runs
                else:
                    os.killpg(self.runner.pid, signal.SIGTERM)  # they say in our database that they end
            _wait_for_runs(self.runner)
            _kill_group(self.runner)


def _start_server(
    group: _Group, service: Service, environ: Mapping[str, str], home: Path, say: Say
) -> tuple[Mapping[str, str], Path]:
    """Start a server, one of the group: the environment of what works with it, and its log."""
    settings = service.settings
    port = free_port(settings.host, settings.port)
    if port != settings.port:
        say(f"Port {settings.port} is taken, using {port}")
    env = server_environment(environ, settings, port, home)
    command = [*COMMAND, settings.host, str(port)]
    log = home / "server.log"
    say(f"Starting a Prefect server, its database and log in {home}. It tells nobody anything: telemetry is off.")
    with log.open("wb") as out:
        group.server = Popen(  # noqa: S603 - our own interpreter
            command, env=env, stdin=PIPE, stdout=out, stderr=STDOUT, start_new_session=True
        )
    return env, log


def _start_runner(service: Service, env: Mapping[str, str], errand: Errand) -> Popen[bytes]:
    """Start the runner. It loads its modules while the server starts."""
    command = [sys.executable, "-m", "flows.serve.runner", errand.as_argument()]
    told = {**env, HANDED_ON: str(service.config or "")}
    return Popen(command, env=told, stdin=PIPE, start_new_session=True)  # noqa: S603 - our own interpreter


def _tell_to_begin(runner: Popen[bytes]) -> None:
    """There is a server now. A runner that has ended already is seen by the watch."""
    if runner.stdin is not None:
        with suppress(BrokenPipeError):
            runner.stdin.write(b"!")
            runner.stdin.flush()


def _watch(processes: Mapping[str, Popen[bytes]]) -> None:
    """Return never: until a signal, or until one of these ends, which none should."""
    while True:
        for name, process in processes.items():
            status = process.poll()
            if status == 2:  # the runner has said what is wrong with the settings
                raise ConfigError("nothing is served with these settings")
            if status is not None:
                raise NewsmillError(f"{name} has ended by itself (status {status}); start again with: newsmill serve")
        time.sleep(_LOOK_EVERY_S)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder: two servers on one database would each schedule and time out the same runs."""
    with (home / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"`newsmill serve` runs already on {home}; end it, or set PREFECT_HOME") from error
        yield


def _wait_for_runs(runner: Popen[bytes]) -> None:
    """Wait until all that the runner has started has ended, or for as long as there is patience."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and descendants(runner.pid):
        time.sleep(0.02)


def _kill_group(head: Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(head.pid, signal.SIGKILL)
    head.wait()
