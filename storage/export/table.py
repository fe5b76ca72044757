"""CSV: one row a record, for spreadsheets and statistics. The columns are those of `storage.record_types`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import IO, Any, is_typeddict

from storage.record_spec import Column, fields_of
from storage.record_types import RecordDict

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV Injection)."""


def write_csv(records: Iterable[RecordDict], file: IO[str], *, raw: bool = False) -> int:
    """Write a heading and one row a record (RFC 4180); returns how many records.

    Args:
        records: what to write.
        file: where to.
        raw: leave a text that begins like a formula as it is, for programs; otherwise it gets an apostrophe in front,
            which spreadsheets take as "this is text".
    """
    rows = csv.writer(file)
    rows.writerow(columns())
    count = 0
    for one in records:
        rows.writerow(cell(value, raw=raw) for value in flat(one).values())
        count += 1
    return count


def flat(one: RecordDict) -> dict[str, object]:
    """A record's columns. Lists become one text, parted by "; "; what is not known is ``None``."""
    return {name: _read(column, _at(one, path)) for name, (path, column) in _columns().items()}


@cache
def columns() -> tuple[str, ...]:
    """The names of the columns, in order."""
    return tuple(_columns())


def specified(shape: type = RecordDict, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Column]]:
    """Where the value of each column stands in a record, and the column: those of a field, then those within it."""
    for spec in fields_of(shape):
        here = (*path, spec.name)
        yield from ((here, column) for column in spec.field.csv)
        if is_typeddict(spec.type):
            yield from specified(spec.type, here)


@cache
def _columns() -> Mapping[str, tuple[tuple[str, ...], Column]]:
    return {column.name: (path, column) for path, column in specified()}


def _at(one: RecordDict, path: tuple[str, ...]) -> object:
    value: Any = one
    for name in path:
        value = None if value is None else value[name]
    return value


def _read(column: Column, value: object) -> object:
    if column.read is not None:
        return column.read(value)
    return "; ".join(value) if isinstance(value, list) else value


def cell(value: object, *, raw: bool = False) -> object:
    """A value as it stands in CSV: a text that begins like a formula gets an apostrophe in front, if not `raw`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not raw and value.startswith(_FORMULA):
        return f"'{value}"
    return value
