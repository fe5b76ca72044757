"""CSV: one row a record, for spreadsheets and statistics. docs/export.md lists the columns (a test compares)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO

from storage.shape import RecordDict

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV Injection)."""


def write_csv(records: Iterable[RecordDict], file: IO[str], *, raw: bool = False) -> int:
    """Write a heading and one row a record (RFC 4180); returns how many records.

    Args:
        records: what to write.
        file: where to.
        raw: leave a text that begins like a formula as it is, for programs; otherwise it gets an apostrophe in front,
            which spreadsheets take as "this is text".
    """
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    count = 0
    for one in records:
        cells = flat(one)
        rows.writerow(_cell(cells[name], raw) for name in COLUMNS)
        count += 1
    return count


def flat(one: RecordDict) -> dict[str, object]:
    """A record's columns. Lists become one text, parted by "; "; what is not known is ``None``."""
    copies, translated, source = one["duplicate"], one["translation"], one["attribution"]
    return {
        "id": one["id"],
        "url": one["url"],
        "canonical_url": one["canonical_url"],
        "source": one["source"],
        "publisher": one["publisher"],
        "title": one["title"],
        "subtitle": one["subtitle"],
        "authors": "; ".join(one["authors"]),
        "organisations": "; ".join(one["organisations"]),
        "published_at": one["published_at"],
        "published_precision": one["published_precision"],
        "modified_at": one["modified_at"],
        "fetched_at": one["fetched_at"],
        "section": one["section"],
        "tags": "; ".join(one["tags"]),
        "image": one["image"],
        "licence": one["licence"],
        "is_free": one["is_free"],
        "language": one["language"],
        "languages": "; ".join(f"{language} {share}" for language, share in one["languages"].items()),
        "text": one["text"],
        "translation_language": translated["language"],
        "translation_status": translated["status"],
        "translated_title": translated["title"],
        "translated_subtitle": translated["subtitle"],
        "translated_section": translated["section"],
        "translated_tags": None if translated["tags"] is None else "; ".join(translated["tags"]),
        "translated_text": translated["text"],
        "best_text": translated["best_text"],
        "kept": "; ".join(f"{kept['reason']}: {kept['sentence']}" for kept in translated["kept"]),
        "original_name": source["original_name"],
        "original_url": source["original_url"],
        "original_language": source["original_language"],
        "reposted_by": source["reposted_by"],
        "dateline": source["dateline"],
        "agency": source["agency"],
        "cited": "; ".join(cited for each in one["citations"] if (cited := each["url"] or each["name"])),
        "cluster": copies["cluster"],
        "is_canonical": copies["is_canonical"],
        "canonical_id": copies["canonical_id"],
        "relation": copies["relation"],
        "score": copies["score"],
        "overlap": copies["overlap"],
        "quotes": "; ".join(each["id"] for each in one["links"] if each["relation"] == "quotes"),
        "links": "; ".join(f"{each['relation']} {each['id']}" for each in one["links"]),
        "flags": "; ".join(one["flags"]),
        **{f"{field}_confidence": sure for field, sure in one["confidence"].items()},
        "run_id": one["provenance"]["run_id"],
        "body_sha256": one["provenance"]["body_sha256"],
    }


COLUMNS = (
    "id", "url", "canonical_url", "source", "publisher", "title", "subtitle", "authors", "organisations",
    "published_at", "published_precision", "modified_at", "fetched_at", "section", "tags", "image", "licence",
    "is_free", "language", "languages", "text", "translation_language", "translation_status", "translated_title",
    "translated_subtitle", "translated_section", "translated_tags", "translated_text", "best_text", "kept",
    "original_name", "original_url", "original_language", "reposted_by", "dateline", "agency",
    "cited", "cluster", "is_canonical", "canonical_id", "relation", "score", "overlap", "quotes", "links",
    "flags", "text_confidence", "title_confidence", "date_confidence", "authors_confidence", "run_id", "body_sha256",
)  # fmt: skip


def _cell(value: object, raw: bool) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not raw and value.startswith(_FORMULA):
        return f"'{value}"
    return value
