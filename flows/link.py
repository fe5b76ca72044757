"""Copies of what was just stored: find candidates, compare, link, and form their clusters anew. One transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from ingest.dedup.cluster import Member, canonical, clusters
from ingest.dedup.compare import Prepared, Text, compare, prepare
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE
from ingest.model import Fingerprint, Link, Relation, UrlKey
from storage import links as stored
from storage.store import Transaction

Side = tuple[UrlKey, str]


def link_texts(
    tx: Transaction, texts: Sequence[tuple[UrlKey, str, Fingerprint]], touched: Iterable[UrlKey] = ()
) -> None:
    """Store fingerprints and link these texts to all that they share a passage with.

    Args:
        tx: the transaction that stored the texts.
        texts: (record, side, fingerprint); side is "original" or the language of a translation.
        touched: further records whose clusters may have changed, because a record they were linked to was revised.
    """
    for key, side, made in texts:
        stored.add_fingerprint(tx, key, side, made)
    pairs = {tuple(sorted(((key, side), other))) for key, side, _ in texts for other in _candidates(tx, key, side)}
    found = _compare(tx, sorted(pairs))
    stored.add_links(tx, found)
    recluster(tx, {*touched, *(key for key, _, _ in texts), *(end for one in found for end in (one.a, one.b))})


def recluster(tx: Transaction, changed: Iterable[UrlKey]) -> None:
    """Form the clusters of these records, and of all that are linked with them, from the stored links alone.

    A function of the set of links: the order in which records arrived does not matter.
    """
    reached, found = stored.component(tx, changed)
    member_of = {row.key: Member(**asdict(row)) for row in stored.members(tx, reached)}
    rows: list[stored.ClusterRow] = []
    for group in clusters(found):
        first = canonical(member_of[key] for key in sorted(group))
        within = [one for one in found if one.a in group and one.b in group]
        rows += [_row(key, first, within) for key in sorted(group)]
    stored.set_clusters(tx, reached, rows)


def _candidates(tx: Transaction, key: UrlKey, side: str) -> list[Side]:
    return stored.candidates(tx, key, side, cap=CANDIDATE_CAP, limit=CANDIDATE_LIMIT, min_score=CANDIDATE_MIN_SCORE)


def _compare(tx: Transaction, pairs: Sequence[tuple[Side, ...]]) -> list[Link]:
    sides = sorted({side for pair in pairs for side in pair})
    texts = stored.side_texts(tx, sides)
    ready: dict[Side, Prepared] = {
        side: prepare(Text(key=one.key, text=one.text, language=one.language, side=one.side))
        for side, one in texts.items()
    }
    compared = (compare(ready[one], ready[other]) for one, other in pairs)
    return [link for link in compared if link is not None]


def _row(key: UrlKey, first: UrlKey, within: Sequence[Link]) -> stored.ClusterRow:
    """A member's relation is that of its link to the canonical record, or else of its strongest link in the cluster."""
    own = [one for one in within if key in (one.a, one.b)]
    direct = [one for one in own if first in (one.a, one.b)]
    best = max(direct or own, key=lambda one: (one.score, one.relation, one.a, one.b))
    original = key == first
    return stored.ClusterRow(
        record_id=key,
        cluster=first,
        canonical_id=first,
        relation=Relation.ORIGINAL if original else best.relation,
        score=None if original else round(best.score, 4),
    )
