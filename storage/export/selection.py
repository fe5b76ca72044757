"""Which records are exported, read in portions: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, exists, func, select

from storage.shape import RecordDict
from storage.store import CHUNK, Store, Transaction
from storage.tables import change, duplicate, record
from storage.views import read_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records: those that meet all that is given.

    `first_day` and `last_day` are of the publication as the page dates it, YYYY-MM-DD, both included. `licence` is part
    of what the page says, in any case. `since` is the cursor of an earlier export: what is new or has changed after it.
    """

    canonical_only: bool = False
    language: str | None = None
    source: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    licence: str | None = None
    since: int | None = None


EVERYTHING = Selection()


def iterate_records(store: Store, target: str, selection: Selection = EVERYTHING) -> Iterator[RecordDict]:
    """Records as docs/record.schema.json describes them, by id, translations in the language `target`.

    Changes that have no number yet are not seen by `since`: `storage.changes.numbered` gives them theirs.
    """
    with store.reading() as tx:
        yield from read_selected(tx, target, selection)


def read_selected(
    tx: Transaction, target: str, selection: Selection, *, by_partition: bool = False
) -> Iterator[RecordDict]:
    """The same in a transaction; by day, language and id where `by_partition` is wanted."""
    query = selected(selection)
    if by_partition:
        query = query.order_by(func.coalesce(_DAY, ""), record.c.language)
    query = query.order_by(record.c.id)
    for part in tx.execute(query, execution_options={"yield_per": CHUNK}).scalars().partitions():
        yield from cast("Iterator[RecordDict]", read_records(tx, part, target))


def selected(selection: Selection) -> Select[Any]:
    """The ids of the selected records, in no order."""
    return select(record.c.id).where(*_conditions(selection))


_DAY = func.substr(record.c.published_at, 1, 10)


def _conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    if selection.since is not None:
        yield record.c.id.in_(select(change.c.record_id).where(change.c.number > selection.since))
    if selection.canonical_only:
        yield ~exists().where(duplicate.c.record_id == record.c.id, duplicate.c.is_canonical.is_(False))
    if selection.language is not None:
        yield record.c.language == selection.language
    if selection.source is not None:
        yield record.c.source == selection.source
    if selection.first_day is not None:
        yield selection.first_day <= _DAY
    if selection.last_day is not None:
        yield selection.last_day >= _DAY
    if selection.licence is not None:
        yield func.lower(record.c.licence).contains(selection.licence.lower(), autoescape=True)
