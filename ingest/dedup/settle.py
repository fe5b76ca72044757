"""What links say together that none says alone: which texts are of a series, and which hold several articles.

Two texts are compared by themselves. That they share a template is surer when either shares one with others, too; that
a text is a digest shows only when a second article of it is there. So relations are settled from all stored links, and
the order in which texts came does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from ingest.link import COPIES, Link, Relation, Span
from ingest.model import UrlKey

Range: TypeAlias = tuple[int, int]

SERIES_CONFLICT = 0.22
"""From this share of conflicting facts on two texts of a series are no copies."""

_CONFLICT = 0.35  # the same for two texts of which no series is known
_FEWEST_CONFLICTS = 2  # one changed fact is a correction

# A text stands in a series with so many partners that it shares a template with, rather than facts.
_PARTNERS = 4
PARTNER_CONFLICT = 0.3

# Each of the articles that show a collection is at most so much of it, and lies in a place of its own; once it is known
# to be one, all are parts of it that are not nearly the whole.
_PART = 0.8
_WHOLE = 0.9
_MOST = 0.5  # of an article of which only a part was taken
_GOOD_PART = 0.2
_APART = 0.2  # of the longest passage of either; of all, sentences that are stock may stand in both
_STOCK = 0.6
_MOST_PARTS = 60  # partners of a text that are looked at, the surest first


def partners(links: Iterable[Link]) -> dict[UrlKey, int]:
    """With how many texts each shares a template rather than facts."""
    found: defaultdict[UrlKey, int] = defaultdict(int)
    for one in links:
        if one.conflict > PARTNER_CONFLICT:
            found[one.a] += 1
            found[one.b] += 1
    return found


def settled(link: Link, degree: Mapping[UrlKey, int]) -> Relation:
    """How two texts are related, by what they share and by the series they stand in; collections aside.

    Args:
        link: a link.
        degree: what `partners` says of its ends, from all of their links.
    """
    if len(link.conflicts) < _FEWEST_CONFLICTS:
        return link.compared
    series = min(degree.get(link.a, 0), degree.get(link.b, 0)) >= _PARTNERS
    return Relation.SAME_TEMPLATE if link.conflict > (SERIES_CONFLICT if series else _CONFLICT) else link.compared


def holds_several(key: UrlKey, links: Sequence[Link], linked: Collection[frozenset[UrlKey]]) -> bool:
    """Whether a text is a collection: two articles of which it is a copy have nothing to do with each other.

    Of one of the two it may have most only: then it is that by `is_article`.

    Args:
        key: the text.
        links: its links for which `is_article` holds.
        linked: the pairs of their other ends that are linked in any way.
    """
    parts = [_seen_from(key, one) for one in links]
    parts = sorted((one for one in parts if one.covered_a <= _PART and one.spans), key=_surest)[:_MOST_PARTS]
    return any(
        (one.compared in COPIES or other.compared in COPIES)
        and one.side_a == other.side_a
        and frozenset((one.b, other.b)) not in linked
        and _apart(one.spans, other.spans)
        for number, one in enumerate(parts)
        for other in parts[number + 1 :]
    )


def is_article(link: Link, relation: Relation, key: UrlKey) -> bool:
    """Whether a text has another one in it: as its copy, or most of it in a good part of its own words."""
    if relation in COPIES:
        return True
    seen = _seen_from(key, link)
    return relation is Relation.QUOTES and seen.covered_b >= _MOST and seen.covered_a >= _GOOD_PART


def is_part(link: Link, collections: Collection[UrlKey]) -> bool:
    """Whether a link that makes copies is of a collection with something that is not nearly the whole of it."""
    return any(
        key in collections and covered <= _WHOLE
        for key, covered in ((link.a, link.covered_a), (link.b, link.covered_b))
    )


def _surest(link: Link) -> tuple[bool, float, UrlKey]:
    return link.compared not in COPIES, -link.score, link.b


def _seen_from(key: UrlKey, link: Link) -> Link:
    return link if link.a == key else link.turned()


def _apart(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two sets of passages in one text lie in places of their own."""
    a, b = _ranges(one), _ranges(other)
    return _shared(a, b) <= _STOCK and _shared(a[:1], b[:1]) < _APART


def _shared(a: Sequence[Range], b: Sequence[Range]) -> float:
    """The share of either that both have, of the shorter."""
    shared = sum(max(0, min(end, last) - max(start, first)) for start, end in a for first, last in b)
    return shared / min(_length(a), _length(b))


def _ranges(spans: Sequence[Span]) -> list[Range]:
    """The union of passages in the first text, the longest first."""
    found: list[Range] = []
    for start, end in sorted((span.a_start, span.a_end) for span in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return sorted(found, key=lambda one: one[0] - one[1])


def _length(ranges: Sequence[Range]) -> int:
    return sum(end - start for start, end in ranges)
