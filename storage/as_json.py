"""JSON as the database holds it and as digests are taken of it: orjson, in a fraction of the time of the library's own.

What orjson does not take (integers beyond 64 bits, and in old databases NaN) is left to the library's own. What is no
text is refused by both, here or by the driver.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


def as_json(value: object) -> str:
    """A value as a column of JSON holds it; not in ASCII, whose escapes can spell what is no text."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False)


def from_json(text: str) -> Any:  # noqa: ANN401 - JSON
    """The value that a column holds."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def sorted_json(value: object) -> bytes:
    """The same bytes for the same value, whatever the order of its keys."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
