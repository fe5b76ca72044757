"""What is known of one source, or of one author: records by language and source, duplicates, feeds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, func, select

from storage.selection import Selection, selected_ids, shown_source
from storage.tables import listing, record, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A listing of a source: how many entries it had when it was last read, when and in which run that was.

    `asked_at` is when it was last asked; `reason` says why nothing could be read from it then.
    """

    url: str
    kind: str | None
    entries: int | None
    read_at: str | None
    run_id: str | None
    asked_at: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Some records: how many there are, how many of them are duplicates of others, and how many in each language."""

    records: int
    duplicates: int
    languages: list[tuple[str, int]]


def holdings(tx: Connection, selection: Selection) -> Holdings:
    """Count the selected records."""
    languages = _counted(tx, selection, record.c.language)
    duplicates = selected_ids(replace(selection, duplicates_only=True)).subquery()
    return Holdings(
        records=sum(count for _, count in languages),
        duplicates=tx.execute(select(func.count()).select_from(duplicates)).scalar_one(),
        languages=languages,
    )


def sources_of(tx: Connection, selection: Selection) -> list[tuple[str, int]]:
    """The sources of the selected records as they are shown, the most frequent first."""
    return _counted(tx, selection, shown_source())


def feeds(tx: Connection, source: str) -> list[Feed]:
    """The listings of a source that its newest run asked for, and what became of them, by address."""
    query = (
        select(listing.c.url, listing.c.kind, listing.c.entries, listing.c.reason, run.c.id, run.c.started_at)
        .join(run, run.c.id == listing.c.run_id)
        .where(listing.c.source == source)
        .order_by(run.c.started_at, run.c.id)
    )
    found: dict[str, Feed] = {}
    newest = ""
    for row in tx.execute(query):
        before, newest = found.get(row.url), row.started_at
        read = row.reason is None
        found[row.url] = Feed(
            url=row.url,
            kind=row.kind or (before.kind if before else None),
            entries=row.entries if read else before.entries if before else None,
            read_at=row.started_at if read else before.read_at if before else None,
            run_id=row.id if read else before.run_id if before else None,
            asked_at=row.started_at,
            reason=row.reason,
        )
    return sorted((one for one in found.values() if one.asked_at == newest), key=lambda one: one.url)


def _counted(tx: Connection, selection: Selection, column: ColumnElement[str]) -> list[tuple[str, int]]:
    query = selected_ids(selection).with_only_columns(column, func.count()).group_by(column)
    return [(row[0], row[1]) for row in tx.execute(query.order_by(func.count().desc(), column))]
