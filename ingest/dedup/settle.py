"""What links say together that none says alone: which texts are of a series, and which hold several articles.

Two texts are compared by themselves. That they share a template is surer when either shares one with others, too; that
a text is a digest shows only when a second article of it is there. So relations are settled from all stored links, and
the order in which texts came does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from ingest.link import Link, Relation, Span
from ingest.model import UrlKey

SERIES_CONFLICT = 0.22
"""From this share of conflicting facts on two texts of a series are no copies."""

_CONFLICT = 0.35  # the same for two texts of which no series is known
_FEWEST_CONFLICTS = 2  # one changed fact is a correction

# A text stands in a series with so many partners that it shares a template with, rather than facts.
_PARTNERS = 4
PARTNER_CONFLICT = 0.3

# Each of the articles of a collection is at most so much of it, and lies in a place of its own.
_PART = 0.75
_APART = 0.2
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
    if link.compared is Relation.RETOLD or len(link.conflicts) < _FEWEST_CONFLICTS:
        return link.compared
    series = min(degree.get(link.a, 0), degree.get(link.b, 0)) >= _PARTNERS
    return Relation.SAME_TEMPLATE if link.conflict > (SERIES_CONFLICT if series else _CONFLICT) else link.compared


def holds_several(key: UrlKey, links: Sequence[Link], linked: Collection[frozenset[UrlKey]]) -> bool:
    """Whether a text is a collection: two of its copies have nothing to do with each other.

    Args:
        key: the text.
        links: its links that make copies.
        linked: the pairs of their other ends that are linked in any way.
    """
    parts = [_seen_from(key, one) for one in links]
    parts = sorted((one for one in parts if one.covered_a <= _PART and one.spans), key=lambda one: (-one.score, one.b))
    parts = parts[:_MOST_PARTS]
    return any(
        one.side_a == other.side_a and frozenset((one.b, other.b)) not in linked and _apart(one.spans, other.spans)
        for number, one in enumerate(parts)
        for other in parts[number + 1 :]
    )


def is_part(link: Link, collections: Collection[UrlKey]) -> bool:
    """Whether a link that makes copies is of a collection with something that is not nearly the whole of it."""
    return any(
        key in collections and covered <= _PART for key, covered in ((link.a, link.covered_a), (link.b, link.covered_b))
    )


def _seen_from(key: UrlKey, link: Link) -> Link:
    return link if link.a == key else link.turned()


def _apart(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two sets of passages in one text lie in places of their own."""
    a, b = _ranges(one), _ranges(other)
    shared = sum(max(0, min(end, last) - max(start, first)) for start, end in a for first, last in b)
    return shared < _APART * min(_length(a), _length(b))


def _ranges(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The union of passages in the first text."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((span.a_start, span.a_end) for span in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _length(ranges: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in ranges)
