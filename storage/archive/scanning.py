"""Looking through whole archives: the captures in any WARC file, record by record, from any of them on."""

from __future__ import annotations

import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from ingest.errors import StorageError
from ingest.model import ArchivePointer
from ingest.value import Value
from storage.archive.bodies import read_up_to
from storage.archive.indexing import Lengths, lengths_of
from storage.archive.reading import (
    PAGE_RECORDS,
    RESPONSE_KINDS,
    date_of,
    head_of,
    open_records,
    pointer_to,
    read_date,
    target_of,
    written_at,
)
from storage.archive.unpacking import ZSTD

_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_GZIP = b"\x1f\x8b\x08"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STEP = 1_000_000
_CAPTURES = frozenset({"page", "gone", "revisit"})
_GONE = (404, 410)
_PAGE_SCHEMES = ("http:", "https:")
_NO_PAGES = ("dns:", "urn:")  # under which crawlers keep answers of name servers, and screenshots
# Of a file that newsmill wrote, in its warcinfo record: pages of local files are there under their file: URI.
_OURS = b"software: newsmill/"
_MAX_INFO_BYTES = 10_000


PassesOver: TypeAlias = Callable[[str, datetime], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(Value):
    """A capture found in an archive: mostly an HTML or text response.

    `kind` is "page"; "gone", where the answer was that there is no such page (any more); "revisit", where it was what
    had been captured before: `repeats` says of which address and when, as far as the record tells. `digest` is what the
    archive says of the content. `truncated` is why the crawler cut its body short ("length", "time", "disconnect",
    ...), if it did. What is `foreign` is said to be from no place on the web, and must not become a record.
    """

    url: str
    pointer: ArchivePointer
    captured_at: datetime
    kind: str = "page"
    digest: str = ""
    repeats: tuple[str, datetime] | None = None
    truncated: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A record of an archive: its `kind` as it is counted, and the capture that it is; ``None`` where it is none.

    From `end` on a look may go on: there the next record begins. Of the last record it is where that begins itself, for
    what stands behind it tells whether the archive is whole.
    """

    kind: str
    capture: Archived | None
    end: int


class PackedTogether(StorageError):  # noqa: N818 - what it is, not that it is an error
    """The records of an archive are compressed together: only the first of them has a place."""


def find_pages(path: Path, met: Counter[str] | None = None) -> Iterator[Archived]:
    """The successful HTML and text responses in a WARC file, in order; see `look_through`."""
    found = (one.capture for one in look_through(path, met=met))
    return (one for one in found if one is not None and one.kind == "page")


def look_through(
    path: Path, start: int = 0, *, met: Counter[str] | None = None, passes_over: PassesOver | None = None
) -> Iterator[Passed]:
    """All records of a WARC file in order, from one on, each with the capture that it is.

    Memory stays flat, however long the file and its records are.

    Args:
        path: a .warc, .warc.gz or .warc.zst file.
        start: the byte at which a record begins, or the end of the file, where no more is to come.
        met: counts what was met: "page" and, among them, "truncated" and "foreign"; what was passed over as "revisit",
            "gone" (404, 410), "status" (another than 200), "type" (no text), "unreadable" (no HTTP head), "other".
        passes_over: says of a URL and a time why such a capture is not wanted, ``None`` where it is. One that is not is
            counted by that, and no further looked at.

    Raises:
        PackedTogether: its records are compressed together; `unpacking` helps.
        StorageError: the file is no WARC file, or breaks off; what came before has been yielded.
    """
    met = Counter() if met is None else met
    try:
        with _opened(path) as file:
            ours = _is_ours(file) if start else False
            if file.seek(0, os.SEEK_END) > start or not start:
                file.seek(start)
                for one in _with_ends(_records(file, path.resolve(), passes_over, ours=ours)):
                    _count(met, one)
                    yield one
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"{path} cannot be read as WARC: {reason}") from error


def _opened(path: Path) -> BinaryIO:
    """Open a file, and nothing else: a pipe or a device would be read for ever."""
    if path.exists() and not path.is_file():
        raise ValueError("it is no file, but a folder, pipe, socket or device")
    return path.open("rb")


def _records(file: BinaryIO, path: Path, passes_over: PassesOver | None, *, ours: bool) -> Iterator[Passed]:
    """The records from here on that are all there, each ending where it begins; FastWARC just stops at damage.

    Raises:
        ValueError: the archive breaks off, or is none.
    """
    length, place, start = 0, -1, file.tell()
    magic = next((one for one in (_GZIP, ZSTD) if os.pread(file.fileno(), len(one), 0) == one), b"")
    walk = _Walk(file, lengths_of(path) if magic == _GZIP and passes_over else None)
    for record in walk:
        # Within a member FastWARC tells the same place again, or one where nothing begins.
        if record.stream_pos == place or os.pread(file.fileno(), len(magic), record.stream_pos) != magic:
            raise PackedTogether(f"{path}: its records are not compressed one by one; mend it with `warcio recompress`")
        if place < 0 and not start:
            ours = _says_ours(record)
        place, length = record.stream_pos, record.content_length
        target, at = target_of(record), date_of(record) or written_at(file)
        over = passes_over(target, at) if passes_over and record.record_type in RESPONSE_KINDS else None
        kind = over or _classify(record)
        capture = _capture(record, kind, pointer_to(path, place), at, ours) if kind in _CAPTURES else None
        if over and walk.passes(place, length):
            yield Passed(kind, None, place)
            continue
        record.consume()
        if record.reader.tell() < length:
            raise ValueError(f"it breaks off in the record at byte {place:,}")
        yield Passed(kind, capture, place)
    if place < 0 and file.seek(0, os.SEEK_END):
        raise ValueError(f"it holds no record at byte {start:,}" if start else "it holds no record")
    if place >= 0 and not _ends_with(file, place, length):
        raise ValueError(f"it breaks off after the record at byte {place:,}")


class _Walk:
    """The records of an archive from here on; what is not wanted is passed without reading it, as far as possible."""

    def __init__(self, file: BinaryIO, lengths: Lengths | None) -> None:
        self._file = file
        self._lengths = lengths
        self._records = open_records(file)

    def __iter__(self) -> Iterator[WarcRecord]:
        return self

    def __next__(self) -> WarcRecord:
        return next(self._records)

    def passes(self, place: int, length: int) -> bool:
        """Go on behind the record at a place with content of some length, if an index says where that is."""
        end = self._lengths.end_of(place, length, self._file) if self._lengths else None
        if end is not None:
            self._file.seek(end)
            self._records = open_records(self._file)
        return end is not None


def _with_ends(records: Iterator[Passed]) -> Iterator[Passed]:
    """Records with their ends: each is held until the next has shown to have a place of its own."""
    held: Passed | None = None
    try:
        for one in records:
            if held is not None:
                yield replace(held, end=one.end)
            held = one
    except (OSError, ValueError):
        if held is not None:
            yield held
        raise
    if held is not None:
        yield held


def _count(met: Counter[str], one: Passed) -> None:
    met[one.kind] += 1
    if one.kind == "page" and one.capture is not None:
        among = {"truncated": one.capture.truncated is not None, "foreign": one.capture.foreign}
        met.update(kind for kind, is_so in among.items() if is_so)


def _capture(record: WarcRecord, kind: str, pointer: ArchivePointer, at: datetime, ours: bool) -> Archived:
    return Archived(
        url=target_of(record),
        pointer=pointer,
        captured_at=at,
        kind=kind,
        digest=record.headers.get(WarcHeader.WARC_PAYLOAD_DIGEST) or "",
        repeats=_repeats(record),
        truncated=record.headers.get(WarcHeader.WARC_TRUNCATED),
        foreign=kind == "page" and not _is_from(record, ours),
    )


def _is_ours(file: BinaryIO) -> bool:
    """Whether newsmill wrote a file, by its first record."""
    first = next(open_records(file), None)
    return first is not None and _says_ours(first)


def _says_ours(record: WarcRecord) -> bool:
    return record.record_type == WarcRecordType.warcinfo and _OURS in read_up_to(record.reader, _MAX_INFO_BYTES)


def _ends_with(file: BinaryIO, start: int, length: int) -> bool:
    """Whether nothing follows a record: FastWARC takes half the head of another for the end.

    Args:
        file: a .warc or .warc.gz file; of others, FastWARC tells itself.
        start: where the record begins.
        length: of its content.
    """
    file.seek(start)
    step = file.read(_STEP)
    if step.startswith(_GZIP):
        unpacker = zlib.decompressobj(31)  # 31: gzip
        while step and not unpacker.eof:
            unpacker.decompress(step, _STEP)
            step = unpacker.unconsumed_tail or unpacker.unused_data or file.read(_STEP)
        return unpacker.eof and not step.strip(b"\0")
    if step.startswith(b"WARC/"):
        head = _HEAD_END.search(step)
        file.seek(start + (head.end() if head else 0) + length)
        return not file.read(_STEP).strip(b"\r\n\0")
    return True


def _classify(record: WarcRecord) -> str:
    """Whether a record is a page, or why not: see `look_through`."""
    if record.record_type not in PAGE_RECORDS:
        return "revisit" if record.record_type == WarcRecordType.revisit else "other"
    if target_of(record).lower().startswith(_NO_PAGES):
        return "other"
    try:
        head = head_of(record)
    except ValueError:
        return "unreadable"
    if head is None:
        kind = record.headers.get(WarcHeader.CONTENT_TYPE) or ""
    elif head.status == 200:
        kind = next(iter(head.values("content-type")), "") or _PAGE_TYPES[0]
    else:
        return "gone" if head.status in _GONE else "status"
    return "page" if kind.strip(" \t\"'").lower().startswith(_PAGE_TYPES) else "type"


def _repeats(record: WarcRecord) -> tuple[str, datetime] | None:
    """Which capture a revisit repeats: its address, by default the same one, and its time."""
    at = read_date(record.headers.get(WarcHeader.WARC_REFERS_TO_DATE))
    if record.record_type != WarcRecordType.revisit or at is None:
        return None
    return (record.headers.get(WarcHeader.WARC_REFERS_TO_TARGET_URI) or "").strip("<>") or target_of(record), at


def _is_from(record: WarcRecord, ours: bool) -> bool:
    """Whether a page is from the web, or from a local file that newsmill itself has put into an archive."""
    target = target_of(record).lower()
    own = ours and record.record_type == WarcRecordType.resource and target.startswith("file:")
    return own or target.startswith(_PAGE_SCHEMES)
