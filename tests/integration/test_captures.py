"""The index of the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from support.making import NOON, key_of, make_page

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page
from storage import captures
from storage.archive import Archive, read_page, recover
from storage.archive.surt import surt
from storage.captures import (
    add_captures,
    captures_of_run,
    export_cdxj,
    find_captures,
    known_places,
    latest_captures,
)
from storage.runs import start_run
from storage.store import Store
from storage.tables import metadata

STORY = "https://www.courier.example/Story?b=2&a=1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database on disk."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as opened:
        metadata.create_all(opened.engine)
        yield opened


def start(store: Store) -> str:
    """A run that is under way."""
    with store.writing() as tx:
        return start_run(tx, "urls", "en")


def page_at(
    url: str, hours: int = 0, offset: int = 0, file: str = "/archive/one.warc.gz", body: bytes = b"text"
) -> Page:
    """A page in an archive, fetched some hours after noon."""
    place = ArchivePointer(file=file, offset=offset)
    return replace(
        make_page(body, url, "Text/HTML; charset=utf-8"), fetched_at=NOON + timedelta(hours=hours), archive=place
    )


def enter(store: Store, run_id: str, *pages: Page) -> None:
    """Index pages under the keys of their URLs."""
    with store.writing() as tx:
        add_captures(tx, run_id, [(key_of(page.seed.url), page) for page in pages])


def test_the_captures_of_a_url_are_found_the_newest_first(store: Store) -> None:
    """Whatever the offset of their clocks; entering them again changes nothing."""
    run_id = start(store)
    elsewhere = timezone(timedelta(hours=-9))
    pages = [page_at(STORY, hours, offset=100 - hours, body=b"%d" % hours) for hours in (5, 1, 3)]
    pages[2] = replace(pages[2], fetched_at=pages[2].fetched_at.astimezone(elsewhere))
    for _ in range(2):
        enter(store, run_id, *pages, page_at("https://courier.example/other"))
    with store.reading() as tx:
        found = find_captures(tx, key_of(STORY))
    assert [one.fetched_at for one in found] == [NOON + timedelta(hours=hours) for hours in (5, 3, 1)]
    assert (found[0].url, found[0].status, found[0].content_type) == (STORY, 200, "text/html")
    assert (found[0].body_bytes, found[0].archive, found[0].run_id) == (1, pages[0].archive, run_id)
    assert found[0].body_sha256 == "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d"


def test_the_captures_of_a_run_are_those_it_added(store: Store) -> None:
    """In the order they lie in the archive, with the places that recovery asks for."""
    first, second = start(store), start(store)
    enter(store, first, page_at(STORY, 1, offset=90), page_at(STORY, 2, offset=10))
    enter(store, second, page_at(STORY, 3, file="/archive/two.warc.gz"))
    with store.reading() as tx:
        assert [one.archive.offset for one in captures_of_run(tx, first)] == [10, 90]
        assert known_places(tx, [first]) == {("/archive/one.warc.gz", 10), ("/archive/one.warc.gz", 90)}
        assert len(known_places(tx, [first, second])) == 3


def test_a_page_outside_the_archive_is_no_capture(store: Store) -> None:
    """What has no place has nothing to index."""
    run_id = start(store)
    enter(store, run_id, make_page(b"text"))
    with store.reading() as tx:
        assert captures_of_run(tx, run_id) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_newest_capture_of_each_url_comes_in_portions(store: Store, limit: int) -> None:
    """Each URL once, in one order, whatever the size of a portion and what is added meanwhile."""
    run_id = start(store)
    urls = [f"https://courier.example/{number}" for number in range(7)]
    pages = [page_at(url, hours, offset=10 * n + hours) for n, url in enumerate(urls) for hours in (2, 9, 4)]
    pages.append(page_at(urls[0], 9, offset=999))  # in the same microsecond: one of the two, always the same
    enter(store, run_id, *pages)
    got: list[captures.Capture] = []
    while True:
        with store.reading() as tx:
            portion = latest_captures(tx, after=got[-1].key if got else "", limit=limit)
        if not portion:
            break
        got += portion
        enter(store, run_id, page_at(urls[0], 1, offset=2000 + len(got)))
    assert [one.key for one in got] == sorted(key_of(url) for url in urls)
    assert {one.fetched_at for one in got} == {NOON + timedelta(hours=9)}
    assert {one.archive.offset for one in got if one.url == urls[0]} == {999}


def test_captures_since_a_time_are_those_whose_newest_is_not_older(store: Store) -> None:
    """An old page that was not fetched again is left out; the instant itself counts."""
    run_id = start(store)
    old, new = "https://courier.example/old", "https://courier.example/new"
    enter(store, run_id, page_at(old, 1, 1), page_at(new, 1, 2), page_at(new, 5, 3))
    with store.reading() as tx:
        for since, expected in ((1, {old, new}), (2, {new}), (5, {new}), (6, set())):
            at = (NOON + timedelta(hours=since)).astimezone(timezone(timedelta(hours=5)))
            assert {one.url for one in latest_captures(tx, since=at)} == expected


def test_what_a_killed_run_left_is_entered_like_the_rest(store: Store, tmp_path: Path) -> None:
    """Archive, recovery and index agree on places and keys."""
    run_id = start(store)
    with Archive(tmp_path / "archive", run_id) as archive:
        pages = [archive.add(make_page(b"%d" % n, f"{STORY}&n={n}"), key_of(f"{STORY}&n={n}")) for n in range(4)]
    enter(store, run_id, *pages[:2])
    with store.reading() as tx:
        left = list(recover(tmp_path / "archive", [run_id], known_places(tx, [run_id])))
    assert [one.key for one in left] == [key_of(page.seed.url) for page in pages[2:]]
    with store.writing() as tx:
        add_captures(tx, run_id, [(one.key or "", read_page(one.seed, one.pointer)) for one in left])
    with store.reading() as tx:
        assert [one.archive for one in captures_of_run(tx, run_id)] == [page.archive for page in pages]


def test_the_index_is_exported_for_other_programs(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CDXJ: sorted by the bytes of key and time, also when more than fits into memory; files without their folder."""
    monkeypatch.setattr(captures, "_SORTED_AT_ONCE", 2)
    run_id = start(store)
    urls = [STORY, "http://apa.example/", "https://courier.example/", "https://räv.example/весна", STORY]
    pages = [page_at(url, 20 - number, offset=number) for number, url in enumerate(urls)]
    local = replace(
        make_page(b"text", "file:///texts/one.txt"), status=None, archive=ArchivePointer(file="x", offset=7)
    )
    with store.writing() as tx:
        add_captures(tx, run_id, [("key", page) for page in (*pages, local)])
    with store.reading() as tx:
        assert export_cdxj(tx, tmp_path / "index.cdxj") == 5
    lines = (tmp_path / "index.cdxj").read_text(encoding="ascii").splitlines()
    assert [line.rsplit(" {")[0] for line in lines] == [
        "example,apa)/ 20260315070000",
        "example,courier)/ 20260315060000",
        "example,courier)/story?a=1&b=2 20260315040000",
        "example,courier)/story?a=1&b=2 20260315080000",
        "example,xn--rv-via)/%d0%b2%d0%b5%d1%81%d0%bd%d0%b0 20260315050000",
    ]
    assert lines == sorted(lines)
    assert json.loads(lines[2].split(" ", 2)[2]) == {
        "url": STORY,
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1",
        "offset": "4",
        "filename": "one.warc.gz",
    }
    assert sorted(path.name for path in tmp_path.iterdir() if "cdxj" in path.name) == ["index.cdxj"]


def test_an_index_that_cannot_be_written_is_one_clear_line(store: Store, tmp_path: Path) -> None:
    """The file is named."""
    with store.reading() as tx, pytest.raises(StorageError, match=r"nowhere/index\.cdxj"):
        export_cdxj(tx, tmp_path / "nowhere" / "index.cdxj")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://courier.example", "example,courier)/"),
        ("http://WWW2.Courier.Example:80/News/", "example,courier)/news"),
        ("https://courier.example:8443/a/../b//c/./d/?", "example,courier:8443)/b/c/d"),
        ("https://courier.example:443/../a", "example,courier)/../a"),
        ("https://ann:secret@courier.example/?b=2&a=1&a&B=0#part", "example,courier)/?a&a=1&b=0&b=2"),
        ("https://courier.example/%7Eann/%2541%20b", "example,courier)/~ann/a%20b"),
        ("https://courier.example/Räksmörgås", "example,courier)/r%c3%a4ksm%c3%b6rg%c3%a5s"),
        ("https://новости.example/а?б=в", "example,xn--b1amnebsh)/%d0%b0?%d0%b1=%d0%b2"),
        (f"https://courier.example/a?PHPSESSID={'0aF' * 10}99&p=1", "example,courier)/a?p=1"),
        (f"https://courier.example/a?q=&sid={'b' * 31}", f"example,courier)/a?q=&sid={'b' * 31}"),
        ("http://203.0.113.7/a", "7,113,0,203)/a"),
        ("https://courier.example?a=1", "example,courier)/?a=1"),
    ],
)
def test_a_url_has_the_key_that_web_archives_look_it_up_by(url: str, key: str) -> None:
    """The values are those of the package surt 0.3.1."""
    assert surt(url) == key


@given(url=st.text(max_size=60).map(lambda rest: f"https://courier.example/{rest}") | st.text(max_size=40))
def test_any_url_has_a_key_on_one_line(url: str) -> None:
    """What is no URL at all cannot break the index either."""
    assert surt(url).isascii()
    assert not set(surt(url)) & set(" \r\n\t")


def test_a_portion_of_a_large_index_costs_a_portion(store: Store) -> None:
    """The database goes along an index: nothing looks at all rows, and a portion is not sorted out of them."""
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *about: asked.append((about[2], about[3])))
    with store.reading() as tx:
        latest_captures(tx, since=NOON, after="a", limit=10)
        find_captures(tx, "a")
        captures_of_run(tx, "a")
        queries = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
        plans = [
            " ".join(row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
            for statement, parameters in queries
        ]
    assert [("SEARCH capture" in plan, "SCAN" in plan) for plan in plans] == [(True, False)] * 3
    assert "ORDER BY" not in plans[0]
