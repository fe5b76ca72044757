"""Copies and their likes in kinds that no rule was made for (benchmarks/kinds.toml), in any order of arrival."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

import pytest
from support.linking import edition, groups, keep

from benchmarks.dedup_kinds import KINDS, entries, judge
from flows.reprocess import redo_links
from storage.store import Store

TABLES = tomllib.loads(KINDS.read_text("utf-8"))


@pytest.mark.parametrize("name", TABLES)
def test_what_was_written_as_a_copy_is_one_and_nothing_else(name: str) -> None:
    """Reports of a series stay apart, copies come together, who quotes or holds several joins none and is linked."""
    judged = judge(entries(TABLES[name]))
    assert (judged.wrong, judged.missed, judged.unlinked) == ((), (), ())


@pytest.mark.parametrize(("seed", "batch", "redo"), [(1, 1, False), (2, 13, True), (3, 200, False)])
def test_any_order_gives_the_same_clusters(tmp_path: Path, seed: int, batch: int, redo: bool) -> None:
    """All kinds in one database, in any batches, and after all is compared anew."""
    made, wanted = [], set()
    for name, table in TABLES.items():
        texts = [(f"{name}-{one['id']}".replace(" ", "-").replace("_", "-"), one) for one in entries(table)]
        made += [edition(site, one["text"], one["lang"]) for site, one in texts]
        clusters = {one["cluster"] for _, one in texts}
        wanted |= {frozenset(site for site, one in texts if one["cluster"] == each) for each in clusters}
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, Random(seed).sample(made, len(made)), batch)
        if redo:
            redo_links(store, None)
        assert groups(store) == {group for group in wanted if len(group) > 1}
