"""What the pages say of the record's fields, made from their specification: `make pages` writes it anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, is_typeddict

from storage.export.table import specified
from storage.record_spec import Kind, Spec, exactly, fields_of, json_schema
from storage.record_types import RecordDict

ROOT = Path(__file__).parents[2]
SCHEMA, RECORD, EXPORT = (ROOT / "docs" / name for name in ("record.schema.json", "record.md", "export.md"))

# The headings of docs/record.md under which the fields stand, with the first field of each.
HEADINGS = {
    "Who it is": "schema",
    "What the page says": "kind",
    "Translation": "translation",
    "Where it comes from": "attribution",
    "Duplicates": "duplicate",
    "How it was made": "flags",
}
# Longer lists of values than this have a section of their own.
_LISTED = 3
_WORDS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema_text() -> str:
    """docs/record.schema.json."""
    found = json_schema(
        RecordDict,
        address="https://github.com/newsmill/newsmill/docs/record.schema.json",
        title="newsmill record",
        description="One line of `newsmill export --format jsonl`. docs/record.md explains the fields.",
    )
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def record_text(page: str) -> str:
    """docs/record.md with the tables of its fields made anew."""
    for heading, rows in record_tables().items():
        page = _with_rows(page, f"### {heading}\n", rows)
    return page


def export_text(page: str) -> str:
    """docs/export.md with the table of the columns made anew."""
    return _with_rows(page, "## CSV\n", column_rows())


def record_tables() -> dict[str, list[str]]:
    """The rows under each heading of docs/record.md."""
    heading, tables = "", dict[str, list[str]]()
    first = {field: name for name, field in HEADINGS.items()}
    for spec in fields_of(RecordDict):
        heading = first.get(spec.name, heading)
        tables.setdefault(heading, []).extend(_rows(spec, ""))
    return tables


def column_rows() -> list[str]:
    """The rows of the table of columns in docs/export.md."""
    rows = []
    for path, column in specified():
        holds = ", ".join(filter(None, [f"`{'.'.join(path)}`" if len(path) > 1 else "", column.holds]))
        rows.append(f"| `{column.name}` | {holds} |" if holds else f"| `{column.name}` | |")
    return rows


def _rows(spec: Spec, path: str) -> Iterator[str]:
    here = path + spec.name
    yield f"| `{here}` | {_called(spec.type, spec.kind)}{', null' * spec.nullable} | {spec.field.meaning} |"
    inner, dots = spec.type, "."
    if get_origin(inner) is list:
        inner, dots = exactly(get_args(inner)[0])[0], "[]."
    if is_typeddict(inner):
        for one in fields_of(inner):
            yield from _rows(one, here + dots)


def _called(inner: Any, kind: Kind | None, *, many: bool = False) -> str:
    if kind is not None:
        return (kind.many or f"{kind.name}s") if many else kind.name
    if get_origin(inner) is list:
        return _called(*exactly(get_args(inner)[0])[:2], many=True)
    values = get_args(inner) if get_origin(inner) is Literal else ()
    if 1 < len(values) <= _LISTED:
        return ", ".join(f"`{value}`" for value in values)
    one = "object" if is_typeddict(inner) or get_origin(inner) is dict else "string" if values else _WORDS[inner]
    return f"{one}s" if many else one


def _with_rows(page: str, heading: str, rows: list[str]) -> str:
    """A page with other rows in the first table under a heading."""
    before, found, after = page.partition(heading)
    assert found, f"no heading {heading!r}"
    table = re.search(r"(\n\|(?: --- \|)+\n)(?:\|.*\n)*", after)
    assert table, f"no table under {heading!r}"
    body = table[1] + "".join(f"{row}\n" for row in rows)
    return before + found + after[: table.start()] + body + after[table.end() :]


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    for path, text in ((RECORD, record_text), (EXPORT, export_text)):
        path.write_text(text(path.read_text(encoding="utf-8")), encoding="utf-8")
