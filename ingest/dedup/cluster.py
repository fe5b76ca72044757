"""Which records are the same article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from ingest.dedup.fingerprint import STAND_INS
from ingest.link import COPIES, Link, Relation
from ingest.model import UrlKey

Neighbours = Mapping[UrlKey, set[UrlKey]]
"""For each record those it is linked with, and itself."""


def clusters(links: Iterable[Link], apart: Collection[tuple[UrlKey, UrlKey]] = ()) -> tuple[frozenset[UrlKey], ...]:
    """Group records that are copies of one another.

    Two groups are joined only if at least half of the pairs across them are links: plain connected components would
    join two articles through one post that copies from both. Strong links come first, but those whose ends have less
    than half of their other links in common come last: a record with one stray link then meets a whole group.

    A record is compared with a few dozen others at most, so of a story with hundreds of copies most pairs are never
    looked at. For a large group its heads may speak therefore, the `STAND_INS` members with the most links: with the
    texts that stand for a story every copy was compared.

    Pairs that share a template but not the facts speak against: groups across which there are as many of them as of
    copies stay apart, so a reworded report whose facts are hard to tell does not join the next of the series.

    Args:
        links: any links, in any order; of those that make no copies only `same_template` says anything, and the same
            set gives the same clusters.
        apart: pairs that must not come into one cluster.

    Returns:
        Groups of two or more, by their smallest key.
    """
    links = list(links)
    pairs = _strengths(links)
    linked: defaultdict[UrlKey, set[UrlKey]] = defaultdict(set)
    for a, b in pairs:
        linked[a] |= {a, b}
        linked[b] |= {a, b}
    stray = {(a, b): _differ(linked[a], linked[b]) for a, b in pairs}
    against = [(one.a, one.b) for one in links if one.relation is Relation.SAME_TEMPLATE]
    groups = _Groups(linked, apart, against)
    # Two groups that did not agree when they were small may do so when they have grown.
    ordered = sorted(pairs, key=lambda pair: (stray[pair], -pairs[pair], pair))
    while sum(groups.join_if_agreed(a, b) for a, b in ordered):
        ordered = [pair for pair in ordered if groups.apart(*pair)]
    return tuple(sorted((frozenset(group) for group in groups.members.values() if len(group) > 1), key=min))


class _Groups:
    """Groups of records, how many links there are across each two of them, and who speaks for each."""

    def __init__(
        self,
        linked: Neighbours,
        apart: Collection[tuple[UrlKey, UrlKey]],
        against: Iterable[tuple[UrlKey, UrlKey]],
    ) -> None:
        self.members = {key: {key} for key in linked}
        self._linked = linked
        self._apart = [pair for pair in apart if pair[0] in linked and pair[1] in linked]
        self._group_of = {key: key for key in linked}
        self._across = {key: dict.fromkeys(others - {key}, 1) for key, others in linked.items()}
        self._against: dict[UrlKey, dict[UrlKey, int]] = {key: {} for key in linked}
        for a, b in against:
            if a in linked and b in linked:
                self._against[a][b] = self._against[b][a] = 1
        self._heads = {key: [key] for key in linked}

    def apart(self, a: UrlKey, b: UrlKey) -> bool:
        """Whether two records are in different groups."""
        return self._group_of[a] != self._group_of[b]

    def join_if_agreed(self, a: UrlKey, b: UrlKey) -> bool:
        """Join the groups of two records if enough links cross; returns whether they were joined."""
        one, other = self._group_of[a], self._group_of[b]
        if one == other:
            return False
        small, large = sorted((one, other), key=lambda group: (len(self.members[group]), group))
        if not self._agreed(small, large) or self._kept_apart(small, large):
            return False
        for key in self.members[small]:
            self._group_of[key] = large
        self.members[large] |= self.members.pop(small)
        heads = self._heads[large] + self._heads.pop(small)
        self._heads[large] = sorted(heads, key=lambda key: (-len(self._linked[key]), key))[:STAND_INS]
        _join(self._across, small, large)
        _join(self._against, small, large)
        return True

    def _agreed(self, one: UrlKey, other: UrlKey) -> bool:
        across = self._across[one].get(other, 0)
        if self._against[one].get(other, 0) >= across:
            return False
        if 2 * across >= len(self.members[one]) * min(len(self.members[other]), STAND_INS):
            return True
        heads, others = self._heads[one], set(self._heads[other])
        needed = len(heads) * len(others) / 2
        if across < needed:
            return False
        return sum(len(self._linked[head] & others) for head in heads) >= needed

    def _kept_apart(self, one: UrlKey, other: UrlKey) -> bool:
        groups = {one, other}
        return any({self._group_of[a], self._group_of[b]} == groups for a, b in self._apart)


def _join(counts: dict[UrlKey, dict[UrlKey, int]], small: UrlKey, large: UrlKey) -> None:
    """Add what one group has with others to what another has."""
    for group, count in counts.pop(small).items():
        del counts[group][small]
        if group != large:
            total = counts[large].get(group, 0) + count
            counts[large][group] = counts[group][large] = total


def _differ(one: set[UrlKey], other: set[UrlKey]) -> bool:
    """Whether two sets have less than half of their members in common."""
    if 2 * min(len(one), len(other)) < max(len(one), len(other)):
        return True
    return 2 * len(one & other) < len(one | other)


def _strengths(links: Iterable[Link]) -> dict[tuple[UrlKey, UrlKey], float]:
    """The best score of every pair of duplicates: two records can be linked by their originals and by translations."""
    pairs: dict[tuple[UrlKey, UrlKey], float] = {}
    for link in links:
        if link.relation not in COPIES or link.a == link.b:
            continue
        pair = (link.a, link.b) if link.a < link.b else (link.b, link.a)
        pairs[pair] = max(link.score, pairs.get(pair, 0.0))
    return pairs
