"""Stopping: the one place that hears Ctrl-C (SIGINT) and SIGTERM while a command is at work.

Everything worth keeping is committed as it is made, and a process may be killed at any moment. So a command that is
told to stop needs no orderly way back through its threads, which may hang in a model, a parser or a slow answer: what
asks other machines is told to let go, one line says what is left, and the process ends. The signal is heard by a thread
of its own and at once, whatever the main thread is at. Worker processes never hear it (`ingest.workers.deaf`).
"""

from __future__ import annotations

import logging
import os
import re
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Tidy = Callable[[], str | None]
"""Called when the process is told to stop; may say in a phrase what is left."""

PATIENCE_S = 1.0
"""For what is to be said and done at the end; it takes some hundredths, unless another process is writing."""

_PASSWORD = re.compile(r"(://[^/@:]*:)[^@]+(?=@)")

_tidies: list[Tidy] = []


@contextmanager
def at_stop(tidy: Tidy) -> Iterator[None]:
    """Have something called, in another thread, when the process is told to stop within the `with` block."""
    _tidies.append(tidy)
    try:
        yield
    finally:
        _tidies.remove(tidy)


def let_go() -> Iterator[str]:
    """Call what is to be called when the process is told to stop; what is left, in phrases.

    The innermost first: before anything is said, nobody asks another machine any more.
    """
    for tidy in reversed(_tidies.copy()):
        with suppress(Exception):
            if left := tidy():
                yield left


@contextmanager
def stoppable() -> Iterator[None]:
    """End the process within two seconds of Ctrl-C or SIGTERM, with one line and exit status 130 or 143."""
    end = _End()
    try:
        with _heard(end.told):
            yield
    finally:
        if end.is_near:  # whatever came of being let go: the other thread ends the process
            threading.Event().wait()


@contextmanager
def _heard(told: Callable[[int], None]) -> Iterator[None]:
    """Have `told` called with the number of each signal that comes, in a thread of its own and at once.

    A signal that was ignored before (as under nohup) stays ignored. Outside the main thread, which alone may ask for
    signals, nothing is done. Handlers in Python that someone sets within the block are called beside it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) != signal.SIG_IGN]
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    handlers = {one: signal.signal(one, _nothing) for one in wanted}
    before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(ear, told, frozenset(wanted)), name="newsmill-stop", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before, warn_on_full_buffer=False)
        for one, handler in handlers.items():
            signal.signal(one, handler)
        mouth.close()


class _End:
    """The end of this process, which comes once."""

    def __init__(self) -> None:
        self.is_near = False
        self._left: list[str] = []
        self._once = threading.Lock()

    def told(self, number: int) -> None:
        """Begin to end; when it is told once more, end."""
        if self.is_near:
            self._leave(number)
        self.is_near = True
        logging.disable()  # what is let go complains
        threading.Thread(target=self._end, args=(number,), name="newsmill-end", daemon=True).start()

    def _end(self, number: int) -> None:
        tidying = threading.Thread(target=self._tidy, name="newsmill-tidy", daemon=True)
        tidying.start()
        tidying.join(PATIENCE_S)
        self._leave(number)

    def _tidy(self) -> None:
        for left in let_go():
            self._left.append(left)

    def _leave(self, number: int) -> None:
        with self._once:
            said = ", ".join([*self._left, "what was committed is safe"])
            clean = "\r\x1b[2K" if sys.stderr.isatty() else ""
            with suppress(OSError):
                os.write(2, f"{clean}interrupted: {said}; to go on: {_own_command()}\n".encode())
            for process in descendants(os.getpid()):  # whoever reads what we write waits until the last of them is gone
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            os._exit(128 + number)


def descendants(process: int) -> set[int]:
    """The processes that one has started, and those that they have, alive; none where there is no /proc to tell."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):  # one that has just ended
            told = entry.read_text(encoding="ascii", errors="replace").rpartition(")")[2]
            state, parent = told.split()[:2]
            if state != "Z":
                parents[int(entry.parent.name)] = int(parent)
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def _listen(ear: socket.socket, told: Callable[[int], None], numbers: frozenset[int]) -> None:
    """The numbers of signals come as bytes, from the interpreter itself."""
    with ear:
        while heard := ear.recv(16):
            for number in heard:
                if number in numbers:
                    told(number)


def _nothing(_number: int, _frame: object) -> None:
    """Handle a signal in Python, which has its number written where it is heard."""


def _own_command() -> str:
    """The command line of this process, without passwords; what came by standard input is finished by a retry."""
    words = sys.argv[1:]
    if "-" in words:
        options = [word for name in ("--db", "--config") if name in words for word in _with_value(words, name)]
        words = ["retry", *options]
    return _PASSWORD.sub(r"\1***", shlex.join(["newsmill", *words]))


def _with_value(words: list[str], name: str) -> list[str]:
    place = words.index(name)
    return words[place : place + 2]
