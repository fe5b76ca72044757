"""An export from its selection to its manifest."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias

from ingest.errors import InputError
from storage.changes import forgotten_since, numbered
from storage.export.documents import write_markdown
from storage.export.feeds import newest_records, write_atom, write_json_feed
from storage.export.jsonl import write_jsonl
from storage.export.jsonld import write_jsonld
from storage.export.parquet import write_parquet
from storage.export.reading import read_selected
from storage.export.table import write_csv
from storage.files import whole
from storage.formats import ExportFormat
from storage.record_types import RECORD_SCHEMA, RecordDict
from storage.selection import EVERYTHING, Selection
from storage.store import Store, Transaction

Writer: TypeAlias = Callable[[Iterable[RecordDict], IO[str]], int]
FeedWriter: TypeAlias = Callable[[Sequence[RecordDict], IO[str]], int]

# What is written as text, record by record, and what is a feed; Parquet is a folder.
_WRITERS: Mapping[str, Writer] = {
    ExportFormat.JSONL: write_jsonl,
    ExportFormat.CSV: write_csv,
    ExportFormat.JSONLD: write_jsonld,
    ExportFormat.MARKDOWN: write_markdown,
}
FEEDS: Mapping[str, Callable[[Sequence[RecordDict], IO[str]], int]] = {
    ExportFormat.ATOM: write_atom,
    ExportFormat.JSONFEED: write_json_feed,
}
# What has room for several versions of a record.
_WITH_VERSIONS = frozenset({ExportFormat.JSONL, ExportFormat.CSV, ExportFormat.PARQUET})

NEWEST = 100
"""Records in a feed."""
MANIFEST = ".manifest.json"
"""What is put behind the name of an export for the name of its manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of an export: `cursor` is for the next one that wants only what is new or changed since."""

    records: int
    cursor: int


def export_records(
    store: Store,
    target: str,
    path: Path,
    kind: str = ExportFormat.JSONL,
    selection: Selection = EVERYTHING,
    *,
    newest: int = NEWEST,
    raw: bool = False,
) -> Written:
    """Write the selected records and, beside them, a manifest.

    The export appears whole or not at all, and the manifest after it: who finds a manifest finds what it describes, or
    something newer, which its hashes show.

    Args:
        store: the database.
        target: the language of the translations.
        path: the file (ending in .gz: compressed), for parquet the folder.
        kind: one of `ExportFormat`.
        selection: which records.
        newest: how many a feed has.
        raw: see `storage.export.table.write_csv`.

    Raises:
        InputError: the cursor is none of this database, or the format has no cursor.
        ConfigError: a package is missing.
        StorageError: it cannot be written.
    """
    with _opened(store, kind, selection) as (tx, cursor):
        with whole(path, folder=kind == ExportFormat.PARQUET) as part:
            if kind == ExportFormat.PARQUET:
                count = write_parquet(read_selected(tx, target, selection, by_partition=True), part)
            else:
                with _text_file(part) as file:
                    count = _write(tx, target, file, kind, selection, newest=newest, raw=raw)
        written = Written(records=count, cursor=cursor)
        gone = [] if selection.since is None else forgotten_since(tx, selection.since)
        _write_manifest(path, kind, target, selection, written, gone)
    return written


def stream_records(
    store: Store,
    target: str,
    file: IO[str],
    kind: str = ExportFormat.JSONL,
    selection: Selection = EVERYTHING,
    **how: Any,  # noqa: ANN401
) -> Written:
    """Write the selected records to an open file, without a manifest; `how` is as for `export_records`."""
    if kind == ExportFormat.PARQUET:
        raise InputError("parquet is a folder: name one instead of -")
    with _opened(store, kind, selection) as (tx, cursor):
        return Written(records=_write(tx, target, file, kind, selection, **how), cursor=cursor)


def export_jsonl(records: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write records to a file of JSON Lines, which appears whole or not at all; returns how many.

    Raises:
        StorageError: the folder does not exist or cannot be written.
    """
    with whole(path) as part, _text_file(part) as file:
        return write_jsonl(records, file)


@contextmanager
def _opened(store: Store, kind: str, selection: Selection) -> Iterator[tuple[Transaction, int]]:
    if kind in FEEDS and selection.since is not None:
        raise InputError("a feed has the newest records, whenever they changed: leave the cursor out")
    if selection.versions and kind not in _WITH_VERSIONS:
        raise InputError(f"{kind} has one text of an article: export versions as {', '.join(sorted(_WITH_VERSIONS))}")
    with numbered(store) as (tx, cursor):
        if selection.since is not None and not 0 <= selection.since <= cursor:
            raise InputError(
                f"the cursor {selection.since} is not from this database, whose newest is {cursor}: export everything"
            )
        yield tx, cursor


def _write(
    tx: Transaction,
    target: str,
    file: IO[str],
    kind: str,
    selection: Selection,
    *,
    newest: int = NEWEST,
    raw: bool = False,
) -> int:
    if kind in FEEDS:
        return FEEDS[kind](newest_records(tx, target, selection, newest), file)
    writer = partial(write_csv, raw=raw) if kind == ExportFormat.CSV else _WRITERS[kind]
    return writer(read_selected(tx, target, selection), file)


@contextmanager
def _text_file(path: Path) -> Iterator[IO[str]]:
    """A text file in UTF-8, compressed if it is called so: the same records give the same bytes."""
    with path.open("wb") as plain:
        if path.suffix != ".gz":
            with io.TextIOWrapper(plain, encoding="utf-8", newline="") as file:
                yield file
            return
        with (
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=plain, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="") as file,
        ):
            yield file


def _write_manifest(
    path: Path, kind: str, target: str, selection: Selection, written: Written, gone: Sequence[str]
) -> None:
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    manifest = {
        "schema": "newsmill/export@1",
        "records_schema": RECORD_SCHEMA,
        "format": kind,
        "target": target,
        "cursor": written.cursor,
        "filters": asdict(selection),
        "records": written.records,
        "forgotten": list(gone),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [
            {
                "path": str(one.relative_to(path.parent)),
                "bytes": one.stat().st_size,
                "sha256": _sha256(one),
            }
            for one in files
        ],
    }
    with whole(path.with_name(path.name + MANIFEST)) as part:
        part.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
