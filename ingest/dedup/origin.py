"""Who wrote it first: which record of a cluster stands for it, and what says so.

Clues come in the order of what they are worth. A text that names another record of the cluster as its source has it
from there, whatever the dates say; machine translation and exchanged words are done to texts that exist; so is
reposting. Then the dates of publication. The rest chooses where nothing tells, and makes nothing certain: a text that
names a source outside comes after one that names none, and of texts without dates the one in the middle comes first
(`ingest.dedup.standing`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from ingest.dedup.dates import Published
from ingest.link import Certain
from ingest.model import UrlKey
from ingest.urls import canonicalize, site_of

_MARGIN = 0.1  # of 242 groups in which the second is so far behind, 236 are right
_FEWEST_CENTRAL = 3
_CUT = 0.9  # a text of fewer words than this share of another is shorter than it
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is known of a record that tells who wrote it first.

    `addresses` are its own, `names` are of its publisher and its source; `original_url`, `original_name` and
    `reposted_by` are what its page says; `tokens` is the length of its text. `local` is a file without an address
    of its own; `central` says how near the middle of all copies it lies, where that was looked at.
    """

    key: UrlKey
    published: Published | None = None
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    original_url: str | None = None
    original_name: str | None = None
    reposted_by: str | None = None
    machine_translated: bool = False
    reworded: bool = False
    tokens: int = 0
    local: bool = False
    central: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A reason to take one record for older than another: the rule, and the fact in plain words."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a member is taken for the original or for a copy, and whether that is enough."""

    clues: tuple[Clue, ...]
    certain: Certain


def canonical(members: Iterable[Member]) -> UrlKey:
    """The record that stands for its cluster: most likely the original. The choice is the same in every order.

    Raises:
        ValueError: there are no members.
    """
    listed = sorted(members, key=lambda member: member.key)
    sources = _sources(listed)
    dated = all(member.published for member in listed)
    vague = {member.published.day for member in listed if member.published and member.published.by_day}
    return min(listed, key=lambda member: _rank(member, sources, vague, dated=dated)).key


def explain(members: Iterable[Member], first: UrlKey) -> dict[UrlKey, Grounds]:
    """For each member of a cluster what speaks for the choice of `first`, and whether it settles the matter."""
    listed = sorted(members, key=lambda member: member.key)
    sources = _sources(listed)
    (chosen,) = [member for member in listed if member.key == first]
    found: dict[UrlKey, Grounds] = {}
    for member in listed:
        if member is not chosen:
            strong = _strong(member, chosen, sources)
            against = [Clue(rule=f"not_{clue.rule}", detail=clue.detail) for clue in _strong(chosen, member, sources)]
            # Of two texts each resembles the other as much.
            central = [] if strong or against or len(listed) < _FEWEST_CENTRAL else _central(member, chosen)
            clues = (*strong, *against, *central, *_weak(member, chosen, named_member=member.key in sources))
            known = Certain.YES if strong and not against else Certain.LIKELY if central else Certain.NO
            found[member.key] = Grounds(clues=clues, certain=known)
    told = {each.certain for each in found.values()}
    least = next((each for each in (Certain.NO, Certain.LIKELY) if each in told), Certain.YES)
    found[first] = Grounds(clues=_reasons(found.values()), certain=least)
    return found


def _rank(
    member: Member, sources: Mapping[UrlKey, UrlKey], vague: Collection[date], *, dated: bool
) -> tuple[object, ...]:
    """Sorts the original first. On a day of `vague` some member is known by the day only: then instants do not tell."""
    attributed = bool(member.original_url or member.original_name)
    return (
        member.key in sources,
        member.machine_translated or member.reworded,
        member.reposted_by is not None,
        member.local,
        # Where one is undated, dates cannot tell who was first, and what a text says of itself is the better witness.
        attributed and not dated,
        member.published is None,
        _time(member.published, vague),
        attributed,
        math.inf if member.central is None else -member.central,
        -member.tokens,
        member.key,
    )


def _time(published: Published | None, vague: Collection[date]) -> tuple[object, ...]:
    if published is None:
        return ()
    return (published.day, *(() if published.day in vague else (published.at.astimezone(UTC),)))


def _sources(members: Sequence[Member]) -> dict[UrlKey, UrlKey]:
    """Which member names which as its source, by address, site or name. Two that name each other tell nothing."""
    if not any(member.original_url or member.original_name for member in members):
        return {}
    holder: dict[str, UrlKey] = {}
    for member in reversed(members):  # of several the one with the smallest key
        holder |= dict.fromkeys(_known_as(member), member.key)
    found: dict[UrlKey, UrlKey] = {}
    for member in members:
        own = _known_as(member) if member.original_url or member.original_name else set()
        named = [holder[each] for each in _named_by(member) if each in holder and each not in own]
        if named and named[0] != member.key:
            found[member.key] = named[0]
    return {key: source for key, source in found.items() if found.get(source) != key}


def _known_as(member: Member) -> set[str]:
    """What others may name a member by."""
    sites = {site_of(address) for address in member.addresses}
    names = {_plain(name) for name in (*member.names, *sites)}
    return (
        {_address(address) for address in member.addresses} | {f"site {site}" for site in sites if site} | names - {""}
    )


def _named_by(member: Member) -> list[str]:
    """What a member names as its source, in the same words, the surest first."""
    address, name = member.original_url, _plain(member.original_name)
    found = [_address(address), f"site {site_of(address)}"] if address else []
    return [*found, name] if name else found


def _strong(member: Member, first: Member, sources: Mapping[UrlKey, UrlKey]) -> list[Clue]:
    """What shows that a member is younger than the chosen one."""
    clues = []
    if member.key in sources:
        clues.append(Clue(rule="names_source", detail=str(member.original_url or member.original_name)))
    if member.machine_translated and not first.machine_translated:
        clues.append(Clue(rule="machine_translated", detail="the text shows signs of machine translation"))
    if member.reworded and not first.reworded:
        clues.append(Clue(rule="reworded", detail="words look exchanged for synonyms"))
    if member.reposted_by and not first.reposted_by:
        clues.append(Clue(rule="reposted", detail=f"reposted by {member.reposted_by}"))
    if first.published and member.published and first.published.before(member.published):
        clues.append(Clue(rule="published_first", detail=f"{first.published} before {member.published}"))
    return clues


def _central(member: Member, first: Member) -> list[Clue]:
    """That the chosen one lies nearer the middle of all copies, by enough to make it likely."""
    if member.central is None or first.central is None or first.central - member.central < _MARGIN:
        return []
    return [Clue(rule="central", detail=f"{first.central:.2f}, this one {member.central:.2f}")]


def _weak(member: Member, first: Member, *, named_member: bool) -> list[Clue]:
    """What only makes it likely."""
    clues = []
    named = None if named_member else member.original_url or member.original_name
    if named and not (first.original_url or first.original_name):
        clues.append(Clue(rule="names_outside_source", detail=named))
    if member.local and not first.local:
        clues.append(Clue(rule="local_file", detail="a file, the other has an address"))
    if member.published is None and first.published is not None:
        clues.append(Clue(rule="undated", detail=f"the other is of {first.published}"))
    if member.tokens < _CUT * first.tokens:
        clues.append(Clue(rule="shorter", detail=f"{member.tokens} words, the other {first.tokens}"))
    return clues


def _reasons(grounds: Iterable[Grounds]) -> tuple[Clue, ...]:
    """What speaks for the chosen one: the clues of the others by rule, each once."""
    found: dict[str, Clue] = {}
    for each in grounds:
        for clue in each.clues:
            found.setdefault(clue.rule, clue)
    return tuple(found.values())


def _address(url: str) -> str:
    try:
        return canonicalize(url)
    except ValueError:
        return url


def _plain(name: str | None) -> str:
    """A name without case, spaces and punctuation: "The Harbour-Post" and "the harbour post" are one."""
    return _SIGNS.sub("", (name or "").casefold())
