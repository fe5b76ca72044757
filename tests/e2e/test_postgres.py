"""The same on PostgreSQL: needs a server, named by NEWSMILL_TEST_POSTGRES (.ci/run starts one)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from support.command import counts, newsmill
from support.texts import MARKET_NEWS, save_texts

from flows.demo.model import unpack_packages

SERVER = os.environ.get("NEWSMILL_TEST_POSTGRES", "")

pytestmark = pytest.mark.skipif(not SERVER, reason="no PostgreSQL server is named by NEWSMILL_TEST_POSTGRES")


@pytest.fixture
def database() -> Iterator[str]:
    """A fresh database on the server."""
    admin = sqlalchemy.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS newsmill_test")
        connection.exec_driver_sql("CREATE DATABASE newsmill_test")
    yield admin.url.set(database="newsmill_test").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE newsmill_test WITH (FORCE)")
    admin.dispose()


def test_postgresql_holds_what_sqlite_holds(tmp_path: Path, database: str) -> None:
    """The same files give the same records, copies and translations, and a second run stores nothing."""
    texts = save_texts(tmp_path / "texts")
    (texts / "half.txt").write_text(MARKET_NEWS[: len(MARKET_NEWS) * 2 // 3], encoding="utf-8")
    unpack_packages(tmp_path / "models")
    models = {"NEWSMILL_TRANSLATE__PACKAGES_DIR": str(tmp_path / "models")}
    found = []
    for url in (database, "sqlite:///n.db"):
        first = newsmill("run", "files", "texts", "--json", "--db", url, home=tmp_path, **models)
        assert first.returncode == 0, first.stderr
        assert {name: counts(first)[name] for name in ("stored", "duplicates", "translated")} == {
            "stored": 5,
            "duplicates": 1,
            "translated": 1,
        }
        assert (
            counts(newsmill("run", "files", "texts", "--json", "--db", url, home=tmp_path, **models))["unchanged"] == 5
        )
        exported = newsmill("export", "--out", "-", "--db", url, home=tmp_path).stdout
        found.append([_lasting(json.loads(line)) for line in exported.splitlines()])
    assert found[0] == found[1]


def test_everything_that_looks_works_on_postgresql(tmp_path: Path, database: str) -> None:
    """`stats`, `duplicates`, `show` and `models list` answer."""
    save_texts(tmp_path / "texts")
    newsmill("run", "files", "texts", "--json", "--db", database, home=tmp_path)
    record = json.loads(newsmill("export", "--out", "-", "--db", database, home=tmp_path).stdout.splitlines()[0])
    for command in (
        ["stats"],
        ["duplicates"],
        ["duplicates", record["id"]],
        ["show", record["id"][:8]],
        ["models", "list"],
    ):
        result = newsmill(*command, "--db", database, home=tmp_path)
        assert (result.returncode, result.stderr) == (0, ""), command


def _lasting(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what differs from run to run."""
    provenance = {name: value for name, value in record["provenance"].items() if name not in ("run_id", "archive")}
    return {**record, "fetched_at": None, "provenance": provenance}
