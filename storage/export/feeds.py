"""Feeds out: the newest records as Atom (RFC 4287) or JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from heapq import nlargest
from typing import IO, cast
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import select

from storage.export.jsonl import compact
from storage.export.jsonld import name_of
from storage.record_types import Instant, RecordDict
from storage.selection import Selection, selected_ids
from storage.store import CHUNK, Transaction
from storage.tables import record
from storage.views import read_records

TITLE = "newsmill"
_SUMMARY = 300
"""Characters."""

# Readers make links of addresses: of no others.
_WEB = ("http://", "https://")
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def newest_records(tx: Transaction, target: str, selection: Selection, limit: int) -> list[RecordDict]:
    """The newest of the selected records by publication (by fetching where that is not known), newest first."""
    columns = (record.c.id, record.c.published_at, record.c.fetched_at)
    query = select(*columns).where(record.c.id.in_(selected_ids(selection)))
    rows = tx.execute(query, execution_options={"yield_per": CHUNK})
    best = nlargest(limit, ((_utc(published or fetched), key) for key, published, fetched in rows))
    return cast("list[RecordDict]", list(read_records(tx, [key for _, key in best], target)))


def write_atom(records: Sequence[RecordDict], file: IO[str]) -> int:
    """Write an Atom feed; returns how many entries. An entry's content is the text in the target language."""
    # Of an empty feed nothing was ever updated.
    updated = max((_updated(one) for one in records), default="1970-01-01T00:00:00Z")
    file.write('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n')
    file.write(f"<id>{name_of('feed')}</id>\n<title>{TITLE}</title>\n<updated>{updated}</updated>\n")
    file.write(f"<author><name>{TITLE}</name></author>\n<generator>newsmill</generator>\n")
    for one in records:
        file.write(_entry(one))
    file.write("</feed>\n")
    return len(records)


def write_json_feed(records: Sequence[RecordDict], file: IO[str]) -> int:
    """Write a JSON Feed; returns how many items."""
    items = [_item(one) for one in records]
    file.write(compact({"version": "https://jsonfeed.org/version/1.1", "title": TITLE, "items": items}) + "\n")
    return len(records)


def _entry(one: RecordDict) -> str:
    made = one["translation"]
    lines = [f"<title>{_xml(_title(one))}</title>"]
    if one["url"].startswith(_WEB):
        # Before the id, which feedparser would take for a permanent link otherwise.
        lines.append(f'<link rel="alternate" href={quoteattr(one["url"])} hreflang={quoteattr(one["language"])}/>')
    lines += [f"<id>{name_of(one['id'])}</id>", f"<updated>{_updated(one)}</updated>"]
    if one["published_at"]:
        lines.append(f"<published>{_utc(one['published_at'])}</published>")
    lines += [f"<author><name>{_xml(name)}</name></author>" for name in _authors(one)]
    lines += [f"<category term={quoteattr(_NOT_XML.sub('', tag))}/>" for tag in one["tags"]]
    if one["licence"]:
        lines.append(f"<rights>{_xml(one['licence'])}</rights>")
    lines.append(f"<summary>{_xml(_summary(made['best_text']))}</summary>")
    lines.append(f"<content xml:lang={quoteattr(_language(one))}>{_xml(made['best_text'])}</content>")
    return "<entry>\n" + "\n".join(lines) + "\n</entry>\n"


def _item(one: RecordDict) -> dict[str, object]:
    item = {
        "id": name_of(one["id"]),
        "url": one["url"] if one["url"].startswith(_WEB) else None,
        "title": _title(one),
        "content_text": one["translation"]["best_text"],
        "summary": _summary(one["translation"]["best_text"]),
        "image": one["image"] if (one["image"] or "").startswith(_WEB) else None,
        "date_published": _utc(one["published_at"]) if one["published_at"] else None,
        "date_modified": _updated(one),
        "authors": [{"name": name} for name in _authors(one)],
        "tags": one["tags"],
        "language": _language(one),
    }
    return {name: value for name, value in item.items() if value not in (None, [])}


def _title(one: RecordDict) -> str:
    """In the target language where there is one; a text without title begins with what stands in its place."""
    return one["translation"]["title"] or _summary(one["translation"]["best_text"], 80)


def _language(one: RecordDict) -> str:
    """What the text is in: that of the target once something was translated into it."""
    return one["translation"]["language"] if one["translation"]["models"] else one["language"]


def _authors(one: RecordDict) -> list[str]:
    found = [*one["authors"], *one["organisations"]]
    return found or [name for name in (one["publisher"], one["source"]) if name][:1]


def _updated(one: RecordDict) -> str:
    return _utc(one["modified_at"] or one["published_at"] or one["fetched_at"])


def _utc(instant: Instant) -> str:
    """RFC 3339 in UTC, which sorts."""
    return datetime.fromisoformat(instant).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _summary(text: str, most: int = _SUMMARY) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else words[:most].rpartition(" ")[0].rstrip(",;:–-") + " …"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
