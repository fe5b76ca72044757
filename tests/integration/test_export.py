"""Exports in every format: read back by others, whole or not at all."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from support.databases import KINDS, empty_database
from support.making import key_of, make_page, make_stored

from flows.export import export_after_run, index_after_run
from flows.settings import load_settings
from ingest.discover.listing import Listing
from ingest.discover.read import read_listing
from ingest.errors import InputError, StorageError
from ingest.link import Certain, Link, Relation, Span
from ingest.model import Attribution, Citation, Precision
from storage import clusters, files, links, open_store, records, runs, translations
from storage.clusters import ClusterRow
from storage.export import Selection, export_records, iterate_records, stream_records
from storage.files import whole
from storage.search import find, update_index
from storage.store import Store
from storage.translations import Translated

FERRY = "Färjan till Lindö går inte i dag.\n\nRederiet väntar på reservdelar från Hamburg."
BAKERY = (
    '=HYPERLINK("http://evil.example") stood on the bakery\'s door, <b>and</b> nobody & knew why.\n\nIt was a joke.'
)
CHOIR = "The miners' choir sang for the last time in the canteen."
A, B, C = (key_of(f"https://courier.example/{name}") for name in ("ferry", "bakery", "choir"))


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A Swedish record with a translation, an English one that quotes it, and a copy of that; nobody changes them."""
    with empty_database(request.param, tmp_path_factory.mktemp("store")) as url, Store(url) as opened:
        fill(opened)
        yield opened


def fill(store: Store) -> None:
    """Store the records."""
    news = [
        make_stored(
            FERRY,
            "https://courier.example/ferry",
            title="Ingen färja i dag",
            source="courier",
            authors=("Åsa Holm",),
            organisations=("Kustnytt",),
            published_at=datetime.fromisoformat("2026-03-14T00:30:00+01:00"),
            published_precision=Precision.INSTANT,
            licence="https://creativecommons.org/licenses/by/4.0/",
            is_free=True,
            tags=("hav", "@sommar"),
            origins=(("title", "json-ld"),),
        ),
        make_stored(
            BAKERY,
            "https://courier.example/bakery",
            title="A joke on a door",
            published_at=datetime(2026, 3, 15, tzinfo=UTC),
            published_precision=Precision.DAY,
            attribution=Attribution(original_name="Bild", original_url="https://b.example/1", original_language="de"),
            citations=(Citation(name="Il Faro", date="--04-01", url="https://faro.example/x"),),
        ),
        make_stored(CHOIR, "https://courier.example/choir"),
    ]
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        records.add_records(tx, news, run_id)
        made = {-1: "No ferry today", 0: "The ferry to Lindö does not run today.", 1: "The company waits."}
        rows = [Translated(record_id=A, position=at, text=text, model="m 1") for at, text in made.items()]
        translations.add_translations(tx, "en", rows)
        translations.set_states(tx, [A, B, C], "en")
        span = Span(a_start=0, a_end=5, b_start=2, b_end=7)
        links.add_links(
            tx, [Link(a=B, b=A, relation=Relation.QUOTES, compared=Relation.QUOTES, score=0.75, spans=(span,))]
        )
        places = [(B, Relation.ORIGINAL, None), (C, Relation.NEAR, 0.8)]
        clusters.set_clusters(
            tx,
            [B, C],
            [
                ClusterRow(
                    record_id=key,
                    cluster=B,
                    canonical_id=B,
                    relation=kind,
                    score=score,
                    overlap=score,
                    evidence=(),
                    certain=Certain.YES,
                )
                for key, kind, score in places
            ],
        )


def test_a_manifest_tells_what_was_written(store: Store, tmp_path: Path) -> None:
    """Beside each export stand its cursor, its filters, and the hash of each file."""
    out = tmp_path / "all.jsonl"
    written = export_records(store, "en", out, "jsonl", Selection(language="en"))
    manifest = json.loads((tmp_path / "all.jsonl.manifest.json").read_text(encoding="utf-8"))
    assert (written.records, manifest["records"], manifest["cursor"]) == (2, 2, 1)
    assert (manifest["format"], manifest["target"], manifest["filters"]["language"]) == ("jsonl", "en", "en")
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert manifest["files"] == [{"path": "all.jsonl", "bytes": out.stat().st_size, "sha256": sha256}]


def test_compressed_lines_are_the_same_every_time(store: Store, tmp_path: Path) -> None:
    """A name that ends in .gz is compressed; the same records give the same bytes."""
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        export_records(store, "en", tmp_path / name)
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()
    with gzip.open(tmp_path / "one.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == list(iterate_records(store, "en"))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {A, B, C}),
        (Selection(canonical_only=True), {A, B}),
        (Selection(language="sv"), {A}),
        (Selection(source="courier"), {A}),
        (Selection(first_day="2026-03-14"), {A, B}),
        (Selection(first_day="2026-03-15"), {B}),
        (Selection(last_day="2026-03-14"), {A}),
        (Selection(licence="CreativeCommons"), {A}),
        (Selection(licence="100%"), set()),
        (Selection(language="sv", canonical_only=True, last_day="2026-03-13"), set()),
    ],
)
def test_a_selection_selects(store: Store, selection: Selection, expected: set[str]) -> None:
    """Each filter leaves out what it does not name; days are those of the page, whatever the hour is in UTC."""
    assert {one["id"] for one in iterate_records(store, "en", selection)} == expected


def test_csv_is_read_back_and_starts_no_formula(store: Store, tmp_path: Path) -> None:
    """A text that begins like a formula gets an apostrophe; commas, quotes and line ends come back as they were."""
    out = tmp_path / "all.csv"
    export_records(store, "en", out, "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(out.read_bytes().decode(), newline=""))}
    assert rows[B]["text"] == "'" + BAKERY
    assert rows[A]["text"] == FERRY
    assert (rows[A]["tags"], rows[A]["is_free"], rows[B]["is_free"]) == ("hav; @sommar", "true", "")
    assert (rows[A]["translated_title"], rows[C]["relation"], rows[C]["score"]) == ("No ferry today", "near", "0.8")
    assert rows[B]["quotes"] == A
    assert [cell for row in rows.values() for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
    raw = io.StringIO()
    stream_records(store, "en", raw, "csv", raw=True)
    assert BAKERY in {row["text"] for row in csv.DictReader(io.StringIO(raw.getvalue()))}


def test_jsonld_is_schema_org(store: Store, tmp_path: Path) -> None:
    """An article is a NewsArticle that names its translation, its original, what it quotes and what it is a copy of."""
    out = tmp_path / "all.jsonld"
    export_records(store, "en", out, "jsonld")
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["@context"] == "https://schema.org"
    found = {one["identifier"]: one for one in document["@graph"]}
    ferry, bakery, choir = found[A], found[B], found[C]
    assert {one["@type"] for one in found.values()} == {"NewsArticle"}
    assert (ferry["inLanguage"], ferry["datePublished"]) == ("sv", "2026-03-14T00:30:00+01:00")
    assert (ferry["license"], ferry["isAccessibleForFree"]) == ("https://creativecommons.org/licenses/by/4.0/", True)
    assert [one["@type"] for one in ferry["author"]] == ["Person", "Organization"]
    assert ferry["workTranslation"]["headline"] == "No ferry today"
    assert ferry["workTranslation"]["translationOfWork"] == {"@id": ferry["@id"]}
    assert bakery["datePublished"] == "2026-03-15"
    assert bakery["translationOfWork"]["url"] == "https://b.example/1"
    assert {"@type": "NewsArticle", "@id": ferry["@id"]} in bakery["citation"]
    assert {"@type": "CreativeWork", "name": "Il Faro", "url": "https://faro.example/x"} in bakery["citation"]
    assert choir["isBasedOn"] == {"@type": "NewsArticle", "@id": bakery["@id"]}
    assert "workTranslation" not in choir


def test_an_empty_export_is_valid(tmp_path: Path) -> None:
    """Of no records each format is still one that can be read."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as empty:
        for kind in ("jsonl", "csv", "jsonld", "markdown", "atom", "jsonfeed"):
            export_records(empty, "en", tmp_path / kind, kind)
    assert (tmp_path / "jsonl").read_bytes() == b""
    assert json.loads((tmp_path / "jsonld").read_text(encoding="utf-8"))["@graph"] == []
    assert json.loads((tmp_path / "jsonfeed").read_text(encoding="utf-8"))["items"] == []
    assert not feedparser.parse((tmp_path / "atom").read_bytes()).bozo
    assert len((tmp_path / "csv").read_text(encoding="utf-8").splitlines()) == 1


def test_parquet_is_read_by_others(store: Store, tmp_path: Path) -> None:
    """A folder by day and language, which pyarrow and DuckDB read with its types; every field comes back."""
    parquet = pytest.importorskip("pyarrow.parquet")
    duckdb = pytest.importorskip("duckdb")
    out = tmp_path / "all"
    written = export_records(store, "en", out, "parquet")
    files = sorted(str(one.relative_to(out)) for one in out.rglob("*.parquet"))
    assert files == [
        "date=2026-03-14/lang=sv/records.parquet",
        "date=2026-03-15/lang=en/records.parquet",
        "date=unknown/lang=en/records.parquet",
    ]
    table = parquet.read_table(out)
    rows = {row["id"]: row for row in table.to_pylist()}
    known = {one["id"]: one for one in iterate_records(store, "en")}
    assert (written.records, set(rows)) == (3, set(known))
    for key, row in rows.items():
        row["version"]["captured_at"] = row["version"]["captured_at"].isoformat(timespec="microseconds")
        same = [name for name in known[key] if name not in ("published_at", "fetched_at", "languages", "origins")]
        assert {name: row[name] for name in same} == {name: known[key][name] for name in same}  # type: ignore[literal-required]
    assert rows[A]["published_at"] == datetime.fromisoformat("2026-03-14T00:30:00+01:00")
    assert rows[A]["origins"] == [{"key": "title", "value": "json-ld"}]
    asked = "SELECT id, len(segments), translation.status, lang FROM read_parquet(?) WHERE date = '2026-03-14'"
    found = duckdb.execute(asked, [f"{out}/**/*.parquet"]).fetchall()
    assert found == [(A, 2, "complete", "sv")]
    manifest = json.loads((tmp_path / "all.manifest.json").read_text(encoding="utf-8"))
    assert [f"all/{name}" for name in files] == [one["path"] for one in manifest["files"]]


def test_a_parquet_folder_takes_the_old_ones_place(store: Store, tmp_path: Path) -> None:
    """What is no longer selected is gone, and a folder with other things in it is left alone."""
    pytest.importorskip("pyarrow")
    out = tmp_path / "all"
    export_records(store, "en", out, "parquet")
    export_records(store, "en", out, "parquet", Selection(language="sv"))
    assert [one.name for one in out.iterdir()] == ["date=2026-03-14"]
    export_records(store, "en", out, "parquet", Selection(language="fi"))
    assert [one.name for one in out.iterdir()] == ["empty.parquet"]
    (out / "thesis.tex").write_text("two years of work", encoding="utf-8")
    with pytest.raises(StorageError, match="other things"):
        export_records(store, "en", out, "parquet")
    assert (out / "thesis.tex").is_file()
    assert list(tmp_path.glob(".all*")) == []


def test_atom_and_json_feed_are_read_by_others(store: Store, tmp_path: Path) -> None:
    """The newest canonical records come back from feedparser and our own readers, with their translated titles."""
    selection = Selection(canonical_only=True)
    export_records(store, "en", tmp_path / "feed.atom", "atom", selection)
    export_records(store, "en", tmp_path / "feed.json", "jsonfeed", selection)
    atom = (tmp_path / "feed.atom").read_bytes()
    parsed = feedparser.parse(atom)
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == ["A joke on a door", "No ferry today"]
    assert [entry.link for entry in parsed.entries] == [f"https://courier.example/{n}" for n in ("bakery", "ferry")]
    assert parsed.entries[1].published == "2026-03-13T23:30:00Z"
    assert [author.name for author in parsed.entries[1].authors] == ["Åsa Holm", "Kustnytt"]
    assert parsed.entries[0].content[0].value == BAKERY
    names = {"id", "title", "updated", "author", "link", "content", "summary"}
    for entry in ET.fromstring(atom).iter("{http://www.w3.org/2005/Atom}entry"):
        assert names <= {child.tag.partition("}")[2] for child in entry}
    feed = json.loads((tmp_path / "feed.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [(one["title"], one["language"]) for one in feed["items"]] == [
        ("A joke on a door", "en"),
        ("No ferry today", "en"),
    ]
    for name in ("feed.atom", "feed.json"):
        assert read_back(tmp_path / name) == [f"https://courier.example/{n}" for n in ("bakery", "ferry")]


def read_back(path: Path) -> list[str]:
    """The addresses that our own discovery finds in a feed."""
    kind = "application/atom+xml" if path.suffix == ".atom" else "application/feed+json"
    listing = read_listing(make_page(path.read_bytes(), f"https://courier.example/{path.name}", kind))
    assert isinstance(listing, Listing)
    return [entry.seed.url for entry in listing.entries]


def test_a_feed_has_the_newest(store: Store) -> None:
    """`newest` says how many; a cursor makes no sense there."""
    out = io.StringIO()
    written = stream_records(store, "en", out, "jsonfeed", newest=1)
    assert (written.records, json.loads(out.getvalue())["items"][0]["title"]) == (1, "A joke on a door")
    with pytest.raises(InputError, match="leave the cursor out"):
        stream_records(store, "en", out, "atom", Selection(since=0))


def test_a_block_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever ends the writing, what was there before is as it was, and nothing lies beside it."""
    out = tmp_path / "all.jsonl"
    out.write_text("old", encoding="utf-8")

    def fail() -> None:
        with whole(out) as part:
            part.write_text("new", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("all.jsonl", "old")]


def test_dead_parts_are_removed_and_living_ones_are_not(tmp_path: Path) -> None:
    """What a killed export left is removed by the next; one that is still written is not touched."""
    dead = tmp_path / ".all.jsonl.xyz.part"
    dead.mkdir()
    (dead / "all.jsonl").write_text("half", encoding="utf-8")
    with whole(tmp_path / "all.jsonl") as living, whole(tmp_path / "all.jsonl") as other:
        assert not dead.exists()
        living.write_text("one", encoding="utf-8")
        other.write_text("other", encoding="utf-8")
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("all.jsonl", "one")]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_is_swapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    """The new folder takes the old one's place, in one step or in two; nothing of the old one stays."""
    if not can_exchange:
        monkeypatch.setattr(files, "_exchanged", lambda _one, _other: False)
    for day in ("2026-03-14", "2026-03-15"):
        with whole(tmp_path / "all", folder=True) as part:
            (part / f"date={day}").mkdir()
            (part / f"date={day}" / "records.parquet").write_bytes(b"PAR1")
    assert [str(one.relative_to(tmp_path)) for one in sorted(tmp_path.rglob("*"))] == [
        "all",
        "all/date=2026-03-15",
        "all/date=2026-03-15/records.parquet",
    ]


def test_an_export_is_as_readable_as_any_file(tmp_path: Path) -> None:
    """Other programs read an export under other users: its mode is what the mask of this process leaves."""
    old = os.umask(0o022)
    try:
        with whole(tmp_path / "a") as part:
            part.write_text("", encoding="utf-8")
        with whole(tmp_path / "b", folder=True) as part:
            (part / "date=x").mkdir()
    finally:
        os.umask(old)
    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("a", "b")] == ["0o644", "0o755"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A path that is something else already is refused in one line."""
    (tmp_path / "out").mkdir()
    with pytest.raises(StorageError, match="is a folder"), whole(tmp_path / "out"):
        pass


def test_records_can_be_read_in_a_notebook(tmp_path: Path) -> None:
    """`open_store` gives records one by one, finds one by its address, and searches."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with pytest.raises(InputError, match="no database"):
        open_store(url)
    with Store(url) as store:
        fill(store)
    with open_store(url) as reader:
        assert [one["title"] for one in reader.records(language="sv")] == ["Ingen färja i dag"]
        assert len(list(reader.records(canonical_only=True))) == 2
        assert reader.record("https://courier.example/choir")["text"] == CHOIR
        assert [hit.id for hit in reader.search("färja")] == [A]
        with pytest.raises(InputError, match="no record"):
            reader.record("nothing")


def test_a_run_is_followed_by_the_export_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`export.after_nightly` names what is written; without it nothing is; what hinders it is said."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        fill(store)
        out = tmp_path / "nightly.csv"
        monkeypatch.chdir(tmp_path)
        settings: dict[str, Any] = {"after_nightly": str(out), "format": "csv", "canonical_only": True}
        assert export_after_run(store, load_settings()) is None
        assert not out.exists()
        assert export_after_run(store, load_settings(export=settings)) is None
        with out.open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == 1 + 2  # the head, and two of three: one is a copy
        (tmp_path / "file").touch()
        settings["after_nightly"] = str(tmp_path / "file" / "nightly.csv")
        assert "cannot write" in str(export_after_run(store, load_settings(export=settings)))


def test_a_run_leaves_nothing_for_a_search_to_index(tmp_path: Path) -> None:
    """After a run the index is up to date, so that the first search need not wait."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        fill(store)
        index_after_run(store)
        assert update_index(store) == 0
        assert len(find(store, "färja").hits) == 1
