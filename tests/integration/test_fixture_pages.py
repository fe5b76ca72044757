"""Whole pages through the pipeline, and what a careful reader says the record of each should be.

tests/fixtures/README.md says how to add one: a page and a file of expectations, no code.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.model import Page, Record, Seed, Via
from ingest.outcome import Rejection
from ingest.pipeline import process_page
from ingest.record import values_of

FOLDER = Path(__file__).parents[1] / "fixtures" / "pages"
NAMES = sorted({path.stem for path in FOLDER.iterdir()})
FETCHED_AT = "2025-11-21T06:30:00+00:00"
EMPTY: tuple[object, ...] = (None, [], {}, "")
# Of these it is worth knowing which witness was believed.
TRACED = ("title", "authors", "published_at")


def read_page(name: str) -> Page:
    """The page of a fixture as it would have been fetched."""
    told = _told(name)
    seed: dict[str, Any] = dict(told["seed"])
    url: str = seed["url"]
    if "published_at" in seed:
        seed["published_at"] = datetime.fromisoformat(seed["published_at"])
    seed["via"] = Via(seed.get("via", Via.LIST))
    [body] = [path for path in FOLDER.glob(f"{name}.*") if path.suffix != ".json"]
    return Page(
        seed=Seed(**seed),
        final_url=told.get("final_url", url),
        body=body.read_bytes(),
        fetched_at=datetime.fromisoformat(told.get("fetched_at", FETCHED_AT)),
        status=200,
        headers=tuple(told["headers"].items()),
    )


def read_expected(name: str) -> dict[str, Any]:
    """What should become of it: the fields of the record that are not empty, or of the rejection."""
    told = _told(name)
    [kind] = {"record", "rejection"} & told.keys()
    return {"outcome": kind, **told[kind]}


def describe(outcome: Record | Rejection) -> dict[str, Any]:
    """An outcome in the form of the expectations: plain values, without fields that are empty."""
    if isinstance(outcome, Rejection):
        return {"outcome": "rejection", "stage": outcome.stage, "reason": outcome.reason, "detail": outcome.detail}
    article, labels = outcome.article, outcome.labels
    plain = json.loads(json.dumps(asdict(article), default=lambda value: value.isoformat()))
    for kept_elsewhere in (
        "key",
        "requested_url",
        "source",
        "provenance",
        "expected_length",
        "witnesses",
        "rights",
        "pictures",
        "is_twin",
        "twins",
        "findings",
    ):
        del plain[kept_elsewhere]
    fields = plain | {
        "outcome": "record",
        "charset": article.provenance.charset,
        "language": labels.language,
        "languages": dict(labels.languages),
        "title_language": labels.title_language,
        "blocks": [[segment.language, segment.role, segment.text] for segment in labels.segments],
        "images": values_of(outcome)["images"],
        "residue": [[one.rule, one.text] for one in article.residue],
        "attribution": _filled(plain["attribution"]),
        "citations": [_filled(one) for one in plain["citations"]],
        "origins": {field: witness for field, witness in article.origins if field in TRACED},
    }
    return _filled(fields)


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Field by field what is not as it should be: "-" what was expected, "+" what was found; "" where all is."""
    told: list[str] = []
    for field in sorted(expected.keys() | found.keys()):
        wanted, got = expected.get(field), found.get(field)
        if wanted != got:
            lines = difflib.ndiff(_lines(wanted), _lines(got))
            told += [field, *(f"  {line.rstrip()}" for line in lines if not line.startswith(("  ", "?")))]
    return "\n".join(told)


@cache
def _told(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return told


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in EMPTY}


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {json.dumps(one, ensure_ascii=False)}" for name, one in sorted(value.items())]
    return [json.dumps(one, ensure_ascii=False) for one in (value if isinstance(value, list) else [value])]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_becomes_the_record_that_a_reader_expects(name: str) -> None:
    """Every field of the record, the text and all that was taken out of it are as written down beside the page."""
    wrong = differences(read_expected(name), describe(process_page(read_page(name))))
    assert not wrong, f"{name}: {_told(name)['about']}\n{wrong}"


def test_a_difference_is_told() -> None:
    """A field that differs, that is missing and that nobody asked for are each told, with both values."""
    page = {"title": "The ferry", "blocks": [["en", "body", "It sails."], ["en", "body", "It floats."]]}
    assert not differences(page, dict(page))
    assert differences(page, page | {"title": "The boat"}) == 'title\n  - "The ferry"\n  + "The boat"'
    shorter = page | {"blocks": page["blocks"][:1]}
    assert differences(page, shorter) == 'blocks\n  - ["en", "body", "It floats."]'
    assert differences({}, {"flags": ["short_text"]}) == 'flags\n  - null\n  + "short_text"'


def test_equal_input_gives_equal_output() -> None:
    """Another process, in which sets have another order, makes the same outcomes of all pages, to the last field."""
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    ran = subprocess.run(
        [sys.executable, __file__],
        env=os.environ | {"PYTHONHASHSEED": other, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert {name: repr(process_page(read_page(name))) for name in NAMES} == json.loads(ran.stdout)


if __name__ == "__main__":
    json.dump({name: repr(process_page(read_page(name))) for name in NAMES}, sys.stdout)
