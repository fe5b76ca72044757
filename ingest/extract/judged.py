"""What the model has to say: how probable each block is, and which lines of the page were missed.

trafilatura stays the extractor. A line that it missed comes back where the model is sure and the line stands in the
article's part or beside text that was found; how improbable a block is, is only noted here (`ingest.clean` decides).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ingest.extract.forest import Floats, Judge, shipped
from ingest.extract.likely import FEATURES, Lines, Reading, numbers
from ingest.lang.words import FOURFOLD, PAIRED, extent
from ingest.model import Block, Role
from ingest.text import letters

ORIGIN = "model"
"""The origin of a block that the extraction had missed."""

SURE = 0.6
_SURE_OF_HEADING = 0.25
"""Of a heading between a line that was found and another: trafilatura drops those of a text in boxes of any name."""
_HEADINGS = ("h2", "h3", "h4")
_BESIDE = 2  # lines
_WORDS = re.compile(f"[{PAIRED}{FOURFOLD}]|[^\\s{PAIRED}{FOURFOLD}]+")
_TOLD = 0.4
_LONG = 20  # letters: what is shorter stands in a longer line by chance
_IN_SCOPE, _TAKEN, _CAPTION, _TITLE = (FEATURES.index(name) for name in ("in scope", "taken", "caption", "title"))
_ROLES = {"li": Role.LIST, "blockquote": Role.QUOTE} | {f"h{level}": Role.HEADING for level in range(1, 7)}


def judge(
    blocks: Sequence[Block], lines: Lines, reading: Reading, model: Judge | None = None
) -> tuple[tuple[Block, ...], float]:
    """Ask the model.

    Returns:
        The blocks with their probabilities and with what was missed, and how many characters of text are expected.
    """
    if not lines.runs or not blocks:
        return tuple(blocks), 0.0
    table = numbers(lines, reading)
    likely = (model or shipped()).predict(table)
    expected = float(np.dot([len(run.text) for run in lines.runs], likely))
    places = _places(blocks, lines)
    judged = [
        replace(block, probability=_chance(held, lines, likely)) for block, held in zip(blocks, places, strict=True)
    ]
    return _with_missed(judged, places, lines, likely, table), expected


def _places(blocks: Sequence[Block], lines: Lines) -> list[tuple[int, ...]]:
    """The lines of which each block is made, or of one of which it is a part; none where it is not found."""
    held: list[tuple[int, ...]] = []
    start = 0
    long = [(place, key) for place, key in enumerate(lines.keys) if extent(key) >= _LONG]
    by_key: dict[str, list[int]] = {}
    for place, key in enumerate(lines.keys):
        by_key.setdefault(key, []).append(place)
    for block in blocks:
        key = letters(block.text)
        equal = [place for place in by_key.get(key, ()) if place >= start] or by_key.get(key, [])[:1]
        found = equal[:1] or _parts(key, long, start)
        held.append(tuple(found))
        start = found[-1] if found else start
    return held


def _parts(key: str, long: Sequence[tuple[int, str]], start: int) -> list[int]:
    """The lines that stand in a block, or the one in which it stands: from `start` on, or, if none does, of all."""
    every = [(place, line) for place, line in long if (line in key if len(line) <= len(key) else key in line)]
    within = [one for one in every if one[0] >= start] or every
    longer = [place for place, line in within if len(line) > len(key)]
    return longer[:1] or [place for place, _ in within]


def _chance(places: Sequence[int], lines: Lines, likely: Floats) -> float | None:
    """The probability of a block: that of its lines, by their words."""
    words = sum(lines.words[place] for place in places)
    return float(sum(lines.words[place] * likely[place] for place in places) / words) if words else None


def _with_missed(
    blocks: Sequence[Block], places: Sequence[tuple[int, ...]], lines: Lines, likely: Floats, table: Floats
) -> tuple[Block, ...]:
    held = {place for some in places for place in some}
    between = {place for place in held if place - 1 not in held and _is_heading(place - 1, lines, held)}
    sure = likely > SURE
    for place in between:
        sure[place - 1] |= likely[place - 1] > _SURE_OF_HEADING and table[place - 1, _TAKEN] == 0
    likely_missed = [
        place
        for place in np.flatnonzero(sure & (table[:, _CAPTION] == 0) & (table[:, _TITLE] == 0)).tolist()
        if place not in held
        and lines.keys[place]
        and (table[place, _IN_SCOPE] or any(place + step in held for step in range(-_BESIDE, _BESIDE + 1)))
    ]
    if not likely_missed:
        return tuple(blocks)
    known = "\n".join([letters(block.text) for block in blocks])
    told = {some for block in blocks for some in _sequences(block.text)}
    missed = [
        place
        for place in likely_missed
        if lines.keys[place] not in known and not _is_told(lines.runs[place].text, told)
    ]
    if not missed:
        return tuple(blocks)
    placed: list[tuple[int, Block]] = []
    last = -1
    for block, some in zip(blocks, places, strict=True):
        last = max(last, some[0]) if some else last
        placed.append((last, block))
    placed += [(place, _block(lines, place, float(likely[place]))) for place in missed]
    return tuple(block for _, block in sorted(placed, key=lambda one: one[0]))


def _is_heading(place: int, lines: Lines, held: set[int]) -> bool:
    """Whether a line is a heading of its own, and what was found stands above it too."""
    run = lines.runs[place]
    return place > 0 and run.element.tag in _HEADINGS and not run.linked and any(one < place for one in held)


def _is_told(text: str, told: set[tuple[str, ...]]) -> bool:
    """Whether much of a line is in the text already: without a part that was taken out, or joined to others."""
    own = _sequences(text)
    return sum(some in told for some in own) >= _TOLD * len(own) > 0


def _sequences(text: str) -> list[tuple[str, ...]]:
    """The runs of four words of a text; each sign of a script without spaces is one, wherever a line begins."""
    words = _WORDS.findall(text.casefold())
    return list(zip(words, words[1:], words[2:], words[3:], strict=False))


def _block(lines: Lines, place: int, chance: float) -> Block:
    run = lines.runs[place]
    return Block(text=run.text, role=_ROLES.get(run.element.tag, Role.BODY), origin=ORIGIN, probability=chance)
