"""The installed command, used as a user uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from support.command import counts, environment, installed, newsmill
from support.texts import FORUM_POST, MARKET_NEWS, save_texts

from flows.cli.app import app

ROOT = Path(__file__).parents[2]
HEAVY = (
    "prefect",
    "trafilatura",
    "argostranslate",
    "ctranslate2",
    "sqlalchemy",
    "numpy",
    "httpx",
    "pydantic",
    "wordfreq",
)

INGESTION = ("prefect", "trafilatura", "argostranslate", "ctranslate2", "httpx", "wordfreq", "ingest.pipeline")


def records(home: Path, *options: str) -> list[dict[str, Any]]:
    """The records of the database in this home, as exported."""
    newsmill("export", "--out", "all.jsonl", *options, home=home)
    return [json.loads(line) for line in (home / "all.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which four texts were ingested."""
    folder = tmp_path_factory.mktemp("home")
    save_texts(folder / "texts")
    result = installed("run", "files", "texts", "--json", home=folder)
    assert result.returncode == 0, result.stderr
    found = counts(result)
    assert (found["seeds"], found["stored"], found["duplicates"]) == (4, 4, 0)
    return folder


@pytest.mark.parametrize(
    ("arguments", "without", "shown"),
    [
        (["--help"], HEAVY, "export"),
        (["stats"], INGESTION, "4 records"),
        (["search", "the"], INGESTION, "Pirate station"),
        (["export", "--out", "-"], INGESTION, "newsmill/record"),
    ],
)
def test_what_only_looks_imports_nothing_heavy(
    home: Path, arguments: list[str], without: tuple[str, ...], shown: str
) -> None:
    """Help and what only reads the database answer at once: what makes records is not imported for it."""
    loaded, told = _loaded(home, arguments, without)
    assert loaded == "[]"
    assert shown in told


def test_who_has_pages_read_reads_none(tmp_path: Path) -> None:
    """A run loads what reads pages in its workers alone, though it stores, links and indexes a record."""
    save_texts(tmp_path / "texts")
    loaded, told = _loaded(tmp_path, ["run", "files", "texts", "--no-translate"], INGESTION)
    assert loaded == "[]"
    assert "4 stored" in told


def _loaded(home: Path, arguments: list[str], asked: tuple[str, ...]) -> tuple[str, str]:
    """Which of these modules a command loads in its own process, as a list in text, and what it says."""
    script = (
        f"import sys; sys.argv = ['newsmill', *{arguments!r}]\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {asked!r} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=home, env=environment(home), capture_output=True, text=True, check=True
    )
    return result.stderr.splitlines()[-1], result.stdout


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """What may be typed after "newsmill", and whether it does something."""
    yield path, not hasattr(group, "commands")
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, (*path, name))


@pytest.mark.parametrize(("command", "acts"), list(_commands(typer.main.get_command(app))), ids=str)
def test_every_command_has_help_with_an_example(command: tuple[str, ...], acts: bool, tmp_path: Path) -> None:
    """Each command explains itself: by an example if it does something, else by a list that is not cut short."""
    result = newsmill(*command, "--help", home=tmp_path)
    assert result.returncode == 0
    if acts:
        assert f"Example: newsmill {' '.join(command)}" in result.stdout
    else:
        assert "..." not in result.stdout.partition("Commands:")[2]


def test_json_has_exactly_the_promised_fields(home: Path) -> None:
    """The last line of a run with --json is one object with the fields that other programs read."""
    found = counts(newsmill("run", "files", "texts", "--json", home=home))
    promised = {
        "run_id", "seeds", "stored", "unchanged", "rejected", "failed", "duplicates", "translated",
        "pending_translation", "seconds",
    }  # fmt: skip
    assert promised == set(found)


def test_a_second_run_stores_nothing(home: Path) -> None:
    """The same input again is unchanged."""
    found = counts(newsmill("run", "files", "texts", "--json", home=home))
    assert (found["stored"], found["unchanged"], found["duplicates"]) == (0, 4, 0)


def test_a_post_that_quotes_keeps_its_languages_apart(home: Path) -> None:
    """Swedish comments and a quoted English article are segments of their own; the lone address names the source."""
    (post,) = [record for record in records(home) if record["url"].endswith("forum.txt")]
    assert [segment["language"] for segment in post["segments"]] == ["sv", "sv", "en", "en", "en"]
    assert post["language"] == "en"
    assert post["attribution"]["original_url"] == FORUM_POST.splitlines()[-1]
    assert "https://" not in post["text"]
    assert post["translation"]["status"] == "pending"


def test_a_line_in_another_script_does_not_decide_the_language(home: Path) -> None:
    """An Arabic line above an English article is residue, and its headline is the second line."""
    (comment,) = [record for record in records(home) if record["url"].endswith("comment.txt")]
    assert comment["languages"] == {"en": 1.0}
    shown = newsmill("show", comment["id"], "--residue", "--json", home=home)
    assert "foreign_line" in shown.stdout
    assert comment["title"] == "Has the river authority forgotten the lower town?"


def test_what_waits_for_a_model_is_named_with_the_command_that_installs_it(home: Path) -> None:
    """Without packages nothing is translated, and the summary says how to change that."""
    result = newsmill("run", "files", "texts", home=home)
    assert "1 awaiting translation; in languages without a package: sv (1)." in result.stdout
    assert "newsmill models install sv --to en" in result.stdout


def test_the_export_is_valid(home: Path) -> None:
    """Every exported line validates against docs/record.schema.json."""
    schema = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    exported = records(home)
    assert len(exported) == 4
    assert [error.message for record in exported for error in validator.iter_errors(record)] == []


def test_standard_output_can_be_the_export(home: Path) -> None:
    """`--out -` writes the records to standard output and nothing else."""
    result = newsmill("export", "--out", "-", home=home)
    assert [json.loads(line)["schema"] for line in result.stdout.splitlines()] == ["newsmill/record@2"] * 4


def test_a_record_is_shown_by_id_start_of_id_and_url(home: Path) -> None:
    """`show` finds a record by each of its names, and says what was taken out of its text."""
    record = next(record for record in records(home) if record["url"].endswith("forum.txt"))
    for name in (record["id"], record["id"][:8], record["url"]):
        shown = json.loads(newsmill("show", name, "--json", "--residue", home=home).stdout)
        assert shown["id"] == record["id"]
        assert [one["rule"] for one in shown["residue"]] == ["bare_url"]
    assert "Port Ellery" in newsmill("show", record["id"], home=home).stdout


def test_copies_are_found_and_listed(tmp_path: Path) -> None:
    """An exact copy and a truncated one join the cluster of their original; the export can leave them out."""
    texts = save_texts(tmp_path / "texts")
    (texts / "copy.txt").write_text(MARKET_NEWS.replace("\n\n", "\n"), encoding="utf-8")
    half = MARKET_NEWS[: MARKET_NEWS.index('"We thought')] + "Continue reading"
    (texts / "half.txt").write_text(half, encoding="utf-8")
    assert counts(newsmill("run", "files", "texts", "--json", home=tmp_path))["duplicates"] == 2
    (cluster,) = json.loads(newsmill("duplicates", "--json", home=tmp_path).stdout)["clusters"]
    assert {"market.txt", "copy.txt", "half.txt"} == {copy["url"].rpartition("/")[2] for copy in cluster}
    assert "Covered market" in newsmill("duplicates", cluster[1]["record_id"], home=tmp_path).stdout
    assert len(records(tmp_path, "--canonical-only")) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "files", "nowhere"], "no such file or folder: nowhere"),
        (["run", "urls", "nowhere.txt"], "nowhere.txt is neither a URL nor a file"),
        (["run", "files", "texts", "--db", "sqlite:///nowhere/n.db"], "mkdir -p nowhere"),
        (["run", "files", "texts", "--db", "colour:red"], "not a database URL"),
        (["run", "files", "texts", "--db", "postgres9://x/y"], "no driver"),
        (["run", "files", "texts", "--target", "English please"], "setting translate.target"),
        (["run", "nightly"], "no such file: config/sources.toml"),
        (["stats", "--config", "nowhere"], "no such folder: nowhere"),
        (["show", "nothing"], "no record nothing"),
        *[
            ([*command, "--db", "sqlite:///tpyo.db"], "no database tpyo.db: newsmill run makes it")
            for command in (["show", "x"], ["stats"], ["search", "x"], ["duplicates"], ["export", "--out", "-"])
        ],
        (["export", "--out", "nowhere/all.jsonl"], "cannot write to the folder nowhere"),
    ],
)
def test_bad_usage_is_one_clear_line(home: Path, arguments: list[str], message: str) -> None:
    """What cannot be done is said in one line with the next step, never with a traceback."""
    result = newsmill(*arguments, home=home)
    assert result.returncode in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_bad_files_are_rejected_and_counted(tmp_path: Path) -> None:
    """Empty, binary and text-less files are rejections with a reason; the good file beside them is stored."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "good.txt").write_text(MARKET_NEWS, encoding="utf-8")
    (texts / "empty.txt").write_bytes(b"")
    (texts / "blank.html").write_text("<html><body> </body></html>", encoding="utf-8")
    (texts / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (texts / "numbers.txt").write_text("12 34\n56", encoding="utf-8")
    (texts / "huge.html").write_text("<p>" + "far too much text " * 600_000, encoding="utf-8")
    (texts / "broken.warc.gz").write_bytes(b"this is no archive")
    result = newsmill("run", "files", "texts", home=tmp_path)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    for reason in ("empty", "no_text", "bad_type", "too_big", "bad_warc"):
        assert reason in result.stdout
    assert "7 URLs: 1 stored (0 duplicates), 0 unchanged, 6 rejected, 0 failed" in result.stdout


def test_bad_urls_are_rejected_or_failed_and_counted(tmp_path: Path) -> None:
    """A line that is no URL is rejected, an unreachable host is a failure, comments are passed over, exit status 1."""
    (tmp_path / "list.txt").write_text(
        "# addresses\n\nnot a url\nhttp://no-such-host.invalid/story\n", encoding="utf-8"
    )
    quick = {"NEWSMILL_FETCH__ATTEMPTS": "1", "NEWSMILL_FETCH__DELAY_S": "0"}
    result = newsmill("run", "urls", "list.txt", "-", "--json", home=tmp_path, stdin="http://127.0.0.1:9/x\n", **quick)
    assert result.returncode == 1
    found = counts(result)
    assert (found["seeds"], found["stored"], found["rejected"], found["failed"]) == (3, 0, 2, 1)
    shown = newsmill("run", "urls", "list.txt", "http://127.0.0.1:9/x", home=tmp_path, **quick).stdout
    for reason in ("bad_url", "dns", "private_address"):
        assert reason in shown
