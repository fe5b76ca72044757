"""Indexes of other people's archives, CDXJ or CDX, of which only the lengths of records are believed.

They spare unpacking what is not wanted: where the next record begins can be told of a compressed archive only by
unpacking, or by an index. What a record is, it says itself; so a wrong index costs time at most.
"""

from __future__ import annotations

import json
import logging
import os
import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

logger = logging.getLogger(__name__)

_GZIP = 31  # zlib's number for gzip alone
_SUFFIXES = (".cdxj", ".cdx")
_HEAD, _HEAD_END = b"WARC/", b"\r\n\r\n"
_PEEK = 2048  # bytes, compressed: the head of a record fits in
_LEAST = 20  # bytes of a compressed record: the frame alone has 18
_NUMBER = re.compile(r"[0-9]{1,15}")
# By the letters of a CDX file's first line: length, offset and name of the file.
_LENGTH, _OFFSET, _FILE = "S", "V", "g"


class Lengths:
    """Where the records of an archive end, as an index says.

    Args:
        index: the file that says so, for what is told of it.
        places: offset and length of records.
    """

    def __init__(self, index: Path, places: Iterator[tuple[int, int]]) -> None:
        self._index = index
        known = sorted(places)
        self._starts = array("q", (offset for offset, _ in known))
        self._ends = array("q", (offset + length for offset, length in known))

    def end_of(self, offset: int, content: int, file: BinaryIO) -> int | None:
        """Where the record ends that begins at a byte and has content of so many; ``None`` where nobody knows.

        An index that is found to be wrong is not asked any more.
        """
        place = bisect_left(self._starts, offset)
        if place == len(self._starts) or self._starts[place] != offset:
            return None
        end = self._ends[place]
        if _is_record(file, offset, end, content) and _begins(file, end):
            return end
        logger.warning("the index %s is not of this archive as it is, so it is not used", self._index)
        self._starts = self._ends = array("q")
        return None


def lengths_of(archive: Path) -> Lengths | None:
    """What an index beside an archive says, if there is one.

    It has the name of the archive and .cdxj or .cdx, with or without .warc.gz, or is the index of the folder.
    """
    stem = archive.name.removesuffix(".gz").removesuffix(".warc")
    for name in (archive.name, stem, "index"):
        for suffix in _SUFFIXES:
            index = archive.with_name(name + suffix)
            if index.is_file():
                try:
                    return Lengths(index, _places(index, archive.name))
                except OSError as error:
                    logger.warning("the index %s cannot be read: %s", index, error.strerror)
    return None


def _places(index: Path, name: str) -> Iterator[tuple[int, int]]:
    """Offset and length of the records of an archive; lines that do not say are passed over."""
    letters: list[str] = []
    with index.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.lstrip().startswith("CDX "):
                letters = line.split()[1:]
            elif place := _in_cdx(line, letters, name) if letters else _in_cdxj(line, name):
                yield place


def _in_cdxj(line: str, name: str) -> tuple[int, int] | None:
    try:
        told = json.loads(line[line.index("{") :])
        if told.get("filename", name).rpartition("/")[2] == name:
            return _place(str(told["offset"]), str(told["length"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return None


def _in_cdx(line: str, letters: list[str], name: str) -> tuple[int, int] | None:
    told = dict(zip(letters, line.split(), strict=False))
    mine = told.get(_FILE, name).rpartition("/")[2] == name
    return _place(told.get(_OFFSET, ""), told.get(_LENGTH, "")) if mine else None


def _place(offset: str, length: str) -> tuple[int, int] | None:
    return (int(offset), int(length)) if _NUMBER.fullmatch(offset) and _NUMBER.fullmatch(length) else None


def _is_record(file: BinaryIO, offset: int, end: int, content: int) -> bool:
    """Whether one compressed record stands in a place: at its end gzip says how long it is unpacked (RFC 1952)."""
    if not offset + _LEAST <= end <= os.fstat(file.fileno()).st_size:
        return False
    head = _unpacked(file, offset, end).find(_HEAD_END)
    size = int.from_bytes(os.pread(file.fileno(), 4, end - 4), "little")
    return head >= 0 and size == (head + content + 2 * len(_HEAD_END)) % 2**32


def _begins(file: BinaryIO, offset: int) -> bool:
    """Whether a compressed record begins at a byte, or the file ends there."""
    size = os.fstat(file.fileno()).st_size
    return offset == size or _unpacked(file, offset, size).startswith(_HEAD)


def _unpacked(file: BinaryIO, offset: int, end: int) -> bytes:
    """The beginning of what stands at a place, unpacked; nothing where that cannot be done."""
    try:
        return zlib.decompressobj(_GZIP).decompress(
            os.pread(file.fileno(), min(_PEEK, end - offset), offset), 8 * _PEEK
        )
    except zlib.error:
        return b""
