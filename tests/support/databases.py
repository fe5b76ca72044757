"""Empty databases for tests: SQLite always, PostgreSQL where NEWSMILL_TEST_POSTGRES names a server."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy

SERVER = os.environ.get("NEWSMILL_TEST_POSTGRES", "")
KINDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")),
]
_NUMBERS = itertools.count()


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a database that is empty, and gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'n.db'}"
        return
    name = f"newsmill_test_{os.getpid()}_{next(_NUMBERS)}"
    admin = sqlalchemy.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()
