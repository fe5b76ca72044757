"""Which records are the same article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from ingest.dedup.fingerprint import CANDIDATE_LIMIT
from ingest.model import Link, Relation, UrlKey

def clusters(links: Iterable[Link], apart: Collection[tuple[UrlKey, UrlKey]] = ()) -> tuple[frozenset[UrlKey], ...]:
    """Group records that are copies of one another.

    Two groups are joined only if at least half of the pairs across them are links: plain connected components would
    join two articles through one post that copies from both. Strong links come first, but those whose ends have less
    than half of their other links in common come last: a record with one stray link then meets a whole group. As a
    record is compared with at most `CANDIDATE_LIMIT` others when it arrives, no more links than that are expected of
    each record of the smaller group.

    Args:
        links: any links, in any order; quotes are left out, and the same set gives the same clusters.
        apart: pairs that must not come into one cluster.

    Returns:
        Groups of two or more, by their smallest key.
    """
    pairs = _strengths(links)
    linked: defaultdict[UrlKey, set[UrlKey]] = defaultdict(set)
    for a, b in pairs:
        linked[a] |= {a, b}
        linked[b] |= {a, b}
    stray = {(a, b): 2 * len(linked[a] & linked[b]) < len(linked[a] | linked[b]) for a, b in pairs}
    groups = _Groups(linked, apart)
    for a, b in sorted(pairs, key=lambda pair: (stray[pair], -pairs[pair], pair)):
        groups.join_if_agreed(a, b)
    return tuple(sorted((frozenset(group) for group in groups.members.values() if len(group) > 1), key=min))


class _Groups:
    """Groups of records, and how many links there are across each two of them."""

    def __init__(self, linked: Mapping[UrlKey, set[UrlKey]], apart: Collection[tuple[UrlKey, UrlKey]]) -> None:
        self.members = {key: {key} for key in linked}
        self._apart = [pair for pair in apart if pair[0] in linked and pair[1] in linked]
        self._group_of = {key: key for key in linked}
        self._across = {key: dict.fromkeys(others - {key}, 1) for key, others in linked.items()}

    def join_if_agreed(self, a: UrlKey, b: UrlKey) -> None:
        """Join the groups of two records if enough links cross."""
        small, large = sorted(
            (self._group_of[a], self._group_of[b]), key=lambda group: (len(self.members[group]), group)
        )
        if small == large:
            return
        expected = len(self.members[small]) * min(len(self.members[large]), CANDIDATE_LIMIT)
        if 2 * self._across[small][large] < expected or self._kept_apart(small, large):
            return
        for key in self.members[small]:
            self._group_of[key] = large
        self.members[large] |= self.members.pop(small)
        for group, count in self._across.pop(small).items():
            del self._across[group][small]
            if group != large:
                total = self._across[large].get(group, 0) + count
                self._across[large][group] = self._across[group][large] = total

    def _kept_apart(self, one: UrlKey, other: UrlKey) -> bool:
        groups = {one, other}
        return any({self._group_of[a], self._group_of[b]} == groups for a, b in self._apart)


def _strengths(links: Iterable[Link]) -> dict[tuple[UrlKey, UrlKey], float]:
    """The best score of every pair of duplicates: two records can be linked by their originals and by translations."""
    pairs: dict[tuple[UrlKey, UrlKey], float] = {}
    for link in links:
        if link.relation is Relation.QUOTES or link.a == link.b:
            continue
        pair = (min(link.a, link.b), max(link.a, link.b))
        pairs[pair] = max(link.score, pairs.get(pair, 0.0))
    return pairs
