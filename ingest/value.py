"""What text may be in any value: the one boundary that all strings pass, whatever they come from.

A page, a feed, a header, an archive, a file name, a setting or a model may hand over anything that a Python string can
hold, and no database, no XML and no reader takes all of it. So every value that is stored or shown is a `Value`: its
strings are well-formed and of bounded length from the moment it is made, and nobody can forget to see to it.
"""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar, NamedTuple

LONGEST_TEXT = 1_000_000
"""Characters of a paragraph, of which a page may have many."""

LONGEST_LINE = 16_000
"""Characters of anything else: a title, a name, an address, a detail."""

MOST_ITEMS = 10_000
"""Strings in a list of them: names, tags, credits."""

# Halves of characters, the controls of ASCII and ISO 6429 but tabs and line ends, and what no XML may hold.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LINE_END = re.compile("\r\n?")
_SEPARATORS = dict.fromkeys((0x0B, 0x0C, 0x1C, 0x1D, 0x1E), "\n") | {0x1F: " "}
# What stands for a control of ISO 6429 was meant in windows-1252, by HTML's own rule for numbered characters.
_MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}

# By the annotations and names of fields.
_HOLDS_TEXT = re.compile(r"\b(?:str|UrlKey)\b")
_ADDRESS = re.compile(r"(?:^|_)(?:url|image)$")


class _Field(NamedTuple):
    """A field that holds strings: how long they may be, what stands for none, and whether a part is worth nothing."""

    name: str
    longest: int
    empty: str | None
    whole: bool


_repairs: ContextVar[list[str] | None] = ContextVar("repairs", default=None)


class Value:
    """Base of the frozen dataclasses that are stored or shown.

    Strings, also those in tuples, become well-formed (`well_formed`). What is too long is cut; an address that may be
    missing is rather none than a part of one, and a string of which nothing is left is missing. Values inside a value
    have seen to their own strings.
    """

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[object]]]

    def __post_init__(self) -> None:
        """Have only strings that any program takes."""
        kind: Any = type(self)
        fields, given = _fields(kind)
        for field, value in zip(fields, given(self), strict=True):
            # Most values need no second look, and there are many.
            fit = not value or (isinstance(value, str) and len(value) <= LONGEST_LINE and value.isprintable())
            if not fit:
                kept = _kept(value, field)
                if kept is not value:
                    note_repair(field.name)
                    object.__setattr__(self, field.name, kept)


def flat(value: Value) -> dict[str, Any]:
    """The fields of a value that holds no other values, by name; `dataclasses.asdict` takes ten times as long."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def well_formed(text: str) -> str:
    """A text without what databases, XML, JSON or terminals do not take; most texts are returned as they are.

    Two halves of a character (surrogates) become the character, single ones go. Controls of ISO 6429 become what their
    numbers mean in windows-1252, line ends and breaks of pages become "\\n"; the rest of the controls
    goes, and so do U+FFFE and U+FFFF. Marks of direction stay: Arabic and Hebrew need them. Idempotent.
    """
    if text.isprintable() or _UNFIT.search(text) is None:
        return text
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _UNFIT.sub("", _LINE_END.sub("\n", text).translate(_SEPARATORS).translate(_MEANT))


def well_formed_json(data: object) -> object:
    """The same for all strings in what JSON can hold, names of members too."""
    if isinstance(data, str):
        return well_formed(data)
    if isinstance(data, dict):
        return {well_formed_json(name): well_formed_json(value) for name, value in data.items()}
    return list(map(well_formed_json, data)) if isinstance(data, list | tuple) else data


@contextmanager
def repairs() -> Iterator[list[str]]:
    """Collect the names of the fields that have to be repaired in this block (of this thread)."""
    found: list[str] = []
    token = _repairs.set(found)
    try:
        yield found
    finally:
        _repairs.reset(token)


def note_repair(name: str) -> None:
    """Tell whoever collects repairs of one that was made."""
    found = _repairs.get()
    if found is not None:
        found.append(name)


def _kept(given: object, field: _Field) -> object:
    """What a field holds from now on: the very same object, if nothing had to be done."""
    if isinstance(given, str):
        return _text(given, field)
    if not isinstance(given, tuple):
        return given
    kept = tuple(_item(one, field) for one in given[:MOST_ITEMS])
    return given if _same(kept, given) else tuple(one for one in kept if one)


def _item(one: object, field: _Field) -> object:
    if not isinstance(one, tuple):
        return _text(one, field) if isinstance(one, str) else one
    kept = tuple(_text(part, field) if isinstance(part, str) else part for part in one)
    return one if _same(kept, one) else kept


def _text(given: str, field: _Field) -> str | None:
    text = well_formed(given)
    if text is given and len(text) <= field.longest:
        return text
    if len(text) > field.longest:
        text = "" if field.whole else text[: field.longest]
    return text.strip() or field.empty


def _same(kept: tuple[object, ...], given: tuple[object, ...]) -> bool:
    return len(kept) == len(given) and all(map(operator.is_, kept, given))


@cache
def _fields(cls: type[Any]) -> tuple[tuple[_Field, ...], Callable[[object], tuple[object, ...]]]:
    """The fields of a class that may hold strings, by their annotations, and what gets their values."""
    kinds = {one.name: str(one.type) for one in dataclasses.fields(cls) if _HOLDS_TEXT.search(str(one.type))}
    fields = tuple(
        _Field(
            name=name,
            longest=LONGEST_TEXT if name == "text" else LONGEST_LINE,
            empty=None if "None" in kind else "",
            whole="None" in kind and _ADDRESS.search(name) is not None,
        )
        for name, kind in kinds.items()
    )
    if len(fields) < 2:
        return fields, lambda value: tuple(getattr(value, field.name) for field in fields)
    return fields, operator.attrgetter(*kinds)
