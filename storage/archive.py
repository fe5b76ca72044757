"""Raw responses on disk, as WARC 1.1 (ISO 28500), one gzip member a record: what was fetched is never fetched again.

A folder holds one file a run, `newsmill-<run>.warc.gz`. A response is stored decoded, under the header
`X-Crawl-Content-Encoding` if it came compressed, as Common Crawl does; a local file is a `resource` record. A run that
was killed may leave a cut last record: nothing points to it, and readers stop there.
"""

from __future__ import annotations

import gzip
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecord, WarcRecordType

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via

MAX_BODY_BYTES = 20_000_000
"""No record is read beyond this: other people's archives may hold anything, compressed a thousandfold."""

# On 100 news pages level 2 took 41 % of the time of zlib's usual 6, for files 17 % larger: the page is a fifth of its
# size either way.
_COMPRESSION = 2
# Said of the body on the wire: readers would decode a second time.
_WIRE_HEADERS = ("content-encoding", "transfer-encoding", "content-length")
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


class Archive:
    """The archive of a run: appends to one file, reads from any."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._path = folder / f"newsmill-{run_id}.warc.gz"
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if one was begun."""
        if self._file is not None:
            # What is still in its buffer on a full disk was never synced, so nothing points to it.
            with suppress(OSError):
                self._file.close()
            self._file = None

    def add(self, page: Page) -> Page:
        """Append a page's raw response.

        Returns:
            The page with the pointer to where it lies. It is on disk only after `sync`.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        try:
            file = self._open()
            offset = file.tell()
            file.write(_to_member(page))
        except OSError as error:
            raise StorageError(
                f"cannot write the archive {self._path}: {error.strerror}; make room, then run again"
            ) from error
        return replace(page, archive=ArchivePointer(file=str(self._path), offset=offset))

    def sync(self) -> None:
        """Bring what was added to the disk, before the database says that it is there."""
        if self._file is not None:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise StorageError(f"cannot write the archive {self._path}: {error.strerror}") from error

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
        return self._file


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An HTML or text response found in an archive."""

    url: str
    pointer: ArchivePointer


def read_page(seed: Seed, pointer: ArchivePointer) -> Page:
    """The page at a place in an archive.

    Raises:
        StorageError: the file is gone, or holds no such record there.
    """
    try:
        with Path(pointer.file).open("rb") as file:
            file.seek(pointer.offset)
            return _to_page(seed, next(_records(file, decode=True)), pointer)
    except (OSError, StopIteration, ValueError) as error:
        place = f"the archive {pointer.file} holds no readable record at byte {pointer.offset}"
        raise StorageError(f"{place}: {error}") from error


def find_pages(path: Path) -> Iterator[Archived]:
    """The successful HTML and text responses in a WARC file, in order. Other records are passed over.

    Raises:
        StorageError: the file is no WARC file, or breaks off; what came before has been yielded.
    """
    absolute = str(path.resolve())
    try:
        with path.open("rb") as file:
            for record in _whole_records(file):
                if _is_page(record):
                    pointer = ArchivePointer(file=absolute, offset=record.stream_pos)
                    yield Archived(url=_target(record), pointer=pointer)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"{path} cannot be read as WARC: {reason}") from error


def _whole_records(file: BinaryIO) -> Iterator[WarcRecord]:
    """The records of an archive that are all there, without their content; fastwarc just stops at damage.

    Raises:
        ValueError: the archive breaks off, or is none.
    """
    count = 0
    for record in _records(file, decode=False):
        count += 1
        if record.headers.get(WarcHeader.CONTENT_LENGTH) is None or record.consume() < record.content_length:
            raise ValueError(f"it breaks off in record {count}")
        yield record
    if not count and file.seek(0, os.SEEK_END):
        raise ValueError("it holds no record")


def _records(file: BinaryIO, *, decode: bool) -> Iterator[WarcRecord]:
    return iter(ArchiveIterator(file, auto_decode="all" if decode else "none"))


def _target(record: WarcRecord) -> str:
    return (record.headers.get(WarcHeader.WARC_TARGET_URI) or "").strip("<>")


def _is_page(record: WarcRecord) -> bool:
    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        return False
    if record.is_http:
        if record.http_headers.status_code != 200:
            return False
        kind = record.http_headers.get("Content-Type") or "text/html"
    else:
        kind = record.headers.get(WarcHeader.CONTENT_TYPE) or ""
    return kind.lower().startswith(_PAGE_TYPES) and not _target(record).startswith(("dns:", "whois:"))


def _to_member(page: Page) -> bytes:
    """A record as a gzip member of its own, so that it can be read from its offset alone."""
    record = WarcRecord()
    local = page.status is None
    kind = WarcRecordType.resource if local else WarcRecordType.response
    record.init_headers(kind, record_urn=uuid.uuid4().urn.encode())
    headers = record.headers
    headers.status_line = "WARC/1.1"
    headers.set(WarcHeader.WARC_TARGET_URI, page.final_url)
    stamp = page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    headers.set(WarcHeader.WARC_DATE, stamp)
    if local:
        headers.set(WarcHeader.CONTENT_TYPE, page.header("content-type") or "application/octet-stream")
        record.set_bytes_content(page.body)
    else:
        headers.set(WarcHeader.CONTENT_TYPE, "application/http; msgtype=response")
        record.is_http = True
        record.set_bytes_content(_http_head(page) + page.body)
        record.parse_http()  # tells where the payload begins, of which a digest is written
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    return gzip.compress(plain.getvalue(), _COMPRESSION, mtime=0)


def _http_head(page: Page) -> bytes:
    lines = [f"HTTP/1.1 {page.status} {'OK' if page.status == 200 else 'Other'}"]
    for name, value in page.headers:
        lines.append(f"{'X-Crawl-' if name.lower() in _WIRE_HEADERS else ''}{name}: {value}")
    lines.append(f"Content-Length: {len(page.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _to_page(seed: Seed, record: WarcRecord, pointer: ArchivePointer) -> Page:
    body = record.reader.read(MAX_BODY_BYTES + 1)
    stamp = record.headers.get(WarcHeader.WARC_DATE)
    fetched_at = datetime.fromisoformat(stamp) if stamp else datetime.now(UTC)
    kind = record.headers.get(WarcHeader.CONTENT_TYPE) or ""
    return Page(
        seed=seed,
        final_url=seed.url if seed.via is Via.FILE else _target(record),
        body=body,
        fetched_at=fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC),
        status=record.http_headers.status_code if record.is_http else None,
        headers=record.http_headers.to_tuples() if record.is_http else (("Content-Type", kind),),
        archive=pointer,
    )
