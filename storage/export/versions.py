"""Earlier versions of records as records themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.model import WITHDRAWN_ARTICLE, Role
from ingest.record import NOT_NEEDED, UNSUPPORTED, assembled, parts_of
from storage.store import Transaction, chunks
from storage.versions import Said, earlier_versions
from storage.views import CONFIDENCES, FIELDS, STORED, read_records, stored_values


def with_versions(tx: Transaction, ids: Sequence[str], target: str) -> Iterator[dict[str, Any]]:
    """Each of these records behind its earlier versions, which are records themselves, in order of their numbers.

    What is derived from a text is there for the newest alone: an earlier version has no translation and no links.
    """
    for chunk in chunks(ids):
        earlier = earlier_versions(tx, chunk)
        for newest in read_records(tx, chunk, target):
            for number, said in enumerate(earlier.get(newest["id"], [])[:-1], 1):
                yield _earlier(newest, said, number, target)
            yield newest


def _earlier(newest: Mapping[str, Any], said: Said, number: int, target: str) -> dict[str, Any]:
    """An earlier version. What an old database has not kept of it is what the newest says."""
    row = {name: newest[name] for name in STORED}
    row |= {f"{name}_confidence": newest["confidence"][name] for name in CONFIDENCES}
    row["flags"] = [flag for flag in newest["flags"] if flag != WITHDRAWN_ARTICLE]
    row |= {"title_language": newest["language"], "images": [], **said.content, "id": newest["id"]}
    values = stored_values(row)
    if said.gone:
        values["flags"] = [*values["flags"], WITHDRAWN_ARTICLE]
    segments = [
        {**part, "position": position} for position, part in enumerate(said.content.get("segments") or _paragraphs(row))
    ]
    of_it = {"number": number, "captured_at": said.captured_at, "change": said.change, "previous": said.previous}
    known = assembled(
        values,
        row["title_language"],
        segments,
        [],
        target,
        UNSUPPORTED if parts_of(values, row["title_language"], segments, target) else NOT_NEEDED,
        run_id=said.run_id,
        version={**newest["version"], **of_it},
        duplicate=newest["duplicate"],
    )
    return {name: known[name] for name in FIELDS}


def _paragraphs(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The segments of a text of which nothing more is known."""
    about = {"language": row["language"], "confidence": 0.0, "role": Role.BODY.value, "level": None, "marks": []}
    for text in row["text"].split("\n\n"):
        yield {**about, "text": text, "time": None, "author": None}
