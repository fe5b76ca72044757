"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from ingest.discover.dates import read_moment
from ingest.discover.listing import BadListingError, Entry, Kind, Listing, entry_of, newest_first, squeeze
from ingest.model import Page

MAX_ENTRIES = 1_000
"""Most entries of a feed that are read."""


def read_json_feed(text: str, page: Page) -> Listing:
    """Read a JSON Feed.

    Raises:
        BadListingError: it is no JSON, or JSON of another kind.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:  # nested a thousand levels deep, or a number of 5,000 digits
        raise BadListingError(f"JSON that cannot be read: {type(error).__name__}: {error}"[:300]) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise BadListingError("JSON, but no JSON Feed: look for a feed of the site in RSS or Atom")
    entries = [entry for item in items[:MAX_ENTRIES] if isinstance(item, dict) and (entry := _entry(item, page))]
    if items and not entries and "version" not in feed:
        raise BadListingError("JSON with items that have no address, so no JSON Feed")
    notes = (f"{len(items):,} entries: only the first {MAX_ENTRIES:,} were read",) if len(items) > MAX_ENTRIES else ()
    return Listing(
        kind=Kind.JSON_FEED,
        entries=newest_first(entries),
        found=len(items),
        title=squeeze(_text(feed, "title")) or None,
        language=_text(feed, "language") or None,
        notes=notes,
    )


def _entry(item: dict[str, Any], page: Page) -> Entry | None:
    identity = _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url") or (identity if identity.startswith("http") else "")
    date = _text(item, "date_published") or _text(item, "date_modified")
    return entry_of(
        page,
        Kind.JSON_FEED,
        link,
        title=_text(item, "title"),
        moment=read_moment(date, page.fetched_at),
        language=_text(item, "language"),
    )


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
