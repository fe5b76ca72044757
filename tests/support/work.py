"""What worker processes are made to do in tests: behave, hang, die, swell. Importable by their fork server."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any


def double(number: int) -> int:
    """Behave."""
    return 2 * number


def process_id(_: object) -> int:
    """Say who works."""
    return os.getpid()


def nap(seconds: float) -> float:
    """Take so long."""
    time.sleep(seconds)
    return seconds


def obey(order: str) -> Any:
    """Do what the order says; anything unknown is said back."""
    match order.split(":"):
        case ["hang"]:
            time.sleep(3600)
        case ["spin"]:
            while True:  # as a parser does on a hostile page, with no call that a signal could break off
                pass
        case ["exit", code]:
            os._exit(int(code))
        case ["quit"]:
            raise SystemExit(0)
        case ["crash"]:
            ctypes.string_at(0)
        case ["raise", message]:
            raise ValueError(message)
        case ["swell", megabytes]:
            return len(bytearray(int(megabytes) * 2**20))
        case ["unpicklable"]:
            return lambda: None
        case ["large", size]:
            return "x" * int(size)
    return order
