"""Articles over several pages in runs: fetched, out of archives and files, read again, changed, forgotten."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.newsroom import Newsroom
from support.parts import STORIES, Leaf, html, linked, site_of
from support.running import empty_settings, ingested

import ingest
from flows.forget import forget, look_for
from flows.orders import file_order, url_order
from flows.reprocess import extract_order
from flows.run import Order
from flows.settings import Settings
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import JOINED_PAGES, PAGES_MISSING, Page, Seed
from storage.archive import Archive
from storage.store import Store
from storage.tables import capture
from storage.views import all_ids, read_records

STORY = STORIES["en"]
PATHS = ["/quay", "/quay?page=2", "/quay?page=3"]


def layout(leaf: Leaf) -> str:
    """A page with links by number, which names itself as the canonical one."""
    head = f'<link rel="canonical" href="{leaf.url(leaf.number)}">'
    row = f"<div>{linked(leaf, str)}</div>"
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}{row}</article>", head)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site with the three pages of an article."""
    with Newsroom() as opened:
        put(opened)
        yield opened


def put(room: Newsroom) -> None:
    """Serve the article."""
    site = site_of(STORY, lambda number: room.base + PATHS[number - 1], layout)
    for path, body in zip(PATHS, site.values(), strict=True):
        room.put(path, body)


@pytest.fixture
def settings(tmp_path: Path, room: Newsroom) -> Settings:
    """Settings with an empty database."""
    return empty_settings(tmp_path, room)


def urls(room: Newsroom, *paths: str) -> Order:
    """A run for some of the addresses."""
    return url_order([Seed(url=room.base + path) for path in paths], translate=False)


def stored(settings: Settings) -> list[dict[str, Any]]:
    """All records."""
    with Store(settings.storage.url) as store, store.reading() as tx:
        return list(read_records(tx, all_ids(tx), "en"))


def texts(record: dict[str, Any]) -> list[str]:
    """The paragraphs of a record."""
    return [segment["text"] for segment in record["segments"]]


def asked(room: Newsroom) -> list[str]:
    """What was asked for, but for robots.txt."""
    return [one.path for one in room.log if one.path != "/robots.txt"]


@pytest.mark.parametrize("given", [PATHS[:1], PATHS[2:], PATHS[1::-1], PATHS[::-1]])
def test_any_of_its_addresses_give_one_record(given: list[str], room: Newsroom, settings: Settings) -> None:
    """Whichever are given, in whatever order, each page is fetched once, and what is given has one outcome each."""
    summary = ingested(urls(room, *given), settings)
    (record,) = stored(settings)
    assert texts(record) == list(STORY.text)
    assert (record["url"], JOINED_PAGES in record["flags"]) == (room.base + "/quay", True)
    assert [part["url"] for part in record["provenance"]["parts"]] == [room.base + path for path in PATHS[1:]]
    assert (summary.seeds, summary.stored, summary.unchanged) == (len(given), 1, len(given) - 1)
    assert sorted(asked(room)) == sorted(PATHS)
    with Store(settings.storage.url) as store, store.reading() as tx:
        assert sorted(tx.execute(select(capture.c.url)).scalars()) == sorted(room.base + path for path in PATHS)


def test_the_pages_are_read_again_out_of_the_archive(room: Newsroom, settings: Settings) -> None:
    """Nothing is fetched for it, and the record is as it was."""
    ingested(urls(room, *PATHS), settings)
    before = stored(settings)
    room.log.clear()
    ingested(extract_order(None, None, translate=False), settings)
    assert (asked(room), [texts(one) for one in stored(settings)]) == ([], [texts(one) for one in before])


def test_a_change_on_a_later_page_is_a_new_version(room: Newsroom, settings: Settings) -> None:
    """The first page is asked for again, though it is as it was; the same again stores nothing."""
    ingested(urls(room, PATHS[0]), settings)
    again = ingested(urls(room, PATHS[0]), settings)
    assert (again.stored, again.unchanged) == (0, 1)
    changed = room.pages[PATHS[2]].body.decode().replace("before the first ice", "in the first week of January")
    room.put(PATHS[2], changed)
    assert ingested(urls(room, PATHS[0]), settings).stored == 1
    (record,) = stored(settings)
    assert (record["version"]["number"], "first week of January" in record["text"]) == (2, True)


def test_a_page_that_fails_is_asked_for_in_the_next_run(room: Newsroom, settings: Settings) -> None:
    """The record has what there is and says so, until the page is there; then it is whole."""
    room.pages[PATHS[1]].status = 410
    assert ingested(urls(room, PATHS[0]), settings).stored == 1
    (record,) = stored(settings)
    assert (texts(record), PAGES_MISSING in record["flags"]) == (list(STORY.text[:2]), True)
    put(room)
    ingested(urls(room, PATHS[0]), settings)
    (record,) = stored(settings)
    assert (texts(record), PAGES_MISSING in record["flags"]) == (list(STORY.text), False)


def test_robots_txt_and_the_limit_hold_for_further_pages(room: Newsroom, settings: Settings) -> None:
    """What may not be fetched is not; nor more pages than are set."""
    room.put("/robots.txt", "User-agent: *\nDisallow: /quay?page=3\n", "text/plain")
    ingested(urls(room, PATHS[0]), settings)
    assert asked(room) == PATHS[:2]
    (record,) = stored(settings)
    assert (texts(record), PAGES_MISSING in record["flags"]) == (list(STORY.text[:4]), True)
    room.log.clear()
    few = settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"max_pages": 1})})
    ingested(urls(room, PATHS[0]), few)
    assert asked(room) == PATHS[:1]


def _archive(room: Newsroom, folder: Path, paths: list[str]) -> Path:
    with (
        HttpFetcher(FetchPolicy(delay_s=0.0, allow_private=frozenset({room.host}))) as fetcher,
        Archive(folder, "other") as archive,
    ):
        for path in paths:
            page = fetcher.fetch(Seed(url=room.base + path))
            assert isinstance(page, Page)
            archive.add(page)
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("order", [PATHS, PATHS[::-1]], ids=["in order", "backwards"])
def test_pages_in_an_archive_are_one_record(
    order: list[str], room: Newsroom, settings: Settings, tmp_path: Path
) -> None:
    """Nothing is fetched; what is not in the archive is missing."""
    file = _archive(room, tmp_path / "given", order)
    room.log.clear()
    summary = ingested(file_order([file], translate=False), settings)
    (record,) = stored(settings)
    assert (texts(record), summary.seeds, summary.rejected, asked(room)) == (list(STORY.text), 3, 0, [])
    ingested(extract_order(None, None, translate=False), settings)
    assert [texts(one) for one in stored(settings)] == [list(STORY.text)]


def test_an_archive_without_the_last_page_gives_what_there_is(
    room: Newsroom, settings: Settings, tmp_path: Path
) -> None:
    """With the flag that says so."""
    ingested(file_order([_archive(room, tmp_path / "given", PATHS[:2])], translate=False), settings)
    (record,) = stored(settings)
    assert (texts(record), PAGES_MISSING in record["flags"]) == (list(STORY.text[:4]), True)


@pytest.mark.parametrize("names", ["abc", "cba"])
def test_saved_pages_in_a_folder_are_one_record(names: str, room: Newsroom, settings: Settings, tmp_path: Path) -> None:
    """Whatever the files are called: each says where it was saved from."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for name, path in zip(names, PATHS, strict=True):
        (folder / f"{name}.html").write_bytes(room.pages[path].body)
    ingested(file_order([folder], translate=False), settings)
    (record,) = stored(settings)
    assert (texts(record), PAGES_MISSING in record["flags"], asked(room)) == (list(STORY.text), False, [])
    ingested(extract_order(None, None, translate=False), settings)
    assert [texts(one) for one in stored(settings)] == [list(STORY.text)]


@pytest.mark.parametrize("path", PATHS[::2])
def test_what_is_forgotten_goes_with_all_its_pages(
    path: str, room: Newsroom, settings: Settings, tmp_path: Path
) -> None:
    """By whichever address: no byte of any page is left in the archive, and none comes back."""
    ingested(urls(room, PATHS[0]), settings)
    with Store(settings.storage.url) as store:
        forget(store, look_for(store, room.base + path), "asked for")
    assert stored(settings) == []
    held = b"".join(gzip.decompress(one.read_bytes()) for one in (tmp_path / "archive").iterdir())
    assert [text for text in STORY.text if text.encode() in held] == []
    assert ingested(urls(room, *PATHS), settings).stored == 0


def test_one_address_is_read_whole(room: Newsroom) -> None:
    """By `ingest.read` and `ingest.read_many`; a page that is handed over is read alone."""
    with HttpFetcher(FetchPolicy(delay_s=0.0, allow_private=frozenset({room.host}))) as fetcher:
        for path in PATHS:
            assert texts(ingest.read(room.base + path, fetcher=fetcher)) == list(STORY.text)
        (many,) = ingest.read_many([room.base + PATHS[1]], processes=1, fetcher=fetcher)
        assert isinstance(many, dict)
        assert (texts(many), many["url"]) == (list(STORY.text), room.base + PATHS[0])
        alone = ingest.read(room.pages[PATHS[0]].body.decode(), room.base + PATHS[0], fetcher=fetcher)
        assert (texts(alone), alone["flags"]) == (list(STORY.text[:2]), ["short_text", PAGES_MISSING])
