"""`newsmill export` and `newsmill search` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command import newsmill
from support.making import make_stored

from storage import records, runs
from storage.store import Store

TEXT = "The bell of Saint Olave's rang by itself on Tuesday. Nobody but Kassym Tokayev, who mends it, was surprised."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one record in its database."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "data").mkdir()
    with Store(f"sqlite:///{folder / 'data' / 'newsmill.db'}") as store, store.writing() as tx:
        records.add_records(tx, [make_stored(TEXT, title="A bell")], runs.start_run(tx, "urls", "en"))
    return folder


def test_an_export_prints_its_cursor(home: Path) -> None:
    """What was written is said on standard error, with the cursor for the next export, which has nothing new."""
    first = newsmill("export", "--format", "csv", "--out", "all.csv", home=home)
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "1 record in all.csv\ncursor 1\n")
    assert json.loads((home / "all.csv.manifest.json").read_text(encoding="utf-8"))["cursor"] == 1
    second = newsmill("export", "--out", "-", "--since", "1", home=home)
    assert (second.stdout, second.stderr) == ("", "0 records\ncursor 1\n")


def test_a_search_finds_and_says_where(home: Path) -> None:
    """A name in another spelling is found; with --json the output is one object."""
    assert "Kassym Tokayev" in newsmill("search", "Tokajew", "bell", home=home).stdout
    (hit,) = json.loads(newsmill("search", "--json", "--", "Tokaev", "-ferry", home=home).stdout)["hits"]
    assert (hit["title"], [hit["snippet"][start:end] for start, end in hit["marks"]]) == ("A bell", ["Tokayev"])
    assert newsmill("search", "zeppelin", home=home).stdout == "nothing found\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search", '"bell'], "without its partner"),
        (["search", "bell", "--from", "yesterday"], "Invalid value for '--from'"),
        (["export", "--out", "x.jsonl", "--since", "99"], "not from this database"),
        (["export", "--out", "-", "--format", "parquet"], "parquet is a folder"),
        (["export", "--out", "x.atom", "--format", "atom", "--since", "0"], "leave the cursor out"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, arguments: list[str], message: str) -> None:
    """One line, status 2, and nothing is written."""
    result = newsmill(*arguments, home=home)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(home.glob("x*")) == []
