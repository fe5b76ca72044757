"""What people expect of a command line: short options, other names, formats by ending, filters that say why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.databases import SERVER, empty_database
from support.hostile import HostileServer, reply
from support.making import make_stored
from support.shell import newsmill

from ingest.errors import StorageError
from storage import records, runs
from storage.authors import set_authors
from storage.engine import open_engine
from storage.formats import ExportFormat, format_of
from storage.store import Store
from storage.views import all_ids

TEXT = "The bell of Saint Olave's rang by itself on Tuesday. Nobody but Kassym Tokayev, who mends it, was surprised."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one record of a publisher, and of no source, in its database."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    with Store("sqlite:///data/newsmill.db") as store, store.writing() as tx:
        made = make_stored(TEXT, title="A bell", publisher="Harbour Post", source=None)
        records.add_records(tx, [made], runs.start_run(tx, "urls", "en"))
    return tmp_path


@pytest.mark.parametrize("arguments", [["-h"], ["run", "-h"], ["run", "urls", "-h"], ["export", "-h"]], ids=" ".join)
def test_help_has_a_short_option(arguments: list[str]) -> None:
    """-h is --help, at every command."""
    long = newsmill(*arguments[:-1], "--help")
    short = newsmill(*arguments)
    assert (short.status, short.stdout) == (0, long.stdout)


def test_the_version_is_told() -> None:
    """One line, with the name of the program."""
    said = newsmill("--version")
    assert (said.status, said.stdout.split()[0]) == (0, "newsmill")
    assert said.stdout.count("\n") == 1


def test_completion_can_be_had() -> None:
    """Shells can be taught the commands and options."""
    assert "--install-completion" in newsmill("--help").stdout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(["stat", "-h"], ["stats", "-h"]), (["run", "url", "-h"], ["run", "urls", "-h"]),
     (["source", "ls", "-h"], ["sources", "list", "-h"]), (["duplicate", "-h"], ["duplicates", "-h"])],
)  # fmt: skip
def test_singular_and_plural_mean_the_same(typed: list[str], meant: list[str]) -> None:
    """Who types the other form is understood."""
    assert newsmill(*typed).stdout.split("\n\n")[1:] == newsmill(*meant).stdout.split("\n\n")[1:]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x.csv", ExportFormat.CSV), ("x.CSV.gz", ExportFormat.CSV), ("x.md", ExportFormat.MARKDOWN),
     ("x.jsonl.gz", ExportFormat.JSONL), ("x", ExportFormat.JSONL), ("-", ExportFormat.JSONL),
     ("2026.03", ExportFormat.JSONL), ("news.atom", ExportFormat.ATOM), ("r.parquet", ExportFormat.PARQUET)],
)  # fmt: skip
def test_a_name_says_the_format(name: str, kind: ExportFormat) -> None:
    """By its ending, before that of compression."""
    assert format_of(Path(name)) is kind


def test_an_export_goes_by_the_ending(home: Path) -> None:
    """A CSV is written into a file that is called so; --json tells what was written; .json may be several things."""
    said = newsmill("export", "out.csv", "--json")
    assert json.loads(said.stdout) == {"records": 1, "cursor": 1, "format": "csv", "path": "out.csv"}
    assert Path("out.csv").read_text(encoding="utf-8").startswith("id,url,")
    assert newsmill("export", "--out", "out.md").status == 0
    assert Path("out.md").read_text(encoding="utf-8").startswith("# A bell\n")
    refused = newsmill("export", "out.json")
    assert (refused.status, "--format" in refused.stderr) == (2, True)
    assert newsmill("export").status == 2


def test_a_filter_by_what_is_shown_finds_it(home: Path) -> None:
    """Where a record has no source, its publisher is what lists show and what --source takes."""
    assert len(newsmill("export", "-", "--source", "Harbour Post").stdout.splitlines()) == 1
    assert json.loads(newsmill("search", "bell", "--source", "Harbour Post", "--json").stdout)["records"] == 1


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (["--source", "Harbor Post"], "no record of the source 'Harbor Post'; there are: Harbour Post"),
        (["--language", "English"], "no record in the language 'English'; there are: en"),
        (["--language", "en", "--from", "2199-01-01"], "no record meets all filters together"),
    ],
)
def test_filters_that_match_nothing_say_so(home: Path, option: list[str], words: str) -> None:
    """A warning on standard error names what there is; the exit status stays 0."""
    said = newsmill("export", "-", *option)
    assert (said.status, said.stdout) == (0, "")
    assert f"warning: {words}" in said.stderr


@pytest.mark.parametrize(
    ("option", "found", "words"),
    [
        (["--author", "KASSYM tokayev"], 1, ""),
        (["--author", "K Tokayev"], 0, "no record by 'K Tokayev'; authors like it: kassym tokayev"),
        (["--run", "r1"], 0, "no run 'r1'; the newest are: 20"),
        (["--only", "pending", "--author", "Kassym Tokayev"], 0, "no record meets all filters together"),
    ],
)
def test_a_search_takes_the_filters_of_the_pages(home: Path, option: list[str], found: int, words: str) -> None:
    """By author in any case, by run, by what it waits for; what matches nothing is said."""
    with Store("sqlite:///data/newsmill.db") as store, store.writing() as tx:
        set_authors(tx, {one: ["Kassym Tokayev"] for one in all_ids(tx)})
    said = newsmill("search", "bell", "--json", *option)
    assert json.loads(said.stdout)["records"] == found
    assert words in said.stderr


def test_what_would_be_fetched_can_be_listed(
    server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--url-only prints each address once, of a list or of what sources announce, and makes no database."""
    monkeypatch.chdir(tmp_path)
    url = "https://example.org/a-story"
    said = newsmill("run", "urls", url, "https://example.org/a-story?utm_source=x", "--url-only")
    assert (said.status, said.stdout) == (0, f"{url}\n")
    item = "<item><title>A story</title><link>https://news.example/2026/a-story</link></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>E</title>{item}</channel></rss>'
    server.answers["/rss.xml"] = reply(feed.encode(), content_type="application/rss+xml")
    (tmp_path / "config").mkdir()
    table = f'[[source]]\nname = "Sund Post"\nlanguage = "sv"\nfeeds = ["{server.url("/rss.xml")}"]\n'
    (tmp_path / "config" / "sources.toml").write_text(table, encoding="utf-8")
    monkeypatch.setenv("NEWSMILL_FETCH__ALLOW_PRIVATE", f"127.0.0.1:{server.port}")
    assert newsmill("run", "nightly", "--url-only").stdout == "https://news.example/2026/a-story\n"
    assert not (tmp_path / "data").exists()
    assert "Sund Post" in newsmill("sources", "list").stdout
    (listed,) = json.loads(newsmill("sources", "list", "--json").stdout)["sources"]
    assert (listed["name"], listed["language"]) == ("Sund Post", "sv")


def test_a_new_database_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is in the wrong folder sees it: the first run there names the file that it makes, later ones do not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(f"A bell\n\n{TEXT}\n", encoding="utf-8")
    line = f"new database: {tmp_path / 'data' / 'newsmill.db'} "
    assert line in newsmill("run", "files", "a.txt").stderr
    assert "new database" not in newsmill("run", "files", "a.txt").stderr


@pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")
def test_a_database_that_cannot_hold_every_letter_is_refused(tmp_path: Path) -> None:
    """A PostgreSQL database in the C locale's encoding is refused in one line that says how to make another."""
    ascii_only = "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    with empty_database("postgresql", tmp_path, ascii_only) as url, pytest.raises(StorageError) as refused:
        open_engine(url)
    assert "SQL_ASCII" in str(refused.value)
    assert "createdb --encoding UTF8" in str(refused.value)
