"""Records out, for other programs: one JSON object a line."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ingest.errors import StorageError
from storage.store import CHUNK, Store
from storage.views import all_ids, read_records


def iterate_records(
    store: Store, target: str, *, canonical_only: bool = False, language: str | None = None
) -> Iterator[dict[str, Any]]:
    """All records as docs/record.schema.json describes them, by id, read in portions: memory stays flat."""
    with store.reading() as tx:
        ids = all_ids(tx, canonical_only=canonical_only, language=language)
        for start in range(0, len(ids), CHUNK):
            yield from read_records(tx, ids[start : start + CHUNK], target)


def export_jsonl(records: Iterator[dict[str, Any]], path: Path) -> int:
    """Write records to a file, which appears whole or not at all.

    Returns:
        How many were written.

    Raises:
        StorageError: the folder does not exist or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise StorageError(f"cannot write to the folder {path.parent}: {error.strerror}") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            count = write_jsonl(records, file)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp gives a file to its owner alone; an export is as readable as any file made here.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}; the old file, if any, is as it was") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def write_jsonl(records: Iterator[dict[str, Any]], file: IO[str]) -> int:
    """Write one JSON object a line; returns how many."""
    count = 0
    for one in records:
        file.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    return count
