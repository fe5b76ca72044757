"""The archive and the exports in an object store: what holds in a folder holds in a bucket."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from support.bucket import NAME, bucket, held
from support.databases import KINDS, empty_database
from support.fuzzing import SCRIPTS
from support.here import Here
from typer.testing import CliRunner

from flows.cli.app import app
from flows.forget import forget, look_for
from flows.orders import file_order
from flows.reprocess import extract_order
from flows.run import run
from flows.settings import Settings, load_settings
from ingest.errors import ConfigError, StorageError
from ingest.model import ArchivePointer, Page, Seed
from storage import objects
from storage.archive import Archive, read_page, recover
from storage.objects import Address, as_address, below, delivered, names_in
from storage.store import Store
from storage.views import all_ids, read_records

FOLDER = Address(f"s3://{NAME}/press/raw")


@pytest.fixture(autouse=True, scope="module")
def _server() -> Iterator[None]:
    with bucket() as variables, pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        objects._store.cache_clear()
        yield
    objects._store.cache_clear()


@pytest.fixture(autouse=True)
def _emptied(_server: None) -> None:
    everything = Address(f"s3://{NAME}")
    for name in names_in(everything):
        objects.remove(below(everything, name))


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with an archive in the bucket, and an empty database of each kind."""
    for name in ("home", "models"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("NEWSMILL_HOME", str(tmp_path / "home"))
    with empty_database(request.param, tmp_path) as url:
        yield load_settings(
            None,
            storage={"url": url, "archive_dir": f"{FOLDER}/"},
            translate={"packages_dir": tmp_path / "models"},
            fetch={"delay_s": 0.0},
        )


def folder_of(tmp_path: Path, *titles: str) -> Path:
    """Saved pages with an article each."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, title in enumerate(titles):
        text = "".join(f"<p>{one}</p>" for one in SCRIPTS[number : number + 3])
        head = f"<head><title>{title}</title></head>"
        (folder / f"{title}.html").write_text(f"<html>{head}<article><h1>{title}</h1>{text}</article></html>", "utf-8")
    return folder


def archives() -> dict[str, bytes]:
    """The objects of the archive, unpacked, by name."""
    return {name: gzip.decompress(held(f"press/raw/{name}")) for name in names_in(FOLDER)}


def test_a_run_archives_in_the_bucket_and_any_machine_reads_it_there(settings: Settings, tmp_path: Path) -> None:
    """Nothing stays on the machine, the records name the objects, and each page is extracted again from there."""
    folder = folder_of(tmp_path, "Harbour", "Ferry", "Mill")
    assert run(file_order([folder]), settings, open_engines=Here().open).stored == 3
    assert not list(tmp_path.rglob("*.warc.gz"))
    (packed,) = [held(f"press/raw/{name}") for name in names_in(FOLDER)]
    kinds = [one.headers["WARC-Type"] for one in ArchiveIterator(io.BytesIO(packed))]
    assert kinds.count("resource") == 3
    with Store(settings.storage.url) as store:
        with store.reading() as tx:
            records = list(read_records(tx, all_ids(tx), "en"))
        places = [one["provenance"]["archive"] for one in records]
        assert {as_address(place["file"]) for place in places if place} == {below(FOLDER, names_in(FOLDER)[0])}
        again = run(extract_order(None, None, translate=False), settings, open_engines=Here().open)
    assert (again.failed, again.rejected, again.seeds) == (0, 0, 3)
    same = run(file_order([folder]), settings, open_engines=Here().open)
    assert (same.unchanged, same.stored) == (3, 0)


def test_what_a_killed_run_left_on_its_machine_is_taken_to_the_bucket(tmp_path: Path) -> None:
    """Pages that were added and never brought there are found by the next run, from there."""
    archive = Archive(tmp_path / "here", "run-1", address=FOLDER)
    pages = [archive.add(page_of(number), f"key-{number}") for number in range(3)]
    archive.sync()
    late = archive.add(page_of(3), "key-3")  # and it is killed
    assert len(list((tmp_path / "here").iterdir())) == 1
    known = [(one.archive.file, one.archive.offset) for one in pages if one.archive]
    (found,) = recover(tmp_path / "here", ["run-1"], known, FOLDER)
    assert (found.key, found.pointer) == ("key-3", late.archive)
    assert not list((tmp_path / "here").iterdir())
    assert read_page(found.seed, found.pointer).body == late.body
    everything = recover(tmp_path / "elsewhere", ["run-1"], [], FOLDER)
    assert [one.key for one in everything] == [f"key-{number}" for number in range(4)]


def test_each_object_holds_what_was_added_between_two_looks_at_it(tmp_path: Path) -> None:
    """A full file is taken away too, and no name is given twice."""
    with Archive(tmp_path, "run-1", max_bytes=1, address=FOLDER) as archive:
        pages = [archive.add(page_of(number)) for number in range(3)]
        archive.sync()
        archive.sync()
    assert len(names_in(FOLDER)) == 3
    assert [read_page(one.seed, one.archive).body for one in pages if one.archive] == [one.body for one in pages]
    assert all(archive.holds(one.archive) for one in pages if one.archive)
    assert not archive.holds(ArchivePointer(file=str(tmp_path / "a.warc.gz"), offset=0))


def test_what_is_forgotten_is_in_no_object_any_more(settings: Settings, tmp_path: Path) -> None:
    """The page is overwritten in its object; all others keep their places."""
    folder = folder_of(tmp_path, "Harbour", "Ferry")
    run(file_order([folder]), settings, open_engines=Here().open)
    assert "<h1>Ferry</h1>" in str(archives())
    with Store(settings.storage.url) as store:
        forget(store, look_for(store, (folder / "Ferry.html").as_uri()), "asked to")
        assert "<h1>Ferry</h1>" not in str(archives())
        assert "<h1>Harbour</h1>" in str(archives())
        assert run(extract_order(None, None, translate=False), settings, open_engines=Here().open).failed == 0


def test_exports_go_to_the_bucket_whole(settings: Settings, tmp_path: Path) -> None:
    """A file with its manifest, a folder without what it no longer holds; the command names the address."""
    run(file_order([folder_of(tmp_path, "Harbour", "Ferry")]), settings, open_engines=Here().open)
    out = f"s3://{NAME}/out"
    objects.put(tmp_path / "pages" / "Ferry.html", Address(f"{out}/all.parquet/date=1999-01-01/old.parquet"))
    for name in ("all.jsonl", "all.parquet"):
        said = CliRunner().invoke(app, ["export", f"{out}/{name}", "--db", settings.storage.url, "--json"])
        assert said.exit_code == 0, said.output
        assert json.loads(said.stdout)["path"] == f"{out}/{name}"
        manifest = json.loads(held(f"out/{name}.manifest.json"))
        assert [len(held(f"out/{one['path']}")) for one in manifest["files"]] == [
            one["bytes"] for one in manifest["files"]
        ]
    assert len(held("out/all.jsonl").splitlines()) == 2
    assert not [name for name in names_in(Address(out)) if "1999" in name]


def test_an_export_takes_the_place_of_nothing_but_an_export(settings: Settings, tmp_path: Path) -> None:
    """A folder with anything else in it is refused, and all of it stays."""
    run(file_order([folder_of(tmp_path, "Harbour")]), settings, open_engines=Here().open)
    place = f"s3://{NAME}/data"
    objects.put(tmp_path / "pages" / "Harbour.html", Address(f"{place}/thesis.docx"))
    said = CliRunner().invoke(app, ["export", place, "--format", "parquet", "--db", settings.storage.url])
    assert said.exit_code != 0
    assert "holds other things than an export" in str(said.exception)
    assert names_in(Address(place)) == ["thesis.docx"]


def test_a_failed_export_leaves_the_object_as_it_was(tmp_path: Path) -> None:
    """Nothing is put where the writer failed."""
    place = Address(f"s3://{NAME}/out/a.txt")
    with delivered(place) as path:
        path.write_text("first", "utf-8")
    with pytest.raises(FileNotFoundError), delivered(place) as path:
        path.write_bytes((tmp_path / "nothing.txt").read_bytes())
    assert held("out/a.txt") == b"first"
    with delivered(tmp_path / "b.txt") as path:
        assert path == tmp_path / "b.txt"


def test_what_hinders_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket that is not there, a page that is not there, and a package that is missing."""
    nowhere = Address("s3://no-such-bucket/raw")
    archive = Archive(tmp_path, "run-1", address=nowhere)
    archive.add(page_of(1))
    with pytest.raises(StorageError, match=r"cannot write s3://no-such-bucket/raw/newsmill-run-1-0+\.warc\.gz") as told:
        archive.sync()
    assert "\n" not in str(told.value)
    assert len(list(tmp_path.iterdir())) == 1  # it waits for the next run
    with pytest.raises(StorageError, match="holds no readable record"):
        read_page(Seed(url="https://a.example/"), ArchivePointer(file=f"{FOLDER}/none.warc.gz", offset=0))
    objects._store.cache_clear()
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(ConfigError, match=r"pip install 'newsmill\[objects\]'"):
        names_in(FOLDER)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("s3://bucket/a/b", "s3://bucket/a/b"),
        ("s3:/bucket/a/", "s3://bucket/a"),
        ("gs://bucket", "gs://bucket"),
        ("az://account/box/a", "az://account/box/a"),
        ("s3://", None),
        ("s3://bucket/a b", None),
        ("https://bucket/a", None),
        ("data/archive", None),
    ],
)
def test_addresses_are_told_from_paths(written: str, address: str | None) -> None:
    """One spelling of each, also where a path has swallowed a slash."""
    assert as_address(written) == address
    assert as_address(Path(written)) == address


def page_of(number: int) -> Page:
    """A page that was fetched."""
    return Page(
        seed=Seed(url=f"https://a.example/{number}"),
        final_url=f"https://a.example/{number}",
        body=b"<p>%d</p>" % number * 500,
        fetched_at=datetime(2026, 5, 4, 12, number, tzinfo=UTC),
        status=200,
    )
