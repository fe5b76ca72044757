"""newsmill from a process that has imported everything: a fork, where a start of the command costs two seconds.

Run as a script, it forks a child for each line of standard input and says how it goes on standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self


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
        self._out = self._err = Path()

    def __enter__(self) -> Self:
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

    def start(self, arguments: Sequence[str | Path], home: Path, **settings: str) -> int:
        """Begin a command in a folder; returns the id of its process."""
        self._out, self._err = home / "stdout.txt", home / "stderr.txt"
        order = {
            "arguments": [str(one) for one in arguments],
            "home": str(home),
            "environment": {**self._environment, "HOME": str(home), **settings},
            "out": str(self._out),
            "err": str(self._err),
        }
        return int(self._ask(json.dumps(order)))

    def end(self) -> Ended:
        """Wait for the end of what was begun last."""
        status = int(self._ask("wait"))
        out, err = self._out.read_text(encoding="utf-8"), self._err.read_text(encoding="utf-8")
        return Ended(returncode=os.waitstatus_to_exitcode(status), stdout=out, stderr=err)

    def _ask(self, line: str) -> str:
        assert self._parent is not None
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(line + "\n")
        self._parent.stdin.flush()
        return self._parent.stdout.readline()


def _serve() -> None:
    import flows.cli.screen
    import flows.run  # noqa: F401 - what a command would import

    child = 0
    for line in sys.stdin:
        order = line.strip()
        if order == "wait":
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

    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, name in ((1, "out"), (2, "err")):
        handle = os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(handle, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["newsmill", *order["arguments"]]
    status: Any = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _say(what: object) -> None:
    print(what, flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    _serve()
