"""Nights of `newsmill run nightly` against a site on loopback: what is asked for again, and what is not."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command import NEWSMILL, counts, environment, newsmill
from support.newsroom import Newsroom
from support.warm import Ended

from storage.archive import find_pages

FIRST = (
    "The lock keepers of the Aldersyke canal went back to work on Monday after eleven days, and the first barge passed"
    " the lower gate before the fog had lifted."
)
SECOND = (
    "Their union said that the water board had promised two more keepers for every lock and a roof over the winding"
    " gear, which freezes each January."
)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """An empty site."""
    with Newsroom() as site:
        yield site


def night(home: Path, room: Newsroom, sources: str | None = None, *options: str, **settings: str) -> Ended:
    """One nightly run; `sources` replaces sources.toml first."""
    config = home / "config"
    config.mkdir(exist_ok=True)
    if sources is not None:
        (config / "sources.toml").write_text(sources, encoding="utf-8")
    known = {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": room.host, **settings}
    return newsmill("run", "nightly", "--json", "--no-translate", *options, home=home, **known)


def one_feed(room: Newsroom, *more: str) -> str:
    """A sources.toml with one source and its feed."""
    lines = "\n".join(more)
    return f'[[source]]\nname = "Canal"\nfeeds = ["{room.base}/feed"]\n{lines}\n'


def rows(home: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    """What the database says."""
    connection = sqlite3.connect(home / "data" / "newsmill.db")
    try:
        found = connection.execute(query, values).fetchall()
        connection.commit()
    finally:
        connection.close()
    return found


def test_the_second_night_asks_whether_anything_has_changed(room: Newsroom, tmp_path: Path) -> None:
    """Feed and articles are asked for conditionally; what has not changed costs a 304, what has is revised."""
    urls = [room.story("lock-strike", FIRST, SECOND), room.story("barge-race", SECOND, FIRST)]
    room.feed("/feed", urls)
    first = night(tmp_path, room, one_feed(room))
    assert counts(first)["stored"] == 2, first.stderr
    room.feed("/feed", [*urls, room.story("new-roof", f"{FIRST} {SECOND}", FIRST)])
    room.story("barge-race", f"{SECOND} It was raining.", FIRST)
    second = night(tmp_path, room)
    found = counts(second)
    assert (found["stored"], found["unchanged"], found["seeds"]) == (2, 1, 3), second.stderr
    assert [one.status for one in room.asked("/feed")] == [200, 200]
    assert [one.status for one in room.asked("/lock-strike")] == [200, 304]
    assert [one.status for one in room.asked("/barge-race")] == [200, 200]
    assert rows(tmp_path, "SELECT reason, detail FROM outcome WHERE outcome = 'unchanged'") == [("not_modified", "304")]
    assert rows(tmp_path, "SELECT count(*) FROM sighting WHERE number = 2") == [(1,)]
    third = counts(night(tmp_path, room))
    assert third["seeds"] == 0
    assert room.asked("/feed")[-1].status == 304


def test_a_server_is_asked_in_full_once_a_week(room: Newsroom, tmp_path: Path) -> None:
    """What a server calls unmodified for a week is asked for without conditions; the same bytes are still unchanged."""
    room.feed("/feed", [room.story("lock-strike", FIRST, SECOND)])
    night(tmp_path, room, one_feed(room))
    long_ago = "2020-01-01T00:00:00+00:00"
    rows(tmp_path, "UPDATE url SET full_at = ?", long_ago)
    rows(tmp_path, "UPDATE listing SET full_at = ?", long_ago)
    again = counts(night(tmp_path, room))
    assert (again["seeds"], again["failed"]) == (0, 0), "the feed's bytes are the same: it announces nothing new"
    assert "if-none-match" not in room.asked("/feed")[-1].headers
    room.feed("/feed", [f"{room.base}/lock-strike", f"{room.base}/nowhere"])
    third = counts(night(tmp_path, room))
    assert (third["unchanged"], third["rejected"]) == (1, 1)
    assert room.asked("/lock-strike")[-1].status == 200
    assert "if-none-match" not in room.asked("/lock-strike")[-1].headers
    assert rows(tmp_path, "SELECT detail FROM outcome WHERE reason = 'not_modified'") == [("same body",)]
    rows(tmp_path, "UPDATE listing SET etag = NULL")
    night(tmp_path, room)
    assert rows(tmp_path, "SELECT full_at FROM url WHERE full_at < '2021'") == []


def test_a_source_that_announces_far_too_little_is_named(room: Newsroom, tmp_path: Path) -> None:
    """A source below its expectation is reported and makes the exit status 1; an unmodified feed counts as before."""
    room.feed("/feed", [room.story("lock-strike", FIRST, SECOND)])
    enough = one_feed(room, "expect = { min_articles = 1 }")
    assert night(tmp_path, room, enough).returncode == 0
    assert night(tmp_path, room).returncode == 0, "the feed has not changed, so nothing is missing"
    few = newsmill("run", "nightly", "--no-translate", home=tmp_path, NEWSMILL_FETCH__ALLOW_PRIVATE=room.host)
    assert few.returncode == 0
    short = night(tmp_path, room, one_feed(room, "expect = { min_articles = 5 }"))
    assert short.returncode == 1
    told = newsmill("run", "nightly", "--no-translate", home=tmp_path, NEWSMILL_FETCH__ALLOW_PRIVATE=room.host)
    assert "Canal announced 1 articles, expected are 5 or more" in told.stdout


def test_sitemaps_json_feeds_and_section_pages_announce_as_well(room: Newsroom, tmp_path: Path) -> None:
    """Each kind of listing brings its articles; include and exclude choose among them; a URL announced twice is one."""
    names = ("lock-strike-ends-after-eleven-days", "barge-race-won-by-the-old-lady", "new-roof-for-the-winding-gear")
    urls = [room.story(name, f"{FIRST} {number}.", SECOND) for number, name in enumerate(names)]
    room.story("sport-results-of-the-week", SECOND, FIRST)
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in (urls[0], f"{room.base}/sport-results-of-the-week"))
    room.put(
        "/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>', "text/xml"
    )
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1", "url": urls[1]}]}
    room.put("/feed.json", json.dumps(feed), "application/feed+json")
    links = "".join(
        f'<li><a href="{url}">{name.replace("-", " ")}</a></li>' for url, name in zip(urls, names, strict=True)
    )
    room.put("/news", f"<html><body><nav><a href='/about'>About us</a></nav><ul>{links}</ul></body></html>")
    sources = (
        f'[[source]]\nname = "Canal"\nsitemaps = ["{room.base}/sitemap.xml"]\nfeeds = ["{room.base}/feed.json"]\n'
        f'pages = ["{room.base}/news"]\nexclude = ["*/sport-*"]\n'
    )
    result = night(tmp_path, room, sources)
    assert counts(result)["stored"] == 3, result.stdout + result.stderr
    assert rows(tmp_path, "SELECT kind FROM listing ORDER BY kind") == [("json_feed",), ("page",), ("sitemap",)]
    assert room.asked("/sport-results-of-the-week") == []


def test_what_failed_is_tried_again_the_next_night(room: Newsroom, tmp_path: Path) -> None:
    """A page whose server failed is fetched the night after, although its feed has not changed."""
    url = room.story("lock-strike", FIRST, SECOND)
    room.feed("/feed", [url])
    page = room.pages.pop("/lock-strike")
    room.put("/lock-strike", "busy", status=503)
    once = {"NEWSMILL_FETCH__ATTEMPTS": "1"}
    assert counts(night(tmp_path, room, one_feed(room), **once))["failed"] == 1
    room.pages["/lock-strike"] = page
    second = counts(night(tmp_path, room, **once))
    assert (second["seeds"], second["stored"]) == (1, 1)
    assert room.asked("/feed")[-1].status == 304


def test_a_night_ends_with_the_export_that_is_set(room: Newsroom, tmp_path: Path) -> None:
    """The setting names a file; where it cannot be written the records are stored and the exit says so."""
    room.feed("/feed", [room.story("lock-strike", FIRST, SECOND)])
    out = tmp_path / "out.jsonl"
    first = night(tmp_path, room, one_feed(room), NEWSMILL_EXPORT__AFTER_NIGHTLY="out.jsonl")
    assert (first.returncode, len(out.read_text(encoding="utf-8").splitlines())) == (0, 1), first.stderr
    room.feed("/feed", [room.story("barge-race", SECOND, FIRST)])
    second = night(tmp_path, room, NEWSMILL_EXPORT__AFTER_NIGHTLY="out.jsonl/out.jsonl")
    assert (second.returncode, counts(second)["stored"]) == (1, 1)
    assert "not exported" in second.stderr
    assert rows(tmp_path, "SELECT count(*) FROM search_doc") == [(2,)]


def test_reprocessing_mends_what_is_stored_without_the_network(room: Newsroom, tmp_path: Path) -> None:
    """With the site gone, each stage is done again from the archive or the database."""
    urls = [room.story("lock-strike", FIRST, SECOND), room.story("copied", FIRST, f"{SECOND} They were glad.")]
    room.feed("/feed", urls)
    assert counts(night(tmp_path, room, one_feed(room)))["duplicates"] == 1
    asked = len(room.log)
    wanted = rows(tmp_path, "SELECT id, authors, language, revision FROM record ORDER BY id")
    links = rows(tmp_path, "SELECT a, b, relation FROM link")
    rows(tmp_path, "UPDATE record SET authors = '[]'")
    result = newsmill("reprocess", "--stage", "extract", "--no-translate", "--json", home=tmp_path)
    assert counts(result)["unchanged"] == 2, result.stderr
    assert rows(tmp_path, "SELECT id, authors, language, revision FROM record ORDER BY id") == wanted
    rows(tmp_path, "UPDATE record SET language = 'sv'")
    rows(tmp_path, "UPDATE segment SET language = 'sv'")
    result = newsmill("reprocess", "--stage", "language", "--json", home=tmp_path)
    assert counts(result) == {"stage": "language", "records": 2, "changed": 2}
    assert rows(tmp_path, "SELECT id, authors, language, revision FROM record ORDER BY id") == wanted
    for table in ("link", "duplicate", "anchor", "line"):
        rows(tmp_path, f"DELETE FROM {table}")
    result = newsmill("reprocess", "--stage", "dedup", "--json", home=tmp_path)
    assert counts(result)["records"] == 2
    assert rows(tmp_path, "SELECT a, b, relation FROM link") == links
    assert len(rows(tmp_path, "SELECT * FROM duplicate")) == 2
    assert len(room.log) == asked
    later = newsmill("reprocess", "--stage", "extract", "--since", "2100-01-01", "--json", home=tmp_path)
    assert counts(later)["seeds"] == 0


def test_a_new_reading_of_an_archived_page_takes_the_place_of_the_old_one(room: Newsroom, tmp_path: Path) -> None:
    """Where reading the archive gives another text, the record has it; that the page has changed nobody said."""
    room.feed("/feed", [room.story("lock-strike", FIRST, SECOND)])
    night(tmp_path, room, one_feed(room))
    rows(tmp_path, "UPDATE record SET text = 'old', text_sha256 = 'old'")
    rows(tmp_path, "UPDATE sighting SET wording = 'old', as_read = 'old'")
    assert counts(newsmill("reprocess", "--stage", "extract", "--no-translate", "--json", home=tmp_path))["stored"] == 1
    assert rows(tmp_path, "SELECT revision, text LIKE '%lower gate%' FROM record") == [(1, 1)]
    assert rows(tmp_path, "SELECT count(*), max(number) FROM sighting") == [(1, 1)]


def test_a_killed_crawl_fetches_nothing_twice_that_it_had_archived(room: Newsroom, tmp_path: Path) -> None:
    """After kill -9 in mid-crawl the next run takes every archived page from the archive, and loses none."""
    urls = [room.story(f"story-{number}", f"{FIRST} Gate {number}.", SECOND) for number in range(60)]
    for page in list(room.pages.values())[30:]:
        page.wait_s = 120.0  # the kill comes in mid-crawl, however late it comes
    (tmp_path / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    settings = {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": room.host}
    command = ["run", "urls", "urls.txt", "--no-translate", "--json"]
    process = subprocess.Popen(
        [NEWSMILL, *command],
        cwd=tmp_path,
        env=environment(tmp_path, **settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 180
    while len(archived_pages(tmp_path, room)) < 25 and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    archived = archived_pages(tmp_path, room)
    assert len(archived) >= 25, "what was fetched is in the archive while the run goes on"
    assert len({one.path for one in room.log}) < 61
    for page in room.pages.values():
        page.wait_s = 0.0
    again = {**settings, "NEWSMILL_FETCH__USER_AGENT": "second/1.0"}  # what the dead one asked may be heard late
    second = newsmill(*command, home=tmp_path, **again)
    assert counts(second)["stored"] + counts(second)["unchanged"] == 60, second.stderr
    assert rows(tmp_path, "SELECT count(*) FROM record") == [(60,)]  # some of them stored before the kill
    asked_after = [one.path for one in room.log if one.headers["user-agent"] == "second/1.0"]
    assert asked_after
    assert set(asked_after) & archived <= {"/robots.txt"}
    assert len(asked_after) == len(set(asked_after))


def archived_pages(home: Path, room: Newsroom) -> set[str]:
    """The paths of the pages that can be read from the archive at this moment."""
    files = sorted((home / "data" / "archive").glob("*.warc.gz"))
    return {found.url.removeprefix(room.base) for path in files for found in whole_pages(path)}


def whole_pages(path: Path) -> list[Any]:
    """The pages of an archive up to where it breaks off."""
    found = []
    pages = find_pages(path)
    while True:
        try:
            found.append(next(pages))
        except Exception:  # noqa: BLE001 - the end, or the torn record that a kill may leave: what came before counts
            return found


def test_a_line_that_stands_on_three_pages_of_a_site_is_residue(room: Newsroom, tmp_path: Path) -> None:
    """From the third page on a site's own line is taken out; a rerun sees that no page has changed."""
    line = "Write to the gatehouse and tell us what you saw"
    told = ("The fog lifted late.", "Nobody was hurt at the weir.", "The gates were painted green.", "A horse drowned.")
    urls = [
        room.story(f"story-{number}", f"{FIRST} {word}", f"{SECOND}</p><p>{line}</p><p>{word} {SECOND}")
        for number, word in enumerate(told)
    ]
    (tmp_path / "first.txt").write_text("\n".join(urls[:2]), encoding="utf-8")
    (tmp_path / "all.txt").write_text("\n".join(urls), encoding="utf-8")
    settings = {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": room.host}
    for name in ("first.txt", "all.txt"):
        newsmill("run", "urls", name, "--no-translate", home=tmp_path, **settings)
    with_line = rows(tmp_path, "SELECT url FROM record WHERE text LIKE ?", f"%{line}%")
    assert sorted(url for (url,) in with_line) == urls[:2]
    assert rows(tmp_path, "SELECT count(*) FROM record WHERE residue LIKE '%site_memory%'") == [(2,)]
    rows(tmp_path, "UPDATE url SET etag = NULL, body_sha256 = NULL")
    again = counts(newsmill("run", "urls", "all.txt", "--no-translate", "--json", home=tmp_path, **settings))
    assert (again["stored"], again["unchanged"]) == (0, 4)


def test_an_index_that_stays_as_it_is_does_not_hide_its_sitemaps(room: Newsroom, tmp_path: Path) -> None:
    """The sitemaps of an unchanged index are asked for all the same; each of them conditionally."""
    first = room.story("lock-strike-ends-after-eleven-days", FIRST, SECOND)
    schema = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    index = f"<sitemapindex {schema}><sitemap><loc>{room.base}/news.xml</loc></sitemap></sitemapindex>"
    room.put("/index.xml", index, "text/xml")
    room.put("/news.xml", f"<urlset {schema}><url><loc>{first}</loc></url></urlset>", "text/xml")
    sources = f'[[source]]\nname = "Canal"\nsitemaps = ["{room.base}/index.xml"]\nexpect = {{ min_articles = 1 }}\n'
    assert counts(night(tmp_path, room, sources))["stored"] == 1
    quiet = night(tmp_path, room)
    assert (quiet.returncode, counts(quiet)["seeds"]) == (0, 0)
    assert room.asked("/news.xml")[-1].status == 304
    second = room.story("barge-race-won-by-the-old-lady", SECOND, FIRST)
    room.put("/news.xml", f"<urlset {schema}><url><loc>{second}</loc></url></urlset>", "text/xml")
    assert counts(night(tmp_path, room))["stored"] == 1
