"""As much of a shell as the documents need. `newsmill` runs in this process: its start would cost a second a line."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from support.command import NEWSMILL

_VARIABLE = re.compile(r"[A-Z_]+=")
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command of a line: its words, the file that it reads, and what joins it to the next: "|", "&&" or nothing."""

    words: tuple[str, ...]
    reads: str | None
    then: str

    @property
    def program(self) -> str:
        """Its name, without a folder."""
        return Path(self.words[0]).name

    @property
    def text(self) -> str:
        """Its words as they would be typed."""
        return shlex.join((self.program, *self.words[1:]))


def calls(line: str) -> Iterator[Call]:
    """The commands of a line of shell; what they write to is left out, and so are variables before them."""
    tokens = shlex.shlex(line, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    words: list[str] = []
    for token in [*tokens, ""]:
        if not set(token) <= set("|&"):
            words.append(token)
            continue
        at = next((at for at, word in enumerate(words) if set(word) <= set("<>&12") and set(word) & set("<>")), None)
        kept, rest = words[:at], words[at:] if at is not None else []
        while kept and _VARIABLE.match(kept[0]):
            del kept[0]
        if kept:
            yield Call(words=tuple(kept), reads=rest[1] if rest[:1] == ["<"] else None, then=token)
        words = []


def newsmill(*arguments: str, stdin: str = "") -> Said:
    """Run a command in this process and folder; one that serves until it is told to end is told so once it serves.

    `work`, which ends its process when it is told to, has one of its own.
    """
    if arguments[0] == "work":
        return _work_in_vain(*arguments)
    from flows.cli import main

    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    read = patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
    with read, patch.object(sys, "argv", ["newsmill", *arguments]), redirect_stdout(out), redirect_stderr(err):
        ended = threading.Event()
        if arguments[0] == "browse":
            threading.Thread(target=_end_when_it_serves, args=(signal.SIGINT, ended), daemon=True).start()
        try:
            main()
        except SystemExit as exited:
            status = exited.code
        finally:
            ended.set()
    return Said(status=status if isinstance(status, int) else 0, stdout=out.getvalue(), stderr=err.getvalue())


def _end_when_it_serves(number: signal.Signals, ended: threading.Event) -> None:
    """Send a signal once somebody else than Python handles it: before, it would end the tests."""
    before = signal.getsignal(number)
    for _ in range(_PATIENCE_S * 20):
        if signal.getsignal(number) is not before:
            os.kill(os.getpid(), number)
            return
        if ended.wait(0.05):
            return


def _work_in_vain(*arguments: str) -> Said:
    """Run `newsmill work` until it has found nothing to do."""
    return program(NEWSMILL, *arguments, "--until-idle")


def program(*words: str, stdin: str = "") -> Said:
    """Run another program, in this folder."""
    done = subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    return Said(status=done.returncode, stdout=done.stdout, stderr=done.stderr)
