"""What all processes of a test run share: made by the first that needs it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this name, which `make` has filled; whoever asks while it is being made waits. It is for reading."""
    base = factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / name  # a worker of xdist has a base below ours
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = folder.with_suffix(".part")
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder
