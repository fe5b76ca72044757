"""The index of the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Row, select
from support.effort import no_more_than_a_moment
from support.making import NOON, key_of, make_page

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page
from storage import captures
from storage.archive import Archive, read_page, recover
from storage.archive.surt import surt
from storage.captures import add_captures, export_cdxj, known_places
from storage.runs import start_run
from storage.store import Store
from storage.tables import capture, metadata

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


def entered(store: Store) -> list[Row[Any]]:
    """The rows of the index, by place."""
    with store.reading() as tx:
        return list(tx.execute(select(capture).order_by(capture.c.archive_file, capture.c.archive_offset)))


def test_a_capture_says_what_answered_when_and_where_it_lies(store: Store) -> None:
    """In UTC, whatever the offset of the clock; entering it again changes nothing."""
    run_id = start(store)
    page = page_at(STORY, 3, offset=97, body=b"3")
    page = replace(page, fetched_at=page.fetched_at.astimezone(timezone(timedelta(hours=-9))))
    for _ in range(2):
        enter(store, run_id, page)
    (row,) = entered(store)
    assert row._asdict() == {
        "archive_file": "/archive/one.warc.gz",
        "archive_offset": 97,
        "url_key": key_of(STORY),
        "url": STORY,
        "fetched_at": "2026-03-14T15:00:00.000000+00:00",
        "status": 200,
        "content_type": "text/html",
        "body_sha256": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",
        "body_bytes": 1,
        "run_id": run_id,
    }


def test_the_places_that_recovery_asks_for_are_those_of_the_runs(store: Store) -> None:
    """File and offset of what these runs entered, and of no other."""
    first, second = start(store), start(store)
    enter(store, first, page_at(STORY, 1, offset=90), page_at(STORY, 2, offset=10))
    enter(store, second, page_at(STORY, 3, file="/archive/two.warc.gz"))
    with store.reading() as tx:
        assert known_places(tx, [first]) == {("/archive/one.warc.gz", 10), ("/archive/one.warc.gz", 90)}
        assert len(known_places(tx, [first, second])) == 3


def test_a_page_outside_the_archive_is_no_capture(store: Store) -> None:
    """What has no place has nothing to index."""
    run_id = start(store)
    enter(store, run_id, make_page(b"text"))
    assert entered(store) == []


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
    places = [ArchivePointer(file=row.archive_file, offset=row.archive_offset) for row in entered(store)]
    assert places == [page.archive for page in pages]


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
    """The folder that is missing is named."""
    with store.reading() as tx, pytest.raises(StorageError, match=r"folder .*/nowhere"):
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


@given(path=st.text(alphabet="aZ/%25é", max_size=20), times=st.integers(1, 4))
def test_a_url_has_one_key_however_often_it_was_escaped(path: str, times: int) -> None:
    """Programs escape what is escaped already."""
    escaped = path
    for _ in range(times):
        escaped = quote(escaped, safe="/")
    assert surt(f"https://courier.example/{path}") == surt(f"https://courier.example/{escaped}")


@pytest.mark.parametrize("path", ["%25" * 20_000, "%3" * 15_000 + "%35"])
def test_a_hostile_url_costs_no_more_than_its_length(path: str) -> None:
    """Escapes that come of escapes, thousands deep; to look at all of them for each took half a minute."""
    with no_more_than_a_moment():
        surt(f"https://courier.example/{path}")
