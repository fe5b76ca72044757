"""Empty databases for tests: SQLite always, PostgreSQL where NEWSMILL_TEST_POSTGRES names a server."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

from storage import engine

SERVER = os.environ.get("NEWSMILL_TEST_POSTGRES", "")
KINDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")),
]
_NUMBERS = itertools.count()


@contextmanager
def empty_database(kind: str, folder: Path, more: str = "") -> Iterator[str]:
    """The URL of a database that is empty, and gone afterwards; `more` is what PostgreSQL is told of it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'n.db'}"
        return
    name = f"newsmill_test_{os.getpid()}_{next(_NUMBERS)}"
    admin = sqlalchemy.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name} {more}")
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def first_schema(new: Path, old: Path, more: Sequence[str] = ()) -> None:
    """Copy what a run left into a database as 0.1.0 made it; `more` are further tables to copy."""
    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent / "migrations"))
    with sqlalchemy.create_engine(f"sqlite:///{old}").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with closing(sqlite3.connect(old)) as copied, copied:
        copied.execute("ATTACH ? AS new", (str(new),))
        for table in ("run", "url", "record", "segment", "outcome", "translation_state", *more):
            known = [row[1] for row in copied.execute(f"PRAGMA main.table_info({table})")]
            columns = ", ".join(known)
            copied.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
