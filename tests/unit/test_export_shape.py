"""The record in types, columns and settings: all say what the JSON Schema says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from support.making import make_stored

from flows.cli.export import ExportFormat
from flows.settings import ExportSettings
from ingest.errors import ConfigError
from storage import records, runs
from storage.export import FORMATS, export_records, iterate_records
from storage.export.parquet import arrow_schema
from storage.export.table import COLUMNS, flat
from storage.shape import Instant, RecordDict
from storage.store import Store

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", Instant: "string"}


def resolved(field: dict[str, Any]) -> dict[str, Any]:
    """A field of the schema with what it refers to."""
    return field | SCHEMA["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else field


def types_of(field: dict[str, Any]) -> set[str]:
    """The JSON types that a field may have."""
    field = resolved(field)
    if "anyOf" in field:
        return {kind for one in field["anyOf"] for kind in types_of(one)}
    if "enum" in field:
        return {"null" if one is None else "string" for one in field["enum"]}
    if "const" in field:
        return {"string"}
    kinds = field["type"]
    return {kinds} if isinstance(kinds, str) else set(kinds)


def differences(kind: Any, field: dict[str, Any], path: str) -> list[str]:
    """Where a type and a field of the schema do not say the same."""
    field = resolved(field)
    inner = [one for one in get_args(kind) if one is not NoneType] if NoneType in get_args(kind) else [kind]
    (kind,) = inner if get_origin(inner[0]) is not Literal else (inner[0],)
    allowed = types_of(field) - {"null"}
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        wrong = [] if set(hints) == set(field["properties"]) == set(field["required"]) else [f"{path}: fields"]
        return wrong + [
            difference
            for name, one in hints.items()
            if name in field["properties"]
            for difference in nullable(one, field["properties"][name], f"{path}.{name}")
        ]
    if get_origin(kind) is Literal:
        told = field.get("enum", [field.get("const")])
        return [] if set(get_args(kind)) == set(told) - {None} else [f"{path}: values"]
    if get_origin(kind) is list:
        return differences(get_args(kind)[0], field["items"], f"{path}[]") if allowed == {"array"} else [path]
    if get_origin(kind) is dict:
        return [] if types_of(field["additionalProperties"]) == {JSON_TYPES[get_args(kind)[1]]} else [path]
    return [] if allowed == {JSON_TYPES[kind]} else [f"{path}: {kind} is not {allowed}"]


def nullable(kind: Any, field: dict[str, Any], path: str) -> list[str]:
    """The same, and whether both say that the value may be missing."""
    wrong = [] if (NoneType in get_args(kind)) == ("null" in types_of(field)) else [f"{path}: null"]
    return wrong + differences(kind, field, path)


def test_the_types_agree_with_the_schema() -> None:
    """`storage.shape.RecordDict` has the fields of docs/record.schema.json, with their types and what may be null."""
    assert differences(RecordDict, SCHEMA, "record") == []


def test_a_difference_would_be_seen() -> None:
    """The comparison above is one: a type that says something else is told."""
    field = {"type": ["string", "null"]}
    assert nullable(str, field, "x") == ["x: null"]
    assert nullable(int | None, field, "x") != []
    assert differences(Literal["a"], {"enum": ["a", "b"]}, "x") == ["x: values"]


def test_parquet_has_every_field() -> None:
    """The columns are the fields, typed: instants are instants, lists are lists, objects are structs."""
    pytest.importorskip("pyarrow")
    schema = arrow_schema()
    assert schema.names == list(SCHEMA["properties"])
    assert str(schema.field("published_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("duplicate").type.field("is_canonical").type) == "bool"
    assert not schema.field("id").nullable
    assert schema.field("title").nullable


def test_csv_columns_are_documented(tmp_path: Path) -> None:
    """docs/export.md has a row for each column of the CSV, and for no other."""
    section = (ROOT / "docs" / "export.md").read_text(encoding="utf-8").partition("\n## CSV")[2].partition("\n## ")[0]
    assert list(COLUMNS) == re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            records.add_records(tx, [make_stored("A short text.")], runs.start_run(tx, "urls", "en"))
        assert list(COLUMNS) == [*flat(next(iterate_records(store, "en")))]


def test_formats_have_the_same_names_everywhere() -> None:
    """The command, the settings and the writers know the same formats."""
    assert set(FORMATS) == {str(one) for one in ExportFormat}
    assert set(FORMATS) == set(get_args(ExportSettings.model_fields["format"].annotation))


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is one line with the command that installs it, and nothing is left behind."""
    missing: Mapping[str, None] = {"pyarrow": None, "pyarrow.parquet": None}
    for name in missing:
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with (
        Store(f"sqlite:///{tmp_path / 'n.db'}") as store,
        pytest.raises(ConfigError, match=r"pip install 'newsmill\[parquet\]'"),
    ):
        export_records(store, "en", tmp_path / "out", "parquet")
    assert list(tmp_path.glob("*out*")) == []
