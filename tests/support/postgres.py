"""A PostgreSQL server of the tests' own, which they may stop, kill and start again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
PG_CTL = shutil.which("pg_ctl") or (str(_INSTALLED[-1]) if _INSTALLED else "")
"""The program that starts and stops servers; empty where none is installed."""


class PostgresServer:
    """A server with its own data folder, on loopback; a context manager."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder = Path(tempfile.mkdtemp(prefix="newsmill-pg-"))
        # The server refuses to run as root.
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self._user:
            shutil.chown(self._folder, "postgres", "postgres")

    def __enter__(self) -> Self:
        initdb = str(Path(PG_CTL).with_name("initdb"))
        self._call(initdb, "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start it, after a kill with recovery, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -h 127.0.0.1"
        log = str(self._folder / "log")
        self._call(PG_CTL, "-D", str(self._folder / "data"), "-w", "-o", options, "-l", log, "start")

    def stop(self) -> None:
        """Stop it as a crash does: nothing is written back, the next start recovers."""
        self._call(PG_CTL, "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def end_connections(self) -> None:
        """End all connections, whatever they are doing."""
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self._ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def new_database(self, name: str) -> str:
        """Make an empty database; returns its URL."""
        self._ask(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _ask(self, statement: str) -> None:
        engine = sqlalchemy.create_engine(
            f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres", isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def _call(self, *command: str) -> None:
        # Not captured: the server would inherit the pipe and keep it open.
        subprocess.run(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **self._user
        )
