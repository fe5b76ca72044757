"""What follows a run: the search index brought up to date, and the export that the settings ask for.

Neither may undo a run that did its work: what goes wrong here is said, and the next time makes up for it.
"""

from __future__ import annotations

import logging

from flows.settings import Settings
from ingest.errors import NewsmillError
from storage.export import FEEDS, Selection, export_records
from storage.objects import delivered
from storage.search import update_index
from storage.search.documents import Writer, written
from storage.store import Store

logger = logging.getLogger(__name__)


def index_after_run(store: Store, write: Writer = written) -> None:
    """Let a search find what the run stored, without making its user wait; where this fails, the search does it."""
    try:
        count = update_index(store, write=write)
    except NewsmillError as error:
        logger.warning("the search index is not up to date: %s", error)
    else:
        logger.info("%d records indexed", count)


def export_after_run(store: Store, settings: Settings) -> str | None:
    """Export as set under `[export]`, if anything is. Returns why it was not written, where it was not.

    The records are safe then, and an export of an earlier run stays as it was.
    """
    path = settings.export.after_nightly
    if path is None:
        return None
    kind = settings.export.format
    selection = Selection(
        canonical_only=settings.export.canonical_only or kind in FEEDS, permitted_for=settings.export.permitted_for
    )
    try:
        with delivered(path) as room:
            written = export_records(store, settings.translate.target, room, kind, selection)
    except NewsmillError as error:
        logger.warning("not exported: %s", error)
        return str(error)
    logger.info("%d records in %s", written.records, path)
    return None
