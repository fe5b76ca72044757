"""Parquet: a folder with one file a day and language, typed and nested as the record is. Owns pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from urllib.parse import quote

from ingest.errors import ConfigError
from storage.shape import Instant, RecordDict

if TYPE_CHECKING:
    import pyarrow as pa

UNKNOWN = "unknown"
"""The day of records without one. Not Hive's name for null: pyarrow cannot read a folder in which every day is null."""

# Records turned into columns at once: some 5 MB of Python objects. A row group of a day and language is rarely larger.
_ROWS = 500


def write_parquet(records: Iterable[RecordDict], folder: Path) -> int:
    """Write `date=DAY/lang=LANGUAGE/records.parquet`; returns how many records.

    Args:
        records: by day and language (those of a file must come together).
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
        place.mkdir(parents=True)
        with pq.ParquetWriter(place / "records.parquet", schema, compression="zstd") as file:
            for rows in _portions(group):
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

    fields = [_field(name, kind) for name, kind in get_type_hints(RecordDict).items()]
    return pa.schema(fields, metadata={"newsmill": "newsmill/record@2"})


def _partition(one: RecordDict) -> tuple[str, str]:
    return (one["published_at"] or "")[:10] or UNKNOWN, one["language"]


def _portions(records: Iterable[RecordDict]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(records)
    while rows := [_row(one) for one in islice(rest, _ROWS)]:
        yield rows


def _row(one: RecordDict) -> dict[str, Any]:
    """The record with instants and free names as the schema has them."""
    row: dict[str, Any] = {**one}
    for name in ("published_at", "modified_at", "fetched_at"):
        row[name] = _instant(row[name])
    row["attribution"] = {**one["attribution"], "reposted_at": _instant(one["attribution"]["reposted_at"])}
    for name in ("languages", "origins"):
        row[name] = [{"key": key, "value": value} for key, value in row[name].items()]
    return row


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _field(name: str, kind: Any) -> pa.Field:  # noqa: ANN401 - any type
    import pyarrow as pa

    inner = [one for one in get_args(kind) if one is not NoneType] if get_origin(kind) in (Union, UnionType) else [kind]
    return pa.field(name, _arrow(inner[0]), nullable=inner != [kind])


def _arrow(kind: Any) -> pa.DataType:  # noqa: ANN401
    import pyarrow as pa

    simple: Mapping[Any, pa.DataType] = {
        str: pa.string(), Instant: pa.timestamp("us", tz="UTC"), bool: pa.bool_(), int: pa.int64(), float: pa.float64()
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if is_typeddict(kind):
        return pa.struct([_field(name, inner) for name, inner in get_type_hints(kind).items()])
    if get_origin(kind) is Literal:
        return pa.string()
    if get_origin(kind) is dict:
        key, value = get_args(kind)
        return pa.list_(pa.struct([_field("key", key), _field("value", value)]))
    return pa.list_(_arrow(get_args(kind)[0]))
