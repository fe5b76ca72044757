"""Find out what a new source can be read by, from the address of its front page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ingest.discover.listing import Fetch, Kind, Listing, address_key, language_code
from ingest.discover.read import read_listing
from ingest.model import Page, Seed, Via
from ingest.outcome import Rejection, Unmodified
from ingest.urls import host_of

# Where the programs that most sites run on have their feeds: WordPress, Drupal, Ghost, Hugo, Jekyll, Typo3.
_USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feeds/all")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")
# A front page may name a feed for each of its sections; robots.txt a sitemap for each year.
_MAX_FEEDS, _MAX_SITEMAPS = 8, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An address that was tried: what it is and how many entries it has, or why it is of no use."""

    address: str
    kind: Kind | None = None
    entries: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a source could be read by. All that is named was read and has entries; `tried` tells about the rest, too."""

    name: str
    language: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.feeds or self.sitemaps or self.pages)


@dataclass(slots=True, kw_only=True)
class _Search:
    fetch: Fetch
    tried: dict[str, Tried] = field(default_factory=dict)
    # What the chosen feeds announce: the same in RSS and in Atom need not be read twice.
    announced: set[str] = field(default_factory=set)


def suggest(url: str, fetch: Fetch, robots_sitemaps: Sequence[str] = ()) -> Suggestion | Rejection:
    """Look for feeds, sitemaps or article links at and behind an address, and read each before naming it.

    Args:
        url: A front or section page; a feed or a sitemap will do.
        fetch: Called for one address at a time, a dozen or two in all.
        robots_sitemaps: The sitemaps that the site's robots.txt names.

    Returns:
        What was found, which may be nothing (`Suggestion.found`); or why the address itself cannot be had.
    """
    search = _Search(fetch=fetch)
    page = fetch(Seed(url=url, via=Via.SECTION))
    if isinstance(page, Unmodified):
        raise TypeError("fetch answered Unmodified to a seed without validators")
    if isinstance(page, Rejection):
        return page
    start = read_listing(page)
    if isinstance(start, Rejection):
        return start
    search.tried[address_key(url)] = Tried(address=url, kind=start.kind, entries=start.found)
    home = page.final_url
    if start.kind is not Kind.PAGE:
        return _of_listing(url, start, search)
    declared = [one.url for one in start.more if "comment" not in one.url.lower()]
    feeds, first = _feeds(search, declared or [urljoin(home, path) for path in _USUAL_FEEDS])
    sitemaps = _sitemaps(search, [*robots_sitemaps, *(urljoin(home, path) for path in _USUAL_SITEMAPS)])
    return Suggestion(
        name=start.title or (first.title if first else None) or host_of(home),
        language=language_code(start.language) or (language_code(first.language) if first else None),
        feeds=feeds,
        sitemaps=sitemaps,
        pages=(url,) if start.entries and not feeds and not sitemaps else (),
        tried=tuple(search.tried.values()),
    )


def _of_listing(url: str, listing: Listing, search: _Search) -> Suggestion:
    """What to read by an address that is a feed or a sitemap itself."""
    useful = bool(listing.entries or listing.more)
    return Suggestion(
        name=listing.title or host_of(url),
        language=language_code(listing.language),
        feeds=(url,) if useful and listing.kind.via is Via.FEED else (),
        sitemaps=(url,) if useful and listing.kind.via is not Via.FEED else (),
        tried=tuple(search.tried.values()),
    )


def _feeds(search: _Search, addresses: Iterable[str]) -> tuple[tuple[str, ...], Listing | None]:
    """The feeds among some addresses that announce what the ones before them do not, and the first of them."""
    chosen: list[str] = []
    first: Listing | None = None
    for address in addresses:
        if len(chosen) == _MAX_FEEDS:
            break
        listing = _read(search, address, Via.FEED)
        if listing is None or listing.kind.via is not Via.FEED or not listing.entries:
            continue
        announced = {address_key(seed.url) for seed in listing.seeds}
        if announced <= search.announced:
            search.tried[address_key(address)] = Tried(
                address=address,
                kind=listing.kind,
                entries=listing.found,
                problem="announces nothing that others do not",
            )
            continue
        search.announced |= announced
        chosen.append(address)
        first = first or listing
    return tuple(chosen), first


def _sitemaps(search: _Search, addresses: Iterable[str]) -> tuple[str, ...]:
    """The sitemaps of news among some addresses; if there are none, all that have entries."""
    found: dict[str, bool] = {}
    for address in addresses:
        listing = _read(search, address, Via.SITEMAP) if len(found) < _MAX_SITEMAPS else None
        if listing is not None and listing.kind.via is not Via.FEED and (listing.entries or listing.more):
            index_of_news = listing.kind is Kind.SITEMAP_INDEX and "news" in address.lower()
            found[address] = index_of_news or listing.kind is Kind.NEWS_SITEMAP
    news = tuple(address for address, is_news in found.items() if is_news)
    return news or tuple(found)


def _read(search: _Search, address: str, via: Via) -> Listing | None:
    """Read an address that was not tried yet."""
    if address_key(address) in search.tried:
        return None
    answer = search.fetch(Seed(url=address, via=via))
    listing = read_listing(answer) if isinstance(answer, Page) else answer
    if isinstance(listing, Listing):
        problem = None if listing.entries or listing.more else "no entries"
        tried = Tried(address=address, kind=listing.kind, entries=listing.found, problem=problem)
    else:
        reason = f"{listing.reason}: {listing.detail}" if isinstance(listing, Rejection) else listing.how
        tried = Tried(address=address, problem=reason)
    search.tried[address_key(address)] = tried
    return listing if isinstance(listing, Listing) else None
