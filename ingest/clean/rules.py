"""All rules, read from the tables beside this module.

A table holds rules as `ingest.clean.rule.Rule` describes them. `phrases` are lists of patterns by language, "*" for
any; a pattern may go on over several lines, whose breaks and indents do not count. Three names stand for longer
patterns: <month>, <networks> and <site>.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

from ingest.clean.checks import CHECKS, MONTH
from ingest.clean.rule import Place, Rule

TABLES = ("facts", "page", "appeals")
"""The tables, in the order in which they are asked: facts first, so that none is lost to a rule without a value."""

_NAMED = {
    "<month>": MONTH,
    # Only a site's address speaks of itself so: "Bavaria is part of ..." is news.
    "<site>": r"(?:[\w-]{2,30}\.)+[a-z]{2,8}",
    "<networks>": r"(?:facebook|twitter|x|instagram|whatsapp|telegram|linkedin|reddit|pinterest|tumblr|youtube|tiktok"
    r"|threads|bluesky|mastodon|snapchat|vk|viber|ok|flipboard|google news|e-?mail|телеграм\w*|вконтакте"
    r"|одноклассник\w+|فيسبوك|تويتر|واتساب)",
}
_BREAK = re.compile(r"\n\s*")


def _pattern(written: str) -> str:
    pattern = _BREAK.sub("", f"\n{written}") if "\n" in written else written
    for name, meaning in _NAMED.items():
        pattern = pattern.replace(name, meaning)
    return pattern


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        name=row["name"],
        code=row.get("code", row["name"]),
        phrases={language: "|".join(map(_pattern, patterns)) for language, patterns in row["phrases"].items()},
        after=_pattern(row.get("after", r"[\W_]*")),
        place=Place(row.get("place", Place.ANYWHERE)),
        max_words=row.get("max_words", 12),
        check=CHECKS[row["check"]] if "check" in row else None,
        moved_to=row.get("moved_to"),
        opens=row.get("opens", False),
    )


def _read(table: str) -> tuple[Rule, ...]:
    text = files("ingest.clean").joinpath(f"{table}.toml").read_text(encoding="utf-8")
    return tuple(map(_rule, tomllib.loads(text)["rule"]))


RULES_OF: dict[str, tuple[Rule, ...]] = {table: _read(table) for table in TABLES}
"""The rules of each table."""

RULES: tuple[Rule, ...] = tuple(rule for table in TABLES for rule in RULES_OF[table])
"""All rules: the first that fits a line says what it is."""

LONGEST = max(rule.max_words for rule in RULES)
"""No rule fits a line of more words."""
