"""What a killed run had fetched and left unrecorded, found in our own archive."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from ingest.model import ArchivePointer, Seed, Via
from storage.archive.reading import (
    PAGE_RECORDS,
    concurrent_to,
    date_of,
    heard_of,
    open_archive,
    open_records,
    pointer_to,
    target_of,
)
from storage.archive.writing import ship
from storage.objects import Address, below, names_in


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


def recover(
    folder: Path, run_ids: Sequence[str], known: Collection[tuple[str, int]], address: Address | None = None
) -> Iterator[Recovered]:
    """What runs that were killed had fetched, but not yet recorded.

    Args:
        folder: the folder of the archive.
        run_ids: the runs. None of them may still be writing.
        known: file and offset of the responses that are recorded. What lies before the last of a file is not looked at.
        address: where the files are taken to, if that is an object store. What is still in the folder is taken there.

    Yields:
        In the order of fetching. A torn end, or what a power cut left of a file, is passed over.

    Raises:
        StorageError: the object store cannot be asked.
    """
    places = {(Path(file).name, offset) for file, offset in known}
    for run_id in run_ids:
        for file in _files_of(folder, run_id, address):
            called = Path(file.file).name
            start = max((offset for name, offset in places if name == called), default=0)
            for found in _responses(replace(file, offset=start)):
                if (called, found.pointer.offset) not in places:
                    yield found


def _files_of(folder: Path, run_id: str, address: Address | None) -> list[ArchivePointer]:
    """Where the files of a run begin, in the order they were written."""
    name = re.compile(rf"newsmill-{re.escape(run_id)}-(\d{{5,}})\.warc\.gz")
    here = [path for path in folder.glob("newsmill-*.warc.gz") if name.fullmatch(path.name)]
    if address is None:
        return [pointer_to(path, 0) for path in sorted(here, key=lambda path: (len(path.name), path.name))]
    for path in here:
        ship(path, address)
    names = filter(name.fullmatch, names_in(address, f"newsmill-{run_id}-"))
    return [
        ArchivePointer(file=below(address, one), offset=0) for one in sorted(names, key=lambda one: (len(one), one))
    ]


def _responses(begin: ArchivePointer) -> Iterator[Recovered]:
    """The responses of one of our files, from the record at a byte on, as far as they are sound."""
    found: Recovered | None = None
    found_id: str | None = None
    try:
        with open_archive(begin) as file:
            file.seek(begin.offset)
            for record in open_records(file):
                if record.record_type in (*PAGE_RECORDS, WarcRecordType.revisit):
                    if found is not None:
                        yield found
                    found, found_id = _unheard(begin, record), record.headers.get(WarcHeader.WARC_RECORD_ID)
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


def _unheard(file: ArchivePointer, record: WarcRecord) -> Recovered:
    """A response whose metadata record has not been read."""
    url = target_of(record)
    via = Via.FILE if url.startswith("file:") else Via.LIST
    return Recovered(
        key=None,
        seed=Seed(url=url, via=via),
        pointer=replace(file, offset=record.stream_pos),
        fetched_at=date_of(record) or datetime.now(UTC),
        again=record.record_type == WarcRecordType.revisit,
    )
