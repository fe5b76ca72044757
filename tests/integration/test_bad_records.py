"""One bad page costs one seed: what holds what nobody can store, what cannot be stored, and what kills its run."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from support.browsing import Pages
from support.command import newsmill
from support.databases import KINDS, empty_database, first_schema
from support.fuzzing import SCRIPTS
from support.here import Here
from support.unfit import CONTROL, UNFIT, strings_in, unfit_page

from flows.browse.site import Site
from flows.orders import file_order, retry_order
from flows.run import run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from storage import reports, stats
from storage.browse.listing import listed_ids
from storage.export import export_records
from storage.formats import ExportFormat
from storage.search import find
from storage.selection import Selection
from storage.store import Store


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    with empty_database(request.param, tmp_path) as url:
        yield url


def settings_for(database: str, folder: Path) -> Settings:
    """Settings of a run in a folder."""
    (folder / "models").mkdir(exist_ok=True)
    return load_settings(
        None,
        storage={"url": database, "archive_dir": folder / "archive"},
        translate={"packages_dir": folder / "models"},
        run={"batch_size": 7},
    )


def good_pages(folder: Path, count: int) -> None:
    """Saved pages without fault, whose names sort around those of others."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        body = "".join(f"<p>{one} No. {number}.</p>" for one in SCRIPTS[:2])
        (folder / f"{number}-good.html").write_text(f"<article><h1>Ferry {number}</h1>{body}</article>", "utf-8")


def outcomes(store: Store, summary: Summary) -> dict[str, int]:
    """How many seeds of a run were rejected or failed for which reason."""
    with store.reading() as tx:
        return {reason: count for _, reason, count in reports.reasons(tx, summary.run_id)}


def test_hostile_pages_between_good_ones(database: str, tmp_path: Path) -> None:
    """Every page becomes a record of text, and all that is done with records afterwards works."""
    pages = tmp_path / "pages"
    good_pages(pages, 10)
    for number, hostile in enumerate(UNFIT.values()):
        (pages / f"{number}-hostile.html").write_bytes(unfit_page(hostile) + b" " * number)
    (pages / "name \udcff\x1b[31m.html").write_text(
        f"<article><p>{SCRIPTS[0]}</p><p>{SCRIPTS[7]}</p></article>", "utf-8"
    )
    settings = settings_for(database, tmp_path)
    summary = run(file_order([pages]), settings, open_engines=Here().open)
    assert (summary.stored, summary.seeds) == (11 + len(UNFIT), 11 + len(UNFIT))
    with Store(database) as store:
        for kind in ExportFormat:
            export_records(store, "en", tmp_path / f"export-{kind}", kind)
        lines = (tmp_path / "export-jsonl").read_text("utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        assert len(found) == summary.stored
        assert not any(CONTROL.search(one) for one in strings_in(found))
        assert sum("text_repaired" in one["flags"] for one in found) >= len(UNFIT) - 1
        assert find(store, "ferry 3").hits
        browsed(store, 11 + len(UNFIT))
        with store.reading() as tx:
            assert stats.totals(tx)["records"] == 11 + len(UNFIT)
    again = run(retry_order(), settings, open_engines=Here().open)
    assert again.seeds == 0


def browsed(store: Store, count: int) -> None:
    """Look at every record, and at what a search finds, as a reader does."""
    pages = Pages(site=Site(store=store, target="en", zone=ZoneInfo("UTC"), indexed=None))
    listed = pages.show("/records")
    records = sorted({str(one) for one in listed.xpath("//a/@href") if re.fullmatch(r"/records/[0-9a-f]{64}", one)})
    assert len(records) == count
    for path in ("/", "/sources", "/records?q=storm", "/records?q=%00%ed%a0%80%e2%80%ae", *records):
        shown = pages.show(path)
        assert not CONTROL.search(shown.text_content()), path


def test_what_cannot_be_stored_costs_its_own_seed(database: str, tmp_path: Path) -> None:
    """The rest of the batch is stored, and the outcome says why that one is not."""
    pages = tmp_path / "pages"
    good_pages(pages, 12)
    engines = Here(broken=frozenset({"3-good.html", "4-good.html"})).open
    summary = run(file_order([pages]), settings_for(database, tmp_path), open_engines=engines)
    assert (summary.stored, summary.rejected) == (10, 2)
    with Store(database) as store:
        assert outcomes(store, summary) == {"unstorable": 2}
        with store.reading() as tx:
            assert all("surrogates not allowed" in detail for _, detail, _ in reports.rejections(tx, summary.run_id))


def test_a_database_of_0_1_0_with_half_characters_is_usable_again(tmp_path: Path) -> None:
    """A record whose tags hold half a character, and the seeds of a run that died, after opening."""
    pages = tmp_path / "pages"
    good_pages(pages, 2)
    run(file_order([pages]), settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path), open_engines=Here().open)
    first_schema(tmp_path / "new.db", tmp_path / "n.db")
    with closing(sqlite3.connect(tmp_path / "n.db")) as old, old:
        # As 0.1.0 wrote it: in ASCII, whose escapes spell anything.
        old.execute("UPDATE record SET tags = ?, image = 'a' || char(0)", ('["storm \\ud800", "\\ud83d\\ude00"]',))
        old.execute("UPDATE record SET authors = ?", ('["Klara Hedlund"]',))
        run_id, key = old.execute("SELECT run_id, key FROM outcome LIMIT 1").fetchone()
        old.execute("DELETE FROM outcome WHERE key = ?", (key,))
        old.execute("UPDATE run SET status = 'running', finished_at = NULL")
        queued = "INSERT INTO queue (run_id, key, turn, site, share, local) VALUES (?, ?, 0, '', 0, 1)"
        old.execute(queued, (run_id, key))
    settings = settings_for(f"sqlite:///{tmp_path / 'n.db'}", tmp_path)
    with Store(settings.storage.url) as store:
        export_records(store, "en", tmp_path / "out.jsonl")
        records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
        with store.reading() as tx:
            assert len(listed_ids(tx, Selection(author="kLARA hedlund"))) == 2
        assert [(one["tags"], one["image"]) for one in records] == [(["storm ", "\U0001f600"], "a")] * 2
    summary = run(retry_order(), settings, open_engines=Here().open)
    assert (summary.seeds, summary.unchanged) == (1, 1)
    with Store(settings.storage.url) as store:
        assert find(store, "ferry").hits


KILLED_BY = """
import os, signal, sys
from flows import stages
name = sys.argv.pop()
whole = stages._keep
def keep(work, digested):
    if any(one.task.seed.url.endswith(name) for one in digested):
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(work, digested)
stages._keep = keep
from flows.cli import main
main()
"""


def killed_by(name: str, arguments: Sequence[str], home: Path) -> int:
    """The exit status of a command that is killed whenever it is about to store a page of this name."""
    environment = {"HOME": str(home), "PATH": "", "NEWSMILL_EXTRACT__PROCESSES": "1"}
    command = [sys.executable, "-c", KILLED_BY, *arguments, name]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, timeout=120, check=False).returncode


def test_a_page_that_kills_its_run_is_set_aside(tmp_path: Path) -> None:
    """Two runs die of it; the third goes on without it, and only `retry --poison` tries it again."""
    good_pages(tmp_path / "pages", 8)
    arguments = ["run", "files", "pages", "--db", "sqlite:///n.db", "--json"]
    assert killed_by("3-good.html", arguments, tmp_path) == -signal.SIGKILL
    assert killed_by("3-good.html", arguments, tmp_path) == -signal.SIGKILL
    assert killed_by("3-good.html", arguments, tmp_path) == 0
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store, store.reading() as tx:
        assert (stats.totals(tx)["records"], stats.totals(tx)["poison"]) == (7, 1)
        newest = tx.execute(text("SELECT summary FROM run ORDER BY started_at DESC")).scalar()
        summary: dict[str, Any] = json.loads(str(newest))
    assert (summary["seeds"], summary["rejected"], summary["failed"]) == (8, 1, 0)
    assert json.loads(newsmill("stats", "--db", "sqlite:///n.db", "--json", home=tmp_path).stdout)["poison"] == 1
    assert killed_by("3-good.html", ["retry", "--db", "sqlite:///n.db"], tmp_path) == 0
    retried = newsmill("retry", "--poison", "--db", "sqlite:///n.db", "--json", home=tmp_path)
    assert json.loads(retried.stdout)["stored"] == 1
    assert json.loads(newsmill("stats", "--db", "sqlite:///n.db", "--json", home=tmp_path).stdout)["poison"] == 0
