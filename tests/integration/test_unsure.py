"""Records of whose text little is sure are counted, in all and by the source of a run, and listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.databases import KINDS, empty_database
from support.making import make_stored

from flows.browse.lists import Form
from ingest.model import LOW_CONFIDENCE, Record, Seed
from ingest.outcome import Outcome
from storage import queue, records, runs, seeds, stats
from storage.browse.listing import list_records
from storage.seeds import Settled, Task
from storage.store import Store

TEXT = (
    "The harbour office said on Monday that the ferry sails again.\n\nIt had lain in the dock of Ekmora for two weeks."
)


def _record(name: str, expected: float | None, source: str) -> Record:
    return make_stored(f"{TEXT} {name}", f"https://{source}.example/{name}", source=source, expected_length=expected)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_unsure_is_counted(kind: str, tmp_path: Path) -> None:
    """A text of which most is missing counts; one that is whole, or of which nothing can be told, does not."""
    whole, missing = float(len(TEXT)), 9.0 * len(TEXT)
    news = [
        _record("a", whole, "courier"),
        _record("b", missing, "courier"),
        _record("c", missing, "herald"),
        _record("d", missing, "herald"),
        _record("e", None, "post"),
    ]
    with empty_database(kind, tmp_path) as url, Store(url) as store, store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        tasks = [Task(key=one.article.key, seed=Seed(url=one.article.url, source=one.article.source)) for one in news]
        queue.accept(tx, run_id, tasks)
        records.add_records(tx, news, run_id)
        done = [Settled(key=one.article.key, outcome=Outcome.STORED, record_id=one.article.key) for one in news]
        seeds.settle(tx, run_id, done)
        assert stats.totals(tx)[LOW_CONFIDENCE] == 3
        assert stats.unsure(tx, run_id) == [("herald", 2, 2), ("courier", 1, 2)]
        assert stats.unsure(tx, "another") == []
        listed = list_records(tx, Form(only="unsure", run=run_id).wanted("en"), target="en")
        assert sorted(row.outlet or "" for row in listed.rows) == ["courier", "herald", "herald"]
