"""Ask an outlet's listings one after the other, and gather what they announce."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ingest.discover.listing import Entry, Fetch, Further, Kind, Listing, address_key
from ingest.discover.patterns import Match, selects
from ingest.discover.read import read_listing
from ingest.model import Page, Seed, Validators, Via
from ingest.outcome import Rejection, Stage, Unmodified
from ingest.value import Value

MAX_CHILDREN = 50
"""Most children of sitemap indexes that are asked for in one go: an archive of 20 years has thousands."""

MAX_DEPTH = 2
"""Indexes in an index: the protocol allows none, some sites have one."""

_RANKS = {Via.FEED: 0, Via.SITEMAP: 1, Via.SECTION: 2}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingReport(Value):
    """What came of asking for one listing.

    `entries` are those that it has; `fresh` those that were left after filtering by date and pattern and were not
    announced before, by it or by another listing. `unmodified` says how it was told that nothing changed ("304", "same
    body"). `newest` is the date of the newest entry.
    """

    address: str
    kind: Kind | None = None
    entries: int = 0
    fresh: int = 0
    newest: datetime | None = None
    rejection: Rejection | None = None
    unmodified: str | None = None
    validators: Validators | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What an outlet announces: seeds, best first, and a report for each listing that was asked for, in that order."""

    seeds: tuple[Seed, ...]
    listings: tuple[ListingReport, ...]

    @property
    def broken(self) -> bool:
        """Whether not one listing could be read."""
        return all(one.rejection is not None for one in self.listings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is taken of what listings announce.

    Attributes:
        source: The name of the outlet.
        language: What it mostly writes in; where ``None``, what the listing says of an entry.
        include: If not empty, one of these must match an address.
        exclude: None of these may match.
        since: Leave out what a sitemap says is older.
        most: Most seeds.
    """

    source: str
    language: str | None = None
    include: Sequence[Match] = ()
    exclude: Sequence[Match] = ()
    since: datetime | None = None
    most: int = 200


@dataclass(slots=True, kw_only=True)
class _Gathering:
    """What was gathered so far. Only as many entries of a listing are kept as could be wanted: sitemaps are long."""

    fetch: Fetch
    wanted: Wanted
    known: Mapping[str, Validators]
    entries: dict[str, Entry] = field(default_factory=dict)
    reports: list[ListingReport] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    children: int = 0


def gather(
    addresses: Iterable[tuple[str, Via]], fetch: Fetch, wanted: Wanted, known: Mapping[str, Validators]
) -> Discovery:
    """Ask for listings in order, follow indexes of sitemaps, and rank what they announce.

    Feeds come before sitemaps and these before section pages; among equals the newest comes first. An address that is
    announced twice is one seed, which knows what either listing says. A listing that breaks stops no other.

    Args:
        addresses: Listings, and what they are thought to be.
        fetch: Called for one listing at a time.
        wanted: What is taken.
        known: By address, what tells whether a listing is still the one that was read last.
    """
    gathering = _Gathering(fetch=fetch, wanted=wanted, known=known)
    for address, via in addresses:
        _follow(gathering, Further(url=address), via, 0)
    ranked = sorted(
        gathering.entries.values(), key=lambda entry: (_RANKS[entry.seed.via], -(entry.at or _LONG_AGO).timestamp())
    )
    return Discovery(seeds=tuple(entry.seed for entry in ranked[: wanted.most]), listings=tuple(gathering.reports))


def _follow(gathering: _Gathering, listing: Further, via: Via, depth: int) -> None:
    """Ask for a listing and, if it is an index, for its children: news first, then the newest."""
    address = address_key(listing.url)
    if address in gathering.asked:  # an index that names itself, or a feed that is named twice
        return
    gathering.asked.add(address)
    found = _ask(gathering, listing.url, via)
    if found is None or found.kind is not Kind.SITEMAP_INDEX:
        return
    for child in sorted(found.more, key=_child_order):
        if depth == MAX_DEPTH or gathering.children == MAX_CHILDREN:
            _note(gathering, listing.url, f"more than {MAX_CHILDREN} sitemaps, or indexes in one another: not all read")
            return
        if address_key(child.url) not in gathering.asked and not _too_old(gathering, child):
            gathering.children += 1
            _follow(gathering, child, Via.SITEMAP, depth + 1)


def _child_order(child: Further) -> tuple[bool, float]:
    return "news" not in child.url.lower(), -(child.modified_at or _LONG_AGO).timestamp()


def _too_old(gathering: _Gathering, child: Further) -> bool:
    """Whether nothing in a child can be wanted: it is older than asked for, or than enough that we have."""
    modified, since, most = child.modified_at, gathering.wanted.since, gathering.wanted.most
    if modified is None:
        return False
    if since is not None and modified < since:
        return True
    return sum(entry.at is not None and entry.at > modified for entry in gathering.entries.values()) >= most


def _ask(gathering: _Gathering, address: str, via: Via) -> Listing | None:
    """Fetch one listing, and read it if it is another one than ours."""
    source, held = gathering.wanted.source, gathering.known.get(address)
    answer = gathering.fetch(Seed(url=address, source=source, via=via, validators=held))
    if isinstance(answer, Page):
        return _read(gathering, address, answer)
    if isinstance(answer, Unmodified):
        report = ListingReport(address=address, unmodified=answer.how, validators=held)
    else:
        report = _refused(address, answer, source)
    gathering.reports.append(report)
    return None


def _read(gathering: _Gathering, address: str, page: Page) -> Listing | None:
    """Read one listing, take what is wanted of it, and report."""
    wanted = gathering.wanted
    listing = read_listing(page, since=wanted.since)
    if isinstance(listing, Rejection):
        gathering.reports.append(_refused(address, listing, wanted.source))
        return None
    moved = (f"sent on to {page.final_url}",) if page.redirects else ()
    report = ListingReport(
        address=address,
        kind=listing.kind,
        entries=listing.found,
        fresh=_take(gathering, listing),
        newest=max((entry.at for entry in listing.entries if entry.at is not None), default=None),
        validators=_validators(page),
        notes=listing.notes + moved,
    )
    gathering.reports.append(report)
    return listing


def _refused(address: str, rejection: Rejection, source: str) -> ListingReport:
    return ListingReport(
        address=address, rejection=replace(rejection, url=address, source=source, stage=Stage.DISCOVER)
    )


def _take(gathering: _Gathering, listing: Listing) -> int:
    """Add what is wanted of a listing, and count what is new."""
    wanted = gathering.wanted
    chosen = [entry for entry in listing.entries if selects(entry.seed.url, wanted.include, wanted.exclude)]
    fresh, seen = 0, set()
    for entry in chosen:
        key = address_key(entry.seed.url)
        before = gathering.entries.get(key)
        if before is not None:
            gathering.entries[key] = _richer(before, entry)
            continue
        fresh += key not in seen
        seen.add(key)
        if fresh <= wanted.most:
            language = wanted.language or entry.seed.language
            seed = replace(entry.seed, source=wanted.source, language=language)
            gathering.entries[key] = replace(entry, seed=seed)
    return fresh


def _richer(first: Entry, second: Entry) -> Entry:
    """The first witness, with what only the second says."""
    seed = replace(
        first.seed,
        title=first.seed.title or second.seed.title,
        published_at=first.seed.published_at or second.seed.published_at,
        language=first.seed.language or second.seed.language,
    )
    return Entry(seed=seed, at=first.at or second.at)


def _note(gathering: _Gathering, address: str, note: str) -> None:
    gathering.reports = [
        replace(one, notes=(*one.notes, note)) if one.address == address and note not in one.notes else one
        for one in gathering.reports
    ]


def _validators(page: Page) -> Validators:
    return Validators(
        etag=page.header("etag"),
        last_modified=page.header("last-modified"),
        body_sha256=hashlib.sha256(page.body).hexdigest(),
    )
