"""The process in front: starts the server and the runner, watches over both, and ends them in order."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen, TimeoutExpired

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
from ingest.errors import ConfigError, NewsmillError

# Seconds until what was asked to end is killed. The runner cancels runs first (they end within 4 s, of which it hears
# every 3 s); all together stays below 10 s.
_RUNNER_GRACE_S = 7.0
_SERVER_GRACE_S = 2.0
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
    """Serve the deployments until SIGTERM or Ctrl-C.

    Args:
        service: what to serve.
        environ: the environment of all that is started. With PREFECT_API_URL no server is started.
        say: tells the operator something.

    Raises:
        ConfigError: the service cannot be started so.
        NewsmillError: something that was started has ended by itself.
    """
    with ExitStack() as stack:
        stack.enter_context(_ends_by_signal())
        server = None if environ.get("PREFECT_API_URL") else _start_server(stack, service, environ, say)
        env = server.env if server else environment(environ)
        runner = _start_runner(stack, service, env, alone=server is not None)
        if server:
            wait_until_healthy(env["PREFECT_API_URL"], server.process, server.log)
            say(f"The UI is at {env['PREFECT_API_URL'].removesuffix('/api')}")
        else:
            say(f"Using the Prefect server at {env['PREFECT_API_URL']}")
        _tell_to_begin(runner)
        _watch(({"the Prefect server": server.process} if server else {}) | {"the runner": runner})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """A local server that was started: what works with it needs its environment."""

    env: Mapping[str, str]
    process: Popen[bytes]
    log: Path


def _start_server(stack: ExitStack, service: Service, environ: Mapping[str, str], say: Say) -> _Server:
    """Start a server, which ends with the stack."""
    home = home_of(environ, service.home)
    stack.enter_context(_alone(home))
    settings = service.settings
    port = free_port(settings.host, settings.port)
    if port != settings.port:
        say(f"Port {settings.port} is taken, using {port}")
    env = server_environment(environ, settings, port, home)
    command = [*COMMAND, settings.host, str(port)]
    log = home / "server.log"
    say(f"Starting a Prefect server, its database and log in {home}. It tells nobody anything: telemetry is off.")
    with log.open("wb") as out:
        server = Popen(  # noqa: S603 - our own interpreter
            command, env=env, stdin=PIPE, stdout=out, stderr=STDOUT, start_new_session=True
        )
    stack.callback(_end, server, _SERVER_GRACE_S)
    return _Server(env=env, process=server, log=log)


def _start_runner(stack: ExitStack, service: Service, env: Mapping[str, str], *, alone: bool) -> Popen[bytes]:
    """Start the runner, which ends with the stack. It loads its modules while the server starts."""
    errand = Errand(alone=alone, now=service.now)
    command = [sys.executable, "-m", "flows.serve.runner", errand.as_argument()]
    told = {**env, HANDED_ON: str(service.config or "")}
    runner = Popen(command, env=told, stdin=PIPE, start_new_session=True)  # noqa: S603 - our own interpreter
    stack.callback(_end, runner, _RUNNER_GRACE_S)
    return runner


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
def _ends_by_signal() -> Iterator[None]:
    """SIGTERM and SIGINT end what is within, in order; one more ends this process, and all that was started with it."""

    def end_at_once(number: int, _frame: object) -> None:
        os._exit(128 + number)  # the others are tied to us, and see it

    def end(number: int, _frame: object) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, end_at_once)
        raise _Told(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Told as told:
        (number,) = told.args
        raise SystemExit(128 + number) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Told(BaseException):
    """We were told to end."""


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder: two servers on one database would each schedule and time out the same runs."""
    with (home / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"`newsmill serve` runs already on {home}; end it, or set PREFECT_HOME") from error
        yield


def _end(process: Popen[bytes], grace_s: float) -> None:
    """Ask a process to end, and after a while kill it with all that it has started."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutExpired):
        process.wait(grace_s)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
