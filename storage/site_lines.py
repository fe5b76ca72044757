"""The memory of each site: short lines that stand on several of its pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ingest.model import UrlKey
from storage.store import chunks, insert_rows, short_hash
from storage.tables import site_line

RESIDUE_PAGES = 3
"""A line on so many pages of a site is not the article's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLines:
    """Of lines those that are boilerplate, and (line, page) of each that is to be noted yet."""

    boilerplate: frozenset[int]
    unknown: list[tuple[int, int]]


def remember_lines(tx: Connection, lines: Mapping[UrlKey, Collection[int]]) -> frozenset[int]:
    """Note which lines stand on which pages; the same page counts once, however often it is seen.

    Args:
        tx: the transaction.
        lines: for each record the keys of its lines; a key stands for a line of one site.

    Returns:
        Those of these lines that stand on `RESIDUE_PAGES` pages or more.
    """
    found = site_lines(tx, lines)
    insert_rows(tx, site_line, found.unknown)
    return found.boilerplate


def site_lines(tx: Connection, lines: Mapping[UrlKey, Collection[int]]) -> SiteLines:
    """What would be known of these lines once they are noted."""
    known: defaultdict[int, set[int]] = defaultdict(set)
    for chunk in chunks(sorted({key for keys in lines.values() for key in keys})):
        for key, page in tx.execute(select(site_line).where(site_line.c.key.in_(chunk))).all():
            known[key].add(page)
    met = {(key, short_hash(record_id)) for record_id, keys in lines.items() for key in keys}
    unknown = sorted((key, page) for key, page in met if page not in known[key] and len(known[key]) < RESIDUE_PAGES)
    for key, page in met:
        known[key].add(page)
    return SiteLines(boilerplate=frozenset(key for key in known if len(known[key]) >= RESIDUE_PAGES), unknown=unknown)
