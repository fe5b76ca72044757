"""newsmill from a process that has imported everything: a fork, where a start of the command costs two seconds.

Run as a script, it forks a child for each line of standard input and says how it goes on standard output.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# No run in the tests takes a tenth of this.
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended; a negative status is the signal that killed it."""

    returncode: int
    stdout: str
    stderr: str


class Warm:
    """A context manager. Children run one at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._parent: subprocess.Popen[str] | None = None
        self._said = Path()

    def __enter__(self) -> Self:
        self._said = Path(tempfile.mkdtemp(prefix="newsmill-said-"))
        self._parent = subprocess.Popen(
            [sys.executable, __file__],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._ask("")  # it has imported everything when it answers
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._parent is not None:
            self._parent.communicate()
        shutil.rmtree(self._said)

    def start(self, arguments: Sequence[str | Path], home: Path, stdin: str = "", **settings: str) -> int:
        """Begin a command in a folder; returns the id of its process."""
        (self._said / "in").write_text(stdin, encoding="utf-8")
        order = {
            "arguments": [str(one) for one in arguments],
            "home": str(home),
            "environment": {**self._environment, "HOME": str(home), **settings},
            "said": str(self._said),
        }
        return int(self._ask(json.dumps(order)))

    def is_running(self) -> bool:
        """Whether what was begun last has not ended yet."""
        return self._ask("look") == "running"

    def end(self) -> Ended:
        """Wait for the end of what was begun last; after three minutes it is killed."""
        until = time.monotonic() + _PATIENCE_S
        while self.is_running():
            if time.monotonic() > until:
                self._ask("kill")
            time.sleep(0.01)
        status = int(self._ask("wait"))
        out, err = ((self._said / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ended(returncode=os.waitstatus_to_exitcode(status), stdout=out, stderr=err)

    def _ask(self, line: str) -> str:
        assert self._parent is not None
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(line + "\n")
        self._parent.stdin.flush()
        return self._parent.stdout.readline().strip()


def _serve() -> None:
    _end_with_parent()
    import flows.cli.screen
    import flows.run  # noqa: F401 - what a command would import

    child = 0
    for line in sys.stdin:
        order = line.strip()
        if order == "look":
            ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            _say("ended" if ended else "running")
        elif order == "kill":
            os.kill(child, signal.SIGKILL)
            _say("killed")
        elif order == "wait":
            _say(os.waitpid(child, 0)[1])
        elif not order:
            _say("ready")
        else:
            child = os.fork()
            if child == 0:
                _become(json.loads(order))
            _say(child)


def _become(order: dict[str, Any]) -> None:
    """Do what the command does, in this process, and end it."""
    from flows.cli import main

    _end_with_parent()
    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["environment"])
    os.dup2(os.open(f"{order['said']}/in", os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{order['said']}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    sys.argv = ["newsmill", *order["arguments"]]
    status: Any = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _end_with_parent() -> None:
    """Have this process killed when the one that began it is gone, whatever that died of; as far as Linux goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _say(what: object) -> None:
    print(what, flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    _serve()
