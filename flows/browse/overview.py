"""A run with its plots, and the sources over the last nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flows.browse import charts, words
from flows.browse.site import Site
from storage import listings, reports, runs, stats
from storage.browse import nights
from storage.browse.nights import RunRow, SourceNight
from storage.store import Transaction

_OUTCOMES = ("stored", "unchanged", "rejected", "failed")
# More than a table that is read: the command line shows all (`newsmill run`, `newsmill stats`).
_MISFITS = 100
_RUNS = 14
_NIGHTS = 7
_NIGHTLY = "nightly"


def run(tx: Transaction, site: Site, run_id: str | None) -> dict[str, Any] | None:
    """What the page of a run shows; of the newest where none is named.

    Returns:
        ``None`` where there is no such run.
    """
    recent = nights.recent_runs(tx, _RUNS)
    if run_id is None and not recent:
        return {"run": None, "recent": []}
    shown = recent[0] if run_id is None else nights.find_run(tx, run_id)
    if shown is None:
        return None
    counts = runs.outcome_counts(tx, shown.id)
    done = {name: counts[name] for name in _OUTCOMES}
    sources = reports.outcomes(tx, shown.id)
    languages = stats.languages(tx, shown.target, shown.id)
    hours = nights.hours(tx, shown.id)
    return {
        "run": shown,
        "newest": run_id is None,
        "seconds": _seconds(shown),
        "counts": done,
        "waiting": max(0, shown.seeds - sum(done.values())),
        "copies": stats.relations(tx, shown.id),
        "hours": charts.columns([(f"{hour:02}", count) for hour, count in enumerate(hours)]) if any(hours) else None,
        "sources": _by_source(sources),
        "languages": _by_language(languages),
        "reasons": _by_reason(reports.reasons(tx, shown.id)),
        "status": nights.status(tx, shown),
        "misfits": nights.misfits(tx, shown.id, _MISFITS),
        "unfit": done["rejected"] + done["failed"],
        "short": listings.short_sources(tx, shown.id),
        "broken": listings.broken_listings(tx, shown.id),
        "recent": recent,
    }


def misfits(
    tx: Transaction,
    run_id: str,
    *,
    outcome: str | None,
    reason: str | None,
    source: str | None,
    page: str | None,
    whole: bool = False,
) -> dict[str, Any] | None:
    """A page of what a run rejected or failed on, or all of it; ``None`` where there is no such run."""
    shown = nights.find_run(tx, run_id)
    if shown is None:
        return None
    number = max(1, int(page)) if page and page.isdecimal() and len(page) < 7 else 1
    total = nights.misfit_count(tx, run_id, outcome, reason, source)
    given = {"outcome": outcome, "reason": reason, "source": source}
    room = (None, 0) if whole else (_MISFITS, (number - 1) * _MISFITS)
    return {
        "run": shown,
        "outcome": outcome,
        "reason": reason,
        "source": source,
        "misfits": nights.misfits(tx, run_id, *room, kind=outcome, reason=reason, source=source),
        "total": total,
        "page": number,
        "pages": max(1, -(-total // _MISFITS)),
        "query": urlencode({name: value for name, value in given.items() if value}),
    }


def sources(tx: Transaction, site: Site) -> dict[str, Any]:
    """What the page of the sources shows: a row a source, a column a night, the newest to the right."""
    shown = nights.recent_runs(tx, _NIGHTS, kind=_NIGHTLY)[::-1]
    found = nights.nights(tx, [one.id for one in shown])
    rows = [(name, _health(cells, shown), [cells.get(one.id) for one in shown]) for name, cells in found.items()]
    return {"runs": shown, "rows": sorted(rows, key=lambda row: (row[1] == "", row[0]))}


def source_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same for a table: a row a source and night."""
    return [
        {"source": name, "run": one.id, "started_at": one.started_at, **asdict(cell)}
        for name, _, cells in found["rows"]
        for one, cell in zip(found["runs"], cells, strict=True)
        if cell is not None
    ]


def _health(cells: Mapping[str, SourceNight], shown: Sequence[RunRow]) -> str:
    """What is wrong with a source in its newest night, in words; empty where nothing is."""
    newest = cells.get(shown[-1].id)
    if newest is None:
        return "not asked in the newest run"
    said = []
    if newest.unread:
        said.append(f"could not read {newest.unread} feed{'s' if newest.unread > 1 else ''}")
    if newest.short:
        said.append("fewer articles than expected")
    if newest.failed:
        said.append(f"{newest.failed} failed")
    return ", ".join(said)


def _by_source(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    longest = max((sum(row[1:]) for row in rows), default=0)
    return [
        {
            "name": row[0],
            "counts": row[1:],
            "slices": charts.stack(list(zip(_OUTCOMES, row[1:], strict=True)), longest),
        }
        for row in rows
    ]


def _by_language(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    longest = max((row[1] for row in rows), default=0)
    return [
        {"code": code, "count": count, "states": states, "slices": charts.stack([("stored", count)], longest)}
        for code, count, *states in rows
    ]


def _by_reason(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    longest = max((row[2] for row in rows), default=0)
    return [
        {
            "outcome": outcome,
            "code": code,
            "words": words.reason(code),
            "count": count,
            "slices": charts.stack([(outcome, count)], longest),
        }
        for outcome, code, count in rows
    ]


def _seconds(shown: RunRow) -> float | None:
    if shown.finished_at is None:
        return None
    took = datetime.fromisoformat(shown.finished_at) - datetime.fromisoformat(shown.started_at)
    return took.total_seconds()
