"""Parquet: a folder with one file a day and language, typed and nested as the record is. Owns pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, is_typeddict
from urllib.parse import quote

from ingest.errors import ConfigError
from storage.record_spec import Kind, exactly, fields_of
from storage.record_types import INSTANT, RECORD_SCHEMA, RecordDict

if TYPE_CHECKING:
    import pyarrow as pa

UNKNOWN = "unknown"
"""The day of records without one. Not Hive's name for null: pyarrow cannot read a folder in which every day is null."""

# Records turned into columns at once: some 5 MB of Python objects. A row group of a day and language is rarely larger.
_ROWS = 500


def write_parquet(records: Iterable[RecordDict], folder: Path) -> int:
    """Write `date=DAY/lang=LANGUAGE/records.parquet`; returns how many records.

    Args:
        records: by day and language; what comes of both once more goes to a further file, `records-2.parquet`.
        folder: an empty one.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError("Parquet needs pyarrow: pip install 'newsmill[parquet]'") from error
    schema = arrow_schema()
    count = 0
    for (day, language), group in groupby(records, key=_partition):
        place = folder / f"date={day}" / f"lang={quote(language, safe='')}"
        place.mkdir(parents=True, exist_ok=True)
        number = len(list(place.iterdir())) + 1
        name = "records.parquet" if number == 1 else f"records-{number}.parquet"
        with pq.ParquetWriter(place / name, schema, compression="zstd") as file:
            for rows in portions(group):
                file.write_table(pa.Table.from_pylist(rows, schema=schema))
                count += len(rows)
    if count == 0:
        # Without any file nothing would tell a reader what the columns are.
        pq.write_table(schema.empty_table(), folder / "empty.parquet", compression="zstd")
    return count


@cache
def arrow_schema() -> pa.Schema:
    """The columns, from the types of the record.

    Instants are UTC to the microsecond; an object with free names is a list of {"key", "value"}, because some readers
    know no maps.
    """
    import pyarrow as pa

    return pa.schema(_struct(RecordDict), metadata={"newsmill": RECORD_SCHEMA})


def _partition(one: RecordDict) -> tuple[str, str]:
    return (one["published_at"] or "")[:10] or UNKNOWN, one["language"]


def portions(records: Iterable[Any], shape: type = RecordDict) -> Iterator[list[dict[str, Any]]]:
    """Records as the schema has them, some hundred at a time."""
    rest = iter(records)
    change = _changing(shape, None) or dict
    while rows := [change(one) for one in islice(rest, _ROWS)]:
        yield rows


def _struct(shape: type) -> list[pa.Field]:
    import pyarrow as pa

    return [pa.field(one.name, _arrow(one.type, one.kind), nullable=one.nullable) for one in fields_of(shape)]


def _arrow(inner: Any, kind: Kind | None) -> pa.DataType:  # noqa: ANN401 - any type
    import pyarrow as pa

    if kind is INSTANT:
        return pa.timestamp("us", tz="UTC")
    if is_typeddict(inner):
        return pa.struct(_struct(inner))
    if get_origin(inner) is Literal:
        return pa.string()
    if get_origin(inner) is dict:
        key, value = (_arrow(*exactly(one)[:2]) for one in get_args(inner))
        pair = [pa.field("key", key, nullable=False), pa.field("value", value, nullable=False)]
        return pa.list_(pa.struct(pair))
    if get_origin(inner) is list:
        return pa.list_(_arrow(*exactly(get_args(inner)[0])[:2]))
    return {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}[inner]


@cache
def _changing(inner: Any, kind: Kind | None) -> Callable[[Any], Any] | None:  # noqa: ANN401
    """What makes of a value what the schema wants: of an instant, free names, or what holds such; ``None``: itself."""
    if kind is INSTANT:
        return _instant
    if is_typeddict(inner):
        known = {one.name: _changing(one.type, one.kind) for one in fields_of(inner)}
        changed = {name: change for name, change in known.items() if change}
        return partial(_changed, changed) if changed else None
    if get_origin(inner) is dict:
        return _pairs
    if get_origin(inner) is list and (change := _changing(*exactly(get_args(inner)[0])[:2])):
        return partial(_each, change)
    return None


def _changed(changes: Mapping[str, Callable[[Any], Any]], one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: changes[name](value) if value is not None and name in changes else value for name, value in one.items()
    }


def _each(change: Callable[[Any], Any], values: list[Any]) -> list[Any]:
    return [change(one) for one in values]


def _pairs(free: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in free.items()]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
