"""Own lines by language, `tests/fixtures/lines/<code>.toml`: what rules take (by rule), and under `text` what stays."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "fixtures" / "lines"
CODES = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def lines_in(code: str) -> dict[str, Any]:
    """The lines of a language: by rule a list, or a table with the fact in each line; under "text" sentences."""
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def languages_with(name: str) -> set[str]:
    """The languages that have lines of a rule."""
    return {code for code in CODES if name in lines_in(code)}
