"""The versions of articles read back, and the kinds of change between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.record_types import VersionDict
from storage.store import chunks
from storage.tables import record, sighting
from storage.timeline import TEXTS, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A version as it is stored: since when, what has changed, and what it says (nothing while the article was gone).

    `residue` are the texts that were taken out of it; `file` and `offset` are where its raw response lies, if anywhere.
    """

    number: int
    captured_at: str
    state: State
    change: str | None
    title: str | None
    text: str | None
    language: str
    residue: tuple[str, ...]
    file: str | None
    offset: int | None

    @property
    def gone(self) -> bool:
        """Whether there was no article."""
        return self.text is None


def untold(tx: Connection, ids: Collection[str]) -> list[str]:
    """Those of these records that have a version of which nobody has told what has changed."""
    found: set[str] = set()
    for chunk in chunks(sorted(ids)):
        query = select(sighting.c.record_id).where(
            sighting.c.record_id.in_(chunk), sighting.c.number > 1, sighting.c.change.is_(None)
        )
        found |= set(tx.execute(query).scalars())
    return sorted(found)


def set_changes(tx: Connection, record_id: str, told: Mapping[int, str]) -> None:
    """Note what has changed with versions of a record, by their numbers."""
    mine = (sighting.c.record_id == record_id) & (sighting.c.number == bindparam("which"))
    rows = [{"which": number, "kind": kind} for number, kind in told.items()]
    if rows:
        tx.execute(update(sighting).where(mine).values(change=bindparam("kind")), rows)


def read_versions(tx: Connection, record_id: str) -> list[Stored]:
    """All versions of a record, the oldest first."""
    shown = tx.execute(select(record).where(record.c.id == record_id)).one()._asdict()
    heads = select(sighting).where(sighting.c.record_id == record_id, sighting.c.number.is_not(None))
    found: list[Stored] = []
    for row in tx.execute(heads.order_by(sighting.c.number)):
        is_shown = (row.captured_at, row.body_sha256) == (shown["captured_at"], shown["body_sha256"])
        said: dict[str, Any] = shown if is_shown else row.content or {}
        place = (row.provenance or {}).get("archive") or {}
        away = not said and row.state not in TEXTS
        found.append(
            Stored(
                number=row.number,
                captured_at=row.captured_at,
                state=State(row.state),
                change=row.change,
                title=said.get("title"),
                text=None if away else said.get("text", ""),
                language=said.get("language", shown["language"]),
                residue=tuple(one["text"] for one in said.get("residue", ())),
                file=place.get("file"),
                offset=place.get("offset"),
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an earlier version said: columns of `record` and segments, as far as they are kept.

    While an article was `gone` that is what it had said last. `previous` is when the version before it began.
    """

    content: Mapping[str, Any]
    captured_at: str
    previous: str | None
    change: str | None
    run_id: str
    gone: bool


def earlier_versions(tx: Connection, ids: Sequence[str]) -> dict[str, list[Said]]:
    """What the versions of these records said, the oldest first; of what a record shows, nothing."""
    known = select(record.c.id, record.c.captured_at, record.c.body_sha256).where(record.c.id.in_(ids))
    shown = {(key, at, body) for key, at, body in tx.execute(known)}
    found: dict[str, list[Said]] = {}
    heads = select(sighting).where(sighting.c.record_id.in_(ids), sighting.c.number.is_not(None))
    for row in tx.execute(heads.order_by(sighting.c.record_id, sighting.c.number)):
        before = found.setdefault(row.record_id, [])
        last = before[-1] if before else None
        is_shown = (row.record_id, row.captured_at, row.body_sha256) in shown
        gone = row.content is None and row.state not in TEXTS and not is_shown
        made = {"provenance": row.provenance} if row.provenance else {}
        content = (last.content if last else {}) if gone else {**made, **(row.content or {})}
        before.append(
            Said(
                content=content,
                captured_at=row.captured_at,
                previous=last.captured_at if last else None,
                change=row.change,
                run_id=row.run_id,
                gone=gone,
            )
        )
    return found


def newest_versions(tx: Connection, ids: Sequence[str]) -> dict[str, VersionDict]:
    """What each record is among its versions, as the export has it."""
    found: dict[str, VersionDict] = {}
    columns = (sighting.c.record_id, sighting.c.number, sighting.c.captured_at, sighting.c.change)
    for chunk in chunks(ids):
        heads = select(*columns).where(sighting.c.record_id.in_(chunk), sighting.c.number.is_not(None))
        for key, number, at, change in tx.execute(heads.order_by(sighting.c.record_id, sighting.c.number)):
            before = found.get(key)
            found[key] = VersionDict(
                number=number,
                of=number,
                captured_at=at,
                change=change,
                previous=before["captured_at"] if before else None,
            )
    return found


def changed_in(tx: Connection, run_id: str, kinds: Collection[str]) -> list[tuple[str, str, str | None]]:
    """The records of which a run met a change of these kinds: (kind, id, title), by kind and title."""
    query = (
        select(sighting.c.change, record.c.id, record.c.title)
        .join(record, record.c.id == sighting.c.record_id)
        .where(sighting.c.run_id == run_id, sighting.c.change.in_(sorted(kinds)))
        .order_by(sighting.c.change, record.c.title, record.c.id)
    )
    return [tuple(row) for row in tx.execute(query)]
