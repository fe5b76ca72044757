"""Secrets stay where they were set: in no message, log, database, archive or output."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from support.command import newsmill
from support.texts import save_texts

from flows.settings import load_settings
from ingest.errors import ConfigError, StorageError
from storage.engine import folder_of, open_engine

SECRET = "Tallow-Kiln-58"  # what no program writes of its own accord


def found_in(folder: Path) -> list[str]:
    """The files of a folder that hold the secret, packed or not."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    plain = {path: path.read_bytes() for path in files}
    return [
        str(path)
        for path, data in plain.items()
        if SECRET.encode() in data or (path.suffix == ".gz" and SECRET.encode() in gzip.decompress(data))
    ]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg//reader:{SECRET}@db.example/news",
        f"postgresql+psycopg://reader:{SECRET}@db.example:port/news",
        f"postgresql+psycopg://reader:{SECRET}@[::1/news",
        f"://reader:{SECRET}@db.example",
        f"nothing+such://reader:{SECRET}@db.example/news",
        f"postgresql+psycopg://reader:{SECRET}@127.0.0.1:1/news",
    ],
)
def test_no_error_of_a_database_shows_its_password(url: str) -> None:
    """Neither a URL with a mistake in it nor a server that is not there is named with its password."""
    with pytest.raises((ConfigError, StorageError)) as caught:
        open_engine(url)
    error: BaseException | None = caught.value
    assert SECRET not in str(error)
    while error is not None and not error.__suppress_context__:  # what a traceback would show
        error = error.__cause__ or error.__context__
        assert SECRET not in str(error)


def test_no_folder_of_a_broken_address_shows_its_password() -> None:
    """The folder of a database is asked for before it is opened."""
    with pytest.raises(ConfigError) as caught:
        folder_of(f"postgresql+psycopg://reader:{SECRET}@db.example:port/news")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSMILL_NOTIFY__URL", f"ftp://hooks.example/{SECRET}"),
        ("NEWSMILL_NOTIFY__FORMAT", SECRET),
    ],
)
def test_no_wrong_setting_is_repeated(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is wrong is named, not shown."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)


def test_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs the settings logs no secret."""
    monkeypatch.setenv("NEWSMILL_FETCH__PROXY", f"http://user:{SECRET}@proxy.example:8080")
    monkeypatch.setenv("NEWSMILL_NOTIFY__URL", f"https://hooks.example/{SECRET}")
    settings = load_settings()
    assert SECRET not in f"{settings!r} {settings}"


@pytest.mark.parametrize("arguments", [["urls", "http://93.184.215.14/a"], ["files", "texts"]])
def test_a_run_leaves_no_secret_behind(tmp_path: Path, arguments: list[str]) -> None:
    """A verbose run through a dead proxy, with a webhook set: no output, no table and no archive has a secret."""
    save_texts(tmp_path / "texts")
    done = newsmill(
        "run",
        *arguments,
        "--json",
        "--no-translate",
        "-v",
        home=tmp_path,
        NEWSMILL_FETCH__PROXY=f"http://user:{SECRET}@127.0.0.1:1",
        NEWSMILL_FETCH__ATTEMPTS="1",
        NEWSMILL_NOTIFY__URL=f"http://127.0.0.1:1/{SECRET}",
    )
    assert '"seeds": ' in done.stdout, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert (tmp_path / "data" / "newsmill.db").exists()
    assert found_in(tmp_path) == []


def test_a_verbose_failure_shows_no_password(tmp_path: Path) -> None:
    """The traceback that -v gives has none either."""
    save_texts(tmp_path / "texts")
    for url in (f"postgresql+psycopg://r:{SECRET}@127.0.0.1:1/n", f"postgresql+psycopg://r:{SECRET}@h:port/n"):
        done = newsmill("run", "files", "texts", "-v", "--db", url, home=tmp_path)
        assert done.returncode != 0
        assert SECRET not in done.stdout + done.stderr
