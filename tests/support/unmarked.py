"""Series in scripts that mark no names, with equal numbers, and one report of each told in other words."""

from __future__ import annotations

import tomllib
from pathlib import Path

_SERIES = tomllib.loads((Path(__file__).parents[1] / "fixtures" / "unmarked.toml").read_text("utf-8"))

UNMARKED = tuple(_SERIES)
"""The languages."""


def siblings(language: str) -> list[str]:
    """Five reports with the same numbers and other names."""
    return [_SERIES[language]["frame"].format(*names) for names in _SERIES[language]["names"]]


def reworded(language: str) -> str:
    """The first of them in other words."""
    told: str = _SERIES[language]["reworded"]
    return told
