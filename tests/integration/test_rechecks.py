"""Young articles are asked again on a schedule that thins out, within bounds, and only what has changed costs more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.databases import KINDS, empty_database
from support.here import Here
from support.making import key_of
from support.newsroom import Newsroom

from flows.orders import Rechecks, nightly_order
from flows.run import run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from ingest.sources import Source
from storage.rechecks import due_tasks
from storage.store import Store, Transaction
from storage.tables import outcome, url
from storage.tables import run as run_table

NOW = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
AFTER = tuple(timedelta(hours=one) for one in (1, 6, 24))
FIRST = "The lock at Norrby will be closed for a week from Monday, because its lower gate has to be lifted out."
SECOND = "Boats can wait in the basin, said the keeper, and those that cannot will be taken round by a lorry."


def stored(tx: Transaction, name: str, age: float, asked: float, source: str = "Canal") -> None:
    """An article that was stored so many hours ago, and asked last so many hours after that."""
    first = NOW - timedelta(hours=age)
    address = f"https://canal.example/{name}"
    values = {"kind": "nightly", "target": "en", "status": "finished", "host": "here", "refresh": False}
    tx.execute(run_table.insert().values(id=name, started_at=first.isoformat(), source_delays={}, **values))
    at = (first + timedelta(hours=asked)).isoformat()
    known = {"url": address, "source": source, "via": "feed", "state": "done", "settled_at": at}
    tx.execute(url.insert().values(key=key_of(address), **known))
    tx.execute(outcome.insert().values(run_id=name, key=key_of(address), outcome="stored"))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of each kind."""
    with empty_database(request.param, tmp_path) as address, Store(address) as opened:
        yield opened


def test_an_article_is_due_at_each_time_once(store: Store) -> None:
    """After 1, 6 and 24 hours, whatever the hour it was asked before; and no more when it is two days old."""
    hours = [(0.5, 0), (2, 0), (2, 1.5), (7, 1.5), (7, 6.5), (30, 7), (30, 25), (47, 7), (49, 7)]
    due = {(2, 0), (7, 1.5), (30, 7), (47, 7)}
    with store.writing() as tx:
        for age, asked in hours:
            stored(tx, f"{age}-{asked}", age, asked)
        stored(tx, "other", 2, 0, "Other")
        found = [task.seed.url.rpartition("/")[2] for task in due_tasks(tx, ["Canal"], NOW, AFTER, 100)]
        assert found == [f"{age}-{asked}" for age, asked in sorted(due)]
        of_each = due_tasks(tx, ["Canal", "Other"], NOW, AFTER, 1)
        assert {one.seed.url.rpartition("/")[2] for one in of_each} == {"2-0", "other"}
        assert due_tasks(tx, ["Canal"], NOW, AFTER, 0) == due_tasks(tx, ["Canal"], NOW, (), 9) == ()


def night(settings: Settings, room: Newsroom, *, recheck: bool = True) -> Summary:
    """A nightly run over one feed."""
    source = Source(name="Canal", feeds=(f"{room.base}/feed",), recheck=recheck)
    order = nightly_order([source], translate=False, rechecks=Rechecks(after=AFTER, most=10))
    return run(order, settings, open_engines=Here().open)


def test_a_later_night_sees_what_became_of_articles(tmp_path: Path) -> None:
    """What is announced no more is asked conditionally: the same again, withdrawn, or not at all where that is off."""
    (tmp_path / "models").mkdir()
    with Newsroom() as room:
        settings = load_settings(
            None,
            storage={"url": f"sqlite:///{tmp_path / 'n.db'}", "archive_dir": tmp_path / "archive"},
            translate={"packages_dir": tmp_path / "models"},
            fetch={"delay_s": 0.0, "allow_private": (room.host,)},
        )
        urls = [room.story(name, f"{name.capitalize()}. {FIRST}", SECOND) for name in ("gate", "boats", "fresh")]
        room.feed("/feed", urls)
        first = night(settings, room)
        assert (first.stored, first.rechecked) == (3, 0)
        room.feed("/feed", urls[2:])
        assert night(settings, room).rechecked == 0
        later(settings, timedelta(hours=2))
        room.put("/boats", "gone", "text/plain", status=410)
        assert night(settings, room, recheck=False).rechecked == 0
        assert (len(room.asked("/gate")), len(room.asked("/boats"))) == (1, 1)
        summary = night(settings, room)
        # The feed has not changed, so it announces nothing, and "fresh" is due, too.
        assert (summary.rechecked, summary.seeds, summary.stored) == (3, 3, 0)
        assert summary.as_json()["rechecked"] == 3
        assert [one.status for one in room.asked("/gate")] == [200, 304]
        assert [one.status for one in room.asked("/boats")] == [200, 410]
        with Store(settings.storage.url) as store, store.reading() as tx:
            query = "SELECT state, change FROM sighting WHERE address = :key ORDER BY captured_at"
            seen = {
                name: tx.execute(text(query), {"key": key_of(f"{room.base}/{name}")}).all()
                for name in ("gate", "boats")
            }
        assert [tuple(one) for one in seen["gate"]] == [("text", None), ("same", None)]
        assert [tuple(one) for one in seen["boats"]] == [("text", None), ("gone", "withdrawn")]
        assert night(settings, room).rechecked == 0
        assert json.dumps(first.as_json()).count("rechecked") == 0


def later(settings: Settings, by: timedelta) -> None:
    """Have all that was done so far done so much earlier."""
    with Store(settings.storage.url) as store, store.writing() as tx:
        for table, key, column in (("run", "id", "started_at"), ("url", "key", "settled_at")):
            for name, at in tx.execute(text(f"SELECT {key}, {column} FROM {table}")).all():
                then = (datetime.fromisoformat(at) - by).isoformat()
                tx.execute(text(f"UPDATE {table} SET {column} = :at WHERE {key} = :name"), {"at": then, "name": name})
