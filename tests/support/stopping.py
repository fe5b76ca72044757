"""The installed command in a process group or on a terminal of its own, and the ways to tell it to stop."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from support.command import NEWSMILL, PATIENCE_S, environment

# Takes standard input as the terminal that Ctrl-C comes from, and becomes the command.
_ON_TERMINAL = (
    sys.executable,
    "-c",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])",
)

Tell = Callable[["Started"], None]


@dataclass(slots=True, kw_only=True)
class Started:
    """A command under way; `keyboard` is the other end of its terminal, if it has one."""

    process: subprocess.Popen[bytes]
    keyboard: int | None
    _said: list[bytes] = field(default_factory=list)
    _reader: threading.Thread | None = None

    def said(self) -> str:
        """What it has written to standard error, or to the terminal, so far."""
        return b"".join(self._said).decode()

    def ended(self) -> int:
        """Wait until it has ended and all is read; its exit status."""
        status = self.process.wait(PATIENCE_S)
        assert self._reader is not None
        self._reader.join(PATIENCE_S)
        return status

    def listen(self, handle: int) -> None:
        """Read from here on, in a thread."""

        def read() -> None:
            with suppress(OSError):  # how a terminal says that nobody writes to it any more
                while piece := os.read(handle, 4096):
                    self._said.append(piece)

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()


def _to(number: signal.Signals, *, group: bool) -> Tell:
    def tell(started: Started) -> None:
        (os.killpg if group else os.kill)(started.process.pid, number)

    return tell


def _type(started: Started) -> None:
    assert started.keyboard is not None
    os.write(started.keyboard, b"\x03")


WAYS: dict[str, tuple[Tell, int]] = {
    "Ctrl-C on a terminal": (_type, 130),
    "SIGINT to the process": (_to(signal.SIGINT, group=False), 130),
    "SIGINT to the group": (_to(signal.SIGINT, group=True), 130),
    "SIGTERM to the process": (_to(signal.SIGTERM, group=False), 143),
    "SIGTERM to the group": (_to(signal.SIGTERM, group=True), 143),
}
"""How a command is told to stop, and its exit status then."""


@contextmanager
def started(arguments: Sequence[str | Path], home: Path, *, terminal: bool, **settings: str) -> Iterator[Started]:
    """Begin a command; what still runs of its group at the end of the `with` block is killed."""
    keyboard, screen = pty.openpty() if terminal else (None, subprocess.PIPE)
    process = subprocess.Popen(
        [*(_ON_TERMINAL if terminal else ()), NEWSMILL, *map(str, arguments)],
        cwd=home,
        env=environment(home, **settings),
        stdin=screen if terminal else subprocess.DEVNULL,
        stdout=screen if terminal else subprocess.DEVNULL,
        stderr=screen,
        start_new_session=True,
    )
    one = Started(process=process, keyboard=keyboard)
    if keyboard is not None:
        os.close(screen)
        one.listen(keyboard)
    else:
        assert process.stderr is not None
        one.listen(process.stderr.fileno())
    try:
        yield one
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        one.ended()
        if keyboard is not None:
            os.close(keyboard)
        if process.stderr is not None:
            process.stderr.close()


def hears(process: int) -> bool:
    """Whether a process does something of its own when it is told to end, which Python does not by itself."""
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{process}/status").read_text(encoding="ascii"), re.MULTILINE)
    return caught is not None and bool(int(caught[1], 16) & 1 << (signal.SIGTERM - 1))


def wait_until(otherwise: str, is_so: Callable[[], object]) -> None:
    """Wait until something is so; `otherwise` says what is wrong when it never is."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.01)
