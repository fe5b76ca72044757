"""A list of nine pages, of which the last five are slow: a run that something can befall."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.newsroom import Newsroom
from support.served import Served

PAGES = 9
_FAST = 4


@contextmanager
def slow_room() -> Iterator[Newsroom]:
    """A site with these pages."""
    with Newsroom() as room:
        for n in range(PAGES):
            first = f"The ferry to island {n} was late again. " * 9
            room.story(f"story-{n}", first, f"Nobody minded on pier {n}. " * 9)
        for page in list(room.pages.values())[_FAST:]:
            page.wait_s = 20.0
        yield room


@contextmanager
def list_settings(config: Path, room: Newsroom, folder: Path) -> Iterator[None]:
    """Settings for the list, in a folder of settings: two pages a batch, and a database in `folder`.

    What was set before holds again afterwards.
    """
    config.mkdir(exist_ok=True)
    file = config / "settings.toml"
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(
        f'[fetch]\nallow_private = ["{room.host}"]\ndelay_s = 0\n[run]\nbatch_size = 2\n'
        f'[storage]\nurl = "sqlite:///{folder / "news.db"}"\n',
        encoding="utf-8",
    )
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def start_list(service: Served, room: Newsroom, folder: Path) -> str:
    """Start a run for the list; its id, once two pages are stored in the database in `folder`."""
    urls = "\n".join(room.base + path for path in room.pages)
    run_id = service.start("url-list/url-list", urls=urls, translate=False)
    service.until("a stored batch", lambda: stored(folder) >= 2)
    return run_id


def stored(folder: Path) -> int:
    """How many of the pages are stored, over all runs."""
    try:
        with sqlite3.connect(f"file:{folder / 'news.db'}?mode=ro", uri=True) as database:
            (count,) = database.execute("SELECT count(*) FROM outcome WHERE outcome = 'stored'").fetchone()
    except sqlite3.OperationalError:  # not made yet
        return 0
    return int(count)
