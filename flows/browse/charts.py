"""Bars and columns: where their shapes stand. The templates draw them, with the numbers beside. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 720, 150
_TOP, _BOTTOM, _LEFT = 22, 24, 4
_GAP = 0.28


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a bar, in hundredths of the longest."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, in the units of the picture; `middle` is where its label stands."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A picture of columns, and its size."""

    columns: Sequence[Column]
    width: int = _WIDTH
    height: int = _HEIGHT
    floor: int = _HEIGHT - _BOTTOM


def stack(parts: Sequence[tuple[str, int]], longest: int) -> list[Slice]:
    """The parts of a bar one behind the other; `longest` is the sum of the longest bar beside it."""
    slices, start = [], 0.0
    for kind, value in parts:
        width = round(100 * value / max(1, longest), 2)
        if value:
            slices.append(Slice(kind=kind, start=round(start, 2), width=width))
        start += width
    return slices


def columns(values: Sequence[tuple[str, int]]) -> Columns:
    """A column for each (label, value), from left to right."""
    most = max((value for _, value in values), default=0)
    step = (_WIDTH - 2 * _LEFT) / max(1, len(values))
    room = _HEIGHT - _TOP - _BOTTOM
    made = []
    for number, (label, value) in enumerate(values):
        height = room * value / max(1, most)
        left = _LEFT + step * number
        made.append(
            Column(
                label=label,
                value=value,
                x=round(left + step * _GAP / 2, 1),
                y=round(_HEIGHT - _BOTTOM - height, 1),
                width=round(step * (1 - _GAP), 1),
                height=round(height, 1),
                middle=round(left + step / 2, 1),
            )
        )
    return Columns(columns=made)
