"""Getting one page back from where a pointer leads, out of our own archive or anybody's."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecord, WarcRecordType

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via
from ingest.value import well_formed
from storage.archive.bodies import decode_body, read_up_to
from storage.archive.heads import Head, Headers, read_fields, read_head
from storage.archive.heard import Heard, decode_heard
from storage.archive.members import REFERS_TO_FILE, REFERS_TO_OFFSET, WIRE_PREFIX
from storage.objects import ObjectFile, as_address, below, exists, folder_of, opened

MAX_BODY_BYTES = 20_000_000
"""No body is read beyond this: other people's archives may hold anything, compressed a thousandfold."""

PAGE_RECORDS = (WarcRecordType.response, WarcRecordType.resource)
"""The kinds of record that hold a page."""

RESPONSE_KINDS = (*PAGE_RECORDS, WarcRecordType.revisit)
"""Those, and what says that a page was as it had been."""

_MAX_HEARD_BYTES = 1_000_000
# Of a record, not of HTTP: FastWARC would give up at 32 KiB, and a URL may be longer.
_MAX_HEAD_BYTES = 1_000_000
# As `members` writes them: "sha256:" and 64 hex digits. Checking holds the record in memory.
_DIGEST_CHARS = 71
_MAX_CHECKED = MAX_BODY_BYTES + _MAX_HEAD_BYTES


def read_page(seed: Seed, pointer: ArchivePointer) -> Page:
    """The page at a place in an archive, as it was when it was added.

    Its body is never longer than `MAX_BODY_BYTES` + 1, by which a caller can tell that there is more.

    Raises:
        StorageError: the file is gone, or holds no such record there.
    """
    try:
        with open_archive(pointer) as file:
            file.seek(pointer.offset)
            return _read(seed, open_records(file), pointer, written_at(file))
    except (OSError, StopIteration, ValueError) as error:
        place = f"the archive {pointer.file} holds no readable record at byte {pointer.offset}"
        raise StorageError(f"{place}: {error}") from error


def pointer_to(path: Path, offset: int) -> ArchivePointer:
    """Where a record lies. A path that is no text (its bytes are no UTF-8) is named by its file: URI."""
    name = str(path)
    return ArchivePointer(file=name if well_formed(name) == name else path.absolute().as_uri(), offset=offset)


def open_archive(pointer: ArchivePointer) -> BinaryIO:
    """The file or the object that a pointer names, open for reading.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    address = as_address(pointer.file)
    return opened(address) if address else path_of(pointer).open("rb")


def is_there(pointer: ArchivePointer) -> bool:
    """Whether the file or the object that a pointer names is there.

    Raises:
        StorageError: the object store cannot be asked.
    """
    address = as_address(pointer.file)
    try:
        return exists(address) if address else path_of(pointer).is_file()
    except (OSError, ValueError):
        return False


def path_of(pointer: ArchivePointer) -> Path:
    """The file that a pointer names, which is no object's address."""
    name = pointer.file
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(name).path)) if name.startswith("file:") else name)


def open_records(file: BinaryIO) -> Iterator[WarcRecord]:
    """The records from here on. Each is gone when the next is asked for.

    Raises:
        OSError: the bytes are no record.
        ValueError: a record's head breaks off, or does not say how long it is.
    """
    for record in ArchiveIterator(file, parse_http=False, max_header_len=_MAX_HEAD_BYTES):
        # FastWARC takes such a record for an empty one, and an empty page for what was torn would be a wrong one.
        if not (record.headers.get(WarcHeader.CONTENT_LENGTH) or "").strip().isdigit():
            raise ValueError("the head of a record has no length, so it breaks off")
        yield record


def head_of(record: WarcRecord) -> Head | None:
    """The HTTP head of a response, its reader then at the body; ``None`` for what is no HTTP.

    Raises:
        ValueError: it should be HTTP, but no such head is there.
    """
    kind = (record.headers.get(WarcHeader.CONTENT_TYPE) or "").lower()
    untyped = not kind and record.record_type == WarcRecordType.response and target_of(record).startswith("http")
    return read_head(record.reader) if untyped or kind.startswith("application/http") else None


def target_of(record: WarcRecord) -> str:
    """The URL of a record."""
    return (record.headers.get(WarcHeader.WARC_TARGET_URI) or "").strip("<>")


def date_of(record: WarcRecord) -> datetime | None:
    """When a record was made; ``None`` if it does not say."""
    return read_date(record.headers.get(WarcHeader.WARC_DATE))


def read_date(text: str | None) -> datetime | None:
    """A date as WARC files have it, ISO 8601 in UTC; ``None`` for what is none."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def written_at(file: BinaryIO) -> datetime:
    """When a file was written last: as good a guess as any at the time of records that have none."""
    if isinstance(file, ObjectFile):
        return file.written_at
    return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)


def heard_of(record: WarcRecord) -> Heard | None:
    """What a metadata record says, if it is one of ours and whole: half a key would be another one."""
    if record.content_length > _MAX_HEARD_BYTES or not record.verify_block_digest():
        return None
    return decode_heard(read_up_to(record.reader, _MAX_HEARD_BYTES))


def repeated(record: WarcRecord, pointer: ArchivePointer) -> ArchivePointer | None:
    """Where the body lies that a revisit record of ours repeats; ``None`` for a record that holds its own.

    Raises:
        ValueError: it is a revisit record that does not say.
    """
    if record.record_type != WarcRecordType.revisit:
        return None
    name, offset = record.headers.get(REFERS_TO_FILE), record.headers.get(REFERS_TO_OFFSET) or ""
    if not name or not offset.isdigit() or name != Path(name).name:
        raise ValueError("it repeats a response, and does not say where that lies")
    if address := as_address(pointer.file):
        return ArchivePointer(file=below(folder_of(address), name), offset=int(offset))
    return pointer_to(path_of(pointer).with_name(name), int(offset))


def concurrent_to(record: WarcRecord, record_id: str | None) -> bool:
    """Whether a record belongs to the response with this id."""
    return record_id is not None and record_id == record.headers.get(WarcHeader.WARC_CONCURRENT_TO)


def _read(seed: Seed, records: Iterator[WarcRecord], pointer: ArchivePointer, written: datetime) -> Page:
    record = next(records)
    if record.record_type not in RESPONSE_KINDS:
        raise ValueError("it is no response")
    if not _is_sound(record):
        raise ValueError("it breaks off or is damaged: its digest differs")
    record_id = record.headers.get(WarcHeader.WARC_RECORD_ID)
    url = seed.url if seed.via is Via.FILE else target_of(record)
    address = record.headers.get(WarcHeader.WARC_IP_ADDRESS)
    dated = date_of(record)
    head = head_of(record)
    if head is None:
        kind = record.headers.get(WarcHeader.CONTENT_TYPE) or "application/octet-stream"
        headers: Headers = (("Content-Type", kind),)
        encodings: tuple[str, ...] = ()
    else:
        headers = _unprefixed(head.headers)
        # As they stand in the archive: a prefixed one has been undone.
        encodings = head.values("content-encoding") + head.values("transfer-encoding")
    again, digest = repeated(record, pointer), record.headers.get(WarcHeader.WARC_PAYLOAD_DIGEST) or ""
    raw = read_up_to(record.reader, MAX_BODY_BYTES + 1)
    if len(raw) <= MAX_BODY_BYTES and record.reader.tell() < record.content_length:
        raise ValueError("it breaks off")
    # Behind a body that is too long, the next record may be gigabytes away.
    request, heard = _beside(records, record_id) if len(raw) <= MAX_BODY_BYTES else ((), None)
    fetched_at = (heard.fetched_at if heard is not None and head is None else dated) or datetime.now(UTC)
    return Page(
        seed=seed,
        final_url=url,
        body=decode_body(raw, encodings, MAX_BODY_BYTES + 1) if again is None else _body_of(again, digest),
        fetched_at=fetched_at,
        saved_at=None if dated == fetched_at else dated or written,
        status=head.status if head else None,
        headers=headers,
        redirects=heard.redirects if heard else (),
        request=request,
        address=address,
        archive=pointer,
        terms=heard.terms if heard else (),
    )


def _body_of(again: ArchivePointer, digest: str) -> bytes:
    """The body that a revisit record points to.

    Raises:
        OSError: the file is gone.
        ValueError: no such body is there.
    """
    with open_archive(again) as file:
        file.seek(again.offset)
        record = next(open_records(file), None)
        if record is None or record.record_type not in PAGE_RECORDS or not _is_sound(record):
            raise ValueError("what it repeats is gone or damaged")
        head = head_of(record)
        encodings = head.values("content-encoding") + head.values("transfer-encoding") if head else ()
        body = decode_body(read_up_to(record.reader, MAX_BODY_BYTES + 1), encodings, MAX_BODY_BYTES + 1)
    if digest != f"sha256:{hashlib.sha256(body).hexdigest()}":
        raise ValueError("what it repeats is another body")
    return body


def _is_sound(record: WarcRecord) -> bool:
    """Whether a record of ours is as it was written: reading a body does not reach the checksum of gzip behind it.

    Other people's digests are of many kinds, and their records may be gigabytes long: those are taken as they are.
    """
    digest = record.headers.get(WarcHeader.WARC_BLOCK_DIGEST) or ""
    checked = len(digest) == _DIGEST_CHARS and digest.startswith("sha256:") and record.content_length <= _MAX_CHECKED
    return not checked or record.verify_block_digest()


def _beside(records: Iterator[WarcRecord], record_id: str | None) -> tuple[Headers, Heard | None]:
    """The request headers and metadata in the records that follow a response and say that they belong to it."""
    request: Headers = ()
    heard: Heard | None = None
    try:
        for record in records:
            kind = record.record_type
            if kind not in (WarcRecordType.request, WarcRecordType.metadata) or not concurrent_to(record, record_id):
                break
            if kind == WarcRecordType.request:
                record.reader.readline()
                headers = read_fields(record.reader)
                request = headers if record.reader.tell() == record.content_length else ()
            else:
                heard = heard_of(record) or heard
    except (OSError, ValueError):
        pass  # the end is torn: the response itself is whole
    return request, heard


def _unprefixed(headers: Headers) -> Headers:
    """The headers as they came from the server."""
    prefix = WIRE_PREFIX.lower()
    return tuple((name[len(prefix) :] if name.lower().startswith(prefix) else name, value) for name, value in headers)
