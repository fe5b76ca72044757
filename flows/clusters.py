"""Clusters formed anew from stored links, and the relations that links tell only together. One transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.dedup.cluster import clusters
from ingest.dedup.dates import published
from ingest.dedup.evidence import trigrams
from ingest.dedup.fingerprint import FINGERPRINT_VERSION
from ingest.dedup.origin import Member, canonical, explain
from ingest.dedup.settle import (
    PARTNER_CONFLICT,
    by_their_copies,
    fill_slots,
    holds_several,
    is_article,
    is_part,
    settled,
)
from ingest.dedup.standing import Standing, centrality
from ingest.dedup.weights import table_language
from ingest.dedup.words import pack, read_words, unpack
from ingest.link import COPIES, Link, Relation, Tie
from ingest.model import UrlKey
from storage import clusters as formed
from storage import links as stored
from storage.store import Transaction

_KEPT_STANDINGS = 2048

NO_LINKS: Mapping[frozenset[UrlKey], bool] = {}

_SPEAK = COPIES | {Relation.SAME_TEMPLATE}  # for or against one cluster

_MOST_PLACED = 40  # texts of a cluster are looked at for which lies in the middle


def recluster(tx: Transaction, changed: Iterable[UrlKey], linked: Mapping[frozenset[UrlKey], bool] = NO_LINKS) -> None:
    """Form the clusters of these records, and of all that are linked with them, from the stored links alone.

    A function of the set of links: the order in which records arrived does not matter. A new link touches the clusters
    of its ends only if it makes them copies.

    Args:
        tx: the transaction that stored the links.
        changed: records that were revised, or whose links have gone.
        linked: pairs that were linked just now, and whether they had been linked before.
    """
    known = set(changed)
    reached, found = formed.component(tx, known | settle(tx, known, linked))
    member_of = {row.key: _member(row) for row in formed.members(tx, reached)}
    links_by_end: defaultdict[UrlKey, list[Link]] = defaultdict(list)
    for one in (each for each in found if each.relation in COPIES):
        links_by_end[one.a].append(one)
    rows: list[formed.ClusterRow] = []
    groups = [[member_of[key] for key in sorted(group)] for group in clusters(found, formed.kept_apart(tx, reached))]
    for members in _placed(tx, groups):
        rows += _cluster_rows(members, [one for member in members for one in links_by_end[member.key]])
    formed.set_clusters(tx, reached, rows)


def settle(tx: Transaction, changed: set[UrlKey], linked: Mapping[frozenset[UrlKey], bool] = NO_LINKS) -> set[UrlKey]:
    """Tell the relations of the links of these records from all links around them (`ingest.dedup.settle`).

    Returns:
        The records that have become copies of another just now, or are no copies of it any more.
    """
    changed = changed.union(*linked)
    own = stored.ties_of(tx, changed)
    degree = stored.conflicting(tx, {end for one in own for end in (one.a, one.b)}, PARTNER_CONFLICT)
    told = {(one.a, one.b): settled(one, degree) for one in own}
    # What makes a text a collection may also be a link that has come or gone between two of its copies.
    near = changed | {end for one in own if told[one.a, one.b] in COPIES for end in (one.a, one.b)}
    # A link with both ends among them is read twice, and has one vote.
    around = list({(one.a, one.b): one for one in [*own, *stored.ties_of(tx, near - changed)]}.values())
    degree |= stored.conflicting(
        tx, {end for one in around for end in (one.a, one.b)} - degree.keys(), PARTNER_CONFLICT
    )
    parts: defaultdict[UrlKey, dict[tuple[UrlKey, UrlKey], Tie]] = defaultdict(dict)
    apart = fill_slots(around, near)
    apart |= {(one.a, one.b) for one in around if settled(one, degree) is Relation.SAME_TEMPLATE}
    apart |= by_their_copies(around, apart, near)
    for one in around:
        told[one.a, one.b] = Relation.SAME_TEMPLATE if (one.a, one.b) in apart else one.compared
        for end in (one.a, one.b):
            if is_article(one, told[one.a, one.b], end):
                parts[end][one.a, one.b] = one
    several = _collections(tx, {key: list(parts[key].values()) for key in near}, told)
    turned = several ^ stored.collections_among(tx, near)
    stored.set_collections(tx, turned, several)
    far = {end for one in around for end in (one.a, one.b)} - near
    several |= stored.collections_among(tx, far)
    moved: list[Tie] = []
    touched: set[UrlKey] = set()
    for one in around:
        now, pair = told[one.a, one.b], frozenset((one.a, one.b))
        now = Relation.CONTAINS if now in COPIES and is_part(one, several) else now
        if now is not one.relation:
            moved.append(one._replace(relation=now))
        if _touches(one.relation, now, linked.get(pair)):
            touched |= pair
    stored.set_relations(tx, moved)
    return touched


def _touches(before: Relation, now: Relation, linked: bool | None) -> bool:
    """Whether a link changes the clusters of its ends; `linked` says of one found just now if there was one before."""
    if linked is None:
        return before is not now and not _SPEAK.isdisjoint((before, now))
    return linked or now in COPIES


def _collections(
    tx: Transaction, parts: Mapping[UrlKey, Sequence[Tie]], told: Mapping[tuple[UrlKey, UrlKey], Relation]
) -> set[UrlKey]:
    """Those of these texts that hold several articles, given the links of each with what may be one of them."""
    asked = {key: links for key, links in parts.items() if len(links) > 1}
    ends = {end for links in asked.values() for one in links for end in (one.a, one.b)}
    linked = {
        frozenset((a, b))
        for a, b, relation in stored.links_among(tx, ends)
        if told.get((a, b), relation) is not Relation.SAME_TEMPLATE
    }
    return {key for key, links in asked.items() if holds_several(key, links, linked)}


def _member(row: formed.MemberRow) -> Member:
    return Member(
        key=row.key,
        published=published(row.published_at, row.published_precision),
        addresses=row.addresses,
        names=row.names,
        original_url=row.original_url,
        original_name=row.original_name,
        reposted_by=row.reposted_by,
        machine_translated=row.machine_translated,
        reworded=row.reworded,
        tokens=row.tokens,
        local=row.local,
    )


def _placed(tx: Transaction, groups: Sequence[Sequence[Member]]) -> Iterator[Sequence[Member]]:
    """Clusters with how near its middle each member lies, where instants do not tell who was first."""
    unsure = [group for group in groups if any(not each.published or each.published.by_day for each in group)]
    sides = [(member.key, stored.ORIGINAL_SIDE) for group in unsure for member in group[:_MOST_PLACED]]
    known = stored.side_words(tx, sides, FINGERPRINT_VERSION)
    unread = stored.side_texts(tx, [side for side in sides if not known[side].words])
    read = {side: pack(read_words(one.text, one.language)) for side, one in unread.items()}
    for group in groups:
        looked_at = [(member.key, stored.ORIGINAL_SIDE) for member in group[:_MOST_PLACED]]
        if group not in unsure or len({table_language(known[side].language) for side in looked_at}) > 1:
            yield group
            continue
        middle = centrality([_standing(read.get(side) or known[side].words) for side in looked_at])
        placed = {side[0]: central for side, central in zip(looked_at, middle, strict=True)}
        yield [replace(member, central=placed.get(member.key)) for member in group]


@lru_cache(maxsize=_KEPT_STANDINGS)
def _standing(packed: bytes) -> Standing:
    words = unpack(packed)
    return Standing(trigrams=trigrams(words), odd=words.odd, marks=words.marks)


def _cluster_rows(members: Sequence[Member], found: Sequence[Link]) -> list[formed.ClusterRow]:
    """A member's relation is that of its link to the canonical record, or else of its strongest link in the cluster."""
    first = canonical(members)
    places = explain(members, first)
    best: dict[UrlKey, tuple[bool, float, Relation, float]] = {}
    for one in found:
        if one.a in places and one.b in places:
            told = (first in (one.a, one.b), one.score, one.relation, one.overlap)
            for key in (one.a, one.b):
                best[key] = max(best.get(key, told), told)
    rows = []
    for member in members:
        key, original = member.key, member.key == first
        rows.append(
            formed.ClusterRow(
                record_id=key,
                cluster=first,
                canonical_id=first,
                relation=Relation.ORIGINAL if original else best[key][2],
                score=None if original else round(best[key][1], 4),
                overlap=None if original else best[key][3],
                evidence=tuple((clue.rule, clue.detail) for clue in places[key].clues),
                certain=places[key].certain,
            )
        )
    return rows
