"""What worker processes are made to do in tests: behave, hang, die, swell. Importable by their fork server."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def double(number: int) -> int:
    """Behave."""
    return 2 * number


def process_id(_: object) -> int:
    """Say who works."""
    return os.getpid()


def announce(order: str) -> Any:
    """Say who works, on standard output, before obeying."""
    print(os.getpid(), flush=True)  # noqa: T201 - the test reads it
    return obey(order)


def nap(seconds: float) -> float:
    """Take so long."""
    time.sleep(seconds)
    return seconds


def obey(order: str) -> Any:
    """Do what the order says: a name, and where it needs one an argument after a colon. Others are said back."""
    name, _, argument = order.partition(":")
    return ORDERS[name](argument) if name in ORDERS else order


def _hang(_: str) -> None:
    time.sleep(3600)


def _spin(_: str) -> None:
    while True:  # as a parser does on a hostile page
        pass


def _wait_for(file: str) -> None:
    while not Path(file).exists():
        time.sleep(0.01)


def _quit(_: str) -> None:
    raise SystemExit(0)


def _raise(message: str) -> None:
    raise ValueError(message)


class Unloadable:
    """A target that ends the process that loads it."""

    def __reduce__(self) -> tuple[Callable[[int], Any], tuple[int]]:
        return os._exit, (3,)

    def __call__(self, _: object) -> None:
        """Is never called."""


ORDERS: dict[str, Callable[[str], Any]] = {
    "hang": _hang,
    "spin": _spin,
    "wait for": _wait_for,
    "quit": _quit,
    "raise": _raise,
    "exit": lambda code: os._exit(int(code)),
    "crash": lambda _: ctypes.string_at(0),
    "swell": lambda megabytes: len(bytearray(int(megabytes) * 2**20)),
    "answer with a function": lambda _: lambda: None,
    "answer at length": lambda size: "x" * int(size),
}
