"""Marks of a text that is changed: where they stand afterwards. One that no longer fits goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.model import Block, Mark


def with_text(block: Block, text: str) -> Block:
    """The block with another text, of which characters were left out."""
    return replace(block, text=text, marks=moved(block.marks, block.text, text))


def moved(marks: Sequence[Mark], old: str, new: str) -> tuple[Mark, ...]:
    """The marks of a text in what is left of it when characters of it were left out."""
    if not marks or old == new:
        return tuple(marks)
    places: list[int] = []  # of each character in the new text, or of the next one that is left
    at = 0
    for character in old:
        places.append(at)
        at += at < len(new) and new[at] == character
    places.append(at)
    return fitting((shifted(one, places[one.start], places[one.end]) for one in marks), new)


def shifted(mark: Mark, start: int, end: int) -> Mark:
    """The mark in another place."""
    return replace(mark, start=start, end=end)


def fitting(marks: Iterable[Mark], text: str) -> tuple[Mark, ...]:
    """Those of the marks that stand on their words in a text."""
    return tuple(one for one in marks if text[one.start : one.end] == one.words)
