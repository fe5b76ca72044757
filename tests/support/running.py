"""A run in this very process over a site of this machine, with an empty database."""

from __future__ import annotations

from pathlib import Path

from support.here import Here
from support.newsroom import Newsroom

from flows.run import Order, run
from flows.settings import Settings, load_settings
from flows.summary import Summary


def empty_settings(folder: Path, room: Newsroom) -> Settings:
    """Settings with an empty database, which may ask the site."""
    return load_settings(
        None,
        storage={"url": f"sqlite:///{folder / 'news.db'}", "archive_dir": folder / "archive"},
        fetch={"delay_s": 0.0, "allow_private": (room.host,)},
    )


def ingested(order: Order, settings: Settings) -> Summary:
    """A run in this process."""
    return run(order, settings, open_engines=Here().open)
