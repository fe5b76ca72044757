"""AMP and print pages and the article they show are one record: the article's own, whichever came first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.newsroom import Newsroom
from support.parts import STORIES
from support.running import empty_settings, ingested

from flows.orders import file_order, url_order
from flows.settings import Settings
from ingest.model import Page, Seed
from storage.archive import Archive
from storage.store import Store
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
