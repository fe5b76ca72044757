"""What was read before is not read again: neither files nor pages nor archives, neither records nor rejections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from sqlalchemy import text
from support.databases import KINDS, empty_database
from support.fuzzing import SCRIPTS
from support.here import Here
from support.newsroom import Newsroom

from flows import tools
from flows.orders import file_order, url_order
from flows.reprocess import extract_order
from flows.run import Order, run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from ingest.model import Seed, UrlKey
from ingest.urls import canonicalize, url_key
from storage.captures import export_cdxj
from storage.changes import numbered
from storage.selection import Selection, selected_ids
from storage.store import Store
from storage.views import read_records

STORY = "".join(f"<p>{one}</p>" for one in SCRIPTS[:3])
NO_STORY = "<html><body><nav><a href='/a'>Home</a></nav></body></html>"


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an empty database of each kind."""
    (tmp_path / "models").mkdir()
    with empty_database(request.param, tmp_path) as url:
        yield load_settings(
            None,
            storage={"url": url, "archive_dir": tmp_path / "archive"},
            translate={"packages_dir": tmp_path / "models"},
            fetch={"delay_s": 0.0},
        )


def page(title: str) -> str:
    """A saved page with an article."""
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{STORY}</article></body></html>"


def ingest(order: Order, settings: Settings) -> tuple[Summary, list[str]]:
    """A run, and the names of the pages that were read in it."""
    pages = Here()
    summary = run(order, settings, open_engines=pages.open)
    return summary, sorted(address.rpartition("/")[2] for address in pages.read)


def archived(folder: Path) -> Counter[str]:
    """How many records of which kind the archive holds."""
    files = sorted(folder.glob("*.warc.gz"))
    return Counter(one.headers["WARC-Type"] for file in files for one in ArchiveIterator(str(file)))


def folder_of(tmp_path: Path) -> Path:
    """Two articles, and a page without one."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.html").write_text(page(name), "utf-8")
    (folder / "three.html").write_text(NO_STORY, "utf-8")
    return folder


def reasons(settings: Settings, summary: Summary) -> list[tuple[str, str | None, str | None]]:
    """The outcomes of a run, with stage and reason, by name."""
    with Store(settings.storage.url) as store, store.reading() as tx:
        query = "SELECT outcome, stage, reason, detail FROM outcome WHERE run_id = :run ORDER BY outcome, key"
        return [(row.outcome, row.stage, row.reason) for row in tx.execute(text(query), {"run": summary.run_id})]


def test_a_folder_that_was_read_is_settled_unread(settings: Settings, tmp_path: Path) -> None:
    """No page is read twice and no body kept twice; a rejected page is rejected as before, a changed one is read."""
    folder = folder_of(tmp_path)
    first, read = ingest(file_order([folder]), settings)
    assert read == ["one.html", "three.html", "two.html"]
    assert (first.stored, first.rejected) == (2, 1)
    kept = archived(tmp_path / "archive")
    assert kept["resource"] == 3
    again, read = ingest(file_order([folder]), settings)
    assert read == []
    assert (again.unchanged, again.rejected, again.stored) == (2, 1, 0)
    assert archived(tmp_path / "archive") == kept
    (rejected,) = [one for one in reasons(settings, first) if one[0] == "rejected"]
    assert rejected in reasons(settings, again)
    assert ("unchanged", None, "not_modified") in reasons(settings, again)
    (folder / "two.html").write_text(page("two, and more"), "utf-8")
    third, read = ingest(file_order([folder]), settings)
    assert (read, third.stored, third.unchanged) == (["two.html"], 1, 1)


def test_a_record_names_every_place_of_its_text(settings: Settings, tmp_path: Path) -> None:
    """Equal files are one record that lists them all; of records with the same words each lists the other's address.
    A file more is a change for the next export."""
    folder = folder_of(tmp_path)
    for name in ("copy", "late"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.html").write_text(page("one"), "utf-8")
    ingest(file_order([folder, tmp_path / "copy"]), settings)
    seen, met = places_met(settings, 0)
    assert met == {"pages/one.html": ["copy/same.html", "pages/two.html"], "pages/two.html": ["pages/one.html"]}
    assert places_met(settings, seen) == (seen, {})
    ingest(file_order([tmp_path / "late"]), settings)
    _, met = places_met(settings, seen)
    assert met == {"pages/one.html": ["copy/same.html", "late/same.html", "pages/two.html"]}


def places_met(settings: Settings, seen: int) -> tuple[int, dict[str, list[str]]]:
    """The number of the newest change; of the records that have changed since `seen`, where else they were met."""
    with Store(settings.storage.url) as store, numbered(store) as (tx, newest):
        ids = list(tx.execute(selected_ids(Selection(since=seen))).scalars())
        met = {one["url"]: one["also_at"] for one in read_records(tx, ids, "en")}
    return newest, {short(url): [short(each) for each in others] for url, others in met.items()}


def short(address: str) -> str:
    """Folder and name of a file."""
    return "/".join(address.split("/")[-2:])


def test_another_reader_reads_again(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version read is read once more, and so is what is asked for; its body is not kept twice."""
    folder = folder_of(tmp_path)
    ingest(file_order([folder]), settings)
    kept = archived(tmp_path / "archive")
    monkeypatch.setattr(tools, "reader_version", lambda: "another")
    again, read = ingest(file_order([folder]), settings)
    assert (read, again.unchanged) == (["one.html", "three.html", "two.html"], 2)
    assert ingest(file_order([folder]), settings)[1] == []
    assert ingest(extract_order(None, None, translate=False), settings)[1] == ["one.html", "three.html", "two.html"]
    assert archived(tmp_path / "archive") == kept


def test_a_record_that_is_gone_is_read_again(settings: Settings, tmp_path: Path) -> None:
    """That a page is known holds only as long as what it came to is stored."""
    folder = folder_of(tmp_path)
    ingest(file_order([folder]), settings)
    with Store(settings.storage.url) as store, store.writing() as tx:
        tx.execute(text("UPDATE url SET record_id = NULL"))
    assert ingest(file_order([folder]), settings)[1] == ["one.html", "two.html"]


def test_an_archive_that_was_read_is_settled_unread(settings: Settings, tmp_path: Path) -> None:
    """The pages of a WARC file are known by their bytes, too, also in another file."""
    folder = folder_of(tmp_path)
    other = settings.model_copy(
        update={"storage": settings.storage.model_copy(update={"url": f"sqlite:///{tmp_path / 'other.db'}"})}
    )
    ingest(file_order([folder]), other)
    (file,) = (tmp_path / "archive").glob("*.warc.gz")
    first, read = ingest(file_order([file]), settings)
    assert (len(read), first.stored, first.rejected) == (3, 2, 1)
    elsewhere = tmp_path / "elsewhere.warc.gz"
    elsewhere.write_bytes(file.read_bytes())
    for path in (file, elsewhere):
        again, read = ingest(file_order([path]), settings)
        assert (read, again.unchanged, again.rejected) == ([], 2, 1)


def test_a_page_that_is_sent_again_is_a_revisit(settings: Settings, tmp_path: Path) -> None:
    """The archive holds its body once, and says each time that it was sent; either is read when it is reprocessed."""
    with Newsroom() as room:
        room.put("/story", page("Ferry stopped"), etag=False)
        room.put("/nothing", NO_STORY)
        web = settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"allow_private": (room.host,)})})
        order = url_order([Seed(url=f"{room.base}/{name}") for name in ("story", "nothing")])
        assert ingest(order, web)[1] == ["nothing", "story"]
        kept = archived(tmp_path / "archive")
        assert (kept["response"], kept["revisit"]) == (2, 0)
        again, read = ingest(order, web)
        assert (read, again.unchanged, again.rejected) == ([], 1, 1)
        address = f"{room.base}/story"
    now = archived(tmp_path / "archive")
    assert (now["response"], now["revisit"]) == (2, 2)
    with Store(web.storage.url) as store, store.reading() as tx:
        export_cdxj(tx, tmp_path / "index.cdxj")
        (record,) = read_records(tx, [UrlKey(url_key(canonicalize(address)))], "en")
    assert (tmp_path / "index.cdxj").read_text().count('"mime": "warc/revisit"') == 2
    redone, read = ingest(extract_order(None, None, translate=False), web)
    assert (read, redone.failed) == (["nothing", "story"], 0)
    with Store(web.storage.url) as store, store.reading() as tx:
        (after,) = read_records(tx, [UrlKey(record["id"])], "en")
    assert after["text"] == record["text"]
    assert after["provenance"]["archive"] != record["provenance"]["archive"]


def test_nothing_is_started_for_nothing_new(settings: Settings, tmp_path: Path) -> None:
    """A run that has nothing to read does not get its worker processes ready."""
    folder = folder_of(tmp_path)
    ingest(file_order([folder]), settings)
    ready: list[bool] = []

    class Watched(Here):
        def prepare(self, _: int) -> None:
            ready.append(True)

    run(file_order([folder]), settings, open_engines=Watched().open)
    assert ready == []
