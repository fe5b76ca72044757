"""What the addresses of links tell of the pages of an article: those that differ in nothing but a number.

One address may be several things: "/story/2" the second page of "/story", or the second story.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from ingest.lang.pages import MOST_PAGES, is_row
from ingest.urls import canonicalize

_NUMBER: Final = re.compile(r"\d{1,6}")
_WORD: Final = r"[^\W\d_]{1,14}"
_IN_FOLDER: Final = re.compile(rf"^(?P<stem>.*?)(?:/(?P<word>{_WORD}))?/(?P<number>\d{{1,2}})")
_AT_END: Final = re.compile(r"^(?P<stem>.+)[-_,.~;](?P<number>\d{1,2})")
_BEHIND_WORD: Final = re.compile(rf"^(?P<stem>.+?)[-_,.~;/]{{1,2}}(?P<word>{_WORD})[-_,.=]?(?P<number>\d{{1,2}})")
ENDING: Final = re.compile(r"\.(?:[sp]?html?|php\d?|aspx?|jsp|cfm|do)$", re.IGNORECASE)
_FIRST: Final = re.compile(r"/(?:index|default)$", re.IGNORECASE)


class Place(NamedTuple):
    """What an address has without the number of a page, that number (none of the whole), and the word before it."""

    stem: str
    number: int | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page to its own site: where it leads, its words, what `rel` says, and its element."""

    url: str
    words: str
    rel: frozenset[str]
    element: HtmlElement


@dataclass(slots=True)
class Family:
    """Links whose addresses differ in a number alone, by that number; `own` is that of this page."""

    own: int
    links: dict[int, list[Link]] = field(default_factory=lambda: defaultdict(list))

    @property
    def numbered(self) -> bool:
        """Whether links of it have their numbers for words: "2", "Page 2"."""
        return any(number_in(link.words) == number for number, links in self.links.items() for link in links)


@lru_cache(maxsize=1 << 12)
def key_of(url: str) -> str:
    """The canonical address; empty where there is none."""
    try:
        return canonicalize(url)
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 12)
def places_of(url: str) -> tuple[Place, ...]:
    """All that an address may be a page of."""
    if not key_of(url):
        return ()
    parts = urlsplit(key_of(url))
    path, pairs = parts.path.rstrip("/"), parse_qsl(parts.query, keep_blank_values=True)
    found = [Place(_stem(path, pairs))]
    bare = ENDING.sub("", path)
    matches = [match for pattern in (_IN_FOLDER, _AT_END, _BEHIND_WORD) if (match := pattern.fullmatch(bare))]
    for match in matches:
        word = match.groupdict().get("word") or ""
        found.append(Place(_stem(match["stem"], pairs), int(match["number"]), word))
        if word and match.re is _IN_FOLDER:
            found.append(Place(_stem(f"{match['stem']}/{word}", pairs), int(match["number"])))
    for position, (name, value) in enumerate(pairs):
        if value.isdecimal() and len(value) <= 2:
            found.append(Place(_stem(path, pairs[:position] + pairs[position + 1 :]), int(value), name))
    return tuple(dict.fromkeys(found))


def stem_of(url: str) -> str:
    """An address as the whole article's: what its pages have in common."""
    return next((place.stem for place in places_of(url) if place.number is None), "")


def _stem(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    stem = _FIRST.sub("", ENDING.sub("", path.rstrip("/"))).rstrip("/")
    return f"{stem}?{urlencode(pairs)}" if stem or pairs else ""


def families_of(links: Sequence[Link], own: Sequence[str]) -> list[Family]:
    """The families that this page belongs to: as the first, by its whole address, or as a later one."""
    mine: dict[str, Place] = {}
    for address in own:
        for place in places_of(address):
            if place.stem:
                mine.setdefault(place.stem, place)
    own_keys = set(map(key_of, own))
    met: dict[str, list[tuple[int | None, Link]]] = defaultdict(list)
    for link in links:
        for place in places_of(link.url) if key_of(link.url) not in own_keys else ():
            here = mine.get(place.stem)
            if here is not None and (here.number is None or place.number is None or here.word == place.word):
                met[place.stem].append((place.number, link))
    return [_family(mine[stem].number, of) for stem, of in met.items()]


def _family(own: int | None, met: Sequence[tuple[int | None, Link]]) -> Family:
    """Count pages as the words of their links do: some sites begin with 0 in addresses."""
    told = [(number, number_in(link.words)) for number, link in met if number is not None]
    shift = int(any(word == number + 1 for number, word in told) and not any(word == number for number, word in told))
    family = Family(own=1 if own is None else own + shift)
    for number, link in met:
        counted = 1 if number is None else number + shift
        if 1 <= counted <= MOST_PAGES and counted != family.own:
            family.links[counted].append(link)
    return family


def number_in(words: str) -> int | None:
    """The number that the words of a link are, if there is one."""
    found = _NUMBER.findall(words)
    return int(found[0]) if len(found) == 1 and is_row(words) else None
