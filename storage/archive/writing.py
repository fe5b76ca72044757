"""Adding pages to the archive of a run."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page
from storage.archive.members import Body, encode_info, encode_page, new_id
from storage.archive.reading import pointer_to
from storage.files import flush
from storage.objects import Address, as_address, below, folder_of, put

MAX_FILE_BYTES = 1_000_000_000
"""A file is full from here on: ISO 28500 recommends 1 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file that is being written."""

    path: Path
    handle: int
    info_id: str

    @property
    def size(self) -> int:
        return os.fstat(self.handle).st_size

    def append(self, data: bytes) -> int:
        """Write all of it, or nothing; returns where it begins.

        Nothing is kept back in this process: what this returned from survives its end.
        """
        start = self.size
        try:
            written = 0
            while written < len(data):
                written += os.write(self.handle, memoryview(data)[written:])
        except BaseException:  # also for Ctrl+C: readers give up at half a record, and more would be written behind it
            with suppress(OSError):  # where even that fails, the next page begins a new file
                os.ftruncate(self.handle, start)
            raise
        return start


class Archive:
    """The archive of a run: writes files of its own, which no other process writes. Any thread may add to it.

    Args:
        folder: where the files go; made with the first page.
        run_id: the run.
        max_bytes: a page that comes when a file is larger than this goes to a new one.
        address: the folder of an object store to which `sync` takes what was added, as a whole object each time; in
            `folder` it lies until then.
    """

    def __init__(
        self, folder: Path, run_id: str, max_bytes: int = MAX_FILE_BYTES, address: Address | None = None
    ) -> None:
        self._folder = folder
        self._run_id = run_id
        self._max_bytes = max_bytes
        self._address = address
        self._number = 0
        self._file: _File | None = None
        self._end = 0  # of what was added to it
        self._door = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if one was begun."""
        if self._file is not None:
            with suppress(OSError):  # what `sync` did not bring to the disk was never promised to be there
                os.close(self._file.handle)
            self._file = None

    def add(self, page: Page, key: str | None = None, again: Body | None = None) -> Page:
        """Append a page's raw response.

        Args:
            page: the page.
            key: its seed's key in the state table, by which `recover` finds it after a kill.
            again: where the same body lies already, in this folder: it is not written a second time.

        Returns:
            The page with the pointer to where it lies. It survives the end of this process at once, and a power cut
            after `sync`.

        Raises:
            StorageError: the disk is full or the folder cannot be written. What was added before is as it was.
        """
        try:
            with self._door:
                file = self._open()
                data = encode_page(page, key, file.info_id, again)
                offset = file.append(data)
                self._end = offset + len(data)
        except OSError as error:
            raise StorageError(
                f"cannot write the archive in {self._folder}: {error.strerror}; make room, then run again"
            ) from error
        if self._address is not None:
            return replace(page, archive=ArchivePointer(file=below(self._address, file.path.name), offset=offset))
        return replace(page, archive=pointer_to(file.path, offset))

    @property
    def address(self) -> Address | None:
        """The folder of an object store to which it is taken, if it is."""
        return self._address

    def holds(self, place: ArchivePointer) -> bool:
        """Whether a record lies in this archive, and not in a file that is somebody else's."""
        address = as_address(place.file)
        if address is not None or self._address is not None:
            return address is not None and folder_of(address) == self._address
        return Path(place.file).parent == self._folder

    def sync(self) -> None:
        """Bring what was added to the disk, or to the object store, before the database says that it is there.

        Raises:
            StorageError: the disk is broken or full, or the store does not take it.
        """
        with self._door:
            if self._file is None:
                return
            try:
                os.fsync(self._file.handle)
            except OSError as error:
                raise StorageError(
                    f"cannot write the archive {self._file.path}: {error.strerror}; make room, then run again"
                ) from error
            if self._address is not None:
                self._ship(self._address)

    def _ship(self, address: Address) -> None:
        """Take the file to the object store; the next page begins another."""
        if self._file is not None:
            path = self._file.path
            self.close()
            ship(path, address)

    def _open(self) -> _File:
        if self._file is not None and (self._end >= self._max_bytes or self._end != self._file.size):
            os.fsync(self._file.handle)
            if self._address is not None:
                self._ship(self._address)
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file, self._number = _create(self._folder, self._run_id, self._number)
            self._end = self._file.size
        return self._file


def ship(path: Path, address: Address) -> None:
    """Take a file of the archive to an object store, and away from here.

    Raises:
        StorageError: the store does not take it; the file stays where it is.
    """
    put(path, below(address, path.name))
    path.unlink()


def _create(folder: Path, run_id: str, number: int) -> tuple[_File, int]:
    """Begin the next file of a run, never one that is there: its end may be torn, or another process writes it.

    Returns:
        The file, and the number for the one after it: what was taken to an object store is here no more.
    """
    while True:
        path = folder / f"newsmill-{run_id}-{number:05d}.warc.gz"
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o666)
            break
        except FileExistsError:
            number += 1
    file = _File(path=path, handle=handle, info_id=new_id())
    try:
        file.append(encode_info(file.info_id, path.name, run_id, datetime.now(UTC)))
        flush(folder)
    except BaseException:
        os.close(handle)
        path.unlink()
        raise
    return file, number + 1
