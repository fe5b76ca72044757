"""The index of the archive: which response of which URL lies where, and out of it CDXJ for other programs."""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Row, exists, select, tuple_

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page
from storage.archive.surt import surt
from storage.store import CHUNK, chunks, insert
from storage.tables import capture

# Lines that are sorted in memory before they go to a file of their own: some 30 MB.
_SORTED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response in the archive.

    `key` is that of its seed in the state table, `url` the one that answered. `body_sha256` and `body_bytes` are of the
    decoded body. Without `status` it is a local file.
    """

    key: str
    url: str
    fetched_at: datetime
    status: int | None
    content_type: str | None
    body_sha256: str
    body_bytes: int
    archive: ArchivePointer
    run_id: str


def add_captures(tx: Connection, run_id: str, pages: Sequence[tuple[str, Page]]) -> None:
    """Enter responses that a run put into the archive, each with its seed's key. Idempotent."""
    for chunk in chunks(pages):
        rows = [_row(run_id, key, page, page.archive) for key, page in chunk if page.archive is not None]
        if rows:
            tx.execute(insert(tx, capture).on_conflict_do_nothing(), rows)


def find_captures(tx: Connection, key: str) -> list[Capture]:
    """The responses of a seed, the newest first."""
    newest_first = (capture.c.fetched_at.desc(), capture.c.archive_file.desc(), capture.c.archive_offset.desc())
    return [
        _capture(row) for row in tx.execute(select(capture).where(capture.c.url_key == key).order_by(*newest_first))
    ]


def captures_of_run(tx: Connection, run_id: str) -> list[Capture]:
    """The responses that a run added, in the order they lie in the archive."""
    query = select(capture).where(capture.c.run_id == run_id)
    return [_capture(row) for row in tx.execute(query.order_by(capture.c.archive_file, capture.c.archive_offset))]


def latest_captures(
    tx: Connection, *, since: datetime | None = None, after: str = "", limit: int = CHUNK
) -> list[Capture]:
    """The newest response of each seed, a portion at a time, to be processed again.

    Args:
        tx: the transaction.
        since: only seeds whose newest response was fetched at that instant or later.
        after: the key of the last capture of the portion before.
        limit: captures in a portion.

    Returns:
        By key. Fewer than `limit` are the last portion.
    """
    newer = capture.alias("newer")
    order = (capture.c.fetched_at, capture.c.archive_file, capture.c.archive_offset)
    superseded = exists().where(
        newer.c.url_key == capture.c.url_key,
        tuple_(newer.c.fetched_at, newer.c.archive_file, newer.c.archive_offset) > tuple_(*order),
    )
    query = select(capture).where(capture.c.url_key > after, ~superseded)
    if since is not None:
        query = query.where(capture.c.fetched_at >= _stamp(since))
    return [_capture(row) for row in tx.execute(query.order_by(capture.c.url_key).limit(limit))]


def known_places(tx: Connection, run_ids: Collection[str]) -> set[tuple[str, int]]:
    """File and offset of every response that runs have entered, for `storage.archive.recover`."""
    query = select(capture.c.archive_file, capture.c.archive_offset).where(capture.c.run_id.in_(run_ids))
    return {(file, offset) for file, offset in tx.execute(query)}


def export_cdxj(tx: Connection, path: Path) -> int:
    """Write the index of all web pages as CDXJ, as pywb and others read it: sorted by SURT key and time.

    Files are named without their folder, which such programs are told by themselves.

    Returns:
        How many lines were written.

    Raises:
        StorageError: the file cannot be written. It appears whole or not at all.
    """
    query = select(capture).where(capture.c.status.is_not(None)).execution_options(yield_per=1000)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            part = Path(folder) / "sorted"
            with part.open("w", encoding="ascii", newline="\n") as file:
                count = _write_sorted((_cdxj_line(_capture(row)) for row in tx.execute(query)), file, Path(folder))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}; the old file, if any, is as it was") from error
    return count


def _row(run_id: str, key: str, page: Page, place: ArchivePointer) -> dict[str, object]:
    kind = (page.header("content-type") or "").partition(";")[0].strip().lower()
    return {
        "archive_file": place.file,
        "archive_offset": place.offset,
        "url_key": key,
        "url": page.final_url,
        "fetched_at": _stamp(page.fetched_at),
        "status": page.status,
        "content_type": kind or None,
        "body_sha256": hashlib.sha256(page.body).hexdigest(),
        "body_bytes": len(page.body),
        "run_id": run_id,
    }


def _capture(row: Row[Any]) -> Capture:
    return Capture(
        key=row.url_key,
        url=row.url,
        fetched_at=datetime.fromisoformat(row.fetched_at),
        status=row.status,
        content_type=row.content_type,
        body_sha256=row.body_sha256,
        body_bytes=row.body_bytes,
        archive=ArchivePointer(file=row.archive_file, offset=row.archive_offset),
        run_id=row.run_id,
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _cdxj_line(one: Capture) -> str:
    fields = {
        "url": one.url,
        "mime": one.content_type or "unk",
        "status": str(one.status),
        "digest": f"sha256:{one.body_sha256}",
        "offset": str(one.archive.offset),
        "filename": Path(one.archive.file).name,
    }
    return f"{surt(one.url)} {one.fetched_at.astimezone(UTC):%Y%m%d%H%M%S} {json.dumps(fields)}\n"


def _write_sorted(lines: Iterator[str], file: IO[str], folder: Path) -> int:
    """Write lines in the order of their bytes; more than fit into memory are sorted in portions and merged."""
    count = 0
    with ExitStack() as stack:
        portions: list[Iterable[str]] = []
        while portion := sorted(islice(lines, _SORTED_AT_ONCE)):
            count += len(portion)
            handle = stack.enter_context((folder / str(len(portions))).open("w+", encoding="ascii", newline="\n"))
            handle.writelines(portion)
            handle.seek(0)
            portions.append(handle)
        file.writelines(heapq.merge(*portions))
    return count
