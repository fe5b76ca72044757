"""Records into the database: added, revised, refreshed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from ingest.model import Article, Attribution, Labels, Record, Segment, UrlKey
from ingest.outcome import Outcome
from storage.links import drop_links, forget_texts
from storage.store import chunks
from storage.tables import (
    fingerprint,
    record,
    revision,
    segment,
    translation,
    translation_state,
)


def text_sha256(article: Article) -> str:
    """What decides whether an article has changed: its title and its clean text."""
    return hashlib.sha256(f"{article.title or ''}\n\n{article.text}".encode()).hexdigest()


def add_records(tx: Connection, news: Sequence[Record], run_id: str, *, refresh: bool = False) -> list[Outcome]:
    """Store records, or new revisions of those whose text has changed; several of one key in their order.

    A revision loses what was derived from the old text (translations, fingerprints, links): it is made anew.

    Args:
        tx: the transaction.
        news: the records.
        run_id: the run that made them.
        refresh: whether what is known of an unchanged text (its metadata, languages, roles) takes the place of what was
            known before; its translations stay.

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
        elif refresh and key not in fresh:
            tx.execute(update(record).where(record.c.id == key).values(**_values(new, run_id)))
            set_segments(tx, key, new.labels.segments)
        known[key] = (sha, known[key][1] + changed if key in known else 1)
    _insert(tx, fresh, run_id)
    return outcomes


def set_segments(tx: Connection, key: str, segments: Sequence[Segment]) -> None:
    """Give a record other segments. The translation of one stays if its place, text and language do."""
    old = {row.position: row for row in tx.execute(select(segment).where(segment.c.record_id == key))}
    rows = _segments(key, segments)
    same = {
        row["position"]
        for row in rows
        if (was := old.get(row["position"])) and (was.text, was.language) == (row["text"], row["language"])
    }
    stale = sorted(old.keys() - same)
    for chunk in chunks(stale):
        gone = (translation.c.record_id == key) & translation.c.position.in_(chunk)
        tx.execute(delete(translation).where(gone))
    tx.execute(delete(segment).where(segment.c.record_id == key))
    if rows:
        tx.execute(segment.insert(), rows)


def set_languages(tx: Connection, key: str, labels: Labels, detector: str) -> None:
    """Give a record other languages: of its segments, its title and the whole."""
    set_segments(tx, key, labels.segments)
    made = tx.execute(select(record.c.provenance).where(record.c.id == key)).scalar_one()
    values = {
        "title_language": labels.title_language,
        "language": labels.language,
        "languages": dict(labels.languages),
        "provenance": {**made, "detector": detector},
    }
    tx.execute(update(record).where(record.c.id == key).values(**values))


def set_flag(tx: Connection, ids: Sequence[str], flag: str, flagged: Collection[str]) -> None:
    """Let exactly those of these records that are in `flagged` have a flag."""
    for chunk in chunks(ids):
        for key, flags in tx.execute(select(record.c.id, record.c.flags).where(record.c.id.in_(chunk))).all():
            if (flag in flags) != (key in flagged):
                now = [*flags, flag] if key in flagged else [one for one in flags if one != flag]
                tx.execute(update(record).where(record.c.id == key).values(flags=now))


def set_deduplicator(tx: Connection, ids: Sequence[str], version: str) -> None:
    """Note what the fingerprints of these records were made by."""
    for chunk in chunks(ids):
        rows = tx.execute(select(record.c.id, record.c.provenance).where(record.c.id.in_(chunk))).all()
        for key, made in rows:
            values = {"provenance": {**made, "deduplicator": version}}
            tx.execute(update(record).where(record.c.id == key).values(**values))


def _insert(tx: Connection, fresh: dict[str, Record], run_id: str) -> None:
    """Write the records gathered, all at once."""
    if fresh:
        first_seen = {"revision": 1, "first_seen_at": datetime.now(UTC).isoformat()}
        rows = [{"id": key, **first_seen, **_values(new, run_id)} for key, new in fresh.items()]
        tx.execute(record.insert(), rows)
        tx.execute(
            segment.insert(), [row for new in fresh.values() for row in _segments(new.article.key, new.labels.segments)]
        )
        fresh.clear()


def _revise(tx: Connection, new: Record, number: int, run_id: str) -> None:
    key = new.article.key
    _keep_revision(tx, tx.execute(select(record).where(record.c.id == key)).one())
    _forget_derived(tx, key)
    tx.execute(update(record).where(record.c.id == key).values(revision=number, **_values(new, run_id)))
    tx.execute(segment.insert(), _segments(key, new.labels.segments))


def _segments(key: str, segments: Sequence[Segment]) -> list[dict[str, Any]]:
    return [
        {
            "record_id": key,
            "position": position,
            "text": one.text,
            "language": one.language,
            "confidence": round(one.confidence, 4),
            "role": one.role,
            "time": one.time,
            "author": one.author,
        }
        for position, one in enumerate(segments)
    ]


def _values(new: Record, run_id: str) -> dict[str, Any]:
    article = new.article
    return {
        "url": article.url,
        "requested_url": article.requested_url,
        "canonical_url": article.canonical_url,
        "source": article.source,
        "publisher": article.publisher,
        "kind": article.kind,
        "title": article.title,
        "title_language": new.labels.title_language,
        "subtitle": article.subtitle,
        "authors": list(article.authors),
        "organisations": list(article.organisations),
        "byline": article.byline,
        "published_at": _iso(article.published_at),
        "published_precision": article.published_precision,
        "modified_at": _iso(article.modified_at),
        "fetched_at": _iso(article.provenance.fetched_at),
        "dated": _iso(article.published_at or article.provenance.fetched_at),
        "section": article.section,
        "tags": list(article.tags),
        "image": article.image,
        "licence": article.licence,
        "is_free": article.is_free,
        "origins": dict(article.origins),
        "language": new.labels.language,
        "languages": dict(new.labels.languages),
        "text": article.text,
        "text_sha256": text_sha256(article),
        "attribution": _attribution(article.attribution),
        "citations": [asdict(one) for one in article.citations],
        "residue": [asdict(one) for one in article.residue],
        "flags": list(article.flags),
        **{f"{field}_confidence": value for field, value in asdict(new.confidence).items()},
        "run_id": run_id,
        "provenance": _provenance(new),
    }


def _provenance(new: Record) -> dict[str, Any]:
    known = new.article.provenance
    return {
        "status": known.status,
        "content_type": known.content_type,
        "charset": known.charset,
        "body_sha256": known.body_sha256,
        "archive": asdict(known.archive) if known.archive else None,
        "extractor": known.extractor,
        "detector": new.detector,
        "deduplicator": new.fingerprint.version,
    }


def _keep_revision(tx: Connection, old: Row[Any]) -> None:
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


def _forget_derived(tx: Connection, key: UrlKey) -> None:
    """Take away what was made from a text that is no more."""
    forget_texts(tx, tx.execute(select(fingerprint.c.id).where(fingerprint.c.record_id == key)).scalars())
    for table in (segment, translation, translation_state):
        tx.execute(delete(table).where(table.c.record_id == key))
    drop_links(tx, [key])


def _attribution(known: Attribution) -> dict[str, Any]:
    return {**asdict(known), "reposted_at": _iso(known.reposted_at), "photo_credits": list(known.photo_credits)}


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
