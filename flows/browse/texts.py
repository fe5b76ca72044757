"""Texts as pages show them: in which direction, and cut into pieces where a passage begins or ends. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urlsplit

from flows.passages import Range
from ingest.model import UNDETERMINED

# Languages in Arabic, Hebrew, Syriac and Thaana letters.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
_PARTING = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered passage of a text."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that lies in the same passages all along.

    `opens` are the numbers of the passages that begin with it; `same` is whether the other text has these words too,
    `against` whether they are a fact that the other text gives otherwise. `href` is where the page that was read links
    to, and may be any address.
    """

    text: str
    numbers: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    same: bool = False
    against: bool = False
    href: str | None = None
    bold: bool = False
    italic: bool = False


def direction(language: str | None) -> str:
    """The value of `dir`: of a language that is not known the browser looks at the letters."""
    if not language or language == UNDETERMINED:
        return "auto"
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def tag(language: str | None) -> str:
    """The value of `lang`: empty says that it is not known."""
    return "" if not language or language == UNDETERMINED else language


def is_web_address(address: str | None) -> bool:
    """Whether an address may become a link: of the web, and with a host. Others are shown as text."""
    # A browser drops these before it reads the scheme: what it would open is another address than the one shown.
    if not address or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def paragraphs(text: str) -> list[Range]:
    """Where the paragraphs of a text stand."""
    return joined(text.split(_PARTING))


def joined(parts: Sequence[str]) -> list[Range]:
    """Where the parts stand in the text that is joined of them."""
    found, start = [], 0
    for part in parts:
        found.append((start, start + len(part)))
        start += len(part) + len(_PARTING)
    return found


def merged(runs: Iterable[Range]) -> list[Range]:
    """The same places in order, those that overlap or touch as one."""
    found: list[Range] = []
    for start, end in sorted(runs):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def cut(
    text: str, within: Range, marks: Sequence[Mark], same: Sequence[Range] = (), against: Sequence[Range] = ()
) -> list[Piece]:
    """A part of a text in pieces.

    Args:
        text: the whole text.
        within: which part of it.
        marks: the passages; they may overlap, and go beyond the part.
        same: the words that the other text has too, as `merged` puts them.
        against: the facts that the other text gives otherwise, put like that.
    """
    first, last = within
    ours = [mark for mark in marks if mark.start < last and mark.end > first]
    # A long text has thousands of runs, and thousands of parts that are cut from it: each must not look at all of them.
    runs = same[bisect_right(same, first, key=_end) : bisect_left(same, last, key=_start)]
    edges = {first, last}
    edges.update(edge for mark in ours for edge in (mark.start, mark.end) if first < edge < last)
    facts = against[bisect_right(against, first, key=_end) : bisect_left(against, last, key=_start)]
    edges.update(edge for run in (*runs, *facts) for edge in run if first < edge < last)
    return [
        Piece(
            text=text[start:end],
            numbers=tuple(mark.number for mark in ours if mark.start <= start and end <= mark.end),
            opens=tuple(mark.number for mark in ours if mark.start == start),
            same=_lies_in(start, runs),
            against=_lies_in(start, facts),
        )
        for start, end in pairwise(sorted(edges))
    ]


def marked(pieces: Sequence[Piece], marks: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The pieces of a paragraph with its links and emphasis (`marks` of a segment), cut where these begin or end."""
    wanted = [one for one in marks if one["type"] in ("link", "bold", "italic") and one["start"] < one["end"]]
    edges = sorted({edge for one in wanted for edge in (one["start"], one["end"])})
    found: list[Piece] = []
    at = 0
    for piece in pieces if wanted else ():
        end = at + len(piece.text)
        cuts = [at, *edges[bisect_right(edges, at) : bisect_left(edges, end)], end]
        for first, last in pairwise(cuts):
            over = {one["type"]: one["href"] for one in wanted if one["start"] <= first and last <= one["end"]}
            found.append(
                replace(
                    piece,
                    text=piece.text[first - at : last - at],
                    opens=piece.opens if first == at else (),
                    href=over.get("link"),
                    bold="bold" in over,
                    italic="italic" in over,
                )
            )
        at = end
    return found if wanted else list(pieces)


def by_link(pieces: Iterable[Piece]) -> list[tuple[str | None, list[Piece]]]:
    """Pieces in runs that lead to one address, or to none that may become a link."""
    return [
        (href, list(run)) for href, run in groupby(pieces, lambda one: one.href if is_web_address(one.href) else None)
    ]


def _lies_in(place: int, runs: Sequence[Range]) -> bool:
    before = bisect_right(runs, place, key=_start)
    return before > 0 and place < runs[before - 1][1]


def _start(run: Range) -> int:
    return run[0]


def _end(run: Range) -> int:
    return run[1]
