"""The open database: transactions, and the errors of a broken world said in one line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from sqlalchemy import ARRAY, ColumnElement, Connection, Engine, Result, Table, any_, func, literal, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from ingest.errors import StorageError, UnstorableError
from storage.engine import DEFAULT_URL, compact, open_engine
from storage.tables import memory

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Transaction: TypeAlias = Connection
"""What `Store.writing` and `Store.reading` hand out, for callers that know no SQL."""

# SQLite takes 32,766 variables in a statement, PostgreSQL 65,535; a few hundred keys a query are plenty.
CHUNK = 500
# What writers on PostgreSQL queue for.
_WRITER = 7305032


class Store:
    """A database that is open and up to date. Close it, or use it in a ``with`` block.

    Args:
        url: an SQLAlchemy URL, by default an SQLite file in ``data/``.
        must_exist: whether to refuse an SQLite file that is not there, instead of making it: for those who only look.

    Raises:
        ConfigError: the URL is no database URL.
        InputError: there is no such file, and it must exist.
        StorageError: the database cannot be opened.
    """

    def __init__(self, url: str = DEFAULT_URL, *, must_exist: bool = False) -> None:
        self.engine: Engine = open_engine(url, must_exist=must_exist)
        # SQLite's waiting for another writer is polling: threads of one process queue here instead.
        self._one_writer = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is stored, or nothing. One at a time, over all processes.

        SQLite knows no other way. On PostgreSQL two that store copies of one text at the same moment would not see each
        other, and two that touch the same rows in another order would lock each other out.

        Raises:
            StorageError: the database is locked, full or gone.
            UnstorableError: it does not take what it was given.
        """
        with self._one_writer, _clear_errors(), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_WRITER)))
            yield connection

    def compact(self, tables: Iterable[Table]) -> None:
        """Write the database anew without what was deleted from it: see `storage.engine.compact`."""
        with self._one_writer, _clear_errors():
            compact(self.engine, [table.name for table in tables])

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads: all of it from one snapshot."""
        with _clear_errors(), self.engine.connect().execution_options(read_only=True) as connection:
            if connection.dialect.name == "postgresql":  # its default is a new snapshot for each statement
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection


class SentenceMemory:
    """Sentences translated before, in the database: a repeated sentence costs nothing, also after a kill."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """The translations that are known, by key."""
        found: dict[str, str] = {}
        with self._store.reading() as connection:
            for chunk in chunks(keys):
                rows = connection.execute(select(memory.c.key, memory.c.text).where(memory.c.key.in_(chunk)))
                found.update((key, text) for key, text in rows)
        return found

    def remember(self, translations: Mapping[str, str]) -> None:
        """Keep translations; a key that is known keeps its text."""
        if translations:
            with self._store.writing() as connection:
                rows = [{"key": key, "text": text} for key, text in translations.items()]
                connection.execute(insert(connection, memory).on_conflict_do_nothing(), rows)


def insert(tx: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's dialect, which knows ON CONFLICT."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # late: it takes long to load, and SQLite needs nothing of it

        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(tx: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, all with the same columns; one whose primary key is there already takes these values."""
    if rows:
        statement = insert(tx, table)
        keys = [column.name for column in table.primary_key]
        changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def any_of(tx: Connection, column: ColumnElement[int], values: Iterable[int]) -> ColumnElement[bool]:
    """Whether an integer is one of very many: they travel as one parameter, and the statement is prepared once."""
    listed = sorted(values)
    if tx.dialect.name == "postgresql":
        return column == any_(literal(listed, ARRAY(column.type)))
    return column.in_(select(func.json_each(json.dumps(listed)).table_valued("value").c.value))


def insert_rows(tx: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows past SQLAlchemy, in a fraction of the time that rows by name take.

    Args:
        tx: a writing transaction.
        table: the table.
        rows: values of all its columns in their order, those of columns of JSON as `as_json` gives them.
    """
    if not rows:
        return
    if tx.dialect.name == "postgresql":
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        copy = f'COPY "{table.name}" ({names}) FROM STDIN'
        try:
            with tx.connection.cursor() as cursor, cursor.copy(copy) as lines:  # type: ignore[attr-defined]
                for row in rows:
                    lines.write_row(row)
        except tx.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(copy, None, error, tx.dialect.loaded_dbapi.Error, dialect=tx.dialect) from error
    else:
        tx.exec_driver_sql(_insert_sqlite(table), list(rows))


@cache
def _insert_sqlite(table: Table) -> str:
    return str(table.insert().compile(dialect=sqlite.dialect(paramstyle="qmark")))


def by_key(rows: Result[Any]) -> dict[Any, Any]:
    """The second column of rows by the first."""
    return {row[0]: row[1] for row in rows.all()}


def chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Slices short enough for one statement's variables."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def short_hash(digest: str) -> int:
    """The first 64 bits of a hex digest, as databases have integers."""
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


def long_hash(number: int) -> str:
    """The 16 hex digits that `short_hash` read."""
    return f"{number & (1 << 64) - 1:016x}"


def _is_refusal(error: StatementError) -> bool:
    """Whether a working database refused what it was given: its type, its size, a rule that it breaks."""
    # PostgreSQL's classes: wrong data, broken rules, limits (a row of an index that is too long).
    refused = str(getattr(error.orig, "sqlstate", None) or "").startswith(("22", "23", "54"))
    return refused or not isinstance(error, DBAPIError) or isinstance(error, DataError | IntegrityError)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (UnicodeError, OverflowError) as error:  # of SQLite's driver
        raise UnstorableError(f"the database does not take it: {error}") from error
    except StatementError as error:
        cause = str(error.orig).strip().splitlines()[0]
        if _is_refusal(error):
            raise UnstorableError(f"the database does not take it: {cause}") from error
        advice = {
            "database is locked": "another process has been writing for 30 s; try again when it is done",
            "database or disk is full": "make room on the disk, then run again: nothing that was committed is lost",
        }.get(cause, "what was committed before is safe; run again when the cause is mended")
        raise StorageError(f"the database failed: {cause}; {advice}") from error
