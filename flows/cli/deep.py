"""`newsmill sources check --deep`: of hosts whose extraction has changed a page before and one after, side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flows.cli.options import settings_for
from flows.cli.screen import console
from flows.drift import NIGHTLY, changes, examples, said
from storage.drift import Met, newest_of, pages_met
from storage.store import Store
from storage.views import read_records

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.drift import Drift
    from storage.store import Transaction

_BEGINNING = 240  # characters of a text


def changed_hosts(
    config: Path | None, db: str | None, names: Collection[str], *, verbose: bool
) -> list[dict[str, Any]]:
    """The changes that the newest nightly run met, with what a page before and one after came to.

    Args:
        config: the folder of the settings.
        db: the database; there must be one.
        names: only what these sources announced; all, where there are none.
        verbose: whether to log much.
    """
    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store, store.reading() as tx:
        newest = newest_of(tx, NIGHTLY)
        met = pages_met(tx, newest, NIGHTLY) if newest else []
        mine = [one for one in met if not names or one.source in names]
        return [_told(tx, mine, drift, settings.translate.target) for drift in changes(mine)]


def print_changed(changed: list[dict[str, Any]]) -> None:
    """Each change in a line, and below it the two pages."""
    from rich.markup import escape
    from rich.table import Table

    out = console()
    if not changed:
        out.print("no host comes out otherwise than it used to")
    for one in changed:
        shown = Table(title=escape(f"{one['host']}: {one['change']}"), title_justify="left", header_style="")
        shown.add_column("")
        for column in ("before", "after"):
            shown.add_column(column, overflow="fold", ratio=1)
        before, after = one["before"] or {}, one["after"] or {}
        for name in dict.fromkeys((*before, *after)):
            shown.add_row(name, *(escape(str(page.get(name) or "-")) for page in (before, after)))
        out.print(shown)


def _told(tx: Transaction, met: list[Met], drift: Drift, target: str) -> dict[str, Any]:
    before, after = examples(met, drift)
    found = {"before": _page(tx, before, target), "after": _page(tx, after, target)}
    return {**asdict(drift), "change": said(drift), **found}


def _page(tx: Transaction, one: Met | None, target: str) -> dict[str, Any] | None:
    """What a page came to, in the words of the record."""
    if one is None:
        return None
    if one.record_id is None:
        return {"url": one.url, "title": None, "text": "no article was found"}
    record: Mapping[str, Any] = next(read_records(tx, [one.record_id], target))
    sure = ", ".join(f"{name} {value:.2f}" for name, value in record["confidence"].items() if value is not None)
    return {
        "url": record["url"],
        "title": record["title"],
        "authors": ", ".join(record["authors"]),
        "published_at": record["published_at"],
        "characters": one.length,
        "confidence": sure,
        "flags": ", ".join(record["flags"]),
        "text": record["text"][:_BEGINNING],
    }
