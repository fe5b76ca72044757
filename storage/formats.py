"""The formats of an export: the one list, which the command, the settings and the writers share."""

from __future__ import annotations

from enum import StrEnum


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
