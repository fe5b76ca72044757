"""An archive that was compressed as a whole, unpacked so that each of its records has a place.

Pointers lead to the byte at which a record begins, so its compression must begin there, too (WARC 1.1, annex D). What
`gzip crawl.warc` makes has one place for all: the records are read from a plain copy, in the folder of the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from fastwarc.stream_io import ZstdReader

from ingest.errors import StorageError

ZSTD = b"\x28\xb5\x2f\xfd"
"""What a frame of Zstandard begins with (RFC 8878)."""

_STEP = 1_000_000
# An archive of text is a tenth of its size when it is packed; a bomb a thousandth.
_RATIO = 100
_ALWAYS = 100_000_000


def unpack(path: Path, folder: Path) -> Path:
    """Unpack a .warc.gz or .warc.zst file into a folder; returns the copy, which is made once for a content.

    Raises:
        StorageError: it is damaged, or is more than a hundred times as large when it is unpacked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("rb") as packed:
            name = hashlib.file_digest(packed, "sha256").hexdigest()[:16]
        copy = folder / f"unpacked-{name}.warc"
        if not copy.exists():
            beside = folder / f".{copy.name}-{os.getpid()}"
            try:
                _unpack(path, beside)
                shutil.copystat(path, beside)  # the time of records that have none is the file's
                beside.rename(copy)
            finally:
                beside.unlink(missing_ok=True)
    except (OSError, EOFError, zlib.error) as error:
        raise StorageError(f"{path} cannot be unpacked: {error}") from error
    return copy


def _unpack(path: Path, to: Path) -> None:
    most = max(_ALWAYS, _RATIO * path.stat().st_size)
    with _opened(path) as packed, to.open("wb") as plain:
        while step := packed.read(_STEP):
            plain.write(step)
            if plain.tell() > most:
                raise StorageError(f"{path} is more than {most:,} bytes when it is unpacked")
        plain.flush()
        os.fsync(plain.fileno())


class _Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def _opened(path: Path) -> Iterator[_Reader]:
    with path.open("rb") as file:
        yield ZstdReader(file) if _begins(file, ZSTD) else gzip.GzipFile(fileobj=file, mode="rb")


def _begins(file: BinaryIO, magic: bytes) -> bool:
    return os.pread(file.fileno(), len(magic), 0) == magic
