"""What follows a run: the search index brought up to date, and the export that the settings ask for."""

from __future__ import annotations

import logging

from flows.settings import Settings
from storage.export import FEEDS, Selection, Written, export_records
from storage.search import update_index
from storage.store import Store

logger = logging.getLogger(__name__)


def export_after_run(store: Store, settings: Settings) -> Written | None:
    """Export as set under `[export]`; ``None`` where nothing is set.

    Raises:
        NewsmillError: it cannot be written, or a package is missing; the records are safe, and the old export stays.
    """
    path = settings.export.after_nightly
    if path is None:
        return None
    kind = settings.export.format
    selection = Selection(canonical_only=settings.export.canonical_only or kind in FEEDS)
    written = export_records(store, settings.translate.target, path, kind, selection)
    logger.info("%d records in %s", written.records, path)
    return written


def index_after_run(store: Store) -> int:
    """Let a search find what the run stored, without making its user wait. Returns how many records were indexed."""
    count = update_index(store)
    logger.info("%d records indexed", count)
    return count
