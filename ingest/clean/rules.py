"""A line that is not the article, as data: what it says in each language, where it may stand, what fact is in it.

The shapes of all rules stand in tables beside this module, as `Rule` describes them. What such a line says in each
language stands in the lexicon, table `rules`, under the rule's name; in `und` what it says in any. Two names stand for
longer patterns: <networks> and <site>. What a rule found may be asked whether it is the fact it looks for: `CHECKS`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any

from ingest.clean.shape import Line, are_names, is_capital
from ingest.lang.appeals import speaks_to_reader
from ingest.lang.bylines import read_byline
from ingest.lang.dates import has_date, is_line, minutes_ago
from ingest.lang.labels import begins_byline, names_behind_day
from ingest.lang.lexicon import entries, made_once, once, tables
from ingest.lang.names import is_full_name, is_particle
from ingest.lang.names import is_organisation as names_organisation
from ingest.lang.needles import Seldom, needles
from ingest.lang.outlets import agency_in
from ingest.lang.words import count_words, words_of
from ingest.model import Residue

TABLES = ("facts", "page", "appeals")
"""The tables, in the order in which they are asked: facts first, so that none is lost to a rule without a value."""

_BREAK = re.compile(r"\n\s*")
# Only a site's address speaks of itself so: "Bavaria is part of ..." is news.
_SITE = r"(?:[\w-]{2,30}\.)+[a-z]{2,8}"
_BEFORE_LABEL = re.compile(r"(?<![\s|·•,;，；])[\s|·•,;，；]+(?=[^\s|·•,;，；:：]{1,20}\s?[:：])")
_NETWORKS = "<networks>"
_DIGIT = re.compile(r"\d")
# A word may be endless ("______"), and the patterns are tried from many places: no line that a rule is for has more
# characters, addresses with all their parameters included.
_MOST_CHARACTERS = 1_000


class Place(StrEnum):
    """Where in an article a rule may apply."""

    LEAD = "lead"
    END = "end"
    EDGE = "edge"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A block that matches one of `phrases` and then `after`, as a whole, is residue under `code`.

    `name` tells rules of one code apart. `phrases` hold one pattern for each language ("*": any), in lower case and
    without a group that captures; `after` holds at most one, and what that captures is the residue's value if `check`
    is content with it. Longer blocks than `max_words` (or than 1,000 characters) never match. `opens` says that a list
    of teasers may follow. A group called `tail` holds what follows an appeal: it has to go on as one, unless the appeal
    itself has `sure_words` words.
    """

    name: str
    code: str
    phrases: Mapping[str, str]
    after: str = r"[\W_]*"
    place: Place = Place.ANYWHERE
    max_words: int = 12
    check: Callable[[str], bool] | None = None
    moved_to: str | None = None
    opens: bool = False
    sure_words: int | None = None

    @cached_property
    def patterns(self) -> tuple[Seldom, ...]:
        """What it finds, by language."""
        return tuple(
            Seldom(named(rf"[\W_]*(?:{phrases}){self.after}"), _needles_of(phrases))
            for phrases in self.phrases.values()
        )

    def find(self, line: Line) -> Residue | None:
        """The residue that a line is by this rule, wherever it stands."""
        if line.words > self.max_words or len(line.folded) > _MOST_CHARACTERS:
            return None
        found = next((found for one in self.patterns if (found := one.fullmatch(line.folded)) is not None), None)
        if found is None:
            return None
        value = None
        if "tail" in found.re.groupindex:
            if not self._is_appeal(found):
                return None
        elif found.re.groups and found[1] is not None:
            value = line.text[found.start(1) : found.end(1)].strip(" \t\u00a0|,;–—")
            if self.check is not None and not self.check(value):
                return None
        return Residue(text=line.text, rule=self.code, value=value or None, moved_to=self.moved_to if value else None)

    def _is_appeal(self, found: re.Match[str]) -> bool:
        """Whether what follows an appeal is more of it: "Subscribe now, the poster read" is a sentence about one."""
        tail = found["tail"] or ""
        if not words_of(tail) or speaks_to_reader(tail):
            return True
        return self.sure_words is not None and count_words(found.string[: found.start("tail")]) >= self.sure_words

    def in_language(self, code: str) -> Rule:
        """The rule with the phrases of one language alone."""
        return replace(self, phrases={code: self.phrases[code]})


def allowed(rule: Rule, *, in_lead: bool, at_end: bool) -> bool:
    """Whether a rule may apply to a line in this place."""
    return {
        Place.ANYWHERE: True,
        Place.LEAD: in_lead,
        Place.END: at_end,
        Place.EDGE: in_lead or at_end,
    }[rule.place]


def _is_stamp(value: str) -> bool:
    """Whether a text holds a day, and names nobody behind it: who wrote is told apart as a part of the line."""
    return has_date(value) and not names_behind_day(value)


def _is_date_line(value: str) -> bool:
    """Whether a text says when, and nothing else."""
    return (_DIGIT.search(value) is not None or minutes_ago(value) is not None) and is_line(value)


def is_credit(value: str) -> bool:
    """Whether a text may be the credit of a picture: it has a capital in its first word, and asks nothing."""
    return not value.rstrip().endswith(("?", "!")) and any(map(is_capital, value.split(" ", maxsplit=1)[0]))


def is_organisation(value: str) -> bool:
    """Whether a text names a newsroom, an agency or an office."""
    return names_organisation(value) or agency_in(value) is not None


def _begins_with_capital(value: str) -> bool:
    return is_capital(value[:1]) and not value.endswith("?")


def _is_outlet(value: str) -> bool:
    return len(value.split()) <= 6 and (is_capital(value[:1]) or value[:1] in "«„“\"'" or "." in value)


def _is_owner(value: str) -> bool:
    return len(value.split()) <= 4 and is_capital(value[:1])


def _names_people(value: str) -> bool:
    """Whether a text may be names, one of them whole where it has several words: "Notte e di Giorno" has none."""
    if not are_names(value):
        return False
    read = read_byline(value)
    whole = (is_full_name(name) and not is_particle(name.split()[0]) for name in read.people)
    return len(value.split()) == 1 or not read.people or any(whole)


def _is_source_alone(value: str) -> bool:
    """Whether nobody is named as the author behind the source: "来源：港口日报　作者：李梦瑶" is two facts."""
    return not any(begins_byline(part, single=True) for part in _BEFORE_LABEL.split(value)[1:])


CHECKS: dict[str, Callable[[str], bool]] = {
    "names": _names_people,
    "organisation": lambda value: is_organisation(value) and are_names(value),
    "stamp": _is_stamp,
    "date_line": _is_date_line,
    "credit": is_credit,
    "capital": _begins_with_capital,
    "outlet": _is_outlet,
    "source": _is_source_alone,
    "owner": _is_owner,
}
"""What a rule may ask of its value, by the name it uses for it."""


@once
def _networks() -> str:
    return f"(?:{'|'.join(name for names in entries('networks').values() for name in names)})"


def named(pattern: str, networks: str | None = None) -> str:
    """A pattern with what <site> and <networks> stand for, or what is given for the second."""
    return pattern.replace("<site>", _SITE).replace(_NETWORKS, _networks() if networks is None else networks)


@once
def _known_needles() -> dict[str, tuple[str, ...]]:
    """The needles of all phrases, kept, for to read them from the patterns takes half as long as to make these."""
    return made_once("rule-needles", lambda: {one: _read_needles(one) for one in sorted(_all_phrases())})


def _all_phrases() -> set[str]:
    return {one for row in _rows(*TABLES) for one in _phrases(row["name"]).values()}


def _needles_of(phrases: str) -> tuple[str, ...]:
    known = _known_needles().get(phrases)
    return _read_needles(phrases) if known is None else known


def _read_needles(phrases: str) -> tuple[str, ...]:
    return needles([named(phrases, networks=".")])


def _phrases(name: str) -> dict[str, str]:
    """The phrases of a rule by language, "*" for those of any."""
    found = {code: rows[name] for code, rows in tables("rules").items() if name in rows}
    return {"*" if code == "und" else code: "|".join(rows) for code, rows in found.items()}


def _rule(row: dict[str, Any]) -> Rule:
    after = row.get("after", r"[\W_]*")
    return Rule(
        name=row["name"],
        code=row.get("code", row["name"]),
        phrases=_phrases(row["name"]),
        after=_BREAK.sub("", f"\n{after}") if "\n" in after else after,
        place=Place(row.get("place", Place.ANYWHERE)),
        max_words=row.get("max_words", 12),
        check=CHECKS[row["check"]] if "check" in row else None,
        moved_to=row.get("moved_to"),
        opens=row.get("opens", False),
        sure_words=row.get("sure_words"),
    )


def _rows(*chosen: str) -> Iterator[dict[str, Any]]:
    """The rows of these tables."""
    for table in chosen:
        text = files("ingest.clean").joinpath(f"{table}.toml").read_text(encoding="utf-8")
        yield from tomllib.loads(text)["rule"]


@once
def rules_in(table: str) -> tuple[Rule, ...]:
    """The rules of one table."""
    return tuple(map(_rule, _rows(table)))


@once
def all_rules() -> tuple[Rule, ...]:
    """All rules: the first that fits a line says what it is."""
    return tuple(rule for table in TABLES for rule in rules_in(table))


def rule_named(name: str) -> Rule:
    """The rule of a name."""
    return next(rule for rule in all_rules() if rule.name == name)
