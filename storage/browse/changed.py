"""Records by their changes: all, or what is new since a cursor, a portion at a time (see `storage.changes`).

A cursor of an export says that everything up to a number is known. Several records have one number, so that the cursor
within a portion has also the id of the last record that was given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, tuple_

from ingest.errors import InputError
from storage.changes import newest_number
from storage.selection import Selection, selected_ids
from storage.store import Transaction
from storage.tables import change, record

_CURSOR = re.compile(r"([0-9]{1,18})(?:\.([0-9a-f]{1,64}))?")
_BEHIND_ALL = "g"
"""Behind all ids, which are hex digits, whatever the collation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Ids in the order of their changes; `cursor` is for the next portion, of which there is one if there is `more`."""

    ids: Sequence[str]
    cursor: str
    more: bool


def changed_ids(tx: Transaction, cursor: str, selection: Selection, limit: int) -> Portion:
    """The selected records that are new or have changed behind a cursor, `limit` at most.

    Raises:
        InputError: the cursor is none, or not of this database.
    """
    number, after = _read(cursor)
    newest = newest_number(tx)
    if number > newest:
        raise InputError(f"the cursor {cursor} is not from this database, whose newest is {newest}: begin with 0")
    order = (change.c.number, change.c.record_id)
    query = (
        select(*order)
        # Said for `number` alone too: SQLite then begins at the right place of the index.
        .where(change.c.number >= number, tuple_(*order) > tuple_(literal(number), literal(after)))
        .where(selected_ids(selection).where(record.c.id == change.c.record_id).exists())
        .order_by(*order)
        .limit(limit + 1)
    )
    rows = tx.execute(query).all()
    more = len(rows) > limit
    ids = [row.record_id for row in rows[:limit]]
    behind = f"{rows[limit - 1].number}.{ids[-1]}" if more else str(newest)
    return Portion(ids=ids, cursor=behind, more=more)


def _read(cursor: str) -> tuple[int, str]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InputError("that is no cursor: take the one of the last answer, that of an export, or 0")
    return int(found[1]), found[2] or _BEHIND_ALL
