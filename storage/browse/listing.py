"""Records in a list: the newest first, filtered, a page at a time.

A page is asked for by the record it lies behind, not by a number: that costs the same at any depth, and no record is
shown twice or left out because others have come meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, func, select, text, tuple_

from storage.selection import Selection, selected_ids
from storage.store import Store, Transaction
from storage.tables import TITLE, change, duplicate, mark, record, translation, translation_state

_ORDER = (record.c.dated, record.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A record in a list. `relation` is that to the canonical record of its cluster; `status` of its translation."""

    id: str
    title: str | None
    translated_title: str | None
    url: str
    outlet: str | None
    language: str
    dated: str
    published: bool
    relation: str
    copies: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """Some records, and whether there are newer and older ones."""

    rows: Sequence[Listed]
    newer: bool
    older: bool


@contextmanager
def snapshot(store: Store) -> Iterator[Transaction]:
    """All reads see the same, and nothing can be written, whatever is asked.

    Raises:
        StorageError: the database is gone.
    """
    with store.reading() as tx:
        if tx.dialect.name == "postgresql":  # `reading` has seen to it
            yield tx
            return
        tx.execute(text("PRAGMA query_only = ON"))
        try:
            yield tx
        finally:  # the connection goes back to where others take it to write
            tx.execute(text("PRAGMA query_only = OFF"))


def list_records(
    tx: Connection,
    selection: Selection,
    *,
    target: str,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> ListedPage:
    """A page of the selected records, the newest first.

    Args:
        tx: where to read.
        selection: which records.
        target: the language of translated titles.
        after: the id of the record that the page follows, towards older ones.
        before: instead of it: the one that it precedes.
        limit: how many records a page has at most.

    Returns:
        The page; an empty one where `after` or `before` is no record.
    """
    towards_newer = before is not None and after is None
    edge = after or before
    query = selected_ids(selection)
    if edge is not None:
        place = tx.execute(select(*_ORDER).where(record.c.id == edge)).first()
        if place is None:
            return ListedPage(rows=(), newer=False, older=False)
        # Said for `dated` alone too: SQLite then begins at the right place of the index.
        if towards_newer:
            query = query.where(record.c.dated >= place.dated, tuple_(*_ORDER) > tuple_(*place))
        else:
            query = query.where(record.c.dated <= place.dated, tuple_(*_ORDER) < tuple_(*place))
    order = _ORDER if towards_newer else tuple(column.desc() for column in _ORDER)
    ids = list(tx.execute(query.order_by(*order).limit(limit + 1)).scalars())
    more = len(ids) > limit
    ids = ids[:limit]
    if towards_newer:
        ids.reverse()
    back = edge is not None and bool(ids)
    return ListedPage(
        rows=read_listed(tx, ids, target),
        newer=more if towards_newer else back,
        older=back if towards_newer else more,
    )


def listed_ids(tx: Connection, selection: Selection) -> list[str]:
    """The ids of all selected records, the newest first."""
    order = tuple(column.desc() for column in _ORDER)
    return list(tx.execute(selected_ids(selection).order_by(*order)).scalars())


def read_listed(tx: Connection, ids: Sequence[str], target: str) -> list[Listed]:
    """Records as lists show them, in the order of `ids`; those that do not exist are left out."""
    known = record.c
    title = translation.alias()
    made = (title.c.record_id == known.id) & (title.c.target == target) & (title.c.position == TITLE)
    state = (translation_state.c.record_id == known.id) & (translation_state.c.target == target)
    columns = (known.id, known.title, known.url, known.source, known.publisher, known.language, known.dated)
    query = (
        select(
            *columns,
            known.published_at.is_not(None).label("published"),
            title.c.text.label("translated_title"),
            func.coalesce(translation_state.c.status, "pending").label("status"),
            func.coalesce(duplicate.c.relation, "original").label("relation"),
            _others(),
        )
        .select_from(
            record.outerjoin(title, made)
            .outerjoin(translation_state, state)
            .outerjoin(duplicate, duplicate.c.record_id == known.id)
        )
        .where(known.id.in_(ids))
    )
    rows = {row["id"]: _listed(row) for row in tx.execute(query).mappings()}
    return [rows[key] for key in ids if key in rows]


def count_records(tx: Connection, selection: Selection, *, most: int) -> int:
    """How many records are selected; more than `most` are not counted, so that the answer comes at once."""
    query = selected_ids(selection).limit(most + 1)
    return tx.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def choices(tx: Connection) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The languages and the sources there are, each with its records, the most frequent first."""

    def counted(column: ColumnElement[Any]) -> list[tuple[str, int]]:
        query = select(column, func.count()).where(column.is_not(None)).group_by(column)
        return [(row[0], row[1]) for row in tx.execute(query.order_by(func.count().desc(), column))]

    return counted(record.c.language), counted(record.c.source)


def changed_since(tx: Connection, number: int) -> bool:
    """Whether a record has changed since the changes had this number (see `storage.changes`)."""
    later = tx.execute(select(exists().where(change.c.number > number))).scalar()
    return bool(later or tx.execute(select(exists().where(mark.c.id.is_not(None)))).scalar())


def _others() -> ColumnElement[int]:
    """How many more records the cluster has."""
    member = duplicate.alias()
    of_cluster = select(func.count() - 1).where(member.c.cluster == duplicate.c.cluster)
    return func.coalesce(of_cluster.correlate(duplicate).scalar_subquery(), 0).label("copies")


def _listed(row: RowMapping) -> Listed:
    return Listed(
        id=row["id"],
        title=row["title"],
        translated_title=row["translated_title"],
        url=row["url"],
        outlet=row["source"] or row["publisher"],
        language=row["language"],
        dated=row["dated"],
        published=row["published"],
        relation=row["relation"],
        copies=max(0, row["copies"]),
        status=row["status"],
    )
