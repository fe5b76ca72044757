"""By whom records are: found by a name in any case, alike in every database."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, delete, select

from storage.store import chunks
from storage.tables import author, record

_LONGEST = 200
"""Letters of a key; an index of PostgreSQL takes 2,700 bytes."""


def author_key(name: str) -> str:
    """A name as it is looked for: without case, in one way of writing its letters, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:_LONGEST]


def has_author(name: str) -> ColumnElement[bool]:
    """Whether a record is by somebody, alone or with others."""
    return record.c.id.in_(select(author.c.record_id).where(author.c.key == author_key(name)))


def is_author(tx: Connection, name: str) -> bool:
    """Whether any record is by somebody."""
    return tx.execute(select(author.c.key).where(author.c.key == author_key(name)).limit(1)).first() is not None


def like_author(tx: Connection, name: str, most: int) -> list[str]:
    """Authors that share the last word with a name, in small letters."""
    last = author_key(name).rpartition(" ")[2]
    query = select(author.c.key).where(author.c.key.contains(last, autoescape=True)).distinct()
    return list(tx.execute(query.order_by(author.c.key).limit(most)).scalars())


def set_authors(tx: Connection, authors: Mapping[str, Sequence[str]], *, fresh: bool = False) -> None:
    """Note who wrote records; `fresh` says that nothing is known of them yet."""
    for chunk in chunks([] if fresh else sorted(authors)):
        tx.execute(delete(author).where(author.c.record_id.in_(chunk)))
    rows = [
        {"key": key, "record_id": record_id}
        for record_id, names in authors.items()
        for key in sorted({author_key(name) for name in names})
    ]
    if rows:
        tx.execute(author.insert(), rows)
