"""The page of a source, and that of an author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flows.browse import charts
from flows.browse.site import Site
from storage.browse import listing, nights, outlets
from storage.browse.nights import RunRow, SourceNight
from storage.selection import Selection
from storage.store import Transaction

_NIGHTS = 30
_LISTED = 20
_NIGHTLY = "nightly"


def source(tx: Transaction, name: str) -> dict[str, Any] | None:
    """What the page of a source shows: its last nights, its feeds, its records; ``None`` where it is not known."""
    shown = nights.recent_runs(tx, _NIGHTS, kind=_NIGHTLY)[::-1]
    cells = nights.nights(tx, [one.id for one in shown], name).get(name, {})
    held = outlets.holdings(tx, Selection(source=name))
    feeds = outlets.feeds(tx, name)
    if not (held.records or cells or feeds):
        return None
    asked = [(one, cells[one.id]) for one in shown if one.id in cells]
    return {
        "name": name,
        "held": held,
        "feeds": feeds,
        "asked": asked[::-1],
        "nights": charts.columns([(one.started_at[8:10], cell.stored) for one, cell in asked]) if asked else None,
        "languages": _bars(held.languages),
    }


def night_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nights of a source for a table of another program."""
    asked: Sequence[tuple[RunRow, SourceNight]] = found["asked"]
    return [{"run": one.id, "started_at": one.started_at, **asdict(cell)} for one, cell in asked]


def author(tx: Transaction, site: Site, name: str) -> dict[str, Any] | None:
    """What the page of an author shows: where, in what and what last; ``None`` where nothing is by that name."""
    by = Selection(author=name)
    held = outlets.holdings(tx, by)
    if not held.records:
        return None
    return {
        "name": name,
        "held": held,
        "languages": _bars(held.languages),
        "sources": _bars(outlets.sources_of(tx, by)),
        "newest": listing.list_records(tx, by, target=site.target, limit=_LISTED).rows,
    }


def _bars(counts: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """Names and counts, each with a bar beside it."""
    longest = max((count for _, count in counts), default=0)
    return [
        {"name": name, "count": count, "slices": charts.stack([("stored", count)], longest)} for name, count in counts
    ]
