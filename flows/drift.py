"""Which hosts come out otherwise than they used to, by what is stored of the newest nights."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.drift import Drift, Seen, drifts
from ingest.urls import site_of
from storage.drift import Met, pages_met
from storage.store import Transaction

NIGHTLY = "nightly"
_SAID = {
    "article": "no article is found",
    "title": "no title",
    "date": "no date",
    "authors": "no authors",
    "confidence": "the text is not sure",
    "rule": "the rule of the site finds too little",
}


def drifted(tx: Transaction, run_id: str) -> tuple[Drift, ...]:
    """The changes that a nightly run met, by host."""
    return changes(pages_met(tx, run_id, NIGHTLY))


def changes(met: Sequence[Met]) -> tuple[Drift, ...]:
    """The changes among pages, the oldest of which come first. Pure."""
    hosts: dict[str, list[Met]] = {}
    for one in met:
        hosts.setdefault(site_of(one.url), []).append(one)
    return tuple(
        drift
        for host, pages in sorted(hosts.items())
        if host and (fresh := sum(one.fresh for one in pages))
        for drift in drifts(host, [Seen(lacks=one.lacks, length=one.length) for one in pages], fresh)
    )


def examples(met: Sequence[Met], drift: Drift) -> tuple[Met | None, Met | None]:
    """The last page of a host before a change, and the newest one that shows it; ``None`` where there is none. Pure."""
    pages = [one for one in met if site_of(one.url) == drift.host]
    newest, past = pages[-drift.pages :], pages[: -drift.pages]
    if drift.sign == "length":
        middle = (drift.before + drift.now) / 2
        shows = [(one.length < middle) == (drift.now < middle) for one in pages]
    else:
        shows = [drift.sign in one.lacks for one in pages]
    told = dict(zip(pages, shows, strict=True))
    after = next((one for one in reversed(newest) if told[one]), None)
    before = next((one for one in reversed(past) if not told[one] and one.record_id), None)
    return before, after


def said(drift: Drift) -> str:
    """A change in words, without its host: "no date on 95 % of the newest 20 pages, 3 % before"."""
    if drift.sign == "length":
        return f"texts of {drift.now:.0f} characters on the newest {drift.pages} pages, {drift.before:.0f} before"
    return f"{_SAID[drift.sign]} on {drift.now:.0%} of the newest {drift.pages} pages, {drift.before:.0%} before"
