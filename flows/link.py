"""Copies of what was just stored: find candidates, compare, link, and form their clusters anew. One transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from ingest.dedup.cluster import clusters
from ingest.dedup.compare import Prepared, Text, compare, prepare, prepared
from ingest.dedup.dates import Published
from ingest.dedup.evidence import trigrams
from ingest.dedup.fingerprint import (
    CANDIDATE_CAP,
    CANDIDATE_LIMIT,
    CANDIDATE_MIN_SCORE,
    FINGERPRINT_VERSION,
    STAND_INS,
)
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.dedup.origin import Member, canonical, explain
from ingest.dedup.settle import PARTNER_CONFLICT, fill_slots, holds_several, is_article, is_part, settled
from ingest.dedup.standing import Standing, centrality
from ingest.dedup.weights import table_language
from ingest.dedup.words import pack, read_words, unpack
from ingest.link import COPIES, Link, Relation, Tie
from ingest.model import Fingerprint, Precision, UrlKey
from ingest.urls import canonicalize, site_of
from storage import clusters as formed
from storage import links as stored
from storage.lines import add_lines, frequent_lines
from storage.links import Side
from storage.store import Transaction

# Texts that were made ready for a comparison are kept for the next: copies of one story come in several batches. Some
# 60 kB each.
_KEPT_TEXTS = 512
_KEPT_STANDINGS = 2048

NO_LINKS: Mapping[frozenset[UrlKey], bool] = {}

_MOST_PLACED = 40  # texts of a cluster are looked at for which lies in the middle


def link_texts(tx: Transaction, texts: Mapping[Side, Fingerprint], touched: Iterable[UrlKey] = ()) -> None:
    """Store fingerprints and link these texts to all that they share a passage with.

    Args:
        tx: the transaction that stored the texts.
        texts: their fingerprints; a side is "original" or the language of a translation.
        touched: further records whose clusters may have changed, because a record they were linked to was revised.
    """
    lines = {side: frozenset(_scoped_lines(one)) for side, one in stored.side_texts(tx, sorted(texts)).items()}
    fresh = stored.add_fingerprints(tx, texts, lines, cap=CANDIDATE_CAP)
    crossed = add_lines(tx, {number: lines[side] for side, number in fresh.items()}, most=FREQUENT_LINE)
    # What was linked by lines that turn out to be boilerplate is compared again, without them.
    revised = {key for key, _ in crossed}
    neighbours = stored.linked_with(tx, revised)
    stored.drop_links(tx, revised)
    new = _link_sides(tx, set(texts) | set(stored.sides_of(tx, revised)))
    recluster(tx, {*touched, *revised, *neighbours, *(key for key, _ in texts)}, new)


def link_again(tx: Transaction, keys: Collection[UrlKey]) -> None:
    """Compare records anew with all that is near them: what stood between them is gone."""
    recluster(tx, keys, _link_sides(tx, set(stored.sides_of(tx, keys))))


def _link_sides(tx: Transaction, sides: Collection[Side]) -> dict[frozenset[UrlKey], bool]:
    """Link texts to all that they share a passage with; returns the pairs, and whether they were linked before."""
    near = stored.candidates(
        tx, sides, cap=CANDIDATE_CAP, limit=CANDIDATE_LIMIT, stand_ins=STAND_INS, min_score=CANDIDATE_MIN_SCORE
    )
    pairs = {tuple(sorted((side, other))) for side, others in near.items() for other in others if other[0] != side[0]}
    found = _compare(tx, _telling(tx, pairs))
    before = stored.add_links(tx, found)
    ends = {frozenset((one.a, one.b)) for one in found}
    return {pair: pair in before for pair in ends}


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
    for one in found:
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
    around = [*own, *stored.ties_of(tx, near - changed)]
    degree |= stored.conflicting(
        tx, {end for one in around for end in (one.a, one.b)} - degree.keys(), PARTNER_CONFLICT
    )
    parts: defaultdict[UrlKey, dict[tuple[UrlKey, UrlKey], Tie]] = defaultdict(dict)
    in_slots = fill_slots(around, near)
    for one in around:
        told[one.a, one.b] = Relation.SAME_TEMPLATE if (one.a, one.b) in in_slots else settled(one, degree)
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
    for one in {(one.a, one.b): one for one in around}.values():
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
        return before is not now and (before in COPIES or now in COPIES)
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


def unlink(tx: Transaction, one: UrlKey, other: UrlKey) -> bool:
    """Take two records for no copies of each other, now and in later runs. Returns whether they were linked."""
    were = formed.unlink(tx, one, other)
    recluster(tx, (one, other))
    return were


def relink(tx: Transaction, one: UrlKey, other: UrlKey) -> bool:
    """Take back `unlink`, and compare the two again. Returns whether they were kept apart."""
    were = formed.relink(tx, one, other)
    sides = stored.sides_of(tx, (one, other))
    pairs = {tuple(sorted((a, b))) for a in sides for b in sides if a[0] != b[0]}
    stored.add_links(tx, _compare(tx, _telling(tx, pairs)))
    recluster(tx, (one, other))
    return were


def _telling(tx: Transaction, pairs: Collection[tuple[Side, ...]]) -> list[tuple[Side, ...]]:
    """The pairs worth comparing, sorted: of two records in one language the originals tell more than translations."""
    keys = {key for pair in pairs for key, _ in pair}
    language_of = stored.languages(tx, keys)
    apart = formed.kept_apart(tx, keys)
    return [
        (one, other)
        for one, other in sorted(pairs)
        if (one[0], other[0]) not in apart
        and (stored.ORIGINAL_SIDE in (one[1], other[1]) or language_of[one[0]] != language_of[other[0]])
    ]


def _compare(tx: Transaction, pairs: Sequence[tuple[Side, ...]]) -> list[Link]:
    texts = stored.side_texts(tx, sorted({side for pair in pairs for side in pair}))
    ready = _made_ready(tx, texts)
    found: list[Link] = []
    for one, other in pairs:
        link = compare(ready[one], ready[other])
        if link is not None:
            found.append(_directed(link, {text.key: text for text in (texts[one], texts[other])}))
    return found


def _directed(link: Link, texts: Mapping[UrlKey, stored.SideText]) -> Link:
    """A quotation the right way round, where one text names the address of the other: it is the one that quotes."""
    a, b = texts[link.a], texts[link.b]
    if link.compared is not Relation.QUOTES or not _names(b, a) or _names(a, b):
        return link
    return link.turned()


def _names(text: stored.SideText, other: stored.SideText) -> bool:
    try:
        return text.original_url is not None and canonicalize(text.original_url) == canonicalize(other.url)
    except ValueError:
        return False


def _made_ready(tx: Transaction, texts: Mapping[Side, stored.SideText]) -> dict[Side, Prepared]:
    """Texts without the lines that many texts of their site have: the template must not make copies of them all."""
    known = stored.side_words(tx, texts, FINGERPRINT_VERSION)
    frequent = frequent_lines(tx, {key for one in known.values() for key in one.lines}, most=FREQUENT_LINE)
    ready: dict[Side, Prepared] = {}
    for side, one in texts.items():
        text = Text(
            key=one.key,
            text=one.text,
            language=one.language,
            side=one.side,
            published=_published(one),
            written=one.written,
        )
        kept = known.get(side)
        if kept is None or frequent.isdisjoint(kept.lines):
            ready[side] = _prepared(text, kept.exact, kept.words) if kept else _prepared(text)
        else:
            blanked = {number for key, number in _scoped_lines(one).items() if key in frequent}
            ready[side] = _prepared(replace(text, text=blank_lines(one.text, blanked)))
    return ready


@lru_cache(maxsize=_KEPT_TEXTS)
def _prepared(text: Text, exact: str = "", words: bytes = b"") -> Prepared:
    return prepared(text, unpack(words), exact) if words else prepare(text)


def _scoped_lines(one: stored.SideText) -> dict[int, int]:
    """The lines of a text, by keys of its site alone: the keys that `blank_lines` takes. Files have no site."""
    site = site_of(one.url)
    if not site:
        return {}
    scope = f"{site}\0{one.side}\0".encode()
    return {_signed_hash(scope + number.to_bytes(8, "big", signed=True)): number for number in line_keys(one.text)}


def _signed_hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def _published(row: stored.SideText | formed.MemberRow) -> Published | None:
    if row.published_at is None:
        return None
    return Published(at=row.published_at, by_day=row.published_precision is Precision.DAY)


def _member(row: formed.MemberRow) -> Member:
    return Member(
        key=row.key,
        published=_published(row),
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
