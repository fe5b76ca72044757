"""Pieces of text without which a pattern finds nothing: looking for them takes a fraction of the time of the pattern.

They are read from the pattern itself, as Python's own parser of patterns sees it, so that nobody has to keep a list of
them beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any


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
