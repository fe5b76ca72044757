"""The memory of each site: short lines that stand on several of its pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from ingest.model import UrlKey
from storage.store import by_key, chunks, insert, short_hash
from storage.tables import site_line

RESIDUE_PAGES = 3
"""A line on so many pages of a site is not the article's own."""


def remember_lines(tx: Connection, lines: Mapping[UrlKey, Collection[int]]) -> set[int]:
    """Note which lines stand on which pages; the same page counts once, however often it is seen.

    Args:
        tx: the transaction.
        lines: for each record the keys of its lines; a key stands for a line of one site.

    Returns:
        Those of these lines that stand on `RESIDUE_PAGES` pages or more.
    """
    every = sorted({key for keys in lines.values() for key in keys})
    before = _pages(tx, every)
    rows = [
        {"key": key, "page": short_hash(record_id)}
        for record_id, keys in lines.items()
        for key in sorted(set(keys))
        if before.get(key, 0) < RESIDUE_PAGES
    ]
    for chunk in chunks(rows):
        tx.execute(insert(tx, site_line).on_conflict_do_nothing(), list(chunk))
    return {key for key, pages in _pages(tx, every).items() if pages >= RESIDUE_PAGES}


def _pages(tx: Connection, keys: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in chunks(sorted(keys)):
        query = select(site_line.c.key, func.count()).where(site_line.c.key.in_(chunk)).group_by(site_line.c.key)
        found |= by_key(tx.execute(query))
    return found
