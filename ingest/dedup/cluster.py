"""Which records are the same article, and which of them is canonical."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.dedup.fingerprint import CANDIDATE_LIMIT
from ingest.model import Link, Relation, UrlKey

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the choice of the canonical record looks at.

    `published_at` is given only where it can be trusted, with an offset; `attributed` says that the text names another
    source as its origin; `tokens` is the length of the text.
    """

    key: UrlKey
    published_at: datetime | None
    attributed: bool
    tokens: int


def clusters(links: Iterable[Link]) -> tuple[frozenset[UrlKey], ...]:
    """Group records that are copies of one another.

    Two groups are joined only if at least half of the pairs across them are links, strongest links first. Plain
    connected components would join two articles through one post that copies from both. As a record is compared with
    at most `CANDIDATE_LIMIT` others when it arrives, no more pairs than that are expected of each record of the smaller
    group.

    Args:
        links: any links, in any order; quotes are left out, and the same set gives the same clusters.

    Returns:
        Groups of two or more, by their smallest key.
    """
    pairs = _strengths(links)
    group_of = {key: key for pair in pairs for key in pair}
    members = {key: {key} for key in group_of}
    across: defaultdict[UrlKey, dict[UrlKey, int]] = defaultdict(dict)
    for a, b in pairs:
        across[a][b] = across[b][a] = 1
    for a, b in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        small, large = sorted((group_of[a], group_of[b]), key=lambda group: (len(members[group]), group))
        if small == large or 2 * across[small][large] < _expected(len(members[small]), len(members[large])):
            continue
        for key in members[small]:
            group_of[key] = large
        members[large] |= members.pop(small)
        for group, count in across.pop(small).items():
            across[group].pop(small)
            if group != large:
                across[large][group] = across[group][large] = across[large].get(group, 0) + count
    return tuple(sorted((frozenset(group) for group in members.values() if len(group) > 1), key=min))


def canonical(members: Iterable[Member]) -> UrlKey:
    """The record that stands for its cluster: most likely the original.

    The earliest trusted publication date decides where every member has one. Where one is undated, dates cannot tell
    who was first, and a text that names another source comes after those that do not; among these the earliest dated
    comes first. Then the longer text, then the smaller key: the choice is the same in every order.

    Raises:
        ValueError: there are no members.
    """
    ranked = tuple(members)
    dated = all(member.published_at for member in ranked)
    return min(
        ranked,
        key=lambda member: (
            member.attributed and not dated,
            member.published_at or _UNDATED,
            member.attributed,
            -member.tokens,
            member.key,
        ),
    ).key


def _strengths(links: Iterable[Link]) -> dict[tuple[UrlKey, UrlKey], float]:
    """The best score of every pair of duplicates: two records can be linked by their originals and by translations."""
    pairs: dict[tuple[UrlKey, UrlKey], float] = {}
    for link in links:
        if link.relation is Relation.QUOTES or link.a == link.b:
            continue
        pair = (min(link.a, link.b), max(link.a, link.b))
        pairs[pair] = max(link.score, pairs.get(pair, 0.0))
    return pairs


def _expected(small: int, large: int) -> int:
    return small * min(large, CANDIDATE_LIMIT)
