"""What was read last of each address, by what, and what it came to: the same bytes again need not be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ingest.model import ArchivePointer, Page
from ingest.outcome import Reason, Rejection, Stage
from storage.archive.members import Body
from storage.archive.reading import is_there
from storage.store import chunks, upsert
from storage.tables import capture, reading, record, url

# Why a page was rejected that may be otherwise the next time, though page and reader are the same.
_NOT_FOR_GOOD = frozenset({Reason.EXTRACT_TIMEOUT, Reason.EXTRACT_CRASH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A response that was read: the hash of its body, what read it, and where the body lies.

    `rejection` is why it became no record; ``None`` where it did.
    """

    body_sha256: str
    reader: str
    body: Body | None = None
    rejection: tuple[Stage, Reason, str] | None = None

    @property
    def rule(self) -> str:
        """The version of its site's rule by which it was read; "" where there was none."""
        return self.reader.partition(" ")[0].partition("+")[2]

    @property
    def final_url(self) -> str:
        """The address that it was read as."""
        return self.reader.rpartition(" ")[2]

    def is_of(self, page: Page, version: str) -> bool:
        """Whether reading this page would come to the same."""
        return self.body_sha256 == page.body_sha256 and self.reader == read_by(page, version)

    def of_several(self) -> Reading:
        """The same where other pages were read with it: these may change, so that it is never what is read again."""
        return replace(self, reader=f"{self.reader}#")

    def holds(self, page: Page) -> Body | None:
        """The body of this page, where it lies in the archive already."""
        return self.body if self.body_sha256 == page.body_sha256 else None


def read_by(page: Page, version: str) -> str:
    """What decides how a body is read: the version of what reads it and of its site's rule, and what the response says.

    The rule's version stands behind a plus sign.
    """
    version = f"{version}+{page.rule.version}" if page.rule else version
    return " ".join((version, page.header("content-type") or "-", page.final_url))


def last_readings(tx: Connection, keys: Sequence[str]) -> dict[str, Reading]:
    """The last reading of each of these addresses, where what it came to is still stored."""
    found: dict[str, Reading] = {}
    place = (capture.c.archive_file == reading.c.archive_file) & (capture.c.archive_offset == reading.c.archive_offset)
    query = (
        select(reading, capture.c.url, capture.c.fetched_at)
        .join(url, url.c.key == reading.c.key)
        .outerjoin(record, record.c.id == url.c.record_id)
        .outerjoin(capture, place)
        .where(or_(reading.c.reason.is_not(None), record.c.id.is_not(None)))
    )
    there: dict[str, bool] = {}
    for chunk in chunks(keys):
        for row in tx.execute(query.where(reading.c.key.in_(chunk))):
            found[row.key] = Reading(
                body_sha256=row.body_sha256,
                reader=row.reader,
                body=_body(row, there),
                rejection=(Stage(row.stage), Reason(row.reason), row.detail) if row.reason else None,
            )
    return found


def note_readings(tx: Connection, read: Mapping[str, tuple[Reading, Rejection | None]]) -> None:
    """Note what pages that were read came to, by key: a record, or a rejection.

    What is the fault of the moment, or of the database, is not noted: the next time it may be otherwise.
    """
    rows = [
        _row(key, one, why)
        for key, (one, why) in read.items()
        if why is None or (why.stage is Stage.EXTRACT and why.reason not in _NOT_FOR_GOOD)
    ]
    for chunk in chunks(rows):
        upsert(tx, reading, chunk)


def _row(key: str, one: Reading, why: Rejection | None) -> dict[str, object]:
    return {
        "key": key,
        "body_sha256": one.body_sha256,
        "reader": one.reader,
        "stage": why.stage if why else None,
        "reason": why.reason if why else None,
        "detail": why.detail if why else None,
        "archive_file": one.body.place.file if one.body else None,
        "archive_offset": one.body.place.offset if one.body else None,
    }


def _body(row: Row[Any], there: dict[str, bool]) -> Body | None:
    """The body of a reading, if the file that it lies in is there."""
    if row.archive_file is None:
        return None
    place = ArchivePointer(file=row.archive_file, offset=row.archive_offset)
    if place.file not in there:
        there[place.file] = is_there(place)
    return Body(sha256=row.body_sha256, place=place, url=row.url, at=row.fetched_at) if there[place.file] else None
