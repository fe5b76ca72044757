"""What is to stay forgotten: addresses, records and hosts, since when and why. No text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from storage.store import chunks, insert
from storage.tables import forgotten


def bury(tx: Connection, said: Mapping[str, str], reason: str) -> None:
    """Let names be forgotten from now on, each with the address or host that it stands for; what is stays as it was."""
    rows = [
        {"name": name, "said": one, "at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason}
        for name, one in said.items()
    ]
    for chunk in chunks(rows):
        tx.execute(insert(tx, forgotten).on_conflict_do_nothing(), list(chunk))


def buried(tx: Connection, names: Collection[str]) -> dict[str, str]:
    """Those of these names that are forgotten, each with since when and why, in words."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted(names)):
        query = select(forgotten.c.name, forgotten.c.at, forgotten.c.reason).where(forgotten.c.name.in_(chunk))
        found |= {name: f"since {at[:10]}: {reason}" for name, at, reason in tx.execute(query)}
    return found
