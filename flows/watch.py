"""How those who wait are told how far a run is."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Who is told how far a run is."""

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """`done` of `total` things are through a phase, "articles" or "translations"."""


def silently(_phase: str, _done: int, _total: int, /) -> None:
    """Tell nobody."""
