"""Run the installed command as a user does."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol

from support.warm import Ended, Warm

# No run in the tests takes a tenth of this; a command that hangs must not hold up the others for ever.
PATIENCE_S = 180

NEWSMILL = str(Path(sys.executable).parent / "newsmill")

# What is put before a command that runs in the background: it is killed when the tests are, whatever they die of.
LEASH = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a user with an empty home and nothing set but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSMILL_", "PREFECT_", "XDG_"))}
    return kept | {"HOME": str(home)} | settings


def newsmill(*arguments: str | Path, home: Path, stdin: str = "", **settings: str) -> Ended:
    """Run `newsmill` in the folder `home`, with settings such as NEWSMILL_FETCH__DELAY_S="0".

    It is a fork of a process that has imported what most commands import, which takes longer than what most do here.
    """
    warm = _warm()
    warm.start(arguments, home, stdin, **settings)
    return warm.end()


@cache
def _warm() -> Warm:
    """The process that is forked, as long as this one lives."""
    home = Path(mkdtemp(prefix="newsmill-warm-"))
    warm = Warm(environment(home)).__enter__()
    atexit.register(shutil.rmtree, home)
    atexit.register(warm.__exit__, None, None, None)
    return warm


def installed(*arguments: str | Path, home: Path, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """The same by the program that is installed, from its start."""
    return subprocess.run(
        [NEWSMILL, *map(str, arguments)],
        cwd=home,
        env=environment(home, **settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@contextmanager
def begun(
    *arguments: str | Path, home: Path, program: str = NEWSMILL, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """The same in the background, for the length of a `with` block: what still runs at its end is killed."""
    process = subprocess.Popen(
        [*LEASH, program, *map(str, arguments)],
        cwd=home,
        env=environment(home, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """What became of a command in the background, once it has ended."""
    out, err = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


class HasStdout(Protocol):
    """A command that has ended."""

    @property
    def stdout(self) -> str:
        """What it said."""


def counts(result: HasStdout) -> dict[str, Any]:
    """The object that --json prints as the last line."""
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found
