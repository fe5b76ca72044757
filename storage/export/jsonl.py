"""JSON Lines: one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any


def write_jsonl(records: Iterable[Mapping[str, Any]], file: IO[str]) -> int:
    """Write one JSON object a line; returns how many."""
    count = 0
    for one in records:
        file.write(compact(one) + "\n")
        count += 1
    return count


def compact(value: object) -> str:
    """JSON without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
