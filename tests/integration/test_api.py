"""`/api` and `/metrics` of `newsmill browse`: what programs read, that nothing is missed, and errors in one shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy import text
from support.databases import KINDS, empty_database
from support.making import key_of, make_stored
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.browse.app import make_app
from flows.browse.site import Site
from flows.link import link_texts
from ingest.model import Seed, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage
from storage import links, listings, queue, records, runs, seeds, translations
from storage.changes import numbered
from storage.export import Selection, stream_records
from storage.listings import ListingRow, SourceRow
from storage.search import update_index
from storage.seeds import Settled, Task
from storage.store import Store

ORIGINAL, COPY, OTHER, BARRED = (f"https://{name}.example/story" for name in ("gazette", "mirror", "radio", "barred"))
SCHEMA = Path(__file__).parents[2] / "docs" / "record.schema.json"


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A night: a story, its copy and another one stored, a page rejected, a feed unread."""
    with empty_database(request.param, tmp_path_factory.mktemp("api")) as url, Store(url) as opened:
        made = [
            make_stored(MARKET_NEWS, ORIGINAL, title="Covered market reopens", source="gazette"),
            make_stored(MARKET_NEWS, COPY, title="Covered market reopens", source="mirror"),
            make_stored(RADIO_NEWS, OTHER, title="The last waltz", source="radio"),
        ]
        with opened.writing() as tx:
            run_id = runs.start_run(tx, "nightly", "en")
            tasks = [Task(key=key_of(url), seed=Seed(url=url, via=Via.FEED)) for url in (ORIGINAL, COPY, OTHER, BARRED)]
            queue.accept(tx, run_id, tasks)
            records.add_records(tx, made, run_id)
            link_texts(tx, {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in made})
            no = Rejection(url=BARRED, source=None, stage=Stage.FETCH, reason=Reason.ROBOTS, detail="")
            done = [Settled(key=one.article.key, outcome=Outcome.STORED, record_id=one.article.key) for one in made]
            seeds.settle(tx, run_id, [*done, Settled(key=key_of(BARRED), outcome=Outcome.REJECTED, rejection=no)])
            unread = Rejection(
                url="https://radio.example/feed",
                source="radio",
                stage=Stage.DISCOVER,
                reason=Reason.BAD_FEED,
                detail="",
            )
            row = ListingRow(url=unread.url, source="radio", kind=None, entries=0, rejection=unread)
            listings.add_listings(tx, run_id, [row])
            listings.add_sources(tx, run_id, [SourceRow(source="gazette", announced=3, expected=None)])
            translations.set_states(tx, [one.article.key for one in made], "en")
            runs.finish_run(tx, run_id, {"stored": 3})
        update_index(opened)
        yield opened


def ask(store: Store, path: str, status: int = 200, method: str = "GET", host: str = "127.0.0.1") -> Any:
    """An answer of the server: JSON where it is, else its text."""
    app = make_app(Site(store=store, target="en", zone=ZoneInfo("UTC"), indexed=1), frozenset({"127.0.0.1"}))

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path)

    answer = asyncio.run(asked())
    assert answer.status_code == status, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.json() if answer.headers["content-type"] == "application/json" and answer.content else answer.text


def test_a_record_is_the_documented_one(store: Store) -> None:
    """Whole, valid by the schema, by its id or the beginning of it; with its residue only when asked for."""
    key = key_of(OTHER)
    found = ask(store, f"/api/records/{key}")
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert ask(store, f"/api/records/{key[:8]}") == found
    assert ask(store, f"/api/records/{key}?residue=true") == found | {"residue": []}


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_portions_are_the_whole_and_a_cursor_misses_nothing(store: Store, limit: int) -> None:
    """Portion by portion every record once, also where several have one number; then nothing until one changes."""
    cursor, seen, more = "0", [], True
    while more:
        answer = ask(store, f"/api/records?cursor={cursor}&limit={limit}")
        seen += [one["id"] for one in answer["records"]]
        cursor, more = answer["cursor"], answer["more"]
    assert sorted(seen) == sorted(map(key_of, (ORIGINAL, COPY, OTHER)))
    assert ask(store, f"/api/records?cursor={cursor}")["records"] == []
    with store.writing() as tx:
        tx.execute(text("UPDATE record SET section = :at WHERE id = :id"), {"at": f"Page {limit}", "id": key_of(OTHER)})
    with numbered(store):
        answer = ask(store, f"/api/records?cursor={cursor}")
    assert [one["id"] for one in answer["records"]] == [key_of(OTHER)]


def test_the_cursor_is_that_of_an_export(store: Store, tmp_path: Path) -> None:
    """What an export left behind goes on here, and the other way round."""
    with (tmp_path / "x.jsonl").open("w", encoding="utf-8") as file:
        exported = stream_records(store, "en", file)
    assert ask(store, f"/api/records?cursor={exported.cursor}") == {
        "records": [], "cursor": str(exported.cursor), "more": False,
    }  # fmt: skip
    with (tmp_path / "y.jsonl").open("w", encoding="utf-8") as file:
        cursor = int(ask(store, "/api/records")["cursor"])
        assert stream_records(store, "en", file, "jsonl", Selection(since=cursor)).records == 0


def test_records_can_be_chosen(store: Store) -> None:
    """By the filters of an export."""
    for given, expected in (
        ("source=radio", {OTHER}),
        ("language=sv", set()),
        ("originals=true", {ORIGINAL, OTHER}),
        ("from=2100-01-01", set()),
        ("only=duplicates", {COPY}),
        ("only=pending&run=none", set()),
        ("author=nobody", set()),
    ):
        found = ask(store, f"/api/records?{given}")["records"]
        assert {one["url"] for one in found} == expected, given


def test_a_search_says_what_the_command_says(store: Store) -> None:
    """Stories with duplicates folded, or all; with totals."""
    folded = ask(store, "/api/search?q=markets")
    assert [(one["url"], one["duplicates"]) for one in folded["hits"]] == [(ORIGINAL, 1)]
    assert (folded["stories"], folded["records"]) == (1, 2)
    assert [one["url"] for one in ask(store, "/api/search?q=market&all=true")["hits"]] == [ORIGINAL, COPY]
    assert [one["url"] for one in ask(store, "/api/search?q=market&only=duplicates")["hits"]] == [COPY]
    assert ask(store, "/api/search?q=market&author=nobody")["hits"] == []
    assert ask(store, "/api/search?q=market&limit=1&page=2&all=true")["hits"][0]["url"] == COPY


def test_clusters_and_duplicates_are_told(store: Store) -> None:
    """Each cluster with its members, portion by portion; of a record its cluster and its links."""
    found = ask(store, "/api/clusters?limit=1")
    (cluster,) = found["clusters"]
    assert (found["total"], found["after"]) == (1, None)
    assert cluster["canonical_id"] == key_of(ORIGINAL)
    assert [(one["url"], one["is_canonical"]) for one in cluster["members"]] == [(ORIGINAL, True), (COPY, False)]
    assert ask(store, f"/api/clusters?after={cluster['cluster']}")["clusters"] == []
    assert ask(store, f"/api/records/{key_of(COPY)}/duplicates")["cluster"] == cluster
    assert ask(store, f"/api/records/{key_of(OTHER)}/duplicates")["cluster"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/records/ffffffff", 404),
        ("/api/records/%00%00%00%00%00%00", 404),
        ("/api/records?cursor=x", 400),
        ("/api/records?cursor=99999", 400),
        ("/api/records?limit=0", 400),
        ("/api/records?from=yesterday", 400),
        ("/api/records?source=%00", 200),
        ("/api/search?q=x&only=some", 400),
        ("/api/search?q=x&author=%00&run=%00", 200),
        ("/api/search", 400),
        ("/api/search?q=OR", 400),
        ("/api/clusters?after=%00", 200),
        ("/api/history/ffffffff", 404),
        ("/api/nothing", 404),
    ],
)
def test_errors_have_one_shape(store: Store, path: str, status: int) -> None:
    """One line in `detail`, and a status that says whose fault it is."""
    answer = ask(store, path, status)
    if status != 200:
        assert set(answer) == {"detail"}
        assert "\n" not in answer["detail"]


def test_the_api_can_only_be_read_and_only_under_our_names(store: Store) -> None:
    """As the pages."""
    for path in ("/api/records", "/metrics"):
        ask(store, path, 405, "POST")
        ask(store, path, 421, host="evil.example")
        ask(store, path, 200, "HEAD")


def test_the_api_describes_itself(store: Store) -> None:
    """By OpenAPI, every address with what it is for."""
    described = ask(store, "/api/openapi.json")
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) >= {
        "/records",
        "/records/{key}",
        "/records/{key}/duplicates",
        "/search",
        "/clusters",
        "/history/{key}",
    }
    for path in described["paths"].values():
        assert path["get"]["summary"]
    ask(store, "/api/docs", 404)  # FastAPI's pages load scripts from elsewhere


def test_metrics_are_read_by_those_who_collect_them(store: Store) -> None:
    """In OpenMetrics, by its own parser: what is stored, what was kept out and why, which sources fail, since when."""
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(ask(store, "/metrics"))  # type: ignore[no-untyped-call]
        for sample in family.samples
    }
    assert found["newsmill_records",] == 3
    assert found["newsmill_duplicates",] == 1
    assert found["newsmill_sources_failing",] == 1
    assert found["newsmill_source_failing", ("source", "radio")] == 1
    assert found["newsmill_source_failing", ("source", "gazette")] == 0
    kind = ("kind", "nightly")
    assert found["newsmill_last_run_urls", kind, ("outcome", "rejected"), ("reason", "robots")] == 1
    assert found["newsmill_last_run_urls", kind, ("outcome", "stored"), ("reason", "")] == 3
    assert found["newsmill_runs", kind, ("status", "finished")] == 1
    assert found["newsmill_translations", ("state", "not_needed"), ("target", "en")] == 3
    assert found["newsmill_last_success_timestamp_seconds", kind] > 1.7e9
    assert found["newsmill_source_last_success_timestamp_seconds", ("source", "gazette")] > 1.7e9
