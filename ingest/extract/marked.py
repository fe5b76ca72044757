"""Links, emphasis, levels and cells of the page, found again in the blocks that were read from it.

trafilatura gives plain text, and its own marks lose spaces and change the text. So the article's part of the tree is
written out as one run of letters without white space, in which each element has its place; a block whose letters
stand in it has the marks of that place. Where a block is not found, it has none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.model import Block, Mark, MarkKind, Role
from ingest.urls import absolute

_INLINE = {
    "a": MarkKind.LINK,
    "b": MarkKind.BOLD,
    "strong": MarkKind.BOLD,
    "i": MarkKind.ITALIC,
    "em": MarkKind.ITALIC,
}
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol"})
_UNSEEN = frozenset({"script", "style", "template", "noscript", "head"})
_WITHIN = frozenset(
    {
        *("abbr", "acronym", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "font", "ins", "kbd", "label"),
        *("mark", "q", "s", "samp", "small", "span", "strike", "sub", "sup", "time", "tt", "u", "var", "wbr", *_INLINE),
    }
)
_CELL_SIGN = " | "  # between the cells of a row, as the blocks have them
_TELLING = 20  # letters that stand in a text once are no accident, even if they begin in the middle of a line
_TRIES = 30


@dataclass(slots=True)
class _Tape:
    """The letters of an element in one run, and what they are: (first, behind the last, what) each, by the first."""

    text: str = ""
    length: int = 0
    parts: list[str] = field(default_factory=list)
    edges: set[int] = field(default_factory=lambda: {0})
    marks: list[tuple[int, int, MarkKind, str | None]] = field(default_factory=list)
    headings: list[tuple[int, int, int]] = field(default_factory=list)
    items: list[tuple[int, int, int]] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)
    rows: dict[int, tuple[int, list[tuple[int, int]]]] = field(default_factory=dict)

    def add(self, text: str | None) -> None:
        bare = "".join(text.split()) if text else ""
        if bare:
            if not bare.isprintable():
                bare = squeeze(bare)
            self.parts.append(bare)
            self.length += len(bare)


def with_marks(blocks: Sequence[Block], element: HtmlElement, url: str) -> tuple[Block, ...]:
    """The blocks with the marks that their text has in an element of the page, whose address is `url`."""
    tape = _Tape()
    _write(element, tape, url, 0)
    tape.text = "".join(tape.parts)
    tape.edges.add(tape.length)
    for found in (tape.marks, tape.headings, tape.items):
        found.sort(key=lambda one: (one[0], -one[1]))
    edges = sorted(tape.edges)
    wide = [one for one in tape.marks if bisect_right(edges, one[0]) < bisect_left(edges, one[1])]
    marked: list[Block] = []
    cursor = 0
    for block in blocks:
        place = None if block.role is Role.CAPTION else _place(block, tape, cursor)
        if place is None:
            marked.append(block)
            continue
        cursor = place.end
        marked.append(replace(block, marks=tuple(_marks(block, place, tape, wide)), level=_level(block, place, tape)))
    return tuple(marked)


def _write(element: HtmlElement, tape: _Tape, url: str, depth: int) -> None:
    """Write an element and all in it on the tape."""
    tag = element.tag
    if tag in _UNSEEN or not isinstance(tag, str):
        return
    start = tape.length
    if tag not in _WITHIN:
        tape.edges.add(start)
    tape.add(element.text)
    inner = depth + (tag in _LISTS)
    for child in element:
        _write(child, tape, url, inner)
        tape.add(child.tail)
    end = tape.length
    if tag not in _WITHIN:
        tape.edges.add(end)
    _note(element, tape, url, inner, start)


def _note(element: HtmlElement, tape: _Tape, url: str, depth: int, start: int) -> None:
    """Note what an element is whose letters have just been written."""
    tag, end = element.tag, tape.length
    if tag in _INLINE:
        href = _address(element, url) if tag == "a" else None
        if end > start and (href or tag != "a"):
            tape.marks.append((start, end, _INLINE[tag], href))
    elif tag in _LEVELS:
        tape.headings.append((start, end, _LEVELS[tag]))
    elif tag == "li":
        tape.items.append((start, end, max(1, depth)))
    elif tag in ("td", "th"):
        tape.cells.append((start, end))
    elif tag == "tr":
        tape.rows.setdefault(start, (end, [one for one in tape.cells if one[0] >= start]))
        tape.cells.clear()


def _address(element: HtmlElement, url: str) -> str | None:
    href = str(element.get("href", "")).strip()
    if href[:7].lower() == "mailto:" and href.isprintable() and " " not in href and len(href) > 7:
        return href
    return absolute(url, href) if href else None


@dataclass(slots=True)
class _Place:
    """Where the letters of a block stand on the tape."""

    start: int
    end: int
    text: str
    signs: frozenset[int]
    at: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Places on the tape as characters of the block."""
        if self.at is None:  # most blocks have no marks
            self.at = _places_of_letters(self.text, self.signs)
        return self.at[start - self.start], self.at[end - 1 - self.start] + 1


def _places_of_letters(text: str, signs: frozenset[int]) -> list[int]:
    """At which characters of a text its letters stand, in order; `signs` are no letters of it."""
    return [place for place, character in enumerate(text) if not character.isspace() and place not in signs]


def _place(block: Block, tape: _Tape, cursor: int) -> _Place | None:
    text = block.text
    signs = _cell_signs(text) if block.role is Role.TABLE else frozenset()
    key = "".join([text[place] for place in _places_of_letters(text, signs)] if signs else text.split())
    start = _find(key, tape, cursor) if key else None
    return None if start is None else _Place(start, start + len(key), text, signs)


def _cell_signs(text: str) -> frozenset[int]:
    """The places of the signs between the cells of a row."""
    signs: set[int] = set()
    at = text.find(_CELL_SIGN)
    while at >= 0:
        signs.add(at + 1)
        at = text.find(_CELL_SIGN, at + 1)
    return frozenset(signs)


def _find(key: str, tape: _Tape, cursor: int) -> int | None:
    """Where the letters of a block stand as whole lines, best behind the block before; or as no others do."""
    for first in (cursor, 0):
        at = tape.text.find(key, first)
        for _ in range(_TRIES):
            if at < 0:
                break
            if at in tape.edges and at + len(key) in tape.edges:
                return at
            at = tape.text.find(key, at + 1)
    at = tape.text.find(key) if len(key) >= _TELLING else -1
    return at if at >= 0 and tape.text.find(key, at + 1) < 0 else None


def _marks(
    block: Block, place: _Place, tape: _Tape, wide: Sequence[tuple[int, int, MarkKind, str | None]]
) -> Iterator[Mark]:
    first = bisect_left(tape.marks, place.start, key=lambda one: one[0])
    last = bisect_left(tape.marks, place.end, key=lambda one: one[0])
    before = [one for one in wide if one[0] < place.start < one[1]]
    seen: set[tuple[MarkKind, int, int]] = set()
    for start, end, kind, href in (*before, *tape.marks[first:last]):
        begins, ends = place.span(max(start, place.start), min(end, place.end))
        if (kind, begins, ends) in seen or (kind is MarkKind.BOLD and block.role is Role.HEADING):
            continue
        seen.add((kind, begins, ends))
        yield Mark(kind=kind, start=begins, end=ends, words=block.text[begins:ends], url=href)
    if block.role is Role.TABLE and place.start in tape.rows:
        yield from _cells(block, place, tape)


def _cells(block: Block, place: _Place, tape: _Tape) -> Iterator[Mark]:
    """The cells of a row, those without words too: they have a place and no length."""
    end, cells = tape.rows[place.start]
    if end != place.end:
        return
    reached = 0
    for first, last in cells:
        begins, ends = place.span(first, last) if last > first else (reached, reached)
        reached = ends
        yield Mark(kind=MarkKind.CELL, start=begins, end=ends, words=block.text[begins:ends])


def _level(block: Block, place: _Place, tape: _Tape) -> int | None:
    known = {Role.HEADING: tape.headings, Role.LIST: tape.items}.get(block.role, [])
    nearest = bisect_right(known, place.start, key=lambda one: one[0])
    for start, end, level in reversed(known[max(0, nearest - _TRIES) : nearest]):
        if start <= place.start and place.end <= end:
            return level
    return None
