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
            page.wait_s = 4.0
        yield room


def start_list(service: Served, room: Newsroom, folder: Path) -> str:
    """Start a run for the list, two pages a batch, on a database of its own; its id, once two pages are stored."""
    config = folder / "own"
    config.mkdir()
    (config / "settings.toml").write_text(
        f'[fetch]\nallow_private = ["{room.host}"]\ndelay_s = 0\n[run]\nbatch_size = 2\n'
        f'[storage]\nurl = "sqlite:///{folder / "news.db"}"\n',
        encoding="utf-8",
    )
    urls = "\n".join(room.base + path for path in room.pages)
    run_id = service.start("url-list/url-list", urls=urls, config=str(config), translate=False)
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
