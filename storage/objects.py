"""Files in a bucket of an object store (S3 and what speaks like it, Google, Azure): written whole, read by range.

Which account and which server is told by the environment, as everywhere (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL ...);
docs/operate.md has the list. obstore is imported nowhere else, and only where an address is used.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NewType

from ingest.errors import ConfigError, StorageError
from storage.files import OURS

if TYPE_CHECKING:
    from obstore.store import ObjectStore

Address = NewType("Address", str)
"""Where an object lies, or where several do: ``s3://bucket/some/folder/name``."""

_ADDRESS = re.compile(r"(s3|gs|az)://?([^/\s]+)((?:/[^/\s]+)*)/?")
# A record of an archive is some 10 to 30 kB: one request brings it, and what follows of the same page.
_READ_AHEAD = 131_072
_PATIENCE = timedelta(seconds=30)


def as_address(text: str | Path) -> Address | None:
    """The address of an object, or of a folder of them, in one spelling; ``None`` for what is none.

    What has become a path has lost a slash on the way: ``s3:/bucket/name`` is taken for ``s3://bucket/name``.
    """
    found = _ADDRESS.fullmatch(str(text))
    return Address(f"{found[1]}://{found[2]}{found[3]}") if found else None


def below(folder: Address, name: str) -> Address:
    """The address of what is called so in a folder."""
    return Address(f"{folder}/{name}")


def folder_of(address: Address) -> Address:
    """The folder in which an object lies."""
    return Address(address.rpartition("/")[0])


def opened(address: Address) -> ObjectFile:
    """An object, to be read from any place in it.

    Raises:
        OSError: there is none, or the store cannot be asked.
    """
    return ObjectFile(address)


def exists(address: Address) -> bool:
    """Whether there is such an object.

    Raises:
        StorageError: the store cannot be asked.
    """
    with _told(address, "read"):
        try:
            _head(address)
        except FileNotFoundError:
            return False
        return True


def put(path: Path, address: Address) -> None:
    """Write a file as an object, in the place of any that is there; it appears whole or not at all.

    Raises:
        StorageError: the store does not take it.
    """
    import obstore

    store, name = _place(address)
    with _told(address, "write"):
        obstore.put(store, name, path)


def fetch(address: Address, path: Path) -> None:
    """Copy an object to a file.

    Raises:
        FileNotFoundError: there is no such object.
        StorageError: the store cannot be asked.
    """
    import obstore

    store, name = _place(address)
    with _told(address, "read"), path.open("wb") as file:
        for part in obstore.get(store, name):
            file.write(part)


def remove(address: Address) -> None:
    """Remove an object, if it is there.

    Raises:
        StorageError: the store does not do it.
    """
    import obstore

    store, name = _place(address)
    with _told(address, "write"):
        obstore.delete(store, name)


def names_in(folder: Address, start: str = "") -> list[str]:
    """The names of all objects below a folder that begin so, in order.

    Raises:
        StorageError: the store cannot be asked.
    """
    import obstore

    found: list[str] = []
    with _told(folder, "list"):
        for chunk in obstore.list(_store(folder), offset=start or None):
            names = [one["path"] for one in chunk]
            found += [name for name in names if name.startswith(start)]
            if names and names[-1] > start and not names[-1].startswith(start):
                break  # a store tells them in order
    return sorted(found)


@contextmanager
def delivered(place: Path | Address) -> Iterator[Path]:
    """A path to write to, for a file or a folder that is to be at a place.

    For a path it is that path. For an address it is one on this machine: when the block ends well, what lies there is
    put into the store, what was made last in the end; objects of a folder that are no longer in it go.

    Raises:
        StorageError: the store does not take it, or there are other things in the folder than an export.
    """
    if isinstance(place, Path):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="newsmill-") as room:
        path = Path(room) / place.rpartition("/")[2]
        yield path
        made = sorted((one for one in Path(room).rglob("*") if one.is_file()), key=lambda one: one.stat().st_mtime_ns)
        before = set(names_in(place)) if path.is_dir() else set()
        if not all(name.startswith(OURS) for name in before):
            raise StorageError(f"{place} holds other things than an export: choose another name, or remove it")
        for one in made:
            put(one, below(folder_of(place), str(one.relative_to(room))))
        for name in before - {str(one.relative_to(path)) for one in made if path in one.parents}:
            remove(below(place, name))


class ObjectFile(io.BufferedReader):
    """An object as a file that is open for reading. `written_at` is when it was put there."""

    def __init__(self, address: Address) -> None:
        raw = _Ranges(address)
        super().__init__(raw, _READ_AHEAD)
        self.written_at: datetime = raw.written_at


class _Ranges(io.RawIOBase):
    def __init__(self, address: Address) -> None:
        super().__init__()
        self._store, self._name = _place(address)
        self._place = 0
        with _told(address, "read", OSError):
            head = _head(address)
        self._address = address
        self._size: int = head["size"]
        self.written_at: datetime = head["last_modified"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any buffer
        import obstore

        length = min(len(buffer), self._size - self._place)
        if length <= 0:
            return 0
        with _told(self._address, "read", OSError):
            got = obstore.get_range(self._store, self._name, start=self._place, length=length)
        buffer[: len(got)] = memoryview(got)
        self._place += len(got)
        return len(got)


def _head(address: Address) -> Any:  # noqa: ANN401 - obstore's own
    import obstore

    store, name = _place(address)
    return obstore.head(store, name)


def _place(address: Address) -> tuple[ObjectStore, str]:
    folder, _, name = address.rpartition("/")
    return _store(Address(folder)), name


@cache
def _store(folder: Address) -> ObjectStore:
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise ConfigError(
            f"{folder} is in an object store, which needs obstore: pip install 'newsmill[objects]'"
        ) from error
    with _told(folder, "read"):
        return from_url(folder, retry_config={"max_retries": 5, "retry_timeout": _PATIENCE})


@contextmanager
def _told(address: Address, verb: str, kind: type[Exception] = StorageError) -> Iterator[None]:
    """Tell in a line what went wrong: obstore's errors are pages long."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        if verb == "read":
            raise
        raise kind(f"cannot {verb} {address}: there is no such bucket") from None
    except (BaseError, OSError, ValueError) as error:
        why = str(error).partition("\n\nDebug source")[0].partition("<?xml")[0].strip().rstrip(":-. ")
        raise kind(f"cannot {verb} {address}: {' '.join(why.split())[:300]}") from error
