"""What is new or has changed since an export: all of it, nothing else, whoever wrote it and whatever was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from support.databases import KINDS, SERVER, empty_database
from support.making import key_of, make_stored

from ingest.errors import InputError
from ingest.link import Certain, Link, Relation, Span
from ingest.model import Labels, Role, Segment, UrlKey
from storage import clusters, links, records, runs, translations
from storage.changes import numbered
from storage.clusters import ClusterRow
from storage.export import Selection, export_records, iterate_records
from storage.store import Store, Transaction
from storage.translations import Translated

FERRY = "Färjan till Lindö går inte i dag. Rederiet väntar på reservdelar från Hamburg och hoppas på lördag."
BAKERY = "The bakery on the square has opened again after the fire, and customers queued from six in the morning."
CHOIR = "The miners' choir of Skellbrook sang for the last time in the canteen that is to become a library."
A, B, C = (key_of(f"https://courier.example/{name}") for name in ("ferry", "bakery", "choir"))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database with three records, each in a cluster of its own."""
    with empty_database(request.param, tmp_path) as url, Store(url) as opened:
        with opened.writing() as tx:
            add(tx, ferry=FERRY, bakery=BAKERY, choir=CHOIR)
            translations.set_states(tx, [A, B, C], "en")
        yield opened


HOURS = count()


def add(tx: Transaction, *, refresh: bool = False, **texts: str) -> None:
    """Store records, or new versions of them: each time is later than the last."""
    run_id = runs.start_run(tx, "urls", "en")
    hours = next(HOURS)
    made = [make_stored(text, f"https://courier.example/{name}", hours=hours) for name, text in texts.items()]
    records.add_records(tx, made, run_id, refresh=refresh)


def since(store: Store, cursor: int) -> tuple[set[str], int]:
    """What an export with this cursor gives, and the next cursor."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.jsonl"
        written = export_records(store, "en", path, "jsonl", Selection(since=cursor))
        found = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(set(found)) == len(found) == written.records
    return set(found), written.cursor


def quote(score: float = 0.9) -> Link:
    """A quotation between two of the records."""
    return Link(
        a=A,
        b=B,
        relation=Relation.QUOTES,
        compared=Relation.QUOTES,
        score=score,
        spans=(Span(a_start=0, a_end=9, b_start=3, b_end=12),),
    )


def copy_of(key: UrlKey, canonical: UrlKey) -> ClusterRow:
    """A record's place in a cluster."""
    relation = Relation.ORIGINAL if key == canonical else Relation.NEAR
    return ClusterRow(
        record_id=key,
        cluster=canonical,
        canonical_id=canonical,
        relation=relation,
        score=None if key == canonical else 0.8,
        overlap=None,
        evidence=(),
        certain=Certain.YES,
    )


def languages(tx: Transaction) -> None:
    """Tell the languages of a record anew."""
    labels = Labels(
        segments=(Segment(text=FERRY, language="da", confidence=0.6),),
        title_language=None,
        language="da",
        languages=(("da", 1.0),),
    )
    records.set_languages(tx, A, labels, "another detector")


WRITERS: list[tuple[str, Callable[[Transaction], Any], set[str]]] = [
    ("version", lambda tx: add(tx, ferry=FERRY + " Bussar ersätter."), {A}),
    ("refresh", lambda tx: add(tx, refresh=True, ferry=FERRY), {A}),  # another run has read it
    ("languages", languages, {A}),
    ("flag", lambda tx: records.set_flag(tx, [A, B, C], "boilerplate", [B]), {B}),
    ("deduplicator", lambda tx: records.set_deduplicator(tx, [C], "9"), {C}),
    ("translation", lambda tx: translations.add_translations(tx, "en", [made("The ferry")]), {A}),
    ("state", lambda tx: translations.set_states(tx, [A, B], "de"), {A, B}),
    ("cluster", lambda tx: clusters.set_clusters(tx, [A, B], [copy_of(A, B), copy_of(B, B)]), {A}),  # B stays alone
    ("link", lambda tx: links.add_links(tx, [quote()]), {A, B}),
    ("by hand", lambda tx: tx.execute(text(f"UPDATE record SET title = 'Bread' WHERE id = '{B}'")), {B}),
    ("nothing", lambda tx: add(tx, ferry=FERRY), set()),
]


def made(english: str) -> Translated:
    """A translation of the first record."""
    return Translated(record_id=A, position=0, text=english, model="translate-sv_en 1.5")


@pytest.mark.parametrize(("write", "changed"), [row[1:] for row in WRITERS], ids=[row[0] for row in WRITERS])
def test_whatever_is_written_is_exported_once(
    store: Store, write: Callable[[Transaction], Any], changed: set[str]
) -> None:
    """An export since a cursor gives exactly the records that a writer has changed, and the next one nothing."""
    everything, cursor = since(store, 0)
    assert everything == {A, B, C}
    with store.writing() as tx:
        write(tx)
    found, later = since(store, cursor)
    assert found == changed
    assert since(store, later) == (set(), later)


@pytest.mark.parametrize(
    "write",
    [
        lambda tx: translations.set_states(tx, [A, B, C], "en"),
        lambda tx: clusters.set_clusters(tx, [A], [copy_of(A, A)]),
        lambda tx: links.add_links(tx, [quote()]),
        lambda tx: records.set_segments(tx, A, [segment_of(tx)]),
    ],
    ids=["states", "clusters", "links", "segments"],
)
def test_what_is_only_written_again_is_no_change(store: Store, write: Callable[[Transaction], Any]) -> None:
    """Rows that are deleted and put back, or set to what they were, export nothing."""
    with store.writing() as tx:
        write(tx)
    _, cursor = since(store, 0)
    with store.writing() as tx:
        tx.execute(text(f"UPDATE segment SET text = text WHERE record_id = '{A}'"))
        write(tx)
    assert since(store, cursor) == (set(), cursor)


def segment_of(tx: Transaction) -> Segment:
    """The first record's only segment, as it is."""
    row = tx.execute(text(f"SELECT text, language, confidence, role FROM segment WHERE record_id = '{A}'")).one()
    return Segment(text=row.text, language=row.language, confidence=row.confidence, role=Role(row.role))


@pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")
def test_a_transaction_that_commits_late_is_not_missed(tmp_path: Path) -> None:
    """Of two transactions the one that began first commits last: the export between them has the other's record, the
    next one exactly its own."""
    with empty_database("postgresql", tmp_path) as url, Store(url) as slow, Store(url) as quick:
        with slow.engine.begin() as tx:
            add(tx, ferry=FERRY)
            with quick.writing() as other:
                add(other, bakery=BAKERY)
            found, cursor = since(quick, 0)
            assert found == {B}
            assert since(quick, cursor) == (set(), cursor)
        found, later = since(quick, cursor)
        assert (found, later > cursor) == ({A}, True)


@pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")
def test_a_record_that_two_transactions_touch_is_exported_after_each(tmp_path: Path) -> None:
    """A change that is under way while an earlier one of the same record is exported comes with the next export."""
    with empty_database("postgresql", tmp_path) as url, Store(url) as slow, Store(url) as quick:
        with quick.writing() as tx:
            add(tx, ferry=FERRY)
        with slow.engine.begin() as tx:
            translations.add_translations(tx, "en", [made("The ferry")])
            found, cursor = since(quick, 0)
            assert found == {A}
        assert since(quick, cursor)[0] == {A}


@pytest.mark.skipif(not SERVER, reason="NEWSMILL_TEST_POSTGRES names no server")
def test_writers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Two transactions that note changes of the same two records in opposite orders both get through."""
    with empty_database("postgresql", tmp_path) as url, Store(url) as one, Store(url) as other:
        with one.writing() as tx:
            add(tx, ferry=FERRY, bakery=BAKERY)
        with one.engine.begin() as first, other.engine.begin() as second:
            for tx, target, order in ((first, "en", (A, B)), (second, "de", (B, A))):
                for key in order:
                    translations.add_translations(tx, target, [replace(made("text"), record_id=key)])
        assert since(one, 0)[0] == {A, B}


def test_exports_at_the_same_time_agree(store: Store) -> None:
    """Several exports that begin at once, while somebody writes, number each change once: no one misses any."""
    _, cursor = since(store, 0)
    with store.writing() as tx:
        records.set_flag(tx, [A, B, C], "boilerplate", [A, B, C])
    found: list[tuple[set[str], int]] = []
    threads = [threading.Thread(target=lambda: found.append(since(store, cursor))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [({A, B, C}, cursor + 1)] * 4


def test_a_snapshot_stays_as_it_was(store: Store) -> None:
    """What is written while an export reads belongs to the next one."""
    with numbered(store) as (tx, cursor):
        before = tx.execute(text("SELECT count(*) FROM record")).scalar()
        with store.writing() as other:
            add(other, market="The fish market moves to the old ropewalk, and the auctioneer goes with it.")
        assert tx.execute(text("SELECT count(*) FROM record")).scalar() == before
    assert len(since(store, cursor)[0]) == 1


def test_a_cursor_of_another_database_is_refused(store: Store, tmp_path: Path) -> None:
    """A cursor that was never given out would hide changes."""
    with pytest.raises(InputError, match="not from this database"):
        export_records(store, "en", tmp_path / "out.jsonl", "jsonl", Selection(since=99))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["text", "translation", "flag", "nothing", "export"]), st.integers(0, 3), st.integers(0, 2)
    ),
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exports_put_together_are_the_whole(steps: list[tuple[str, int, int]]) -> None:
    """Whoever applies each export to what he had has, in the end, what one full export gives."""
    with tempfile.TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/n.db") as store:
        held: dict[str, Any] = {}
        cursor = 0
        for what, record, value in [*steps, ("export", 0, 0)]:
            with store.writing() as tx:
                _step(tx, what, record, value)
            if what == "export":
                with numbered(store) as (_, newest):
                    pass
                news = {one["id"]: one for one in iterate_records(store, "en", Selection(since=cursor))}
                assert [key for key, one in news.items() if held.get(key) == one] == []
                held |= news
                cursor = newest
        assert held == {one["id"]: one for one in iterate_records(store, "en")}


def _step(tx: Transaction, what: str, record: int, value: int) -> None:
    name = f"story-{record}"
    key = key_of(f"https://courier.example/{name}")
    if what == "text":
        add(tx, refresh=False, **{name: f"{BAKERY} Number {value}."})
    elif tx.execute(text("SELECT 1 FROM record WHERE id = :id"), {"id": key}).first() is None:
        return
    elif what == "translation":
        translations.add_translations(tx, "en", [Translated(record_id=key, position=0, text=str(value), model="m")])
    elif what == "flag":
        records.set_flag(tx, [key], "boilerplate", [key] if value else [])


EXPORT = """
import sys
from pathlib import Path
from storage.export import Selection, export_records
from storage.store import Store
with Store(sys.argv[1]) as store:
    print("begin", flush=True)
    export_records(store, "en", Path(sys.argv[2]), "jsonl", Selection(since=int(sys.argv[3])))
"""


def test_a_killed_export_is_repeated_without_loss(tmp_path: Path) -> None:
    """Killed with -9 at any moment, an export leaves the old file or the whole new one, and the next try, with the
    cursor of the manifest that is there, gives exactly what has changed."""
    url, path = f"sqlite:///{tmp_path / 'n.db'}", tmp_path / "out.jsonl"
    with Store(url) as store:
        with store.writing() as tx:
            run_id = runs.start_run(tx, "urls", "en")
            news = [make_stored(f"{BAKERY} {n}.", f"https://courier.example/{n}") for n in range(300)]
            records.add_records(tx, news, run_id)
        export_records(store, "en", path, "jsonl", Selection(canonical_only=True))
        cursor = manifest(path)["cursor"]
        changed = sorted(one.article.key for one in news[::3])
        old = path.read_bytes()
        for pause in (0.0, 0.02, 0.04, 0.06, 0.08):
            with store.writing() as tx:
                records.set_flag(tx, changed, f"killed-{pause}", changed)
            with subprocess.Popen(
                [sys.executable, "-c", EXPORT, url, path, str(cursor)], stdout=subprocess.PIPE
            ) as one:
                assert one.stdout is not None
                one.stdout.readline()
                time.sleep(pause)
                os.kill(one.pid, signal.SIGKILL)
            if path.read_bytes() != old:
                assert sorted(json.loads(line)["id"] for line in path.read_bytes().splitlines()) == changed
        assert since(store, cursor)[0] == set(changed)
        export_records(store, "en", path, "jsonl", Selection(since=cursor))
        assert manifest(path)["cursor"] > cursor
    assert sorted(one.name for one in tmp_path.glob(".out*")) == []


def manifest(path: Path) -> dict[str, Any]:
    """What stands beside an export."""
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))
    return found
