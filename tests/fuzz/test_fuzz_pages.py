"""Any page ends as a record that can be stored, or as a rejection."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import example, given
from support.fuzzing import CHARSETS, CONTENT_TYPES, DAMAGE, HTML, LINES, SCRIPTS, damaged, encoded, fuzz, page_of
from support.unfit import CONTROL, strings_in

from ingest.model import Record, Role, Via
from ingest.outcome import Reason, Rejection, Stage
from ingest.pipeline import process_page
from ingest.workers import WorkerPolicy
from storage import records, runs
from storage.export import iterate_records
from storage.store import Store

_TICKS = count()
SCHEMA = Path(__file__).parents[2] / "docs" / "record.schema.json"


@cache
def validator() -> Any:
    """What docs/record.schema.json says of a record."""
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def check(outcome: Record | Rejection) -> None:
    """What holds for whatever becomes of a page."""
    if isinstance(outcome, Rejection):
        assert outcome.stage is Stage.EXTRACT
        assert not outcome.reason.transient
        assert outcome.reason not in (Reason.EXTRACT_CRASH, Reason.EXTRACT_TIMEOUT)
        return
    article, labels = outcome.article, outcome.labels
    assert article.text.strip(), "a record without text"
    assert [block.text for block in article.blocks] == [segment.text for segment in labels.segments]
    assert all(block.text == block.text.strip() != "" for block in article.blocks)
    assert all(0 <= segment.confidence <= 1 for segment in labels.segments)
    assert abs(sum(share for _, share in labels.languages) - 1) < 1e-6
    assert labels.language == labels.languages[0][0]
    assert list(outcome.fingerprint.keys) == sorted(set(outcome.fingerprint.keys))
    assert all(-(2**31) <= key < 2**31 for key in outcome.fingerprint.keys)
    assert all(at is None or at.tzinfo for at in (article.published_at, article.modified_at))
    assert all(anchor.url.startswith(("http://", "https://")) for block in article.blocks for anchor in block.anchors)
    assert Role.TABLE not in {segment.role for segment in labels.segments}
    assert not any(CONTROL.search(text) for text in strings_in(outcome))


@fuzz(90)
@given(markup=HTML, charset=CHARSETS, content_type=CONTENT_TYPES, damage=DAMAGE)
@example(markup="<p>" * 3000 + SCRIPTS[0], charset="utf-8", content_type="text/html", damage=[])
@example(markup="<table><tr><td>" * 400 + SCRIPTS[0], charset="utf-8", content_type="text/html", damage=[])
def test_any_page_ends_in_a_record_or_a_rejection(
    markup: str, charset: str, content_type: str, damage: list[tuple[str, float, int, bytes]]
) -> None:
    """Broken HTML in any charset, well declared or not, never raises, and costs less than a worker's deadline."""
    page = page_of(damaged(encoded(markup, charset), damage), content_type)
    start = time.thread_time()
    outcome = process_page(page)
    assert time.thread_time() - start < WorkerPolicy().deadline_s
    check(outcome)


@fuzz(40)
@given(lines=LINES.flatmap(lambda one: LINES.map(lambda two: f"{one}\n\n{two}\n{one}")), damage=DAMAGE)
@example(lines="\x0c\x0b\x1c" + SCRIPTS[0], damage=[])
def test_any_plain_text_ends_in_a_record_or_a_rejection(
    lines: str, damage: list[tuple[str, float, int, bytes]]
) -> None:
    """A saved text is read like a page."""
    body = damaged(lines.encode("utf-8", "replace"), damage)
    check(process_page(page_of(body, "text/plain", via=Via.FILE, url="file:///saved/text.txt")))


@cache
def shelf() -> tuple[Store, str]:
    """A database in memory with a run, for as long as the process lives."""
    store = Store("sqlite://")
    with store.writing() as transaction:
        return store, runs.start_run(transaction, "urls", "en")


def instants(value: Any) -> list[str]:
    """Every instant of an exported record."""
    return [one for key in ("published_at", "modified_at", "fetched_at") if (one := value[key])]


@fuzz(40)
@given(markup=HTML, charset=CHARSETS)
@example(markup=f"<body>&#65534;&#1;&#x1F;{SCRIPTS[0]}<p>{SCRIPTS[0]}</p></body>", charset="utf-8")
def test_what_became_a_record_is_stored_and_exported(markup: str, charset: str) -> None:
    """A record of a strange page goes through the database and comes out as the schema of the export says."""
    outcome = process_page(page_of(encoded(markup, charset)))
    if isinstance(outcome, Rejection):
        return
    # Each is the newest capture of its address, so that the record shows it.
    taken = replace(
        outcome.article.provenance, fetched_at=outcome.article.provenance.fetched_at + timedelta(seconds=next(_TICKS))
    )
    outcome = replace(outcome, article=replace(outcome.article, provenance=taken))
    store, run_id = shelf()
    with store.writing() as transaction:
        records.add_records(transaction, [outcome], run_id, refresh=True)
    # Some pages give another address as their own: theirs are other records.
    (exported,) = (one for one in iterate_records(store, "en") if one["id"] == outcome.article.key)
    validator().validate(json.loads(json.dumps(exported)))
    assert outcome.article.text == exported["text"]
    assert all(datetime.fromisoformat(one).tzinfo for one in instants(exported))
