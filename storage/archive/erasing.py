"""Overwriting a page in an archive where it lies: the places of all other records stay what they are.

A record in an archive is a member of its own (of gzip or Zstandard), or bare. In its place comes one of the very same
length that holds an empty `metadata` record, padded: any reader of WARC files passes over it.
"""

from __future__ import annotations

import os
import re
import struct
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import WarcHeader, WarcRecordType

from ingest.errors import StorageError
from ingest.model import ArchivePointer
from storage.archive.members import new_id
from storage.archive.reading import RESPONSE_KINDS, concurrent_to, open_records, path_of
from storage.archive.unpacking import ZSTD
from storage.objects import as_address, fetch, put

_GZIP = b"\x1f\x8b\x08"
_STEP = 1_000_000
_BITE = 32_768  # of what is packed: a thousand times as much is in memory at most
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BESIDE = (WarcRecordType.request, WarcRecordType.metadata)
# RFC 1952: no name, no time, any system. RFC 1951: what one stored block takes.
_GZIP_HEAD, _GZIP_TRAILER, _STORED = _GZIP + bytes((0, 0, 0, 0, 0, 0, 255)), 8, 65_535
# RFC 8878: no dictionary, no checksum, no length, a window of 128 KiB; what one raw block takes.
_ZSTD_HEAD, _RAW = ZSTD + bytes((0, 7 << 3)), 131_072


def erase(pointer: ArchivePointer) -> int:
    """Overwrite the response at a place, and what stands behind it of the same page: its request, its metadata.

    What is erased already stays so, also what a kill left half erased. The file keeps its length and its time.

    Returns:
        How many records were overwritten.

    Raises:
        StorageError: the file is gone, cannot be written, or holds no record there.
    """
    try:
        if address := as_address(pointer.file):
            with tempfile.TemporaryDirectory(prefix="newsmill-") as room:
                fetch(address, path := Path(room) / "archive")
                if count := _erase(path, pointer.offset):
                    put(path, address)
            return count
        return _erase(path_of(pointer), pointer.offset)
    except (OSError, StopIteration, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no record is there"
        raise StorageError(f"the archive {pointer.file} cannot be erased at byte {pointer.offset}: {reason}") from error


def _erase(path: Path, offset: int) -> int:
    with path.open("r+b") as file:
        known = os.fstat(file.fileno())
        extents = list(_extents(file, offset))
        # The response last: what belongs to it is found by it.
        for start, end in reversed(extents):
            _overwrite(file, start, _blank(os.pread(file.fileno(), 4, start), end - start))
        os.fsync(file.fileno())
    if extents:
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))  # it dates records that have no date
    return len(extents)


def _extents(file: BinaryIO, offset: int) -> Iterator[tuple[int, int]]:
    """Where the records of a page begin and end; nothing where they are erased."""
    end, whole = _end_of(file, offset)
    if not whole:
        yield offset, end
        return
    file.seek(offset)
    first = next(open_records(file))
    if first.record_type not in RESPONSE_KINDS:
        return
    record_id = first.headers.get(WarcHeader.WARC_RECORD_ID)
    yield offset, end
    file.seek(end)
    try:
        for record in open_records(file):
            if record.record_type not in _BESIDE or not concurrent_to(record, record_id):
                return
            start, (end, _) = end, _end_of(file, end)
            yield start, end
            file.seek(end)
    except (OSError, ValueError):
        return  # the end is torn


def _end_of(file: BinaryIO, start: int) -> tuple[int, bool]:
    """Where the record that begins here ends, and whether it is whole."""
    magic = os.pread(file.fileno(), 4, start)
    if magic.startswith(_GZIP) and _holds_record(file, start):
        return _end_of_gzip(file, start)
    if magic == ZSTD:
        return _end_of_zstd(file, start), True
    head = os.pread(file.fileno(), _STEP, start)
    ends = _HEAD_END.search(head)
    length = re.search(rb"(?im)^content-length:[ \t]*(\d+)", head[: ends.end()] if ends else b"")
    if not head.startswith(b"WARC/") or ends is None or length is None:
        raise ValueError("no record begins there")
    end = start + ends.end() + int(length[1])
    behind = os.pread(file.fileno(), 4, end)
    return end + len(behind) - len(behind.lstrip(b"\r\n")), True


def _end_of_gzip(file: BinaryIO, start: int) -> tuple[int, bool]:
    unpacker = zlib.decompressobj(31)  # 31: gzip
    place = start
    try:
        while not unpacker.eof and (step := os.pread(file.fileno(), _BITE, place)):
            unpacker.decompress(step)
            place += len(step) - len(unpacker.unused_data)
    except zlib.error:
        return _next_gzip(file, start + 1), False
    return (place, True) if unpacker.eof else (_next_gzip(file, start + 1), False)


def _next_gzip(file: BinaryIO, start: int) -> int:
    """Where the next member begins that holds a record; else the end of the file."""
    place = start
    while step := os.pread(file.fileno(), _STEP, place):
        for found in re.finditer(re.escape(_GZIP), step):
            if _holds_record(file, place + found.start()):
                return place + found.start()
        place += max(1, len(step) - len(_GZIP) + 1)
    return os.fstat(file.fileno()).st_size


def _holds_record(file: BinaryIO, start: int) -> bool:
    """Whether what is packed here begins as a record does."""
    try:
        return zlib.decompressobj(31).decompress(os.pread(file.fileno(), 1000, start), 5) == b"WARC/"
    except zlib.error:
        return False


def _end_of_zstd(file: BinaryIO, start: int) -> int:
    """The end of a frame (RFC 8878, 3.1.1), without unpacking it."""
    said = os.pread(file.fileno(), 5, start)[4]
    single, sized = said >> 5 & 1, said >> 6
    place = start + 5 + (not single) + (0, 1, 2, 4)[said & 3] + ((single, 2, 4, 8)[sized])
    last = False
    while not last:
        told = os.pread(file.fileno(), 3, place)
        if len(told) < 3:
            raise ValueError("it breaks off")
        block = int.from_bytes(told, "little")
        last, kind, size = bool(block & 1), block >> 1 & 3, block >> 3
        place += 3 + (1 if kind == 1 else size)  # 1: one byte, repeated
    return place + (4 if said >> 2 & 1 else 0)


def _overwrite(file: BinaryIO, start: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.pwrite(file.fileno(), memoryview(data)[written:], start + written)


def _blank(magic: bytes, size: int) -> bytes:
    """What says nothing, in so many bytes, packed as what begins like this."""
    if magic.startswith(_GZIP):
        return _blank_gzip(size)
    return _blank_zstd(size) if magic == ZSTD else _blank_record(size)


def _blank_gzip(size: int) -> bytes:
    """A member of stored blocks."""
    room = size - len(_GZIP_HEAD) - _GZIP_TRAILER
    count = -(-room // (_STORED + 5))
    record = _blank_record(room - 5 * count)
    parts = [_GZIP_HEAD]
    for number in range(count):  # the last may be empty
        block = record[number * _STORED : (number + 1) * _STORED]
        parts += [struct.pack("<BHH", number == count - 1, len(block), len(block) ^ 0xFFFF), block]
    parts.append(struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF))
    return b"".join(parts)


def _blank_zstd(size: int) -> bytes:
    """A frame of raw blocks."""
    room = size - len(_ZSTD_HEAD)
    count = -(-room // (_RAW + 3))
    record = _blank_record(room - 3 * count)
    parts = [_ZSTD_HEAD]
    for number in range(count):
        block = record[number * _RAW : (number + 1) * _RAW]
        parts += [((number == count - 1) | len(block) << 3).to_bytes(3, "little"), block]
    return b"".join(parts)


def _blank_record(size: int) -> bytes:
    """A record of so many bytes, of which all but its head are spaces."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = f"WARC-Record-ID: {new_id()}\r\nWARC-Date: {now}\r\n"
    for more in (told, ""):  # a record so short that it has no room for all that it should say is rare
        length = size - len(_head(more, 0)) - 4
        if length >= 0:
            return _head(more, length) + b" " * length + b"\r\n\r\n"
    raise ValueError("it is too short to be a record")


def _head(more: str, length: int) -> bytes:
    return f"WARC/1.1\r\nWARC-Type: metadata\r\n{more}Content-Length: {length:012}\r\n\r\n".encode("ascii")
