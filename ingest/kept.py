"""Tables that take long to make, kept on disk: made once, then mapped into memory and shared by all processes.

They lie in the user's cache (XDG_CACHE_HOME, ~/.cache), in a folder named by all that they are made of, so that none is
ever out of date. Nothing is lost with them, and where they cannot be kept they are made anew each time.
"""

from __future__ import annotations

import marshal
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, TypeVar

from ingest.reader import reader_version

Plain = TypeVar("Plain")

_VERSIONS: Final = 4


def kept(name: str, make: Callable[[], Plain]) -> Plain:
    """A value of dicts, tuples, sets, strings and numbers: from disk, or made and kept."""
    folder = _folder()
    if folder is None:
        return make()
    path = folder / f"{name}.marshal"
    with suppress(OSError, ValueError, EOFError, TypeError):
        found: Plain = marshal.loads(path.read_bytes())  # noqa: S302 - our own, in a folder that nobody else may write to
        return found
    made = make()
    plain: Any = made
    _put(path, lambda part: part.write_bytes(marshal.dumps(plain)))
    return made


def kept_arrays(name: str, make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Arrays of numpy by name, read-only: from disk, where all processes share their memory, or made and kept."""
    import numpy as np

    folder = _folder()
    if folder is None:
        return make()
    path = folder / name
    try:
        found = {one.stem: np.load(one, mmap_mode="r").view(np.ndarray) for one in path.glob("*.npy")}
        if found:
            return found
    except (OSError, ValueError, EOFError):
        _put_aside(path)
    made = make()

    def write(part: Path) -> None:
        part.mkdir()
        for key, array in made.items():
            np.save(part / f"{key}.npy", array)

    _put(path, write)
    return made


def _put_aside(path: Path) -> None:
    """Take a damaged folder away, whole: whoever reads it meanwhile has all of it or nothing."""
    with suppress(OSError):
        scratch = Path(mkdtemp(dir=path.parent))
        try:
            path.replace(scratch / path.name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file or folder whole or not at all; another process may be faster, and a disk may be full."""
    with suppress(OSError):
        scratch = Path(mkdtemp(dir=path.parent))
        try:
            part = scratch / path.name
            write(part)
            part.replace(path)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _forget_old(folder: Path) -> None:
    """Take away the tables of other versions, but for the newest few, which other environments may use."""
    others = sorted((one for one in folder.parent.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for one in others[:-_VERSIONS]:
        shutil.rmtree(one, ignore_errors=True)


@cache
def _folder() -> Path | None:
    """Where tables of just this program are kept; ``None`` where no folder is, that we alone may write to."""
    home = os.environ.get("XDG_CACHE_HOME") or ""
    try:
        base = Path(home) if os.path.isabs(home) else Path.home() / ".cache"  # noqa: PTH117
        folder = base / "newsmill" / f"{reader_version()}-{sys.implementation.cache_tag}"
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget_old(folder)
        found = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: no home
        return None
    mine = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return folder if mine and os.access(folder, os.W_OK) else None
