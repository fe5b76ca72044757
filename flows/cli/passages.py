"""What two linked records have in common: read, and shown side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.passages import Range, common_runs
from ingest.link import COPIES, Conflict, Link
from ingest.model import UrlKey
from storage import links, stats
from storage.links import ORIGINAL_SIDE, SideText
from storage.store import Transaction

# Of a passage longer than both together the beginning and the end are shown.
_HEAD, _TAIL = 420, 180
_CONFLICTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two linked records, the texts that were compared, and what to call them."""

    link: Link
    a: SideText
    b: SideText
    title_a: str
    title_b: str


def read_pairs(tx: Transaction, key: str, members: Collection[str]) -> list[Pair]:
    """The linked pairs of a record and of its cluster: those with the record first, then the surest."""
    inside = {UrlKey(member) for member in members} | {UrlKey(key)}
    found = [
        link
        for link in links.links_of(tx, inside)
        if key in (link.a, link.b) or (link.a in inside and link.b in inside and link.relation in COPIES)
    ]
    found.sort(key=lambda link: (key not in (link.a, link.b), -link.score, link.a, link.b))
    sides = sorted({side for link in found for side in ((link.a, link.side_a), (link.b, link.side_b))})
    texts = links.side_texts(tx, sides)
    titles = stats.titles(tx, {record for record, _ in sides})
    return [
        Pair(
            link=link,
            a=texts[link.a, link.side_a],
            b=texts[link.b, link.side_b],
            title_a=titles[link.a],
            title_b=titles[link.b],
        )
        for link in found
    ]


def pair_object(pair: Pair) -> dict[str, Any]:
    """A pair for other programs: what is linked, and each passage with its places and words in both texts."""
    link = pair.link
    return {
        "a": link.a,
        "b": link.b,
        "relation": link.relation,
        "score": link.score,
        "side_a": link.side_a,
        "side_b": link.side_b,
        "overlap": link.overlap,
        "conflicts": [_conflict_object(one) for one in link.told_conflicts],
        "passages": [
            {
                "span": [span.a_start, span.a_end, span.b_start, span.b_end],
                "a": pair.a.text[span.a_start : span.a_end],
                "b": pair.b.text[span.b_start : span.b_end],
            }
            for span in link.spans
        ],
    }


def _conflict_object(one: Conflict) -> dict[str, Any]:
    place = one.place
    return {
        "fact": str(one.fact),
        "a": one.a,
        "b": one.b,
        "span": [place.a_start, place.a_end, place.b_start, place.b_end],
    }


def side_by_side(pair: Pair, *, colour: bool) -> Table:
    """The passages of a pair in two columns. Words that both have are bold, or in brackets where there is no colour."""
    link = pair.link
    name = f"{link.relation}, score {link.score:.2f}, overlap {link.overlap:.0%}"
    shown = Table(title=name, title_justify="left", title_style="bold", header_style="", show_lines=True, expand=True)
    shown.add_column(_heading(pair.title_a, pair.a), ratio=1, overflow="fold")
    shown.add_column(_heading(pair.title_b, pair.b), ratio=1, overflow="fold")
    for span in link.spans:
        one, other = pair.a.text[span.a_start : span.a_end], pair.b.text[span.b_start : span.b_end]
        same = list(common_runs(one, pair.a.language, other, pair.b.language))
        shown.add_row(
            marked(one, [run for run, _ in same], colour=colour), marked(other, [run for _, run in same], colour=colour)
        )
    if link.told_conflicts:
        shown.add_section()
        shown.add_row(*("\n".join(f"{one.fact}: {words}" for one, words in each) for each in _conflicting(link)))
    return shown


def _conflicting(link: Link) -> Iterator[list[tuple[Conflict, str]]]:
    """What stands against each other: of either text, line by line."""
    yield [(one, one.a) for one in link.told_conflicts[:_CONFLICTS]]
    yield [(one, one.b) for one in link.told_conflicts[:_CONFLICTS]]


def marked(text: str, runs: Collection[Range], *, colour: bool) -> Text:
    """A passage with its common words marked, the middle left out if it is long."""
    windows = [(0, len(text))]
    if len(text) > _HEAD + _TAIL:
        head = text.rfind(" ", 0, _HEAD)
        tail = text.find(" ", len(text) - _TAIL)
        windows = [(0, head if head > 0 else _HEAD), (tail + 1 if tail > 0 else len(text) - _TAIL, len(text))]
    made = Text()
    for number, (first, last) in enumerate(windows):
        if number:
            made.append(f" ... {windows[1][0] - windows[0][1]:,} characters ... ", style="dim")
        reached = first
        for start, end in ((max(start, first), min(end, last)) for start, end in runs):
            if start < end:
                made.append(text[reached:start])
                made.append(text[start:end] if colour else f"[{text[start:end]}]", style="bold green" if colour else "")
                reached = end
        made.append(text[reached:last])
    return made


def _heading(title: str, side: SideText) -> str:
    translated = "" if side.side == ORIGINAL_SIDE else f", translated into {side.side}"
    return escape(f"{title}\n{side.key[:12]}{translated}")
