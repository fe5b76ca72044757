"""Markdown: one document after the other, with their links and emphasis, for people and for what reads as people do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from ingest.markdown import markdown
from storage.record_types import RecordDict


def write_markdown(records: Iterable[RecordDict], file: IO[str]) -> int:
    """Write records as published, a rule between two of them; returns how many."""
    count = 0
    for one in records:
        file.write(("\n---\n\n" if count else "") + markdown(one))
        count += 1
    return count
