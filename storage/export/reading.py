"""Records read for an export, in portions: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from sqlalchemy import func

from storage.export.versions import with_versions
from storage.record_types import RecordDict
from storage.selection import EVERYTHING, Selection, selected_ids
from storage.store import CHUNK, Store, Transaction
from storage.tables import record
from storage.views import read_records


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
    query = selected_ids(selection)
    if by_partition:
        query = query.order_by(func.coalesce(func.substr(record.c.published_at, 1, 10), ""), record.c.language)
    query = query.order_by(record.c.id)
    read = with_versions if selection.versions else read_records
    for part in tx.execute(query, execution_options={"yield_per": CHUNK}).scalars().partitions():
        yield from cast("Iterator[RecordDict]", read(tx, part, target))
