"""The versions of a record, and two of them side by side: sentence by sentence, words that differ marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.versions import all_changes, told, word_runs
from ingest.versions import align
from storage.store import Transaction
from storage.versions import Stored, read_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence of either version, in pieces that the other has or has not; empty where one has no such sentence."""

    before: Sequence[tuple[str, bool]]
    after: Sequence[tuple[str, bool]]
    same: bool


def history(tx: Transaction, record_id: str, first: str | None, second: str | None) -> dict[str, Any]:
    """What the page of a record's versions shows.

    Args:
        tx: where to read.
        record_id: the id of a record that exists.
        first: the number of the version to the left; by default of the one before.
        second: of the one to the right; by default of the last that has a text.
    """
    known = read_versions(tx, record_id)
    kinds = dict.fromkeys((one.number for one in known), ()) | {one.number: made for one, made in all_changes(known)}
    texts = [one for one in known if not one.gone]
    right = _chosen(texts, second) or texts[-1]
    left = _chosen(texts, first) or next((one for one in reversed(texts) if one.number < right.number), None)
    return {
        "id": record_id,
        "versions": known,
        "kinds": kinds,
        "left": left,
        "right": right,
        "rows": [] if left is None else _rows(left, right),
        "gone": known[-1].gone,
    }


def _chosen(texts: Sequence[Stored], number: str | None) -> Stored | None:
    return next((one for one in texts if str(one.number) == number), None)


def _rows(left: Stored, right: Stored) -> list[Row]:
    titles = word_runs(left.title or "", right.title or "", right.language)
    rows = [Row(before=titles[0], after=titles[1], same=left.title == right.title)]
    for pair in align(told(left), told(right)):
        runs = word_runs(pair.before or "", pair.after or "", right.language)
        rows.append(Row(before=runs[0], after=runs[1], same=pair.same))
    return rows
