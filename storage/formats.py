"""The formats of an export: the one list, which the command, the settings and the writers share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from ingest.errors import ConfigError


class ExportFormat(StrEnum):
    """What an export can be."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    JSONLD = "jsonld"
    MARKDOWN = "markdown"
    ATOM = "atom"
    JSONFEED = "jsonfeed"

    @property
    def is_feed(self) -> bool:
        """Whether it holds the newest records only."""
        return self in (ExportFormat.ATOM, ExportFormat.JSONFEED)


_ENDINGS = {
    "csv": ExportFormat.CSV,
    "jsonl": ExportFormat.JSONL,
    "ndjson": ExportFormat.JSONL,
    "parquet": ExportFormat.PARQUET,
    "jsonld": ExportFormat.JSONLD,
    "md": ExportFormat.MARKDOWN,
    "markdown": ExportFormat.MARKDOWN,
    "atom": ExportFormat.ATOM,
    "xml": ExportFormat.ATOM,
}


_SEVERAL = {"json": "jsonl, jsonld or jsonfeed"}


def format_of(path: Path) -> ExportFormat:
    """The format that a file's name asks for by its ending, before .gz; JSON Lines where it does not.

    Raises:
        ConfigError: several formats are files of that kind.
    """
    name = path.name.lower().removesuffix(".gz")
    ending = name.rpartition(".")[2] if "." in name else ""
    if ending in _SEVERAL:
        raise ConfigError(f"{path}: what ends in .{ending} may be {_SEVERAL[ending]}: say which with --format")
    return _ENDINGS.get(ending, ExportFormat.JSONL)
