"""Copies of what was just stored: find candidates, compare, link, and form their clusters anew. One transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from flows.clusters import recluster
from flows.ready import made_ready, scoped_lines
from ingest.dedup.compare import compare
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, CANDIDATE_MIN_SCORE, STAND_INS
from ingest.dedup.lines import FREQUENT_LINE
from ingest.link import Link, Relation
from ingest.model import Fingerprint, UrlKey
from ingest.urls import canonicalize
from storage import clusters as formed
from storage import links as stored
from storage.lines import add_lines
from storage.links import Side
from storage.store import Transaction


def link_texts(tx: Transaction, texts: Mapping[Side, Fingerprint], touched: Iterable[UrlKey] = ()) -> None:
    """Store fingerprints and link these texts to all that they share a passage with.

    Args:
        tx: the transaction that stored the texts.
        texts: their fingerprints; a side is "original" or the language of a translation.
        touched: further records whose clusters may have changed, because a record they were linked to was revised.
    """
    lines = {side: frozenset(scoped_lines(one)) for side, one in stored.side_texts(tx, sorted(texts)).items()}
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
    ready = made_ready(tx, texts)
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
