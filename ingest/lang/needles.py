"""Pieces of text without which a pattern finds nothing: looking for them takes a fraction of the time of the pattern.

They are read from the pattern itself, as Python's own parser of patterns sees it, so that nobody has to keep a list of
them beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any


class Seldom:
    """A pattern that few texts fit: it is made when a text holds a needle of it, which most never do."""

    def __init__(self, source: str, found_by: Sequence[str]) -> None:
        """Take a pattern and its needles; without needles it is tried on each text."""
        self._source = source
        self._found_by = found_by

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern."""
        return re.compile(self._source)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of a whole text."""
        return self.pattern.fullmatch(text) if self._may_fit(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in a text."""
        return self.pattern.search(text) if self._may_fit(text) else None

    def _may_fit(self, text: str) -> bool:
        return not self._found_by or any(one in text for one in self._found_by)


def needles(patterns: Iterable[str]) -> tuple[str, ...]:
    """Pieces of which one stands in each text that any of the patterns finds: () where there are no such.

    The patterns look at case.
    """
    found: set[str] = set()
    for pattern in patterns:
        pieces = _pieces(import_module("re._parser").parse(pattern))
        if not pieces:
            return ()
        found |= pieces
    # What holds another piece tells nothing more.
    return tuple(sorted(one for one in found if not any(other in one for other in found - {one})))


def _pieces(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Of what a sequence must have the pieces that tell most: the shortest of them is as long as can be."""
    choices: list[frozenset[str]] = []
    literal = ""
    for name, value in (*parts, (None, None)):
        if str(name) == "LITERAL":
            literal += chr(value)
            continue
        choices.append(frozenset({literal} if literal else ()))
        literal = ""
        choices.append(_of_part(str(name), value))
    return max(choices, key=lambda pieces: min(map(len, pieces), default=0), default=frozenset())


def _of_part(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401 - what the parser has for each kind
    if name == "SUBPATTERN":
        return _pieces(value[-1])
    if name == "BRANCH":
        return _of_either(value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] >= 1:
        return _pieces(value[2])
    return frozenset()


def _of_either(branches: Sequence[Any]) -> frozenset[str]:
    each = [_pieces(branch) for branch in branches]
    return frozenset().union(*each) if all(each) else frozenset()
