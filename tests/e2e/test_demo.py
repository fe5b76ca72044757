"""The whole path on the demo site: two nights, everything real."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.command import installed, newsmill

from flows.demo.corpus import load_articles
from flows.demo.home import demo_home, demo_settings
from flows.demo.site import DemoSite
from flows.orders import choose_sources, nightly_order
from flows.run import run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from ingest.link import Relation
from storage import reports
from storage.export import iterate_records
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a run came to, and what was stored after it."""

    summary: Summary
    rejections: dict[str, str]
    records: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Two nights at the demo site."""

    site: DemoSite
    nights: tuple[Night, Night]
    settings: Settings


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Crawl the first edition, then the second."""
    folder = tmp_path_factory.mktemp("demo")
    with demo_home(folder) as site:
        settings = load_settings(folder, **demo_settings(folder, site))
        nights = []
        for edition in (1, 2):
            site.edition = edition
            nights.append(_night(run(nightly_order(choose_sources(folder, ())), settings), settings))
        yield Demo(site=site, nights=(nights[0], nights[1]), settings=settings)


def _night(summary: Summary, settings: Settings) -> Night:
    with Store(settings.storage.url) as store:
        with store.reading() as tx:
            rejections = {url: reason for reason, _, url in reports.rejections(tx, summary.run_id)}
        records = {record["canonical_url"] or record["url"]: record for record in iterate_records(store, "en")}
    return Night(summary=summary, rejections=rejections, records=records)


def test_every_address_comes_to_what_the_site_promises(demo: Demo) -> None:
    """Articles are stored, and everything that misbehaves is rejected or fails for the right reason."""
    promised = {promise.url: promise.reason for promise in demo.site.promises() if promise.reason is not None}
    # A feed that is as it was announces nothing in the second night.
    met = demo.nights[0].rejections | demo.nights[1].rejections
    assert met == {url: str(reason) for url, reason in promised.items()}
    wanted = {demo.site.url_of(article.key) for article in load_articles(2)}
    assert wanted == set(demo.nights[1].records)


def test_every_seed_has_one_outcome(demo: Demo) -> None:
    """The counts of both nights add up; the second stores the new article and the updated one only."""
    first, second = (night.summary for night in demo.nights)
    assert first.complete
    assert second.complete
    assert first.stored == len(demo.nights[0].records)
    assert (second.stored, second.translated) == (2, 0)
    assert second.stored + second.unchanged < second.seeds < first.seeds


def test_a_feed_that_is_none_is_reported(demo: Demo) -> None:
    """A broken feed is named, and does not keep the outlet's other feed from being read."""
    (broken,) = demo.nights[0].summary.broken_feeds
    assert (broken.source, str(broken.reason)) == ("world-basket", "bad_feed")
    assert any(record["source"] == "world-basket" for record in demo.nights[0].records.values())


def test_languages_are_those_of_the_articles(demo: Demo) -> None:
    """Each article is in its language, and mixed ones have both."""
    for article in load_articles(2):
        record = demo.nights[1].records[demo.site.url_of(article.key)]
        assert record["language"] == article.language or len(article.truth.languages) > 1, article.key
        missing = set(article.truth.languages) - set(record["languages"])
        assert missing == set(), article.key
        # The line of a site's own template may be in another language than the article.
        stray = sum(share for language, share in record["languages"].items() if language not in article.truth.languages)
        assert stray < 0.06, article.key


def test_what_has_a_model_is_translated_and_english_is_left_alone(demo: Demo) -> None:
    """Swedish, German and Russian are translated; English segments never; Arabic waits for a model."""
    states: Counter[tuple[str, str]] = Counter()
    for record in demo.nights[1].records.values():
        states[record["language"], record["translation"]["status"]] += 1
        assert all(segment["translation"] is None for segment in record["segments"] if segment["language"] == "en")
    assert states["ar", "pending"] == 1
    assert {language for (language, status) in states if status == "complete"} >= {"sv", "de", "ru"}
    assert demo.nights[1].summary.missing_models == (("ar", 1),)


def test_copies_are_found_and_nothing_else(demo: Demo) -> None:
    """Every copy is linked to its original with the right relation; independent reports of one event are not."""
    records = demo.nights[1].records
    by_id = {record["id"]: url for url, record in records.items()}
    wanted, found = {}, {}
    for article in load_articles(2):
        url = demo.site.url_of(article.key)
        if article.truth.copy_of and article.truth.relation is not Relation.QUOTES:
            wanted[url] = (demo.site.url_of(article.truth.copy_of), str(article.truth.relation))
    for url, record in records.items():
        if not record["duplicate"]["is_canonical"]:
            found[url] = (by_id[record["duplicate"]["canonical_id"]], record["duplicate"]["relation"])
    assert found == wanted


def test_a_quotation_is_linked_from_both_ends(demo: Demo) -> None:
    """The post quotes the article, the article is quoted by the post, and the passages are the same."""
    (article,) = [one for one in load_articles(2) if one.truth.relation is Relation.QUOTES]
    assert article.truth.copy_of is not None
    post = demo.nights[1].records[demo.site.url_of(article.key)]
    quoted = demo.nights[1].records[demo.site.url_of(article.truth.copy_of)]
    (out,), (back,) = post["links"], quoted["links"]
    assert (out["relation"], out["id"]) == ("quotes", quoted["id"])
    assert (back["relation"], back["id"]) == ("quoted_by", post["id"])
    assert [[c, d, a, b] for a, b, c, d in out["spans"]] == back["spans"]
    start, end = back["spans"][0][:2]
    passage = quoted["text"][start:end]
    assert passage in post["text"]
    assert len(passage) > 100


def test_an_updated_article_keeps_its_first_version(demo: Demo) -> None:
    """The second edition is a new version of the same record."""
    with Store(demo.settings.storage.url) as store, store.reading() as tx:
        rows = tx.exec_driver_sql("SELECT record_id, number FROM sighting WHERE number = 2").all()
    assert len(rows) == 1
    updated = [url for url, record in demo.nights[1].records.items() if record["id"] == rows[0][0]]
    before, after = demo.nights[0].records[updated[0]], demo.nights[1].records[updated[0]]
    assert before["text"] != after["text"]
    assert after["modified_at"] > before["published_at"]


def test_nothing_private_was_asked_and_robots_were_obeyed(demo: Demo) -> None:
    """The page that robots.txt forbids was never requested, and every outlet was asked for its robots.txt first."""
    forbidden = [promise.url for promise in demo.site.promises() if str(promise.reason) == "robots"]
    assert forbidden
    paths = {demo.site.outlets[seen.outlet] + seen.path for seen in demo.site.requests}
    assert not paths & set(forbidden)
    first: dict[str, str] = {}
    for seen in demo.site.requests:
        first.setdefault(seen.outlet, seen.path)
    assert set(first.values()) == {"/robots.txt"}


def test_the_command_shows_it_all(tmp_path: Path) -> None:
    """`newsmill demo` ends well and shows outcomes, reasons, languages, copies and quotations."""
    result = installed("demo", home=tmp_path)
    assert result.returncode == 0, result.stderr
    for shown in (
        "First night",
        "Second night",
        "private_address",
        "Languages",
        "Duplicates",
        "translated",
        "Linked, not duplicates",
    ):
        assert shown in result.stdout
    database = f"sqlite:///{tmp_path}/data/demo/newsmill.db"
    assert json.loads(newsmill("stats", "--db", database, "--json", home=tmp_path).stdout)["records"] >= 50
