"""Two records side by side: the passages that both have, numbered, and the words in them that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.browse.site import Site
from flows.browse.texts import Mark, Piece, cut, merged, paragraphs
from flows.passages import Range, common_runs
from ingest.dedup.compare import Text, compare, prepare
from ingest.dedup.settle import settled
from ingest.link import Link, Span, tie, told_from
from ingest.model import UrlKey
from storage import links
from storage.browse.listing import Listed, read_listed
from storage.links import ORIGINAL_SIDE, Side, SideText
from storage.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One of the two texts: its record, in which language it was compared, its paragraphs in pieces."""

    record: Listed
    language: str
    translated: bool
    paragraphs: Sequence[Sequence[Piece]]


def beside(tx: Transaction, site: Site, one: str, other: str) -> dict[str, Any]:
    """What the page of two records shows.

    Args:
        tx: where to read.
        site: what every page knows.
        one: the id of the record to the left.
        other: of the one to the right; another one, and both exist.
    """
    rows = {row.id: row for row in read_listed(tx, [one, other], site.target)}
    link = _stored(tx, one, other)
    known = link is not None
    if link is None:
        link = _compared(tx, rows[one], rows[other], site.target)
    sides = _sides(rows[one], rows[other], site.target) if link is None else _sides_of(link, one)
    texts = links.side_texts(tx, sides)
    left, right = texts[sides[0]], texts[sides[1]]
    spans = [] if link is None else [span if link.a == one else span.turned() for span in link.spans]
    spans.sort(key=lambda span: (span.a_start, span.b_start))
    same = _same(left, right, spans)
    conflicts = [] if link is None else [each if link.a == one else each.turned() for each in link.told_conflicts]
    own = [(each.place.a_start, each.place.a_end) for each in conflicts]
    others = [(each.place.b_start, each.place.b_end) for each in conflicts]
    return {
        "known": known,
        "relation": None if link is None else _relation(link, one),
        "overlap": None if link is None else link.overlap,
        "passages": len(spans),
        "conflicts": conflicts,
        "left": _half(rows[one], left, [(span.a_start, span.a_end) for span in spans], [pair[0] for pair in same], own),
        "right": _half(
            rows[other], right, [(span.b_start, span.b_end) for span in spans], [pair[1] for pair in same], others
        ),
    }


def _stored(tx: Transaction, one: str, other: str) -> Link | None:
    """The link between two records; seen from either end."""
    found = [link for link in links.links_of(tx, [UrlKey(one)]) if other in (link.a, link.b)]
    return found[0] if found else None


def _compared(tx: Transaction, one: Listed, other: Listed, target: str) -> Link | None:
    """What a comparison finds of two records that are not linked: copies of one original need not be."""
    sides = _sides(one, other, target)
    texts = links.side_texts(tx, sides)
    prepared = [
        prepare(Text(key=texts[side].key, text=texts[side].text, language=texts[side].language, side=side[1]))
        for side in sides
    ]
    link = compare(*prepared)
    return None if link is None else replace(link, relation=settled(tie(link), {}))


def _sides(one: Listed, other: Listed, target: str) -> list[Side]:
    """The texts of two records that can be compared: the originals if their language is one, else in the target."""
    if one.language == other.language:
        return [(UrlKey(one.id), ORIGINAL_SIDE), (UrlKey(other.id), ORIGINAL_SIDE)]
    translated = ("complete", "partial")
    return [(UrlKey(row.id), target if row.status in translated else ORIGINAL_SIDE) for row in (one, other)]


def _sides_of(link: Link, one: str) -> list[Side]:
    sides: list[Side] = [(link.a, link.side_a), (link.b, link.side_b)]
    return sides if link.a == one else sides[::-1]


def _relation(link: Link, one: str) -> str:
    """What the left record is to the right one."""
    return told_from(link if link.a == one else link.turned(), first=link.a == one)


def _same(left: SideText, right: SideText, spans: Sequence[Span]) -> list[tuple[Range, Range]]:
    """The words that stand in both texts, in the order of the passages."""
    found: list[tuple[Range, Range]] = []
    for span in spans:
        a, b = left.text[span.a_start : span.a_end], right.text[span.b_start : span.b_end]
        runs = [((0, len(a)), (0, len(b)))] if a == b else common_runs(a, left.language, b, right.language)
        for own, others in runs:
            found.append((_widened(a, own, span.a_start), _widened(b, others, span.b_start)))
    return found


def _widened(passage: str, run: Range, at: int) -> Range:
    """Words with the signs and spaces around them, which make no difference, as a place in the whole text."""
    start, end = run
    while start > 0 and not passage[start - 1].isalnum():
        start -= 1
    while end < len(passage) and not passage[end].isalnum():
        end += 1
    return start + at, end + at


def _half(
    record: Listed, side: SideText, passages: Sequence[Range], same: Sequence[Range], against: Sequence[Range]
) -> Half:
    marks = [Mark(start=start, end=end, number=number) for number, (start, end) in enumerate(passages, 1)]
    in_both, facts = merged(same), merged(against)
    return Half(
        record=record,
        language=side.language,
        translated=side.side != ORIGINAL_SIDE,
        paragraphs=[cut(side.text, place, marks, in_both, facts) for place in paragraphs(side.text)],
    )
