"""Files and folders that appear whole or not at all, also when the program is killed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import StorageError

OURS = ("date=", "empty.parquet")
"""How names in a folder begin that an export may replace."""

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


@contextmanager
def whole(path: Path, *, folder: bool = False) -> Iterator[Path]:
    """Something to write in the place of `path`, which takes that place when the block ends well.

    What an export that was killed left beside it is removed.

    Args:
        path: the file or the folder.
        folder: whether it is a folder.

    Raises:
        StorageError: it cannot be written; the message says why. What was there before is as it was.
    """
    _check_place(path, folder)
    try:
        _remove_dead(path)
        room = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
    except OSError as error:
        raise StorageError(f"cannot write to the folder {path.parent}: {error.strerror}") from error
    try:
        with _locked(room):
            part = room / path.name
            if folder:
                part.mkdir()
            yield part
            for file in sorted(part.rglob("*")) if folder else [part]:
                if file.is_file():
                    flush(file)
            _put(part, path)
            flush(path.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}; what was there before is as it was") from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _check_place(path: Path, folder: bool) -> None:
    if not path.parent.is_dir():
        raise StorageError(f"cannot write to the folder {path.parent}: there is none; create it with mkdir -p")
    if path.exists() and path.is_dir() != folder:
        raise StorageError(f"{path} is a {'folder' if path.is_dir() else 'file'}: choose another name, or remove it")
    if folder and path.is_dir() and not all(one.name.startswith(OURS) for one in path.iterdir()):
        raise StorageError(f"{path} holds other things than an export: choose another name, or remove it")


def _put(part: Path, path: Path) -> None:
    """Give the new one the old one's place: in one step for files, and for folders where the system can (Linux)."""
    if not part.is_dir() or not path.exists():
        part.replace(path)
    elif not _exchanged(part, path):
        path.rename(part.with_name("old"))
        part.rename(path)


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two names in one step; whether the system and the file system can."""
    swap = getattr(ctypes.CDLL(None), "renameat2", None)
    return swap is not None and not swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)


@contextmanager
def _locked(room: Path) -> Iterator[None]:
    """Tell others that somebody works here: a lock ends with its process."""
    handle = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_dead(path: Path) -> None:
    for room in path.parent.glob(f".{_literally(path.name)}.*.part"):
        handle = os.open(room, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(room, ignore_errors=True)
        except BlockingIOError:  # alive
            continue
        finally:
            os.close(handle)


def _literally(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def flush(path: Path) -> None:
    """Have it on the disk before its name leads to it (a folder: its names)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
