"""Opening a database: SQLite by default, PostgreSQL by URL, one code path for both.

SQLite runs in WAL mode, waits 30 s for another writer, and starts every transaction that writes with BEGIN IMMEDIATE:
measured with four writers, a plain BEGIN that reads first failed at once on 84 of 100 batches in spite of the timeout.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ingest.errors import ConfigError, InputError, StorageError
from ingest.kept import kept
from storage.as_json import as_json, from_json

_DATA = Path("data")
DEFAULT_URL = f"sqlite:///{_DATA}/newsmill.db"
SCHEMA_HEAD = "0021"
"""The newest migration: a database that says so needs no look at the migrations (a test keeps this true)."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_S = 30
_JSON: Mapping[str, Any] = {"json_serializer": as_json, "json_deserializer": from_json}
_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})


def open_engine(url: str = DEFAULT_URL, *, must_exist: bool = False) -> Engine:
    """Connect, and bring the schema up to date.

    Raises:
        ConfigError: the URL is no database URL, or its driver is not installed.
        InputError: there is no such SQLite file, and it must exist.
        StorageError: the database cannot be opened, or is newer than this program.
    """
    parsed = _read_url(url)
    try:
        is_file = parsed.get_backend_name() == "sqlite"
        engine = _sqlite(parsed, must_exist=must_exist) if is_file else _server(parsed)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"no driver for {parsed.drivername}: for PostgreSQL install newsmill[postgres] and use postgresql+psycopg://"
        ) from error
    try:
        _migrate(engine)
    except StorageError:
        engine.dispose()
        raise
    except SQLAlchemyError as error:
        engine.dispose()
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        name = parsed.render_as_string(hide_password=True)
        if is_file and not _may_write(parsed):
            cause += ": it or its folder cannot be written to, and SQLite needs that also to read; make a copy"
        raise StorageError(f"cannot open the database {name}: {cause}; check storage.url, or --db") from error
    return engine


def folder_of(url: str, usual: Path = _DATA) -> Path:
    """The folder a database lives in; for a server the usual one for data, where its archive goes.

    Raises:
        ConfigError: the URL is no database URL.
    """
    parsed = _read_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return Path(parsed.database).parent
    return usual


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; ``None`` for a server.

    Raises:
        ConfigError: the URL is no database URL.
    """
    parsed = _read_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if is_file else None


def check_url(url: str) -> None:
    """Look at a database URL without opening anything.

    Raises:
        ConfigError: it is none, of a database that newsmill does not know, or of one in memory, which nobody could
            read afterwards. The message does not repeat it: it may hold a password.
    """
    parsed = _read_url(url)
    if parsed.drivername not in _DRIVERS:
        raise ConfigError(f"no driver for {parsed.drivername}: use sqlite:/// or postgresql+psycopg://")
    if parsed.get_backend_name() == "sqlite":
        name = parsed.database or ""
        if not name or name.startswith((":memory:", "file:")) or "mode" in parsed.query:
            raise ConfigError(f"a database needs a file, by its path: {DEFAULT_URL}, or sqlite:////srv/news/news.db")
        if parsed.host or parsed.username:
            raise ConfigError(f"sqlite takes three slashes before a path: {DEFAULT_URL}")


def compact(engine: Engine, tables: Sequence[str]) -> None:
    """Write a database anew without what was deleted from it, which else lies on between the rows for long.

    Args:
        engine: the database.
        tables: on a server, where each is locked meanwhile, those that something was deleted from.

    Raises:
        StorageError: others use it, or the disk is full.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in sorted(set(tables) & set(inspect(connection).get_table_names())):
                connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{name}"')
        return
    bare = engine.raw_connection()
    try:
        bare.cursor().execute("VACUUM")
        # All goes from the log into the file, and the log is cut: it holds pages as they were before.
        (busy, *_) = bare.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"the database cannot be written anew: {error}") from error
    finally:
        bare.close()
    if busy:
        raise StorageError("the database cannot be written anew: another process reads it all the time")


def _read_url(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):  # ValueError: of the port
        # What cannot be read may hold a password anywhere, and so may the error that this one would name as its cause.
        raise ConfigError(
            f"not a database URL: it must be like {DEFAULT_URL} or postgresql+psycopg://user:password@host:port/name"
        ) from None


def _sqlite(url: URL, *, must_exist: bool) -> Engine:
    if url.database not in (None, "", ":memory:"):
        folder = Path(url.database).parent
        if must_exist and not Path(url.database).is_file():
            raise InputError(
                f"there is no database {url.database}: newsmill run makes it, newsmill demo makes one to look at"
            )
        if folder.name == _DATA.name and folder.parent.is_dir():
            folder.mkdir(exist_ok=True)
        elif not folder.is_dir():
            raise StorageError(f"the folder of the database does not exist: create it with `mkdir -p {folder}`")
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S}, **_JSON)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _server(url: URL) -> Engine:
    # Without it a server in the C locale answers in bytes, and nobody comes as far as to be told so.
    engine = create_engine(url, connect_args={"client_encoding": "utf8"}, **_JSON)
    event.listen(engine, "connect", _check_encoding)
    return engine


def _check_encoding(connection: DBAPIConnection, _record: object) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StorageError(
            f"the database {connection.info.dbname} has the encoding {encoding}, and newsmill needs UTF8: make one with"
            " `createdb --encoding UTF8 --template template0`, or the server with `initdb --encoding UTF8`"
        )


def _may_write(url: URL) -> bool:
    path = Path(url.database or "")
    return all(os.access(one, os.W_OK) for one in (path, path.parent) if one.exists())


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not start transactions of its own: _begin_immediate does
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # Readers see a snapshot and must neither wait for a writer nor stop one.
    read_only: Any = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    with engine.connect().execution_options(read_only=True) as connection:
        version = None
        if inspect(connection).has_table("alembic_version"):
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version == SCHEMA_HEAD:
        return
    if version is not None and version > SCHEMA_HEAD:
        raise StorageError(f"the database has schema {version}, this newsmill knows {SCHEMA_HEAD}: upgrade newsmill")
    with engine.begin() as connection:
        # Two processes may open a new database at once: the second waits here and finds the work done.
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7305031)"))
        elif version is None and not inspect(connection).get_table_names():
            for statement in kept(f"schema-{SCHEMA_HEAD}-{_hash_of_migrations()}", _new_schema):
                connection.exec_driver_sql(statement)
            return
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _new_schema() -> tuple[str, ...]:
    """What makes a new SQLite database: all that the migrations, one after the other, come to."""
    scratch = create_engine("sqlite://")
    with scratch.begin() as connection:
        _upgrade(connection)
        made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        statements = tuple(connection.execute(text(made)).scalars())
    stamp = f"INSERT INTO alembic_version VALUES ('{SCHEMA_HEAD}')"  # noqa: S608 - our own constant
    return (*statements, stamp)


def _hash_of_migrations() -> str:
    made = blake2b(digest_size=8)
    for path in sorted(_MIGRATIONS.rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
