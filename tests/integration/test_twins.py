"""AMP and print pages and the article they show are one record: the article's own, whichever came first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.databases import KINDS, empty_database
from support.newsroom import Newsroom
from support.parts import STORIES
from support.running import empty_settings, ingested

from flows.forget import forget, look_for
from flows.orders import file_order, url_order
from flows.settings import Settings
from ingest.model import Page, Seed
from ingest.urls import address_key
from storage.archive import Archive
from storage.search import find
from storage.store import Store
from storage.tables import sighting, twin
from storage.timeline import TEXTS
from storage.views import all_ids, read_records

STORY = STORIES["de"]
OWN = "/news/anleger"
# Each with its address, what it says in its head, and the attributes of <html>.
TWINS = {
    "AMP folder": ("/news/anleger/amp/", '<link rel="canonical" href="{own}">', " amp"),
    "AMP parameter": ("/news/anleger?amp=1", '<link rel="canonical" href="{own}">', " ⚡"),
    "AMP without a canonical address": ("/news/anleger?outputType=amp", "", " amp"),
    "print": ("/print/4711", '<link rel="canonical" href="{own}">', ""),
    "print without a canonical address": ("/news/anleger?print=1", "", ""),
}


def page(base: str, head: str = "", attributes: str = "", *, short: bool = False) -> str:
    """The article, or its twin, which lacks a paragraph."""
    text = "".join(f"<p>{one}</p>" for one in STORY.text[: 5 if short else 6])
    title = f'<meta charset="utf-8"><title>{STORY.title}</title>{head.format(own=base + OWN)}'
    body = f"<article><h1>{STORY.title}</h1>{text}</article>"
    return f'<!doctype html><html{attributes} lang="de"><head>{title}</head><body>{body}</body></html>'


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site with the article and all of its twins."""
    with Newsroom() as opened:
        opened.put(OWN, page(opened.base, '<link rel="amphtml" href="{own}/amp/"><link rel="canonical" href="{own}">'))
        for path, head, attributes in TWINS.values():
            opened.put(path, page(opened.base, head, attributes, short=True))
        yield opened


@pytest.fixture
def settings(tmp_path: Path, room: Newsroom) -> Settings:
    """Settings with an empty database."""
    return empty_settings(tmp_path, room)


def only_record(settings: Settings) -> dict[str, Any]:
    """The one record there is."""
    with Store(settings.storage.url) as store, store.reading() as tx:
        (record,) = read_records(tx, all_ids(tx), "en")
    return record


def is_own(record: dict[str, Any], room: Newsroom) -> bool:
    """Whether a record has the whole text of the article, under its own address, in one version."""
    texts = [segment["text"] for segment in record["segments"]]
    return texts == list(STORY.text) and record["url"] == room.base + OWN and record["version"]["of"] == 1


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "twin first"])
def test_twins_on_the_web_are_one_record(name: str, own_first: bool, room: Newsroom, settings: Settings) -> None:
    """In one run and in several; the twin alone is a record, too, under the article's id."""
    paths = [OWN, TWINS[name][0]] if own_first else [TWINS[name][0], OWN]
    ids = set()
    for path in paths:
        ingested(url_order([Seed(url=room.base + path)], translate=False), settings)
        ids.add(only_record(settings)["id"])
    assert is_own(only_record(settings), room)
    assert len(ids) == 1
    again = ingested(url_order([Seed(url=room.base + path) for path in paths], translate=False), settings)
    assert (again.stored, again.unchanged, is_own(only_record(settings), room)) == (0, 2, True)


@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "twin first"])
def test_twins_in_an_archive_and_in_files_are_one_record(
    own_first: bool, room: Newsroom, settings: Settings, tmp_path: Path
) -> None:
    """Whichever was captured later."""
    hours = (9, 11) if own_first else (11, 9)
    times = dict(
        zip((OWN, TWINS["AMP folder"][0]), (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in hours), strict=True)
    )
    with Archive(tmp_path / "given", "other") as archive:
        for path, at in times.items():
            url, body = room.base + path, room.pages[path].body
            kind = (("Content-Type", "text/html; charset=utf-8"),)
            archive.add(Page(seed=Seed(url=url), final_url=url, body=body, fetched_at=at, status=200, headers=kind))
    ingested(file_order([tmp_path / "given"], translate=False), settings)
    assert is_own(only_record(settings), room)
    saved = tmp_path / "saved"
    saved.mkdir()
    for name, path in zip(("a.html", "b.html") if own_first else ("b.html", "a.html"), times, strict=True):
        (saved / name).write_bytes(room.pages[path].body)
    other = settings.model_copy(
        update={"storage": settings.storage.model_copy(update={"url": f"sqlite:///{tmp_path / 'files.db'}"})}
    )
    ingested(file_order([saved], translate=False), other)
    assert is_own(only_record(other), room)


# Twins that name no address as their own, and whose addresses tell nothing: only the article's page names them.
NAMED = {
    "AMP": ("/amp-stories/4711", '<link rel="amphtml" href="{twin}">', " amp"),
    "print": ("/druck?artikel=4711", '<link rel="alternate" media="only print" href="{twin}">', ""),
}


def put_named(room: Newsroom, name: str, own: str = OWN) -> str:
    """An article whose page names its twin; returns the twin's path."""
    path, head, attributes = NAMED[name]
    room.put(own, page(room.base, head.replace("{twin}", room.base + path) + '<link rel="canonical" href="{own}">'))
    room.put(path, page(room.base, "", attributes, short=True))
    return path


@pytest.fixture(params=KINDS)
def anywhere(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Settings]:
    """Settings with an empty database of each kind."""
    with empty_database(request.param, tmp_path) as url:
        yield settings.model_copy(update={"storage": settings.storage.model_copy(update={"url": url})})


@pytest.mark.parametrize(
    ("name", "order"),
    [("AMP", "own first"), ("AMP", "twin first"), ("AMP", "one run"), ("print", "own first"), ("print", "twin first")],
)
def test_a_twin_that_only_its_article_names_is_one_record_with_it(
    name: str, order: str, room: Newsroom, anywhere: Settings
) -> None:
    """In whatever order they come; nothing is left of the record that the twin was, in search, clusters or exports."""
    paths = [OWN, put_named(room, name)]
    runs = {"own first": [[0], [1]], "twin first": [[1], [0]], "one run": [[1, 0]]}[order]
    for some in runs:
        ingested(url_order([Seed(url=room.base + paths[one]) for one in some], translate=False), anywhere)
    record = only_record(anywhere)
    assert is_own(record, room)
    assert record["id"] == address_key(room.base + OWN)
    again = ingested(url_order([Seed(url=room.base + path) for path in paths], translate=False), anywhere)
    assert (again.stored, again.unchanged, only_record(anywhere)) == (0, 2, record)
    with Store(anywhere.storage.url) as store:
        assert find(store, STORY.title.split()[0]).records == 1
        with store.reading() as tx:
            captured = tx.execute(select(sighting).where(sighting.c.state.in_(TEXTS))).all()
            assert {row.record_id for row in captured} == {record["id"]}
            assert {row.address for row in captured} == {address_key(room.base + path) for path in paths}
            assert all(row.provenance["archive"] for row in captured)


def test_captures_of_an_article_and_its_named_twin_make_the_same_in_any_order(room: Newsroom, tmp_path: Path) -> None:
    """From archives, too: what each order left in the database is the same, but for the runs and their times."""
    paths = [OWN, put_named(room, "AMP")]
    made = []
    for turn, order in enumerate((paths, paths[::-1])):
        folder = tmp_path / str(turn)
        folder.mkdir()
        settings = empty_settings(folder, room)
        for path in order:
            given = folder / f"given-{paths.index(path)}"
            with Archive(given, "other") as archive:
                url, body = room.base + path, room.pages[path].body
                at = datetime(2026, 3, 2, 9 + paths.index(path), tzinfo=UTC)
                kind = (("Content-Type", "text/html; charset=utf-8"),)
                archive.add(Page(seed=Seed(url=url), final_url=url, body=body, fetched_at=at, status=200, headers=kind))
            ingested(file_order([given], translate=False), settings)
        with Store(settings.storage.url) as store, store.reading() as tx:
            columns = [one for one in sighting.c if one.name not in ("run_id", "provenance")]
            captures = tx.execute(select(*columns).order_by(sighting.c.captured_at)).all()
            told = only_record(settings)
            made.append((captures, told["text"], told["id"], told["version"], tx.execute(select(twin)).all()))
    assert made[0] == made[1]


@pytest.mark.parametrize("twin_first", [True, False])
def test_a_twin_with_another_text_stays_a_record_of_its_own(
    twin_first: bool, room: Newsroom, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """What a page says of another is believed only where both show one article; the log says where it is not."""
    path = put_named(room, "AMP")
    other = STORIES["ru"]
    text = "".join(f"<p>{one}</p>" for one in other.text)
    room.put(path, f"<!doctype html><html amp><title>{other.title}</title><h1>{other.title}</h1>{text}</html>")
    for one in (path, OWN) if twin_first else (OWN, path):
        ingested(url_order([Seed(url=room.base + one)], translate=False), settings)
    with Store(settings.storage.url) as store, store.reading() as tx:
        assert {record["url"] for record in read_records(tx, all_ids(tx), "en")} == {room.base + path, room.base + OWN}
    assert "its text is another one" in caplog.text


def test_only_pages_of_ones_own_site_that_name_nothing_else_are_taken_for_twins(
    room: Newsroom, settings: Settings
) -> None:
    """Neither another site's page, nor one that names itself as canonical, becomes a part of the article."""
    path = put_named(room, "print")
    room.put(path, page(room.base, f'<link rel="canonical" href="{room.base}{path}">'))
    with Newsroom() as other:
        other.put("/kopie", page(other.base))
        room.put("/zwei", page(room.base, f'<link rel="amphtml" href="{other.base}/kopie">'))
        reachable = settings.fetch.model_copy(update={"allow_private": (room.host, other.host)})
        settings = settings.model_copy(update={"fetch": reachable})
        addresses = [room.base + OWN, room.base + path, other.base + "/kopie", room.base + "/zwei"]
        ingested(url_order([Seed(url=one) for one in addresses], translate=False), settings)
    with Store(settings.storage.url) as store, store.reading() as tx:
        assert {record["url"] for record in read_records(tx, all_ids(tx), "en")} == set(addresses)


def test_the_named_twin_of_a_forgotten_article_is_not_stored(room: Newsroom, settings: Settings) -> None:
    """Its address is known, though nobody has met it yet."""
    path = put_named(room, "AMP")
    ingested(url_order([Seed(url=room.base + OWN)], translate=False), settings)
    with Store(settings.storage.url) as store:
        forget(store, look_for(store, room.base + OWN), "asked by its author")
    summary = ingested(url_order([Seed(url=room.base + path)], translate=False), settings)
    assert (summary.stored, summary.rejected) == (0, 1)
