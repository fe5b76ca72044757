"""What is said where filters leave nothing: which of them, and what there is instead."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import typer

from ingest.model import TRANSLATABLE

if TYPE_CHECKING:
    from storage.store import Transaction

_SHOWN = 12


def warn_of_nothing(
    tx: Transaction,
    *,
    language: str | None,
    source: str | None,
    author: str | None = None,
    run: str | None = None,
    others: bool = False,
) -> None:
    """Say on standard error why filters match no record; nothing where there are no filters."""
    from storage.authors import is_author, like_author
    from storage.browse.nights import find_run, recent_runs
    from storage.selection import filter_values

    there = filter_values(tx)
    said = [
        f"no record {what} {wanted!r}; there are: {_some(there[name], wanted)}"
        for name, what, wanted in (("source", "of the source", source), ("language", "in the language", language))
        if wanted is not None and not _is_there(wanted, there[name])
    ]
    if author and not is_author(tx, author):
        near = like_author(tx, author, _SHOWN)
        said.append(f"no record by {author!r}" + (f"; authors like it: {', '.join(near)}" if near else ""))
    if run and find_run(tx, run) is None:
        newest = ", ".join(one.id for one in recent_runs(tx, _SHOWN))
        said.append(f"no run {run!r}" + (f"; the newest are: {newest}" if newest else ""))
    if not said and (language or source or author or run or others):
        said = ["no record meets all filters together"]
    for line in said:
        typer.echo(f"warning: {line}", err=True)


def _is_there(wanted: str, there: list[str]) -> bool:
    return any(one == wanted or (wanted in TRANSLATABLE and one.startswith(f"{wanted}-")) for one in there)


def _some(there: list[str], wanted: str) -> str:
    """What there is, the likest first."""
    near = difflib.get_close_matches(wanted, there, 3, 0.6)
    listed = [*near, *(one for one in there if one not in near)]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more if listed else "none at all, nothing is stored yet"
