"""The front page: what a run brought, as stories. One line a cluster, with who told it, when, and from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flows.browse.site import Site
from storage import listings, runs
from storage.browse import listing, nights
from storage.browse.nights import RunRow
from storage.browse.stories import Stories, Teller, Wanted, stories_of_run
from storage.selection import Selection
from storage.store import Transaction

PAGE = 30
_RUNS = 30
# Of a story that hundreds tell, so many chips; the page of its record has all.
_CHIPS = 12
_MOST = 100_000
_NIGHTLY = "nightly"

# The picture of who published when, in its own units.
_WIDTH, _EDGE = 240, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address asks for."""

    run: str = ""
    source: str = ""
    language: str = ""
    author: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether stories are left out."""
        return bool(self.source or self.language or self.author)

    def address(self, **more: str | int) -> str:
        """The address of the page with these filters."""
        filters = {"run": self.run, "source": self.source, "language": self.language, "author": self.author}
        given = {name: value for name, value in (filters | more).items() if value}
        return "/" + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A record on the line of time: where it stands, and how it is related to the original."""

    x: float
    relation: str
    teller: Teller


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as the page shows it: its headline, who else tells it, and the line of time if there are several."""

    head: Teller
    chips: Sequence[Teller]
    more: int
    dots: Sequence[Dot]
    hours: float
    corrected: int


def read_filters(parameters: Mapping[str, str]) -> Filters:
    """The filters in an address."""

    def text(name: str) -> str:
        return parameters.get(name, "").replace("\0", "").strip()

    page = text("page")
    return Filters(
        run=text("run"),
        source=text("source"),
        language=text("language"),
        author=text("author"),
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


def night(tx: Transaction, site: Site, filters: Filters) -> dict[str, Any] | None:
    """What the front page shows; ``None`` where there is no such run."""
    recent = nights.recent_runs(tx, _RUNS)
    shown = _chosen(tx, recent, filters.run)
    if shown is None:
        return None if filters.run else {"run": None, "filters": filters}
    found = read_stories(tx, site, shown.id, filters)
    counts = runs.outcome_counts(tx, shown.id)
    languages, sources = site.menus.languages_and_sources(tx)
    short, broken = listings.short_sources(tx, shown.id), listings.broken_listings(tx, shown.id)
    return {
        "run": shown,
        "status": nights.status(tx, shown),
        "latest": not filters.run,
        "nightly": shown.kind == _NIGHTLY,
        "filters": filters,
        "recent": recent,
        "counts": counts,
        "left": max(0, shown.seeds - sum(counts.values())),
        "duplicates": runs.duplicate_count(tx, shown.id),
        "pending": listing.count_records(tx, Selection(run_id=shown.id, pending=shown.target), most=_MOST),
        "stories": [told(tellers) for tellers in found.stories],
        "total": found.total,
        "records": found.records,
        "pages": max(1, -(-found.total // PAGE)),
        "languages": languages,
        "sources": sources,
        "failing": sorted({one.source for one in broken if one.source} | {one.source for one in short}),
        "short": short,
        "broken": broken,
    }


def read_stories(tx: Transaction, site: Site, run_id: str, filters: Filters, *, whole: bool = False) -> Stories:
    """The stories of a page, or all that the filters leave."""
    wanted = Wanted(source=filters.source or None, language=filters.language or None, author=filters.author or None)
    limit, offset = (None, 0) if whole else (PAGE, (filters.page - 1) * PAGE)
    return stories_of_run(tx, run_id, wanted, site.target, limit=limit, offset=offset)


def told(tellers: Sequence[Teller]) -> Told:
    """A story in the shapes of the page. Pure."""
    head, *others = tellers
    moments = [_moment(one.dated) for one in tellers]
    first, last = min(moments), max(moments)
    span = (last - first).total_seconds()
    room = _WIDTH - 2 * _EDGE
    dots = [
        Dot(
            x=round(_EDGE + (room * (at - first).total_seconds() / span if span else room / 2), 1),
            relation="original" if one.is_canonical else one.relation,
            teller=one,
        )
        for one, at in zip(tellers, moments, strict=True)
    ]
    return Told(
        head=head,
        chips=others[:_CHIPS],
        more=max(0, len(others) - _CHIPS),
        dots=dots if others else (),
        hours=span / 3600,
        corrected=sum(one.revision > 1 for one in tellers),
    )


def rows(found: Stories) -> list[dict[str, Any]]:
    """The same for a table: a row a record."""
    return [
        {
            "story": number,
            "id": one.id,
            "relation": "original" if one.is_canonical else one.relation,
            "title": one.title,
            "translated_title": one.translated_title,
            "outlet": one.outlet,
            "language": one.language,
            "published": one.dated if one.published else None,
            "revision": one.revision,
            "stored_by_this_run": one.fresh,
            "url": one.url,
        }
        for number, tellers in enumerate(found.stories, 1)
        for one in tellers
    ]


def _chosen(tx: Transaction, recent: Sequence[RunRow], run_id: str) -> RunRow | None:
    """The run that is asked for, else the newest that stores anything new."""
    if run_id:
        return nights.find_run(tx, run_id)
    return next((one for one in recent if one.kind != "reprocess"), recent[0] if recent else None)


def _moment(dated: str) -> datetime:
    at = datetime.fromisoformat(dated)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
