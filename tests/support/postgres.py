"""A PostgreSQL server of the tests' own, which they may stop, kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy
from sqlalchemy.exc import OperationalError
from support.command import LEASH

# After a kill it waits for the end of its old processes and reads its log: a second here.
_PATIENCE_S = 180

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
INITDB = shutil.which("initdb") or (str(_INSTALLED[-1]) if _INSTALLED else "")
"""The program that makes the folder of a server; empty where none is installed."""


class PostgresServer:
    """A server with its own data folder, on loopback; a context manager."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder = Path(tempfile.mkdtemp(prefix="newsmill-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        # The server refuses to run as root.
        self._user: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self._user:
            shutil.chown(self._folder, "postgres", "postgres")

    def __enter__(self) -> Self:
        make = [INITDB, "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync"]
        make += ["--encoding", "UTF8"]  # whatever the locale of this process says
        subprocess.run(make, cwd=self._folder, stdout=subprocess.DEVNULL, check=True, **self._user)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start it, after a kill with recovery, and wait until it answers."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            # While a process of a killed server is still there, a new one ends at once.
            if self._process is None or self._process.poll() is not None:
                self._process = self._begin()
            try:
                self._ask("SELECT 1")
            except OperationalError:
                time.sleep(0.05)
            else:
                return
        self._end(signal.SIGKILL)
        raise AssertionError((self._folder / "log").read_text(encoding="utf-8")[-2000:])

    def crash(self) -> None:
        """Kill the server, which writes nothing back, and start it again."""
        self._end(signal.SIGKILL)
        self.start()

    def end_connections(self) -> None:
        """End all connections, whatever they are doing."""
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self._ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def new_database(self, name: str) -> str:
        """Make an empty database; returns its URL."""
        self._ask(f"CREATE DATABASE {name}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _ask(self, statement: str) -> None:
        engine = sqlalchemy.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()

    def _begin(self) -> subprocess.Popen[bytes]:
        options = ["-p", str(self.port), "-k", str(self._folder), "-h", "127.0.0.1"]
        command = [*LEASH, str(Path(INITDB).with_name("postgres")), "-D", str(self._folder / "data"), *options]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, **self._user)

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(_PATIENCE_S)
