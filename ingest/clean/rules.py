"""All rules: their shapes from the tables beside this module, their phrases from the lexicon.

A table holds rules as `ingest.clean.rule.Rule` describes them. What such a line says in each language stands in the
lexicon, table `rules`, under the rule's name; in `und` what it says in any. Two names stand for longer patterns:
<networks> and <site>.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

from ingest.clean.checks import CHECKS
from ingest.clean.rule import Place, Rule
from ingest.lang.lexicon import entries, once, tables

TABLES = ("facts", "page", "appeals")
"""The tables, in the order in which they are asked: facts first, so that none is lost to a rule without a value."""

_BREAK = re.compile(r"\n\s*")
# Only a site's address speaks of itself so: "Bavaria is part of ..." is news.
_SITE = r"(?:[\w-]{2,30}\.)+[a-z]{2,8}"


@once
def _networks() -> str:
    return f"(?:{'|'.join(name for names in entries('networks').values() for name in names)})"


def _named(pattern: str) -> str:
    return pattern.replace("<site>", _SITE).replace("<networks>", _networks())


def _phrases(name: str) -> dict[str, str]:
    """The phrases of a rule by language, "*" for those of any."""
    found = {code: rows[name] for code, rows in tables("rules").items() if name in rows}
    return {"*" if code == "und" else code: "|".join(map(_named, rows)) for code, rows in found.items()}


def _rule(row: dict[str, Any]) -> Rule:
    after = row.get("after", r"[\W_]*")
    return Rule(
        name=row["name"],
        code=row.get("code", row["name"]),
        phrases=_phrases(row["name"]),
        after=_named(_BREAK.sub("", f"\n{after}") if "\n" in after else after),
        place=Place(row.get("place", Place.ANYWHERE)),
        max_words=row.get("max_words", 12),
        check=CHECKS[row["check"]] if "check" in row else None,
        moved_to=row.get("moved_to"),
        opens=row.get("opens", False),
        sure_words=row.get("sure_words"),
    )


@once
def rules_in(table: str) -> tuple[Rule, ...]:
    """The rules of one table."""
    text = files("ingest.clean").joinpath(f"{table}.toml").read_text(encoding="utf-8")
    return tuple(map(_rule, tomllib.loads(text)["rule"]))


@once
def all_rules() -> tuple[Rule, ...]:
    """All rules: the first that fits a line says what it is."""
    return tuple(rule for table in TABLES for rule in rules_in(table))


def rule_named(name: str) -> Rule:
    """The rule of a name."""
    return next(rule for rule in all_rules() if rule.name == name)
