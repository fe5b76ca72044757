"""Copies of what was just stored: find candidates, compare, link, and form their clusters anew. One transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import blake2b

from ingest.dedup.cluster import Member, canonical, clusters
from ingest.dedup.compare import Prepared, Text, compare, prepare
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.model import Fingerprint, Link, Relation, Span, UrlKey
from ingest.urls import canonicalize, site_of
from storage import clusters as formed
from storage import links as stored
from storage.links import Side
from storage.store import Transaction


def link_texts(tx: Transaction, texts: Mapping[Side, Fingerprint], touched: Iterable[UrlKey] = ()) -> None:
    """Store fingerprints and link these texts to all that they share a passage with.

    Args:
        tx: the transaction that stored the texts.
        texts: their fingerprints; a side is "original" or the language of a translation.
        touched: further records whose clusters may have changed, because a record they were linked to was revised.
    """
    stored.add_fingerprints(tx, texts)
    # What was linked by lines that turn out to be boilerplate is compared again, without them.
    revised = {key for key, _ in _count_lines(tx, texts)}
    neighbours = stored.linked_with(tx, revised)
    stored.drop_links(tx, revised)
    again = set(texts) | set(stored.sides_of(tx, revised))
    near = stored.candidates(tx, again, cap=CANDIDATE_CAP, limit=CANDIDATE_LIMIT, min_score=CANDIDATE_MIN_SCORE)
    pairs = {tuple(sorted((side, other))) for side, others in near.items() for other in others if other[0] != side[0]}
    found = _compare(tx, _telling(tx, pairs))
    stored.add_links(tx, found)
    ends = {end for one in found for end in (one.a, one.b)}
    recluster(tx, {*touched, *revised, *neighbours, *ends, *(key for key, _ in texts)})


def recluster(tx: Transaction, changed: Iterable[UrlKey]) -> None:
    """Form the clusters of these records, and of all that are linked with them, from the stored links alone.

    A function of the set of links: the order in which records arrived does not matter.
    """
    reached, found = formed.component(tx, changed)
    member_of = {row.key: Member(**asdict(row)) for row in formed.members(tx, reached)}
    rows: list[formed.ClusterRow] = []
    for group in clusters(found):
        first = canonical(member_of[key] for key in sorted(group))
        within = [one for one in found if one.a in group and one.b in group]
        rows += [_row(key, first, within) for key in sorted(group)]
    formed.set_clusters(tx, reached, rows)


def _telling(tx: Transaction, pairs: Collection[tuple[Side, ...]]) -> list[tuple[Side, ...]]:
    """The pairs worth comparing, sorted: of two records in one language the originals tell more than translations."""
    language_of = stored.languages(tx, {key for pair in pairs for key, _ in pair})
    return [
        (one, other)
        for one, other in sorted(pairs)
        if stored.ORIGINAL_SIDE in (one[1], other[1]) or language_of[one[0]] != language_of[other[0]]
    ]


def _compare(tx: Transaction, pairs: Sequence[tuple[Side, ...]]) -> list[Link]:
    sides = sorted({side for pair in pairs for side in pair})
    texts = stored.side_texts(tx, sides)
    ready = {side: _prepared(tx, one) for side, one in texts.items()}
    found: list[Link] = []
    for one, other in pairs:
        link = compare(ready[one], ready[other])
        if link is not None:
            found.append(_directed(link, {text.key: text for text in (texts[one], texts[other])}))
    return found


def _directed(link: Link, texts: Mapping[UrlKey, stored.SideText]) -> Link:
    """A quotation the right way round, where one text names the address of the other: it is the one that quotes."""
    a, b = texts[link.a], texts[link.b]
    if link.relation is not Relation.QUOTES or not _names(b, a) or _names(a, b):
        return link
    spans = tuple(Span(a_start=s.b_start, a_end=s.b_end, b_start=s.a_start, b_end=s.a_end) for s in link.spans)
    return replace(link, a=link.b, b=link.a, side_a=link.side_b, side_b=link.side_a, spans=spans)


def _names(text: stored.SideText, other: stored.SideText) -> bool:
    try:
        return text.original_url is not None and canonicalize(text.original_url) == canonicalize(other.url)
    except ValueError:
        return False


def _prepared(tx: Transaction, one: stored.SideText) -> Prepared:
    """A text without the lines that many texts of its site have: the template must not make copies of them all."""
    lines = _scoped_lines(one)
    frequent = stored.frequent_lines(tx, lines, most=FREQUENT_LINE)
    text = blank_lines(one.text, {lines[number] for number in frequent})
    return prepare(Text(key=one.key, text=text, language=one.language, side=one.side, published_at=one.published_at))


def _count_lines(tx: Transaction, sides: Collection[Side]) -> set[Side]:
    """Count the lines of new texts; the texts stored before whose frequent lines have changed by that."""
    lines = {side: _scoped_lines(one) for side, one in stored.side_texts(tx, sorted(sides)).items()}
    return stored.add_lines(tx, lines, most=FREQUENT_LINE)


def _scoped_lines(one: stored.SideText) -> dict[int, int]:
    """The lines of a text, by keys of its site alone: the keys that `blank_lines` takes. Files have no site."""
    site = site_of(one.url)
    if not site:
        return {}
    scope = f"{site}\0{one.side}\0".encode()
    return {_signed_hash(scope + number.to_bytes(8, "big", signed=True)): number for number in line_keys(one.text)}


def _signed_hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def _row(key: UrlKey, first: UrlKey, within: Sequence[Link]) -> formed.ClusterRow:
    """A member's relation is that of its link to the canonical record, or else of its strongest link in the cluster."""
    own = [one for one in within if key in (one.a, one.b)]
    direct = [one for one in own if first in (one.a, one.b)]
    best = max(direct or own, key=lambda one: (one.score, one.relation, one.a, one.b))
    original = key == first
    return formed.ClusterRow(
        record_id=key,
        cluster=first,
        canonical_id=first,
        relation=Relation.ORIGINAL if original else best.relation,
        score=None if original else round(best.score, 4),
    )
