"""Every form of opt-out on a site ends in the right evidence and the right export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.databases import KINDS, empty_database
from support.fetching import policy_for
from support.hostile import HostileServer, reply
from support.texts import MARKET_NEWS

from flows.orders import url_order
from flows.run import run
from flows.settings import load_settings
from ingest.fetch.fetcher import HttpFetcher
from ingest.model import Page, Record, Seed, Use
from ingest.pipeline import process_page
from storage import records, reports, runs
from storage.archive import Archive, read_page
from storage.export import Selection, export_records
from storage.store import Store
from storage.tables import capture

ROBOTS = """User-agent: *
Disallow: /closed/
Content-Signal: search=yes

User-agent: GPTBot
User-agent: ClaudeBot
Disallow: /no-models/

User-agent: CCBot
Disallow: /no-collectors/
"""
ALL = {"search", "mining", "training"}
Headers = tuple[tuple[str, str], ...]
SITE: dict[str, tuple[str, Headers, set[str]]] = {
    "/plain": ("", (), ALL),
    "/no-models/a": ("", (), ALL - {"training"}),
    "/no-collectors/a": ("", (), {"search"}),
    "/noai-header": ("", (("X-Robots-Tag", "noai, noimageai"),), ALL - {"training"}),
    "/noai-meta": ('<meta name="robots" content="noai">', (), ALL - {"training"}),
    "/noimageai": ('<meta name="robots" content="noimageai">', (), ALL),
    "/nosnippet": ('<meta name="robots" content="nosnippet">', (), {"mining", "training"}),
    "/tdm-header": ("", (("tdm-reservation", "1"), ("tdm-policy", "https://courier.example/tdm")), {"search"}),
    "/tdm-meta": ('<meta name="tdm-reservation" content="1">', (), {"search"}),
    "/tdm-permitted": ('<meta name="tdm-reservation" content="0">', (), ALL),
    "/usage": ("", (("Content-Usage", "train-ai=n"),), ALL - {"training"}),
    "/reserved-in-file/a": ("", (), {"search"}),
    "/copyright": (
        '<meta name="copyright" content="Courier. All rights reserved, also for text and data mining.">',
        (),
        {"search"},
    ),
    "/licence": ('<link rel="license" href="https://creativecommons.org/licenses/by-nd/4.0/">', (), ALL),
}


def page(path: str, head: str) -> bytes:
    """An article that is like no other of the site."""
    paragraphs = "".join(f"<p>{one} So it stands at {path}.</p>" for one in MARKET_NEWS.split("\n\n"))
    return f"<html><head><title>{path}</title>{head}</head><body><article>{paragraphs}</article></body></html>".encode()


def fetched(server: HostileServer) -> list[Page]:
    """All pages of the site."""
    server.robots(ROBOTS)
    rules = [{"location": "/reserved-in-file/", "tdm-reservation": 1}]
    server.answers["/.well-known/tdmrep.json"] = reply(json.dumps(rules).encode(), content_type="application/json")
    for path, (head, headers, _) in SITE.items():
        server.answers[path] = reply(page(path, head), headers=headers)
    with HttpFetcher(policy_for(server, tdmrep=True)) as fetcher:
        got = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in SITE]))
    asked = [hit.path for hit in server.hits]
    assert [asked.count(path) for path in ("/robots.txt", "/.well-known/tdmrep.json")] == [1, 1]
    assert all(isinstance(one, Page) for one in got)
    return [one for one in got if isinstance(one, Page)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_opt_out_leads_to_its_export(kind: str, tmp_path: Path) -> None:
    """Through the archive too, from which the same is read again; robots.txt is asked for once."""
    with HostileServer() as server:
        pages = fetched(server)
        base = server.url("")
    with Archive(tmp_path / "archive", "run") as archive:
        kept = [archive.add(one, "0" * 64) for one in pages]
    again = [read_page(one.seed, one.archive) for one in kept if one.archive]
    assert [one.terms for one in again] == [one.terms for one in pages]
    made = [one for one in map(process_page, again) if isinstance(one, Record)]
    with empty_database(kind, tmp_path) as url, Store(url) as store:
        with store.writing() as tx:
            records.add_records(tx, made, runs.start_run(tx, "urls", "en"))
        for use in Use:
            out = tmp_path / f"{use}.jsonl"
            export_records(store, "en", out, selection=Selection(permitted_for=use))
            found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            wanted = {path for path, (_, _, uses) in SITE.items() if use in uses}
            assert {one["url"].removeprefix(base) for one in found} == wanted, use
        permitted = next(one for one in found if one["url"].endswith("/tdm-permitted"))
        assert permitted["rights"]["tdm"] == "permitted"
        said = [(one["about"], one["origin"]) for one in permitted["rights"]["evidence"]]
        assert said == [("search", "robots.txt"), ("tdm", "meta")]


def test_what_a_page_says_anew_counts_though_its_text_is_the_same(tmp_path: Path) -> None:
    """A publisher may reserve what is stored already."""
    with HostileServer() as server:
        pages = {one.final_url.removeprefix(server.url("")): one for one in fetched(server)}
    before = process_page(next(one for path, one in pages.items() if path.endswith("plain")))
    assert isinstance(before, Record)
    after = process_page(next(one for path, one in pages.items() if path.endswith("noai-meta")))
    assert isinstance(after, Record)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            records.add_records(tx, [before], runs.start_run(tx, "urls", "en"))
            records.set_rights(tx, {before.article.key: after.article})
        assert export_records(store, "en", tmp_path / "a", selection=Selection(permitted_for=Use.TRAINING)).records == 0
        assert export_records(store, "en", tmp_path / "b", selection=Selection(permitted_for=Use.MINING)).records == 1


def test_what_is_reserved_is_not_stored_where_records_are_for_that(tmp_path: Path) -> None:
    """Each page that reserves it is a rejection of its own; what origin or header say keeps it out of the archive."""
    with HostileServer() as server:
        fetched(server)
        settings = load_settings(
            None,
            storage={"url": f"sqlite:///{tmp_path / 'n.db'}", "archive_dir": tmp_path / "archive"}
            | {"permitted_for": "training"},
            fetch={"allow_private": [f"127.0.0.1:{server.port}"], "delay_s": 0, "tdmrep": True},
            translate={"packages_dir": tmp_path},
        )
        order = url_order([Seed(url=server.url(path)) for path in SITE], translate=False)
        summary = run(order, settings)
    wanted = sum("training" in uses for _, _, uses in SITE.values())
    assert (summary.stored, summary.rejected) == (wanted, len(SITE) - wanted)
    with Store(settings.storage.url) as store, store.reading() as tx:
        assert {reason for _, reason, _ in reports.reasons(tx, summary.run_id)} == {"reserved"}
        archived = tx.execute(select(func.count()).select_from(capture)).scalar_one()
    in_page = sum("training" not in uses and "<meta" in head for head, _, uses in SITE.values())
    assert archived == wanted + in_page
