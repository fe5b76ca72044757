"""The record in types, columns and settings: all say what the JSON Schema says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, get_args, get_type_hints

import jsonschema
import pytest
from support.making import make_stored

from flows.settings import ExportSettings
from ingest.errors import ConfigError
from storage import records, runs
from storage.export import export_records, iterate_records
from storage.export.parquet import arrow_schema, portions
from storage.export.table import columns, flat
from storage.formats import ExportFormat
from storage.record_spec import Column, Field, fields_of, json_schema
from storage.record_types import RECORD_SCHEMA, Code, Instant, RecordDict
from storage.store import Store

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))


class InnerDict(TypedDict):
    """A part of the record below."""

    at: Annotated[Instant | None, Field("When.", (Column("inner_at"),))]
    counts: Annotated[dict[str, int], Field("How many of each.")]


class OuterDict(TypedDict):
    """A record of another shape, for what the specification can say."""

    kind: Annotated[Literal["a", "b"] | None, Field("Which: see [kinds](#kinds).", (Column("kind"),))]
    of: Annotated[Code | None, Field("Whose.")]
    parts: Annotated[list[InnerDict], Field("The parts:", (Column("parts", read=len),), {"maxItems": 3})]


def test_the_schema_says_what_the_types_say() -> None:
    """Types, values, what may be null and what is checked besides are in the JSON Schema, with the meaning in words."""
    made = json_schema(OuterDict, address="a", title="t", description="d")
    assert made["required"] == ["kind", "of", "parts"]
    assert made["properties"]["kind"] == {"description": "Which: see kinds.", "enum": ["a", "b", None]}
    assert made["properties"]["of"]["anyOf"] == [{"$ref": "#/$defs/language"}, {"type": "null"}]
    assert made["properties"]["parts"]["maxItems"] == 3
    inner = made["properties"]["parts"]["items"]
    assert inner["properties"]["counts"]["additionalProperties"] == {"type": "integer"}
    jsonschema.validate({"kind": None, "of": "sv", "parts": [{"at": None, "counts": {"x": 1}}]}, made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"kind": "c", "of": "sv", "parts": []}, made)


def test_a_field_that_says_nothing_of_itself_is_told() -> None:
    """A field without a meaning is an error that names it."""
    silent = TypedDict("silent", {"x": str})  # noqa: UP013 - within a function
    with pytest.raises(TypeError, match=r"silent\.x: say what it means"):
        list(fields_of(silent))


def test_parquet_changes_instants_and_free_names_wherever_they_stand() -> None:
    """An instant within a list of objects is an instant, and an object with free names a list of pairs."""
    parts = [{"at": "2026-03-01T10:00:00+01:00", "counts": {"x": 1}}, {"at": None, "counts": {}}]
    (row,) = next(portions(iter([{"kind": None, "of": None, "parts": parts}]), OuterDict))
    assert row["parts"] == [
        {"at": datetime(2026, 3, 1, 9, tzinfo=UTC), "counts": [{"key": "x", "value": 1}]},
        {"at": None, "counts": []},
    ]


def test_the_name_of_the_specification_is_that_of_its_first_field() -> None:
    """`RECORD_SCHEMA` is the value that the field `schema` has."""
    assert get_args(get_type_hints(RecordDict)["schema"]) == (RECORD_SCHEMA,)


def test_parquet_has_every_field() -> None:
    """The columns are the fields, typed: instants are instants, lists are lists, objects are structs."""
    pytest.importorskip("pyarrow")
    schema = arrow_schema()
    assert schema.names == list(SCHEMA["properties"])
    assert str(schema.field("published_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("duplicate").type.field("is_canonical").type) == "bool"
    assert not schema.field("id").nullable
    assert schema.field("title").nullable


def test_a_record_has_every_field_and_column(tmp_path: Path) -> None:
    """A record that is read has the specified fields, in order, and its row in the CSV the specified columns."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            records.add_records(tx, [make_stored("A short text.")], runs.start_run(tx, "urls", "en"))
        (one,) = iterate_records(store, "en")
    assert [*one] == [*SCHEMA["properties"]]
    assert [*flat(one)] == [*columns()]
    assert flat(one)["translation_status"] == one["translation"]["status"]


def test_every_format_has_a_writer(tmp_path: Path) -> None:
    """Whatever format the command and the settings name can be written."""
    pytest.importorskip("pyarrow")
    assert ExportSettings.model_fields["format"].annotation is ExportFormat
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        for one in ExportFormat:
            export_records(store, "en", tmp_path / one, one)
            assert (tmp_path / one).exists()


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
