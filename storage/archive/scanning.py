"""Looking through whole archives: the pages of any WARC file, and what a killed run left unrecorded."""

from __future__ import annotations

import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Seed, Via
from ingest.value import Value
from storage.archive.bodies import read_up_to
from storage.archive.reading import (
    PAGE_RECORDS,
    RESPONSE_KINDS,
    concurrent_to,
    date_of,
    head_of,
    heard_of,
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


class PackedTogether(StorageError):  # noqa: N818 - what it is, not that it is an error
    """The records of an archive are compressed together: only the first of them has a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A response that a killed run left. `key` is ``None`` where its metadata record is missing or not ours.

    `again` is whether it holds no body of its own, but points to the same one.
    """

    key: str | None
    seed: Seed
    pointer: ArchivePointer
    fetched_at: datetime
    again: bool = False


def find_pages(path: Path, met: Counter[str] | None = None) -> Iterator[Archived]:
    """The successful HTML and text responses in a WARC file, in order; see `find_captures`."""
    return (found for found in find_captures(path, met) if found.kind == "page")


def find_captures(
    path: Path, met: Counter[str] | None = None, passes_over: PassesOver | None = None
) -> Iterator[Archived]:
    """The pages in a WARC file, the answers that there is none, and the revisits, in order.

    Memory stays flat, however long the file and its records are.

    Args:
        path: a .warc, .warc.gz or .warc.zst file.
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
            yield from _pages(file, path.resolve(), met, passes_over)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"{path} cannot be read as WARC: {reason}") from error


def recover(folder: Path, run_ids: Sequence[str], known: Collection[tuple[str, int]]) -> Iterator[Recovered]:
    """What runs that were killed had fetched, but not yet recorded.

    Args:
        folder: the folder of the archive.
        run_ids: the runs. None of them may still be writing.
        known: file and offset of the responses that are recorded. What lies before the last of a file is not looked at.

    Yields:
        In the order of fetching. A torn end, or what a power cut left of a file, is passed over.
    """
    places = {(Path(file).name, offset) for file, offset in known}
    for run_id in run_ids:
        for path in _files_of(folder, run_id):
            start = max((offset for name, offset in places if name == path.name), default=0)
            for found in _responses(path, start):
                if (path.name, found.pointer.offset) not in places:
                    yield found


def _opened(path: Path) -> BinaryIO:
    """Open a file, and nothing else: a pipe or a device would be read for ever."""
    if path.exists() and not path.is_file():
        raise ValueError("it is no file, but a folder, pipe, socket or device")
    return path.open("rb")


def _pages(file: BinaryIO, path: Path, met: Counter[str], passes_over: PassesOver | None = None) -> Iterator[Archived]:
    """The pages among the records of an archive that are all there; FastWARC just stops at damage.

    Raises:
        ValueError: the archive breaks off, or is none.
    """
    count = length = 0
    place, ours = -1, False
    magic = next((one for one in (_GZIP, ZSTD) if os.pread(file.fileno(), len(one), 0) == one), b"")
    for record in open_records(file):
        count += 1
        # Within a member FastWARC tells the same place again, or one where nothing begins.
        if record.stream_pos == place or os.pread(file.fileno(), len(magic), record.stream_pos) != magic:
            raise PackedTogether(f"{path}: its records are not compressed one by one; mend it with `warcio recompress`")
        place, length = record.stream_pos, record.content_length
        if count == 1 and record.record_type == WarcRecordType.warcinfo:
            ours = _OURS in read_up_to(record.reader, _MAX_INFO_BYTES)
        target, at = target_of(record), date_of(record) or written_at(file)
        over = passes_over(target, at) if passes_over and record.record_type in RESPONSE_KINDS else None
        kind = over or _classify(record)
        found = Archived(
            url=target,
            pointer=pointer_to(path, place),
            captured_at=at,
            kind=kind,
            digest=record.headers.get(WarcHeader.WARC_PAYLOAD_DIGEST) or "",
            repeats=_repeats(record),
            truncated=record.headers.get(WarcHeader.WARC_TRUNCATED),
            foreign=kind == "page" and not _is_from(record, ours),
        )
        record.consume()
        if record.reader.tell() < length:
            raise ValueError(f"it breaks off in record {count}")
        met[kind] += 1
        if kind == "page":
            among = {"truncated": found.truncated is not None, "foreign": found.foreign}
            met.update(kind for kind, is_so in among.items() if is_so)
        if kind in _CAPTURES:
            yield found
    if not count and file.seek(0, os.SEEK_END):
        raise ValueError("it holds no record")
    if count and not _ends_with(file, place, length):
        raise ValueError(f"it breaks off after record {count}")


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
    """Whether a record is a page, or why not: see `find_pages`."""
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


def _files_of(folder: Path, run_id: str) -> list[Path]:
    """The files of a run, in the order they were written."""
    name = re.compile(rf"newsmill-{re.escape(run_id)}-(\d{{5,}})\.warc\.gz")
    return sorted(
        (path for path in folder.glob("newsmill-*.warc.gz") if name.fullmatch(path.name)),
        key=lambda path: (len(path.name), path.name),
    )


def _responses(path: Path, start: int) -> Iterator[Recovered]:
    """The responses of one of our files, from the record at a byte on, as far as they are sound."""
    found: Recovered | None = None
    found_id: str | None = None
    try:
        with path.open("rb") as file:
            file.seek(start)
            for record in open_records(file):
                if record.record_type in (*PAGE_RECORDS, WarcRecordType.revisit):
                    if found is not None:
                        yield found
                    found, found_id = _unheard(path, record), record.headers.get(WarcHeader.WARC_RECORD_ID)
                    # A power cut may leave zeros in the middle of a file.
                    if not record.verify_block_digest(consume=True):
                        return
                elif record.record_type == WarcRecordType.metadata and concurrent_to(record, found_id):
                    heard = heard_of(record)
                    if found is not None and heard is not None:
                        found = replace(found, key=heard.key, seed=heard.seed)
    except (OSError, ValueError):
        pass  # the end is torn
    if found is not None:
        yield found


def _unheard(path: Path, record: WarcRecord) -> Recovered:
    """A response whose metadata record has not been read."""
    url = target_of(record)
    via = Via.FILE if url.startswith("file:") else Via.LIST
    return Recovered(
        key=None,
        seed=Seed(url=url, via=via),
        pointer=pointer_to(path, record.stream_pos),
        fetched_at=date_of(record) or datetime.now(UTC),
        again=record.record_type == WarcRecordType.revisit,
    )
