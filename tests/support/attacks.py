"""Texts made to keep a regular expression busy, from its own parts.

A backtracking matcher is slow where a repetition can be left in many places. So for every repetition of a pattern there
is a text that leads up to it, goes round in it many times, and ends with what fits nothing; and one in which the whole
way up to it is repeated, for a search begins anew at every place.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# The parser of the standard library, which is the only one that reads exactly what `re` reads.
_parser: Any = importlib.import_module("re._parser")

# From so many times on a repetition is long enough to be an attack.
_LONG = 10
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda one: one.isalnum() or one == "_",
}
_CANDIDATES = "a0 .,-_<>&;:/\"'\n|(Ж—一\x01"
# Fits hardly any class, but for the negated ones.
_END = "\x00\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A text of any length: `before`, then `round` as often as it takes, then what fits nothing."""

    before: str
    round: str

    def of(self, length: int) -> str:
        """The text with about so many characters in its rounds."""
        return self.before + self.round * (length // len(self.round)) + _END


def attacks(pattern: re.Pattern[Any]) -> tuple[Attack, ...]:
    """The attacks on a pattern, each with another favourite among the characters that its classes accept."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    found: dict[Attack, None] = {}
    for favourite in _CANDIDATES:
        for before, body in _repetitions(tree, favourite, ""):
            found[Attack(before=before, round=body or favourite)] = None
            found[Attack(before="", round=before + body + favourite)] = None
            found[Attack(before=before, round=body + favourite)] = None
        found[Attack(before="", round=favourite)] = None
        found[Attack(before="", round=_sample(tree, favourite) + favourite)] = None
    return tuple(found)


def _repetitions(nodes: Sequence[Any], favourite: str, before: str) -> Iterator[tuple[str, str]]:
    """What leads to each long repetition, and a text for one round in it."""
    for operation, argument in nodes:
        name = str(operation)
        if name in _REPEATS:
            _, most, body = argument
            if most >= _LONG:
                yield before, _sample(body, favourite)
            yield from _repetitions(body, favourite, before)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from _repetitions(argument[-1] if name == "SUBPATTERN" else argument, favourite, before)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _repetitions(branch, favourite, before)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from _repetitions(argument[1], favourite, before)
        before += _sample([(operation, argument)], favourite)


def _sample(nodes: Sequence[Any], favourite: str) -> str:
    """A text that fits, as far as looking around is left aside."""
    return "".join(_sample_one(str(operation), argument, favourite) for operation, argument in nodes)


def _sample_one(name: str, argument: Any, favourite: str) -> str:  # noqa: PLR0911 - one for each kind of node
    if name == "LITERAL":
        return chr(argument)
    if name == "NOT_LITERAL":
        return favourite if ord(favourite) != int(argument) else "b"
    if name == "ANY":
        return favourite if favourite != "\n" else "a"
    if name == "IN":
        return _member(argument, favourite)
    if name in _REPEATS:
        least, most, body = argument
        return _sample(body, favourite) * int(min(max(least, 1), most))
    if name == "SUBPATTERN":
        return _sample(argument[-1], favourite)
    if name == "ATOMIC_GROUP":
        return _sample(argument, favourite)
    if name == "BRANCH":
        return _sample(argument[1][0], favourite)
    return ""  # places, looks around, references


def _member(items: Sequence[Any], favourite: str) -> str:
    """A character of a class: the favourite if it is one."""
    literals = [chr(value) for code, value in items if str(code) == "LITERAL"]
    ranges = [chr(value[0]) for code, value in items if str(code) == "RANGE"]
    for character in (favourite, *literals, *ranges, *_CANDIDATES, *map(chr, range(32, 0x500))):
        if _accepts(items, character):
            return str(character)
    return "a"


def _accepts(items: Sequence[Any], character: str) -> bool:
    negated = str(items[0][0]) == "NEGATE"
    return negated != any(_is_one(str(code), value, character) for code, value in items)


def _is_one(code: str, value: Any, character: str) -> bool:
    if code == "LITERAL":
        return bool(ord(character) == value)
    if code == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if code == "CATEGORY":
        kind = str(value).removeprefix("CATEGORY_")
        return _CATEGORIES[kind.removeprefix("NOT_")](character) != kind.startswith("NOT_")
    return False
