"""Captures of one article: in whatever order they come, the newest is the record and the others its versions."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select, update
from support.databases import KINDS, empty_database, first_schema
from support.making import NOON, key_of, make_stored
from typer.testing import CliRunner

from flows.answers import Asked
from flows.browse.history import history
from flows.cli.app import app
from flows.versions import tell_changes
from ingest.model import WITHDRAWAL_NOTICE, Record
from ingest.outcome import Outcome
from storage import records, runs
from storage.export import Selection, export_records
from storage.records import Seen
from storage.store import Store, Transaction
from storage.tables import record, segment, sighting
from storage.timeline import State
from storage.versions import changed_in, read_versions
from storage.views import read_records

URL = "https://courier.example/ferry"
FIRST = "The ferry to Tarn Island will sail again on Friday. The council paid for a new engine."
SECOND = "The ferry to Tarn Island will sail again on Sunday. The council paid for a new engine."
AWAY = "This article has been removed."


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database."""
    with empty_database(request.param, tmp_path) as url, Store(url) as opened:
        yield opened


def page(text: str, hours: float, *, url: str = "https://courier.example/ferry", tag: str = "") -> Record:
    """A capture of the article, with metadata of its own."""
    made = make_stored(text, url, hours=hours, title="Ferry back", tags=(tag,) if tag else ())
    return replace(made, article=made.article.flagged(WITHDRAWAL_NOTICE)) if text == AWAY else made


def seen(state: State, hours: float, since: float | None = None) -> Seen:
    """A capture of the article that has no text."""
    at = None if since is None else NOON + timedelta(hours=since)
    return Seen(
        address=key_of("https://courier.example/ferry"), state=state, at=NOON + timedelta(hours=hours), since=at
    )


def enter(tx: Transaction, captures: list[Record | Seen]) -> list[Outcome]:
    """Store captures, one after the other."""
    run_id = runs.start_run(tx, "urls", "en")
    outcomes: list[Outcome] = []
    for one in captures:
        if isinstance(one, Record):
            outcomes += records.add_records(tx, [one], run_id).outcomes
        else:
            records.add_sightings(tx, [one], run_id)
    return outcomes


def told(tx: Transaction) -> dict[str, Any]:
    """What is known of the article: what the record shows, and its versions."""
    shown = tx.execute(select(record.c.text, record.c.captured_at, record.c.revision, record.c.tags)).one()
    heads = select(sighting).where(sighting.c.number.is_not(None)).order_by(sighting.c.number)
    return {
        "shown": tuple(shown),
        "segments": [row.text for row in tx.execute(select(segment).order_by(segment.c.position))],
        "versions": [
            (row.number, row.state, row.captured_at, row.content and (row.content["text"], row.content["tags"]))
            for row in tx.execute(heads)
        ],
        "all": sorted(tuple(row)[1:4] for row in tx.execute(select(sighting))),
    }


CAPTURES: dict[str, list[Record | Seen]] = {
    "a correction, seen twice": [page(FIRST, 0, tag="a"), page(FIRST, 1, tag="b"), page(SECOND, 2), page(SECOND, 3)],
    "there and back": [page(FIRST, 0), page(SECOND, 1), page(FIRST, 2), page(SECOND, 5)],
    "gone and restored": [page(FIRST, 0), seen(State.GONE, 1), seen(State.GONE, 2), page(FIRST, 3), page(SECOND, 4)],
    "a notice in its place": [page(FIRST, 0), page(SECOND, 1), page(AWAY, 2), page(AWAY, 3)],
    "a revisit of the first": [page(FIRST, 0), page(SECOND, 1), seen(State.SAME, 2, since=1), seen(State.GONE, 3)],
    "gone before it was known": [seen(State.GONE, 0), page(FIRST, 1), seen(State.SAME, 2), page(SECOND, 3)],
}


@pytest.mark.parametrize("captures", CAPTURES.values(), ids=CAPTURES)
def test_the_same_captures_make_the_same_versions_in_any_order(captures: list[Record | Seen], tmp_path: Path) -> None:
    """The newest text is the record; earlier ones are versions with what they said, however they came."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        found = []
        for order in [captures, captures[::-1], *(random.Random(n).sample(captures, len(captures)) for n in range(4))]:
            with store.engine.connect() as connection, connection.begin() as whole:
                enter(connection, order)
                found.append(told(connection))
                whole.rollback()
    assert found == [found[0]] * len(found)


def test_what_became_of_captures_is_told(store: Store) -> None:
    """A new version is stored, also an earlier one, which shows nowhere else; the same text again is unchanged."""
    with store.writing() as tx:
        outcomes = enter(tx, [page(SECOND, 2), page(FIRST, 0), page(FIRST, 1), page(SECOND, 2), page(SECOND, 9)])
        known = told(tx)
    assert outcomes == [Outcome.STORED, Outcome.STORED, Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert known["shown"][0] == SECOND
    assert [(number, said and said[0]) for number, _, _, said in known["versions"]] == [(1, FIRST), (2, None)]


def test_the_last_text_of_what_was_taken_away_stays(store: Store) -> None:
    """The record keeps what it said last; a version without text says since when it is gone."""
    with store.writing() as tx:
        enter(tx, [page(FIRST, 0), page(AWAY, 1)])
        known = told(tx)
    assert known["shown"][0] == FIRST
    assert [state for _, state, _, _ in known["versions"]] == ["text", "notice"]


def test_two_addresses_that_serve_two_texts_are_no_changes(store: Store) -> None:
    """Each address is compared with what it served before, night after night."""
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        for hours in range(4):
            read = [("desk", f"{FIRST} {hours}"), ("amp", f"{SECOND} {hours}")]
            pages = [page(FIRST, hours), page(SECOND, hours + 0.5)]
            records.add_records(tx, pages, run_id, read=read)
        assert len(told(tx)["versions"]) == 2
        records.add_sightings(tx, [Seen(address="amp", state=State.GONE, at=NOON + timedelta(hours=5))], run_id)
        assert told(tx)["versions"][-1][1] == "gone"


def test_what_has_changed_is_told_in_the_record_and_on_its_page(store: Store) -> None:
    """Each version has its kind; the record says which it is, and that it was withdrawn; the page marks the words."""
    notice = f"{SECOND}\n\nCorrection: the day of the first trip was wrong."
    with store.writing() as tx:
        enter(tx, [page(FIRST, 0), page(SECOND, 1), page(notice, 2), seen(State.GONE, 3), page(notice, 4)])
        tell_changes(tx, [key_of(URL)])
        tell_changes(tx, [key_of(URL)])
        (one,) = read_records(tx, [key_of(URL)], "en")
        shown = history(tx, key_of(URL), "1", "2")
        enter(tx, [seen(State.GONE, 5)])
        tell_changes(tx, [key_of(URL)])
        (gone,) = read_records(tx, [key_of(URL)], "en")
        met_in = set(tx.execute(select(sighting.c.run_id)).scalars())
        named = {kind for run_id in met_in for kind, *_ in changed_in(tx, run_id, {"correction", "withdrawn"})}
    assert named == {"correction", "withdrawn"}
    assert [version.change for version in shown["versions"]] == [
        None, "substance", "correction", "withdrawn", "restored",
    ]  # fmt: skip
    assert (one["version"]["number"], one["version"]["change"], one["flags"]) == (5, "restored", ["short_text"])
    assert [[text for text, same in row.before if not same] for row in shown["rows"]] == [[], ["Friday"], []]
    assert [[text for text, same in row.after if not same] for row in shown["rows"]] == [[], ["Sunday"], []]
    assert (gone["text"], gone["version"]["change"], "withdrawn_article" in gone["flags"]) == (
        notice,
        "withdrawn",
        True,
    )


def test_revisions_of_an_older_database_become_versions(tmp_path: Path) -> None:
    """What 0.1.0 kept of an earlier text is a version with its time; the record shows the newer one."""
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    with Store(f"sqlite:///{new}") as store, store.writing() as tx:
        enter(tx, [page(SECOND, 1)])
    first_schema(new, old)
    earlier = (key_of(URL), 1, "Ferry back", FIRST, NOON.isoformat(), json.dumps({"body_sha256": "0" * 64}))
    with closing(sqlite3.connect(old)) as database, database:
        database.execute("UPDATE record SET revision = 2")
        columns = "record_id, revision, title, text, fetched_at, provenance"
        database.execute(f"INSERT INTO revision ({columns}) VALUES (?, ?, ?, ?, ?, ?)", earlier)
    with Store(f"sqlite:///{old}") as store, store.writing() as tx:
        tell_changes(tx, [key_of(URL)])
        found = read_versions(tx, key_of(URL))
        (one,) = read_records(tx, [key_of(URL)], "en")
    assert [(version.text, version.change) for version in found] == [(FIRST, None), (SECOND, "substance")]
    assert (one["text"], one["version"]["number"], one["version"]["of"]) == (SECOND, 2, 2)


def test_history_shows_versions_and_their_difference(tmp_path: Path) -> None:
    """As lines for people, with the words that differ in brackets, and as one object for programs."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with Store(url) as store, store.writing() as tx:
        enter(tx, [page(FIRST, 0), page(SECOND, 1)])
        tell_changes(tx, [key_of(URL)])
    told = CliRunner().invoke(app, ["history", URL, "--diff", "--db", url]).output
    assert "[-Friday-]" in told
    assert "{+Sunday+}" in told
    object_ = json.loads(CliRunner().invoke(app, ["history", URL, "--diff", "--json", "--db", url]).output)
    assert [(one["number"], one["change"], one["kinds"]) for one in object_["versions"]] == [
        (1, None, []), (2, "substance", ["substance"]),
    ]  # fmt: skip
    with Store(url) as store:
        assert Asked(store=store, target="en").history(URL, diff=True) == object_
    (pair,) = object_["versions"][1]["diff"]["sentences"]
    assert pair == [FIRST.partition(". ")[0] + ".", SECOND.partition(". ")[0] + "."]


SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "record.schema.json").read_text(encoding="utf-8"))


def exported(store: Store, path: Path, **selection: Any) -> list[dict[str, Any]]:
    """What an export with versions holds, each a record as it is specified."""
    export_records(store, "sv", path, selection=Selection(versions=True, **selection))
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for one in found:
        jsonschema.validate(one, SCHEMA)
    return found


def test_all_versions_are_exported_as_records(store: Store, tmp_path: Path) -> None:
    """Each number once, in order, with its own text, time and change; while an article was gone, its last text."""
    with store.writing() as tx:
        bus = make_stored("The night bus runs again.", "https://courier.example/bus", title="Bus")
        enter(tx, [page(FIRST, 0, tag="a"), seen(State.GONE, 1), page(SECOND, 2), seen(State.GONE, 3), bus])
        tell_changes(tx, [key_of(URL)])
    found = exported(store, tmp_path / "all.jsonl")
    versions = [one for one in found if one["id"] == key_of(URL)]
    assert [(one["version"]["number"], one["version"]["of"], one["version"]["change"]) for one in versions] == [
        (1, 4, None), (2, 4, "withdrawn"), (3, 4, "restored"), (4, 4, "withdrawn"),
    ]  # fmt: skip
    assert [(one["text"], "withdrawn_article" in one["flags"]) for one in versions] == [
        (FIRST, False), (FIRST, True), (SECOND, False), (SECOND, True),
    ]  # fmt: skip
    times = [one["version"]["captured_at"] for one in versions]
    assert [one["version"]["previous"] for one in versions] == [None, *times[:-1]]
    assert times == sorted(times)
    assert [one["tags"] for one in versions[:2]] == [["a"], ["a"]]
    assert [one["translation"]["status"] for one in versions[:3]] == ["unsupported"] * 3
    assert len(found) == 5


def test_increments_carry_all_versions_of_what_has_changed(store: Store, tmp_path: Path) -> None:
    """Also a version that was captured before all others and came later."""
    with store.writing() as tx:
        other = make_stored("The night bus runs again.", "https://courier.example/bus", title="Bus")
        enter(tx, [page(SECOND, 2), other])
    cursor = export_records(store, "sv", tmp_path / "first.jsonl").cursor
    assert exported(store, tmp_path / "none.jsonl", since=cursor) == []
    with store.writing() as tx:
        enter(tx, [page(FIRST, 0)])
    found = exported(store, tmp_path / "next.jsonl", since=cursor)
    assert [(one["text"], one["version"]["number"]) for one in found] == [(FIRST, 1), (SECOND, 2)]


def test_versions_stand_in_tables_and_in_no_feed(tmp_path: Path) -> None:
    """CSV and Parquet have a row each, also where versions have other days; a feed and documents refuse them."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with Store(url) as store, store.writing() as tx:
        days = [NOON, NOON + timedelta(days=1), NOON]
        enter(tx, [
            make_stored(f"{FIRST} {number}", URL, hours=number, title="Ferry", published_at=day)
            for number, day in enumerate(days)
        ])  # fmt: skip
    for name in ("a.csv", "a.parquet"):
        told = CliRunner().invoke(app, ["export", str(tmp_path / name), "--versions", "--json", "--db", url])
        assert json.loads(told.output)["records"] == 3
    rows = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 4
    tables = [pq.read_table(path).num_rows for path in sorted((tmp_path / "a.parquet").rglob("*.parquet"))]
    assert tables == [1, 1, 1]
    for name in ("a.atom", "a.jsonld", "a.md"):
        refused = CliRunner().invoke(app, ["export", str(tmp_path / name), "--versions", "--db", url])
        assert "export versions as csv, jsonl, parquet" in str(refused.exception)


def test_what_an_old_database_kept_of_a_version_is_exported(tmp_path: Path) -> None:
    """Its title, text and times; of all else it has what the newest version says."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            enter(tx, [page(FIRST, 0), page(SECOND, 1, tag="b")])
            row = tx.execute(select(sighting).where(sighting.c.number == 1)).one()
            kept = {name: row.content[name] for name in ("title", "text", "modified_at", "fetched_at", "provenance")}
            tx.execute(update(sighting).where(sighting.c.number == 1).values(content=kept))
        first, second = exported(store, tmp_path / "all.jsonl")
    assert (first["text"], [one["text"] for one in first["segments"]], first["tags"]) == (FIRST, [FIRST], ["b"])
    assert (second["text"], second["version"]["number"]) == (SECOND, 2)
