"""Raw responses on disk, as WARC 1.1 (ISO 28500), one gzip member a record: what was fetched is never fetched again.

A folder holds one file a run, `newsmill-<run>.warc.gz`. A response is stored decoded, under the header
`X-Crawl-Content-Encoding` if it came compressed, as Common Crawl does; a local file is a `resource` record. A run that
was killed may leave a cut last record: nothing points to it, and readers stop there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date
from warcio.warcwriter import WARCWriter

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via

MAX_BODY_BYTES = 20_000_000
"""No record is read beyond this: other people's archives may hold anything, compressed a thousandfold."""

_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


class Archive:
    """The archive of a run: appends to one file, reads from any."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._path = folder / f"newsmill-{run_id}.warc.gz"
        self._file: BinaryIO | None = None
        self._writer: WARCWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if one was begun."""
        if self._file is not None:
            self._file.close()
            self._file = self._writer = None

    def add(self, page: Page) -> Page:
        """Append a page's raw response.

        Returns:
            The page with the pointer to where it lies. It is on disk only after `sync`.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        try:
            file, writer = self._open()
            offset = file.tell()
            writer.write_record(_to_record(writer, page))
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

    def _open(self) -> tuple[BinaryIO, WARCWriter]:
        if self._file is None or self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
            self._writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
        return self._file, self._writer


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
            record = next(iter(ArchiveIterator(file)))
            return _to_page(seed, record, pointer)
    except (OSError, StopIteration, ArchiveLoadFailed, ValueError) as error:
        raise StorageError(
            f"the archive {pointer.file} holds no readable record at byte {pointer.offset}: {error}"
        ) from error


def find_pages(path: Path) -> Iterator[Archived]:
    """The successful HTML and text responses in a WARC file, in order. Other records are passed over.

    Raises:
        StorageError: the file is no WARC file, or breaks off; what came before has been yielded.
    """
    absolute = str(path.resolve())
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                if _is_page(record):
                    pointer = ArchivePointer(file=absolute, offset=records.get_record_offset())
                    yield Archived(url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"), pointer=pointer)
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        raise StorageError(f"not a readable WARC file from here on: {path}: {str(error).splitlines()[0]}") from error


def _is_page(record: ArcWarcRecord) -> bool:
    target = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "resource":
        kind = record.rec_headers.get_header("Content-Type") or ""
    elif record.rec_type == "response" and record.http_headers is not None:
        if record.http_headers.get_statuscode() != "200":
            return False
        kind = record.http_headers.get_header("Content-Type") or "text/html"
    else:
        return False
    return kind.lower().startswith(_PAGE_TYPES) and not target.startswith(("dns:", "whois:"))


def _to_record(writer: WARCWriter, page: Page) -> ArcWarcRecord:
    # warcio writes a naive time as UTC, and an aware one with two zones.
    fetched_at = page.fetched_at.astimezone(UTC).replace(tzinfo=None)
    stamp = {"WARC-Date": datetime_to_iso_date(fetched_at, use_micros=True)}
    if page.status is None:
        content_type = page.header("content-type") or "application/octet-stream"
        return writer.create_warc_record(
            page.final_url, "resource", io.BytesIO(page.body), warc_content_type=content_type, warc_headers_dict=stamp
        )
    # The body is decoded: headers that speak of the body on the wire would make readers decode it again.
    renamed = {name: f"X-Crawl-{name}" for name in ("Content-Encoding", "Transfer-Encoding", "Content-Length")}
    wire = {name.lower(): name for name in renamed}
    headers = [(renamed[wire[name.lower()]] if name.lower() in wire else name, value) for name, value in page.headers]
    headers.append(("Content-Length", str(len(page.body))))
    status = StatusAndHeaders(f"{page.status} {'OK' if page.status == 200 else 'Other'}", headers, "HTTP/1.1")
    return writer.create_warc_record(
        page.final_url, "response", io.BytesIO(page.body), http_headers=status, warc_headers_dict=stamp
    )


def _to_page(seed: Seed, record: ArcWarcRecord, pointer: ArchivePointer) -> Page:
    body = record.content_stream().read(MAX_BODY_BYTES + 1)
    stamp = record.rec_headers.get_header("WARC-Date")
    fetched_at = datetime.fromisoformat(stamp) if stamp else datetime.now(UTC)
    http = record.http_headers
    described = http.headers if http else [("Content-Type", record.rec_headers.get_header("Content-Type") or "")]
    return Page(
        seed=seed,
        final_url=seed.url if seed.via is Via.FILE else record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        body=body,
        fetched_at=fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC),
        status=int(http.get_statuscode()) if http else None,
        headers=tuple((name, value) for name, value in described),
        archive=pointer,
    )
