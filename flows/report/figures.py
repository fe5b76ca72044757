"""What a report of a run shows, read from our own database, which alone knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.report.plot import Bar
from flows.summary import Summary
from ingest.urls import site_of
from ingest.versions import Change
from storage import reports, stats, versions
from storage.store import Store

_NIGHTS = 14
_HOSTS = 10
_ADDRESSES = 5  # of a host that give one text: more than an article has layouts
# Rows of a table artifact: more would be a document of megabytes that a browser shows slowly.
_FAILURES = 1000
_TOLD = frozenset({Change.CORRECTION, Change.WITHDRAWN, Change.RESTORED})

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The tables of a report.

    `sources`: (source, stored, unchanged, rejected, failed). `reasons`: (outcome, reason, seeds). `languages`:
    (language, stored, and by state of translation). `copies`: (relation, records). `failures`: (source,
    URL, reason, detail), the first thousand. `hosts`: (host, pages, seconds from the first to the last, seconds a
    page), the ten that took longest. `one_text`: (host, addresses, title, one address) of texts that many addresses of
    a host gave: what stands in for articles there. `nights`: what the newest runs of this kind stored, by language.
    `changed`: (kind of change, title, record) of what was corrected, withdrawn or restored. `unsure`: (source, records
    of whose text little is sure, records).
    """

    sources: Rows
    reasons: Rows
    languages: Rows
    copies: Rows
    failures: Rows
    hosts: Rows
    one_text: Rows
    nights: Sequence[Bar]
    changed: Rows = ()
    unsure: Rows = ()


def read_figures(store: Store, summary: Summary, kind: str, zone: ZoneInfo) -> Figures:
    """Read what the report of a run shows.

    Args:
        store: the open database.
        summary: what the run came to.
        kind: the kind of the run: only runs of the same kind are compared.
        zone: the time zone that days are told in.
    """
    run_id = summary.run_id
    with store.reading() as tx:
        return Figures(
            sources=reports.outcomes(tx, run_id),
            reasons=reports.reasons(tx, run_id),
            languages=stats.languages(tx, summary.target, run_id),
            copies=stats.relations(tx, run_id),
            failures=reports.failures(tx, run_id, _FAILURES),
            hosts=slowest_hosts(reports.responses(tx, run_id)),
            one_text=repeated_texts(reports.equal_texts(tx, run_id, _ADDRESSES)),
            nights=_by_night(reports.stored_by_run(tx, kind, _NIGHTS), zone),
            changed=[(kind, title, key[:12]) for kind, key, title in versions.changed_in(tx, run_id, _TOLD)],
            unsure=stats.unsure(tx, run_id),
        )


def slowest_hosts(responses: Rows) -> list[tuple[str, int, float, float]]:
    """The hosts that kept a run longest: those with many pages, a long delay, or slow answers.

    Args:
        responses: (URL, when it was fetched) of all pages, in the order in which they came.

    Returns:
        (host, pages, seconds from the first to the last, seconds from one to the next), at most ten, slowest first.
    """
    times: dict[str, list[str]] = {}
    for url, fetched_at in responses:
        if host := site_of(url):
            times.setdefault(host, []).append(fetched_at)
    spans = {host: _seconds(at[0], at[-1]) for host, at in times.items() if len(at) > 1}
    slowest = sorted(spans, key=lambda host: (-spans[host], host))[:_HOSTS]
    return [
        (host, len(times[host]), round(spans[host], 1), round(spans[host] / (len(times[host]) - 1), 1))
        for host in slowest
    ]


def repeated_texts(stored: Rows) -> list[tuple[str, int, str | None, str]]:
    """The texts that many addresses of a host gave in a run: a wall, a notice, a script that was not run.

    Args:
        stored: (text, URL, title) of records.

    Returns:
        (host, addresses, title, one of the addresses), most addresses first.
    """
    found: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for text, url, title in stored:
        if host := site_of(url):
            found.setdefault((host, text), []).append((url, title))
    often = [(host, len(same), same[0][1], same[0][0]) for (host, _), same in found.items() if len(same) >= _ADDRESSES]
    return sorted(often, key=lambda one: (-one[1], one[0]))


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def _by_night(rows: Rows, zone: ZoneInfo) -> list[Bar]:
    """A bar a day: two runs of one day stand in one bar."""
    days: dict[str, dict[str, int]] = {}
    for started_at, language, count in rows:
        day = f"{datetime.fromisoformat(started_at).astimezone(zone):%m-%d}"
        parts = days.setdefault(day, {})
        if language is not None:
            parts[language] = parts.get(language, 0) + count
    return [Bar(label=day, parts=parts) for day, parts in days.items()]
