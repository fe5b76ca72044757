"""Records into the database: added, revised, refreshed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from ingest.model import Article, Labels, Record, Segment, UrlKey
from ingest.outcome import Outcome
from ingest.record import rights_value, segment_values, values_of
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


def set_rights(tx: Connection, articles: Mapping[str, Article]) -> None:
    """Note what is said now of the use of records whose text is as it was, where it is something else than before."""
    for chunk in chunks(list(articles)):
        for key, before in tx.execute(select(record.c.id, record.c.rights).where(record.c.id.in_(chunk))).all():
            now = rights_value(articles[key].rights)
            if _undated(now) != _undated(before):
                values = {"rights": now, "reserved": " ".join(articles[key].rights.reserved)}
                tx.execute(update(record).where(record.c.id == key).values(**values))


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
        rows = [{**first_seen, **_values(new, run_id)} for new in fresh.values()]
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
    return [{"record_id": key, **values} for values in segment_values(segments)]


def _values(new: Record, run_id: str) -> dict[str, Any]:
    values = values_of(new)
    return {
        **{f"{field}_confidence": sure for field, sure in values.pop("confidence").items()},
        **values,
        "title_language": new.labels.title_language,
        "residue": [asdict(one) for one in new.article.residue],
        "dated": values["published_at"] or values["fetched_at"],
        "text_sha256": text_sha256(new.article),
        "reserved": " ".join(new.article.rights.reserved),
        "run_id": run_id,
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


def _undated(rights: Mapping[str, Any] | None) -> list[Any]:
    return [{**one, "seen_at": None} for one in rights["evidence"]] if rights else []
