"""What a user gives to ingest: URLs, lists of URLs, files and folders, as seeds and pages."""

from __future__ import annotations

import logging
import mimetypes
import os
import re
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import unquote_to_bytes, urlsplit

from ingest.errors import InputError
from ingest.model import Page, Seed, Via
from ingest.outcome import Reason, Rejection, Stage

logger = logging.getLogger(__name__)

_STANDARD_INPUT = "-"
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt", ".text", ".pdf")
_WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
# Python's own table: by the machine's, a file may be HTML here and a script there.
_TYPES = mimetypes.MimeTypes()
# As SingleFile writes it into the comment at the top of a saved page.
_SAVED = re.compile(rb"saved date:\s*(\w{3} \w{3} \d{1,2} \d{4} [\d:]{8} GMT[+-]\d{4})")
_SAVED_WITHIN = 4_096
# Times before the web are what archivers write that keep none.
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)


def read_urls(inputs: Iterable[str], standard_input: IO[str]) -> Iterator[Seed]:
    """The seeds in a list of URLs, names of files that hold URLs, and "-" for standard input.

    A file has one URL a line; blank lines and lines that start with # are passed over. A line that is no URL becomes a
    seed as well: it is counted and rejected like any other.

    Raises:
        InputError: an input is neither a URL nor a readable file.
    """
    for given in inputs:
        if given == _STANDARD_INPUT:
            yield from _lines(standard_input)
        elif "://" in given:
            yield Seed(url=given)
        else:
            try:
                with Path(given).open(encoding="utf-8-sig", errors="replace") as file:
                    yield from _lines(file)
            except FileNotFoundError as error:
                raise InputError(f"{given} is neither a URL nor a file: URLs start with http:// or https://") from error
            except OSError as error:
                raise InputError(f"cannot read {given}: {error.strerror}") from error


def must_exist(paths: Iterable[Path]) -> None:
    """Raise InputError for the first path that does not exist."""
    for path in paths:
        if not path.exists():
            raise InputError(f"no such file or folder: {path}")


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to ingest: those named, and in folders (at any depth) those with a known suffix, sorted.

    A folder is listed when its turn comes: memory holds the names of one folder and of those above it.

    Raises:
        InputError: a path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from _files_in(path)
        else:
            must_exist([path])
            yield path


def _files_in(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((one.name, one.is_dir(follow_symlinks=False)) for one in entries)
    except OSError as error:
        logger.warning("cannot look into %s: %s", folder, error.strerror)
        return
    for name, is_folder in found:
        path = folder / name
        if is_folder:
            yield from _files_in(path)
        elif name.lower().endswith(_PAGE_SUFFIXES + _WARC_SUFFIXES) and path.is_file():
            yield path


def is_warc(path: Path) -> bool:
    """Whether a file is a WARC archive, by its name."""
    return path.name.lower().endswith(_WARC_SUFFIXES)


def file_seed(path: Path) -> Seed:
    """The seed of a local file, under its file: URI."""
    return Seed(url=path.resolve().as_uri(), via=Via.FILE)


def read_file(seed: Seed, max_bytes: int) -> Page | Rejection:
    """The page in a local file, or a rejection: UNREADABLE, EMPTY or TOO_BIG."""
    path = Path(os.fsdecode(unquote_to_bytes(urlsplit(seed.url).path)))
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device would be read for ever
            return _rejected(seed, Reason.UNREADABLE, "no file, but a folder, pipe, socket or device")
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
    except OSError as error:
        return _rejected(seed, Reason.UNREADABLE, f"cannot be read: {error.strerror}")
    if not body.strip():
        return _rejected(seed, Reason.EMPTY, "the file is empty")
    if len(body) > max_bytes:
        return _rejected(seed, Reason.TOO_BIG, f"more than {max_bytes} bytes")
    kind = _TYPES.guess_type(path.name)[0] or "text/plain"
    now = datetime.now(UTC)
    return Page(
        seed=seed,
        final_url=seed.url,
        body=body,
        fetched_at=now,
        headers=(("Content-Type", kind),),
        saved_at=_saved_at(body, found.st_mtime, now),
    )


def _saved_at(body: bytes, changed: float, now: datetime) -> datetime | None:
    """When a page was saved: by its own word, else when its file was written; ``None`` where neither can be."""
    told = _SAVED.search(body[:_SAVED_WITHIN])
    moment = _read_browser_time(told[1].decode("ascii", "replace")) if told else None
    moment = moment or datetime.fromtimestamp(changed, UTC)
    return moment if _OLDEST <= moment <= now else None


def _read_browser_time(text: str) -> datetime | None:
    """A moment as browsers print it: Sat Nov 28 2026 10:00:00 GMT+0100 (...)."""
    try:
        return datetime.strptime(" ".join(text.split()), "%a %b %d %Y %H:%M:%S GMT%z")
    except ValueError:
        return None


def _lines(lines: Iterable[str]) -> Iterator[Seed]:
    for line in lines:
        url = line.removeprefix("\ufeff").strip()
        if url and not url.startswith("#"):
            yield Seed(url=url)


def _rejected(seed: Seed, reason: Reason, detail: str) -> Rejection:
    return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=reason, detail=detail)
