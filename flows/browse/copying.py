"""Who copies whom: outlets by outlets, and the pairs behind a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from storage.browse.copying import Copied, copied
from storage.store import Transaction

# The newest; what is older tells no more of how outlets stand to each other.
_MOST = 5000
_OUTLETS = 12
_PAIRS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many records of one outlet another has, and how long after it in the middle, in hours."""

    count: int
    hours: float | None


def matrix(tx: Transaction) -> dict[str, Any]:
    """What the page shows: rows are the outlets of originals, columns those that have them, the busiest first."""
    found = copied(tx, most=_MOST)
    cells = counted(found)
    givers, takers = Counter[str](), Counter[str]()
    for (giver, taker), cell in cells.items():
        givers[giver] += cell.count
        takers[taker] += cell.count
    return {
        "total": len(found),
        "whole": len(found) < _MOST,
        "givers": [name for name, _ in givers.most_common(_OUTLETS)],
        "takers": [name for name, _ in takers.most_common(_OUTLETS)],
        "outlets": max(len(givers), len(takers)),
        "most": _OUTLETS,
        "cells": cells,
        "given": givers,
        "taken": takers,
    }


def pairs(tx: Transaction, giver: str | None, taker: str | None) -> dict[str, Any]:
    """The duplicates behind a number, the newest first."""
    found = copied(tx, original=giver, outlet=taker, most=_MOST)
    return {"giver": giver, "taker": taker, "total": len(found), "pairs": found[:_PAIRS], "rows": found}


def counted(found: Sequence[Copied]) -> dict[tuple[str, str], Cell]:
    """(outlet of the original, outlet of the duplicate) to what there is of them. Pure."""
    delays: dict[tuple[str, str], list[float | None]] = {}
    for one in found:
        delays.setdefault((one.original_outlet, one.outlet), []).append(hours(one))
    return {
        key: Cell(count=len(of), hours=median(known) if (known := [one for one in of if one is not None]) else None)
        for key, of in delays.items()
    }


def hours(one: Copied) -> float | None:
    """How long after its original a duplicate was published; ``None`` where a date is missing."""
    if one.dated is None or one.original_dated is None:
        return None
    return (_moment(one.dated) - _moment(one.original_dated)).total_seconds() / 3600


def rows(found: Sequence[Copied]) -> list[dict[str, Any]]:
    """The pairs for a table of another program."""
    return [{**asdict(one), "hours": hours(one)} for one in found]


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
