"""Records in the database: add, revise, read back as values of the export."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from ingest.model import Article, Record
from ingest.outcome import Outcome
from storage.store import chunks
from storage.tables import (
    anchor,
    duplicate,
    fingerprint,
    line,
    link,
    record,
    revision,
    segment,
    translation,
    translation_state,
)


def text_sha256(article: Article) -> str:
    """What decides whether an article has changed: its title and its clean text."""
    return hashlib.sha256(f"{article.title or ''}\n\n{article.text}".encode()).hexdigest()


def add_records(tx: Connection, news: Sequence[Record], run_id: str) -> list[Outcome]:
    """Store records, or new revisions of those whose text has changed; several of one key in their order.

    A revision loses what was derived from the old text (translations, fingerprints, links): it is made anew.

    Returns:
        For each STORED, or UNCHANGED where the very same text is stored already.
    """
    known: dict[str, tuple[str, int]] = {}
    for chunk in chunks([new.article.key for new in news]):
        query = select(record.c.id, record.c.text_sha256, record.c.revision).where(record.c.id.in_(chunk))
        known |= {key: (sha, number) for key, sha, number in tx.execute(query)}
    outcomes: list[Outcome] = []
    fresh: dict[str, Record] = {}
    for new in news:
        key, sha = new.article.key, text_sha256(new.article)
        changed = key not in known or known[key][0] != sha
        outcomes.append(Outcome.STORED if changed else Outcome.UNCHANGED)
        if changed and key in known:
            if key in fresh:
                _insert(tx, fresh, run_id)
            _revise(tx, new, known[key][1] + 1, run_id)
        elif changed:
            fresh[key] = new
        known[key] = (sha, known[key][1] + changed if key in known else 1)
    _insert(tx, fresh, run_id)
    return outcomes


def _insert(tx: Connection, fresh: dict[str, Record], run_id: str) -> None:
    """Write the records gathered, all at once."""
    if fresh:
        first_seen = {"revision": 1, "first_seen_at": datetime.now(UTC).isoformat()}
        rows = [{"id": key, **first_seen, **_values(new, run_id)} for key, new in fresh.items()]
        tx.execute(record.insert(), rows)
        tx.execute(segment.insert(), [row for new in fresh.values() for row in _segments(new)])
        fresh.clear()


def _revise(tx: Connection, new: Record, number: int, run_id: str) -> None:
    key = new.article.key
    _keep_revision(tx, tx.execute(select(record).where(record.c.id == key)).one())
    tx.execute(update(record).where(record.c.id == key).values(revision=number, **_values(new, run_id)))
    tx.execute(segment.insert(), _segments(new))


def find_record(tx: Connection, name: str) -> str | None:
    """The id of the record with this URL or id (or the start of one, of 6 characters or more), if there is one."""
    query = select(record.c.id).where(
        or_(record.c.id == name, record.c.url == name, record.c.canonical_url == name, record.c.requested_url == name)
    )
    found = tx.execute(query.order_by(record.c.id).limit(1)).scalar()
    if found is None and len(name) >= 6 and all(character in "0123456789abcdef" for character in name):
        starts = tx.execute(select(record.c.id).where(record.c.id.startswith(name)).limit(2)).scalars().all()
        found = starts[0] if len(starts) == 1 else None
    return found


def read_records(tx: Connection, ids: Sequence[str], target: str) -> Iterator[dict[str, Any]]:
    """Records as the export has them (docs/record.md), in the order of `ids`, translations in language `target`."""
    for chunk in chunks(ids):
        rows = {row.id: row._asdict() for row in tx.execute(select(record).where(record.c.id.in_(chunk)))}
        segments = _grouped(tx, select(segment).where(segment.c.record_id.in_(chunk)).order_by(segment.c.position))
        wanted = translation.c.record_id.in_(chunk) & (translation.c.target == target)
        translations = _grouped(tx, select(translation).where(wanted))
        wanted = translation_state.c.record_id.in_(chunk) & (translation_state.c.target == target)
        states = _grouped(tx, select(translation_state).where(wanted))
        duplicates = _grouped(tx, select(duplicate).where(duplicate.c.record_id.in_(chunk)))
        links = _links(tx, chunk)
        for key in chunk:
            if key in rows:
                status = states[key][0]["status"] if key in states else "pending"
                parts = segments.get(key, [])
                yield {
                    **_described(rows[key]),
                    **_translated(rows[key], parts, translations.get(key, []), target, status),
                    "attribution": rows[key]["attribution"],
                    "citations": rows[key]["citations"],
                    "duplicate": _duplicate(key, duplicates.get(key)),
                    "links": links.get(key, []),
                    "flags": rows[key]["flags"],
                    "provenance": {**rows[key]["provenance"], "run_id": rows[key]["run_id"]},
                }


def read_residue(tx: Connection, record_id: str) -> list[dict[str, Any]]:
    """What was taken out of a record's text: [{"text", "rule", "moved_to"}, ...]."""
    found: list[dict[str, Any]] = tx.execute(select(record.c.residue).where(record.c.id == record_id)).scalar_one()
    return found


def all_ids(tx: Connection, *, canonical_only: bool = False, language: str | None = None) -> list[str]:
    """The ids of all records, sorted; without the copies, or of one language, if wanted."""
    query = select(record.c.id).order_by(record.c.id)
    if language is not None:
        query = query.where(record.c.language == language)
    if canonical_only:
        copies = select(duplicate.c.record_id).where(duplicate.c.is_canonical.is_(False))
        query = query.where(record.c.id.not_in(copies))
    return list(tx.execute(query).scalars())


def _segments(new: Record) -> list[dict[str, Any]]:
    return [
        {
            "record_id": new.article.key,
            "position": position,
            "text": one.text,
            "language": one.language,
            "confidence": round(one.confidence, 4),
            "role": one.role,
        }
        for position, one in enumerate(new.segments)
    ]


def _values(new: Record, run_id: str) -> dict[str, Any]:
    article, provenance = new.article, new.article.provenance
    return {
        "url": article.url,
        "requested_url": article.requested_url,
        "canonical_url": article.canonical_url,
        "source": article.source,
        "publisher": article.publisher,
        "title": article.title,
        "title_language": new.title_language,
        "subtitle": article.subtitle,
        "authors": list(article.authors),
        "byline": article.byline,
        "published_at": _iso(article.published_at),
        "published_precision": article.published_precision,
        "modified_at": _iso(article.modified_at),
        "fetched_at": _iso(provenance.fetched_at),
        "language": new.language,
        "languages": dict(new.languages),
        "text": article.text,
        "text_sha256": text_sha256(article),
        "attribution": asdict(article.attribution),
        "citations": [asdict(one) for one in article.citations],
        "residue": [asdict(one) for one in article.residue],
        "flags": list(article.flags),
        "run_id": run_id,
        "provenance": {
            "status": provenance.status,
            "content_type": provenance.content_type,
            "charset": provenance.charset,
            "body_sha256": provenance.body_sha256,
            "archive": asdict(provenance.archive) if provenance.archive else None,
            "extractor": provenance.extractor,
            "detector": new.detector,
            "deduplicator": new.fingerprint.version,
        },
    }


def _keep_revision(tx: Connection, old: Any) -> None:  # noqa: ANN401 - a row of `record`
    tx.execute(
        revision.insert().values(
            record_id=old.id,
            revision=old.revision,
            title=old.title,
            text=old.text,
            modified_at=old.modified_at,
            fetched_at=old.fetched_at,
            provenance={**old.provenance, "run_id": old.run_id},
        )
    )
    texts = select(fingerprint.c.id).where(fingerprint.c.record_id == old.id)
    for table in (anchor, line):
        tx.execute(delete(table).where(table.c.text_id.in_(texts)))
    for table in (segment, translation, translation_state, fingerprint):
        tx.execute(delete(table).where(table.c.record_id == old.id))
    tx.execute(delete(link).where(or_(link.c.a == old.id, link.c.b == old.id)))


def _described(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "id",
        "url",
        "requested_url",
        "canonical_url",
        "source",
        "publisher",
        "title",
        "subtitle",
        "authors",
        "byline",
        "published_at",
        "published_precision",
        "modified_at",
        "fetched_at",
        "language",
        "languages",
        "text",
    )
    return {"schema": "newsmill/record@1", **{name: row[name] for name in names}}


def _translated(
    row: Mapping[str, Any], parts: list[Mapping[str, Any]], found: list[Mapping[str, Any]], target: str, status: str
) -> dict[str, Any]:
    known = {one["position"]: one["text"] for one in found}
    segments = [
        {name: part[name] for name in ("text", "language", "confidence", "role")}
        | {"translation": known.get(part["position"])}
        for part in parts
    ]
    whole = {
        "language": target,
        "title": known.get(-1, row["title"]),
        "text": "\n\n".join(one["translation"] or one["text"] for one in segments),
        "status": status,
        "models": sorted({one["model"] for one in found}),
    }
    return {"segments": segments, "translation": whole}


def _duplicate(key: str, rows: list[Mapping[str, Any]] | None) -> dict[str, Any]:
    if rows is None:
        return {"cluster": key, "is_canonical": True, "canonical_id": key, "relation": "original", "score": None}
    return {name: rows[0][name] for name in ("cluster", "is_canonical", "canonical_id", "relation", "score")}


def _links(tx: Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The quotations, seen from both ends; spans are [own start, own end, other's start, other's end]."""
    found: dict[str, list[dict[str, Any]]] = {}
    quotes = select(link).where(link.c.relation == "quotes").order_by(link.c.a, link.c.b)
    wanted = set(ids)
    for row in tx.execute(quotes.where(or_(link.c.a.in_(ids), link.c.b.in_(ids)))):
        if row.a in wanted:
            found.setdefault(row.a, []).append(
                {"relation": "quotes", "id": row.b, "score": row.score, "spans": row.spans}
            )
        if row.b in wanted:
            spans = [[b_start, b_end, a_start, a_end] for a_start, a_end, b_start, b_end in row.spans]
            found.setdefault(row.b, []).append(
                {"relation": "quoted_by", "id": row.a, "score": row.score, "spans": spans}
            )
    return found


def _grouped(tx: Connection, query: Any) -> dict[str, list[Mapping[str, Any]]]:  # noqa: ANN401 - any select
    groups: dict[str, list[Mapping[str, Any]]] = {}
    rows: Iterable[Any] = tx.execute(query)
    for row in rows:
        groups.setdefault(row.record_id, []).append(row._asdict())
    return groups


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
