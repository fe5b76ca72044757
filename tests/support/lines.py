"""Own lines by language, `tests/fixtures/lines/<code>.toml`.

Under the name of a rule stand lines that it takes (with the fact in each, where it holds one), under `text` sentences
that stay, under `stamps` lines of the day that is `DAY`, under `ago` lines that count from `NOW`.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

DAY = date(2026, 3, 5)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_FOLDER = Path(__file__).parents[1] / "fixtures" / "lines"
_NO_RULES = frozenset({"text", "stamps", "ago"})
CODES = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def lines_of_rules(code: str) -> dict[str, Any]:
    """The lines that rules take in a language: by rule a list, or a table with the fact in each line."""
    return {name: lines for name, lines in _read(code).items() if name not in _NO_RULES}


def lines_under(key: str) -> list[tuple[str, str]]:
    """The code and each line of all languages under "text", "stamps" or "ago"."""
    return [(code, line) for code in CODES for line in _read(code).get(key, ())]


def languages_with(name: str) -> set[str]:
    """The languages that have lines of a rule."""
    return {code for code in CODES if name in lines_of_rules(code)}
