"""Links that 0.1.0 made, compared anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import combinations
from pathlib import Path

from support.databases import first_schema
from support.frames import sibling
from support.linking import edition, groups, keep

from flows.reprocess import redo_links
from storage.store import Store


def test_what_0_1_0_took_for_copies_is_compared_anew(tmp_path: Path) -> None:
    """It linked all reports of a series as reworded; opened, they stay so, and after `reprocess` only copies are."""
    series = [edition(f"s{number}", sibling("fr", number)) for number in range(4)]
    copy = edition("copy", f"Menu\n\n{sibling('fr', 2)}")
    with Store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        keep(store, [*series, copy])
    first_schema(tmp_path / "new.db", tmp_path / "n.db", ("fingerprint", "anchor", "line"))
    with closing(sqlite3.connect(tmp_path / "n.db")) as old, old:
        keys = sorted(key for (key,) in old.execute("SELECT id FROM record"))
        old.execute("UPDATE fingerprint SET version = 'keys-3'")
        link = "INSERT INTO link VALUES (?, ?, 'reworded', 1.0, 'original', 'original', '[[0, 90, 0, 90]]')"
        old.executemany(link, combinations(keys, 2))
        place = "INSERT INTO duplicate VALUES (?, ?, ?, ?, ?, 1.0, '[]', 0)"
        first = keys[0]
        old.executemany(
            place, [(key, first, first, key == first, "original" if key == first else "reworded") for key in keys]
        )
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        assert groups(store) == {frozenset({"s0", "s1", "s2", "s3", "copy"})}
        redo_links(store, None)
        assert groups(store) == {frozenset({"s2", "copy"})}
