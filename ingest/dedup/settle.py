"""What links say together that none says alone: which texts are of a series, and which hold several articles.

Two texts are compared by themselves. That they share a template is surer when either shares one with others, too; that
a text is a digest shows only when a second article of it is there. So relations are settled from all stored links, and
the order in which texts came does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ingest.link import COPIES, Place, Relation, Tie
from ingest.model import UrlKey

Range: TypeAlias = tuple[int, int]
Pair: TypeAlias = tuple[UrlKey, UrlKey]

SERIES_CONFLICT = 0.22
"""From this share of conflicting facts on two texts of a series are no copies."""

_CONFLICT = 0.35  # the same for two texts of which no series is known
_FEWEST_CONFLICTS = 2  # one changed fact is a correction
_FEWEST_SIBLINGS = 3  # share a template with a report of a series
_TELLING = 4  # facts in which its reports differ tell a series: of fewer two reports may have the same

# A text stands in a series with so many partners that it shares a template with, rather than facts.
_PARTNERS = 4
PARTNER_CONFLICT = 0.3

# Third texts show that what two exchanged are facts: in so many places, and so much of all, each differs from each.
_FEWEST_PLACES = 3
_SAME_PLACES = 0.7  # of rewordings with 25 or 40 % of the words exchanged it is about .35 or .55
_MOST_WITNESSES = 12

# Each of the articles that show a collection is at most so much of it, and lies in a place of its own; once it is known
# to be one, all are parts of it that are not nearly the whole.
_PART = 0.8
_WHOLE = 0.9
_MOST = 0.5  # of an article of which only a part was taken
_GOOD_PART = 0.2
_APART = 0.2  # of the longest passage of either; of all, sentences that are stock may stand in both
_STOCK = 0.6
_AROUND = 0.1  # of passages that lie on both sides of another: they are its frame, and no article beside it
_MOST_PARTS = 60  # partners of a text that are looked at, the surest first


def partners(links: Iterable[Tie]) -> dict[UrlKey, int]:
    """With how many texts each shares a template rather than facts."""
    found: defaultdict[UrlKey, int] = defaultdict(int)
    for one in links:
        if one.conflict > PARTNER_CONFLICT:
            found[one.a] += 1
            found[one.b] += 1
    return found


def settled(link: Tie, degree: Mapping[UrlKey, int]) -> Relation:
    """How two texts are related, by what they share and by the series they stand in; collections aside.

    Args:
        link: a link.
        degree: what `partners` says of its ends, from all of their links.
    """
    if link.conflicts < _FEWEST_CONFLICTS:
        return link.compared
    series = min(degree.get(link.a, 0), degree.get(link.b, 0)) >= _PARTNERS
    return Relation.SAME_TEMPLATE if link.conflict > (SERIES_CONFLICT if series else _CONFLICT) else link.compared


def fill_slots(links: Iterable[Tie], whole: Collection[UrlKey]) -> set[Pair]:
    """The pairs of texts that differ in the slots of a template, as third texts show.

    Who rewords exchanges words here, another who rewords elsewhere. Of a series all have the same slots, and each has
    something else in them. That needs no word to be known, so it tells names in scripts that do not mark them. A text
    of the series that was reworded differs from the others in other places, too, but they are known by then.

    Where facts tell a series, places have no vote on two texts in which the facts agree: of a short frame most places
    are slots, and who rewords much meets them by chance.

    Args:
        links: texts in which words were exchanged, and others.
        whole: the texts all of whose links are there. With an end outside nothing has come or gone that could tell a
            link otherwise than before.
    """
    links = list(links)
    by_end: defaultdict[UrlKey, list[Tie]] = defaultdict(list)
    asked = [one for one in links if len(one.exchanged) >= _FEWEST_PLACES]
    for one in sorted(asked, key=lambda each: (-each.score, each.a, each.b)):
        by_end[one.a].append(one)
        by_end[one.b].append(one.turned())
    inside = set(whole)
    degree = partners(one for one in links if one.conflicts >= _TELLING)
    told, undecided = set(), []
    for one in asked:
        if settled(one, {}) is Relation.SAME_TEMPLATE:
            told.add((one.a, one.b))
        elif {one.a, one.b} <= inside:
            if not _facts_agree(one, degree):
                undecided.append(one)
        elif one.relation is Relation.SAME_TEMPLATE:
            told.add((one.a, one.b))
    told |= {(one.a, one.b) for one in undecided if any(_shown(seen, thirds) for seen, thirds in _views(one, by_end))}
    known = {frozenset(pair) for pair in told}
    return told | {
        (one.a, one.b)
        for one in undecided
        if any(
            _shown(seen, [third for third in thirds if frozenset((seen.b, third.b)) in known], reworded=True)
            for seen, thirds in _views(one, by_end)
        )
    }


def by_their_copies(links: Iterable[Tie], apart: Collection[Pair], whole: Collection[UrlKey]) -> set[Pair]:
    """The pairs of texts of which one has all facts of a third that shares no more than a template with the other.

    Who rewrites a report may move its names to where nothing of another report stands against them, and one conflict
    is left of many. But what parts an original from the next report of a series parts its copy from that, too.

    Args:
        links: texts, and those that are linked with them.
        apart: the pairs that share a template, as they were told so far.
        whole: the texts all of whose links are there.
    """
    agreed: defaultdict[UrlKey, set[UrlKey]] = defaultdict(set)
    doubtful: list[Tie] = []
    told = {frozenset(pair) for pair in apart}
    siblings = Counter(end for pair in told for end in pair)
    by_facts: Counter[UrlKey] = Counter()
    inside = set(whole)
    for one in links:
        if frozenset((one.a, one.b)) in told:
            by_facts.update((one.a, one.b) if settled(one, {}) is Relation.SAME_TEMPLATE else ())
        if frozenset((one.a, one.b)) in told or one.compared not in COPIES:
            continue
        if not one.conflicts:
            agreed[one.a].add(one.b)
            agreed[one.b].add(one.a)
        else:
            doubtful.append(one)
    # Of one or two, or of three that places alone tell, the facts may be misread.
    series = {
        key for key, count in siblings.items() if count >= _FEWEST_SIBLINGS and count + by_facts[key] >= _PARTNERS
    }
    return {
        (one.a, one.b)
        for one in doubtful
        if (
            any(
                other in series and any(frozenset((third, other)) in told for third in agreed[copy])
                for copy, other in ((one.a, one.b), (one.b, one.a))
            )
            if {one.a, one.b} <= inside
            else one.relation is Relation.SAME_TEMPLATE
        )
    }


def _facts_agree(link: Tie, degree: Mapping[UrlKey, int]) -> bool:
    """Whether facts tell the reports of a series from each other, and in these two they are the same."""
    return link.conflicts < _FEWEST_CONFLICTS and min(degree.get(link.a, 0), degree.get(link.b, 0)) >= _PARTNERS


def _views(link: Tie, by_end: Mapping[UrlKey, Sequence[Tie]]) -> Iterator[tuple[Tie, Sequence[Tie]]]:
    """A link as either end sees it, and the links of that end with others.

    Where facts tell a series they tell its copies, too: a pair in which they agree is not judged by one that they part.
    """
    agree = link.conflicts < _FEWEST_CONFLICTS
    for seen in (link, link.turned()):
        thirds = [one for one in by_end[seen.a] if one.b != seen.b and one.side_a == seen.side_a]
        if link.conflict <= SERIES_CONFLICT:
            told = {one.b for one in thirds if settled(one, {}) is Relation.SAME_TEMPLATE}
            kept = {one.b for one in thirds if one.b in told and not (agree and one.conflicts >= _TELLING)}
            told -= kept if len(kept) > 1 else set()  # of one the facts may be misread
            thirds = [one for one in thirds if one.b not in told]
        yield seen, thirds[:_MOST_WITNESSES]


def _shown(link: Tie, thirds: Sequence[Tie], *, reworded: bool = False) -> bool:
    """Whether third texts differ from the first where the second does, and from that one there, too.

    Most of them do so in nearly all places; or nearly all places are such in most of them, for of two that tell of
    something in common not every slot shows. Where the second and a third have the same, it is the first that was
    `reworded`; else that one is a copy of the second, and shows nothing.
    """
    votes: list[bool] = []
    shown: Counter[int] = Counter()
    for third in thirds:
        apart, alike, alone = _places(link, third)
        if reworded or alike <= max(len(apart), alone):
            least = _SAME_PLACES * (len(apart) + alone + (0 if reworded else alike))
            votes.append(len(apart) >= max(_FEWEST_PLACES, least))
            shown.update(apart)
    if 0 < len(votes) <= 2 * sum(votes):
        return True
    often = sum(2 * count > len(votes) for count in shown.values())
    return len(votes) > 1 and often >= max(_FEWEST_PLACES, _SAME_PLACES * len(link.exchanged))


def _places(link: Tie, third: Tie) -> tuple[list[int], int, int]:
    """In which places three texts all differ, in how many two have the same, and in how many one differs alone."""
    apart: list[int] = []
    alike, alone = 0, 0
    met: set[int] = set()
    first = 0
    for number, (start, end, _, _, _, words) in enumerate(link.exchanged):
        while first < len(third.exchanged) and third.exchanged[first][1] <= start:
            first += 1
        last = first
        while last < len(third.exchanged) and third.exchanged[last][0] < end:
            last += 1
        if first == last:
            alone += 1
        elif all(_differ(words, there[-1]) for there in third.exchanged[first:last]):
            apart.append(number)
        else:
            alike += 1
        met.update(range(first, last))
    return apart, alike, alone + len(third.exchanged) - len(met)


def _differ(one: str, other: str) -> bool:
    """Whether either has words that the other lacks: beside a name one may have exchanged another word, too."""
    words, others = set(one.split()), set(other.split())
    return bool(words - others and others - words) and one not in other and other not in one


def holds_several(key: UrlKey, links: Sequence[Tie], linked: Collection[frozenset[UrlKey]]) -> bool:
    """Whether a text is a collection: two articles of which it is a copy have nothing to do with each other.

    Of one of the two it may have most only: then it is that by `is_article`.

    Args:
        key: the text.
        links: its links for which `is_article` holds.
        linked: the pairs of their other ends that are linked in any way.
    """
    parts = [one.seen_from(key) for one in links]
    parts = sorted((one for one in parts if one.covered_a <= _PART and one.spans), key=_surest)[:_MOST_PARTS]
    return any(
        (one.compared in COPIES or other.compared in COPIES)
        and one.side_a == other.side_a
        and frozenset((one.b, other.b)) not in linked
        and _apart(one.spans, other.spans)
        for number, one in enumerate(parts)
        for other in parts[number + 1 :]
    )


def is_article(link: Tie, relation: Relation, key: UrlKey) -> bool:
    """Whether a text has another one in it: as its copy, or most of it in a good part of its own words."""
    if relation in COPIES:
        return True
    seen = link.seen_from(key)
    return relation is Relation.QUOTES and seen.covered_b >= _MOST and seen.covered_a >= _GOOD_PART


def is_part(link: Tie, collections: Collection[UrlKey]) -> bool:
    """Whether a link that makes copies is of a collection with something that is not nearly the whole of it."""
    return any(
        key in collections and covered <= _WHOLE
        for key, covered in ((link.a, link.covered_a), (link.b, link.covered_b))
    )


def _surest(link: Tie) -> tuple[bool, float, UrlKey]:
    return link.compared not in COPIES, -link.score, link.b


def _apart(one: Sequence[Place], other: Sequence[Place]) -> bool:
    """Whether two sets of passages in one text lie in places of their own."""
    a, b = _ranges(one), _ranges(other)
    beside = _shared(a, b) <= _STOCK and _shared(a[:1], b[:1]) < _APART
    return beside and not _frames(a, b[0]) and not _frames(b, a[0])


def _frames(ranges: Sequence[Range], other: Range) -> bool:
    """Whether a good part of some ranges lies before another one and a good part after it: a page around an article."""
    before = sum(max(0, min(end, other[0]) - start) for start, end in ranges)
    after = sum(max(0, end - max(start, other[1])) for start, end in ranges)
    return min(before, after) > _AROUND * _length(ranges)


def _shared(a: Sequence[Range], b: Sequence[Range]) -> float:
    """The share of either that both have, of the shorter."""
    shared = sum(max(0, min(end, last) - max(start, first)) for start, end in a for first, last in b)
    return shared / min(_length(a), _length(b))


def _ranges(spans: Sequence[Place]) -> list[Range]:
    """The union of passages in the first text, the longest first."""
    found: list[Range] = []
    for start, end in sorted((start, end) for start, end, _, _ in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return sorted(found, key=lambda one: one[0] - one[1])


def _length(ranges: Sequence[Range]) -> int:
    return sum(end - start for start, end in ranges)
