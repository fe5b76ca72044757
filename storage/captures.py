"""The index of the archive: which response of which URL lies where, and out of it CDXJ for other programs."""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, Row, select

from ingest.model import ArchivePointer, Page
from storage.archive.surt import surt
from storage.files import whole
from storage.store import chunks, insert
from storage.tables import capture

REVISIT = "warc/revisit"
"""In place of the type of a response whose body lies elsewhere: so programs that read CDX know them."""

# Lines that are sorted in memory before they go to a file of their own: some 30 MB.
_SORTED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page in the archive: when it was taken, where it lies, and which run took it."""

    at: datetime
    place: ArchivePointer
    run_id: str | None = None


def add_captures(tx: Connection, run_id: str, pages: Sequence[tuple[str, Page]], again: Collection[str] = ()) -> None:
    """Enter responses that a run put into the archive, each with its seed's key. Idempotent.

    Of those whose key is in `again` the body lies elsewhere.
    """
    for chunk in chunks(pages):
        rows = [_row(run_id, key, page, page.archive, again) for key, page in chunk if page.archive is not None]
        if rows:
            tx.execute(insert(tx, capture).on_conflict_do_nothing(), rows)


def known_places(tx: Connection, run_ids: Collection[str]) -> set[tuple[str, int]]:
    """File and offset of every response that runs have entered, for `storage.archive.recover`."""
    query = select(capture.c.archive_file, capture.c.archive_offset).where(capture.c.run_id.in_(run_ids))
    return {(file, offset) for file, offset in tx.execute(query)}


def captures_of(tx: Connection, keys: Collection[str]) -> dict[str, list[Capture]]:
    """The web pages in the archive that addresses gave, by key of the address, from the oldest to the newest."""
    found: dict[str, list[Capture]] = {}
    columns = (capture.c.url_key, capture.c.fetched_at, capture.c.run_id, capture.c.archive_file)
    query = select(*columns, capture.c.archive_offset).where(capture.c.status.is_not(None))
    for chunk in chunks(sorted(keys)):
        for key, at, run_id, file, offset in tx.execute(
            query.where(capture.c.url_key.in_(chunk)).order_by(capture.c.fetched_at)
        ):
            place = ArchivePointer(file=file, offset=offset)
            found.setdefault(key, []).append(Capture(at=datetime.fromisoformat(at), place=place, run_id=run_id))
    return found


def export_cdxj(tx: Connection, path: Path) -> int:
    """Write the index of all web pages as CDXJ, as pywb and others read it: sorted by SURT key and time.

    Files are named without their folder, which such programs are told by themselves.

    Returns:
        How many lines were written.

    Raises:
        StorageError: the file cannot be written. It appears whole or not at all.
    """
    query = select(capture).where(capture.c.status.is_not(None)).execution_options(yield_per=1000)
    with whole(path) as part, part.open("w", encoding="ascii", newline="\n") as file:
        return _write_sorted((_cdxj_line(row) for row in tx.execute(query)), file, part.parent)


def _row(run_id: str, key: str, page: Page, place: ArchivePointer, again: Collection[str]) -> dict[str, object]:
    kind = (page.header("content-type") or "").partition(";")[0].strip().lower()
    kind = REVISIT if key in again else kind
    return {
        "archive_file": place.file,
        "archive_offset": place.offset,
        "url_key": key,
        "url": page.final_url,
        "fetched_at": page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "status": page.status,
        "content_type": kind or None,
        "body_sha256": page.body_sha256,
        "body_bytes": len(page.body),
        "run_id": run_id,
    }


def _cdxj_line(row: Row[Any]) -> str:
    fields = {
        "url": row.url,
        "mime": row.content_type or "unk",
        "status": str(row.status),
        "digest": f"sha256:{row.body_sha256}",
        "offset": str(row.archive_offset),
        "filename": Path(row.archive_file).name,
    }
    return f"{surt(row.url)} {datetime.fromisoformat(row.fetched_at):%Y%m%d%H%M%S} {json.dumps(fields)}\n"


def _write_sorted(lines: Iterator[str], file: IO[str], folder: Path) -> int:
    """Write lines in the order of their bytes; more than fit into memory are sorted in portions and merged."""
    count = 0
    with ExitStack() as stack:
        portions: list[Iterable[str]] = []
        while portion := sorted(islice(lines, _SORTED_AT_ONCE)):
            count += len(portion)
            handle = stack.enter_context(TemporaryFile("w+", encoding="ascii", newline="\n", dir=folder))
            handle.writelines(portion)
            handle.seek(0)
            portions.append(handle)
        file.writelines(heapq.merge(*portions))
    return count
