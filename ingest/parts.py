"""Articles over several pages, put together: what their pages name is had, and all is read as one.

How a page is had, and what reads it, is for the caller to say. One further page is asked for first, and the others only
if that is one indeed (`ingest.extract.joined`); a later page leads to the first, under whose address the article is.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ingest.model import PAGES_MISSING, Article, Page, Record, Series, UrlKey
from ingest.urls import address_key

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page that is wanted: its address, and the page that named it."""

    url: str
    by: Page


Get = Callable[[Sequence[Wanted]], Sequence[Page | None]]
"""Has pages, each in its place; ``None`` for one that cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many pages an article may have, and how many bytes all of them together."""

    pages: int
    size: int


def whole(
    pages: Mapping[Key, Page], made: Mapping[Key, Made], process: Callable[[Mapping[Key, Page]], Mapping[Key, Made]],
    get: Get, limits: Limits,
) -> dict[Key, Made | Record]:  # fmt: skip
    """What became of pages, those that are one of several read together with the others.

    Args:
        pages: the pages.
        made: what each came to by itself.
        process: reads pages; what it makes of one that is no record is not put together.
        get: has further pages.
        limits: what an article may have; what is beyond that is missing.
    """
    open_ones = {
        key: _Reading(own=pages[key], page=pages[key], record=one, alone=one)
        for key, one in made.items()
        if isinstance(one, Record) and one.article.series is not None
    }
    found: dict[Key, Made | Record] = dict(made)
    going = dict(open_ones)
    while going:
        wanted = {key: one.wants(limits) for key, one in going.items()}
        asked = [
            Wanted(url=url, by=one.page) for key, one in going.items() for url in wanted[key] if url not in one.at_hand
        ]
        had = dict(zip(asked, get(asked) if asked else (), strict=True))
        changed = {key: one.take(wanted[key], had, limits) for key, one in going.items()}
        again = {key: page for key, page in changed.items() if page is not None}
        results = process(again) if again else {}
        for key, result in results.items():
            if isinstance(result, Record):
                going[key].record = result
        going = {key: one for key, one in going.items() if wanted[key] and (key not in again or key in results)}
    found.update((key, one.result()) for key, one in open_ones.items())
    return found


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A page on its way to be read with others: as it came (`own`, and its record `alone`), and as it is read now."""

    own: Page
    page: Page
    record: Record
    alone: Record
    asked: dict[str, bool] = field(default_factory=dict)  # by address: whether it could be had
    named: dict[str, int] = field(default_factory=dict)  # by address: its place in the article
    met: dict[UrlKey, Page] = field(default_factory=dict)  # by key of the address: on the way to the first page

    @property
    def _article(self) -> Article:
        return self.record.article

    @property
    def _series(self) -> Series:
        return self._article.series or Series()

    @property
    def _moved(self) -> bool:
        return self.page.final_url != self.own.final_url

    def wants(self, limits: Limits) -> list[str]:
        """The addresses that are wanted next."""
        if limits.pages < 2:
            return []
        series, used = self._series, self._article.provenance.parts
        if series.first is not None:
            return self._unasked([series.first]) if len(self.met) < limits.pages else []
        if series.single is not None and (single := self._unasked([series.single])):
            return single
        rest = self._unasked(series.further)
        if used:
            return rest[: limits.pages - 1 - len(used)]
        return rest[:1] if len(rest) == len(series.further) else []

    @property
    def at_hand(self) -> frozenset[str]:
        """The addresses of wanted pages that were met on the way."""
        series = self._series
        return frozenset(url for url in (series.first, *series.further) if url and address_key(url) in self._met)

    @property
    def _met(self) -> dict[UrlKey, Page]:
        return self.met | {address_key(url): self.own for url in (self.own.seed.url, self.own.final_url)}

    def take(self, urls: Sequence[str], had: Mapping[Wanted, Page | None], limits: Limits) -> Page | None:
        """Note what was had of what was wanted; the page as it is to be read now, if that is another one."""
        pages = {url: self._met.get(address_key(url)) or had.get(Wanted(url=url, by=self.page)) for url in urls}
        self.asked.update((url, page is not None) for url, page in pages.items())
        for url in (*self._series.further, *urls):
            self.named.setdefault(url, len(self.named))
        new = [replace(page, seed=replace(page.seed, url=url)) for url, page in pages.items() if page is not None]
        if not new:
            return None
        if self._series.first in urls:
            return self._move_to(new[0])
        used = {part.url for part in self._article.provenance.parts}
        kept = [part for part in self.page.parts if part.final_url in used]
        parts = sorted((*kept, *new), key=lambda one: self.named.get(one.seed.url, len(self.named)))
        self.page = replace(self.page, parts=self._within(parts, limits))
        return self.page

    def _move_to(self, page: Page) -> Page | None:
        """Begin anew with a page before this one."""
        if address_key(page.final_url) in self._met:
            return None
        self.met[address_key(page.seed.url)] = page
        self.asked.clear()
        self.named.clear()
        self.page = replace(page, seed=self.own.seed, rule=self.own.rule)
        return self.page

    def result(self) -> Record:
        """The record: of all pages, or of the one alone where the others turned out to be none of it."""
        used = self._article.provenance.parts
        if self._moved and self.own.final_url not in {part.url for part in used}:
            return self.alone
        refused = not used and any(self.asked.get(url) for url in self._series.further)
        lacks = self._series.first is not None or (bool(self._series.further) and not refused)
        return self._flagged() if lacks else self.record

    def _flagged(self) -> Record:
        return replace(self.record, article=self._article.flagged(PAGES_MISSING))

    def _unasked(self, urls: Sequence[str]) -> list[str]:
        return [url for url in urls if url not in self.asked]

    def _within(self, parts: Sequence[Page], limits: Limits) -> tuple[Page, ...]:
        """As many parts as are within the limit of size."""
        kept: list[Page] = []
        size = len(self.page.body)
        for part in parts:
            size += len(part.body)
            if size > limits.size:
                break
            kept.append(replace(part, parts=()))
        return tuple(kept)
