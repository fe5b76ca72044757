"""The tables, as plain as they open in Datasette. Their history is in `migrations/`.

    run            one row a run: when, what, how it ended
    feed           one row a feed and run: what it announced
    url            one row a seed: how far it came, where its raw response lies. The truth about progress
    outcome        one row a seed and run: stored, unchanged, rejected or failed, and why
    record         one row an article, the newest revision          revision    what it said before
    segment        its paragraphs, each with a language
    translation    what a segment (or the title, position -1) is in a target language
    translation_state   how complete the translation of a record is
    memory         sentences translated before
    fingerprint    what finds the copies of a text                  anchor      its keys, by which it is found
    line           the lines of a site's texts: those in many of them are boilerplate
    link           two records that share text, with the evidence   duplicate   the cluster a record belongs to

Instants are ISO 8601 text with an offset, so that a reader sees what the page said.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

TITLE = -1
"""The position under which a title's translation is kept."""

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("status", Text, nullable=False),  # running | finished | interrupted
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("heartbeat_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("seeds", Integer, nullable=False, default=0),
    Column("summary", JSON),
)

feed = Table(
    "feed",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("reason", Text),  # why nothing could be read from it
    Column("detail", Text),
)

url = Table(
    "url",
    metadata,
    Column("key", Text, primary_key=True),  # hex SHA-256 of the canonical URL of the seed
    Column("url", Text, nullable=False),
    Column("source", Text),
    Column("via", Text, nullable=False),
    Column("feed_title", Text),
    Column("feed_published_at", Text),
    Column("state", Text, nullable=False),  # queued | fetched | done
    Column("run_id", Text, ForeignKey("run.id"), nullable=False),
    Column("archive_file", Text),
    Column("archive_offset", BigInteger),
    Column("fetched_at", Text),
    Column("text_sha256", Text),  # of the clean text that this URL gave last
    Column("record_id", Text),
    Index("url_run", "run_id", "state"),
)

outcome = Table(
    "outcome",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("key", Text, ForeignKey("url.key"), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("stage", Text),
    Column("reason", Text),
    Column("detail", Text),
    Column("record_id", Text),
    Index("outcome_key", "key"),
)

record = Table(
    "record",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("requested_url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("source", Text),
    Column("publisher", Text),
    Column("title", Text),
    Column("title_language", Text),
    Column("subtitle", Text),
    Column("authors", JSON, nullable=False),
    Column("byline", Text),
    Column("published_at", Text),
    Column("published_precision", Text),
    Column("modified_at", Text),
    Column("fetched_at", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("attribution", JSON, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("residue", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("provenance", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("run_id", Text, ForeignKey("run.id"), nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Index("record_url", "url"),
)

revision = Table(
    "revision",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("modified_at", Text),
    Column("fetched_at", Text, nullable=False),
    Column("provenance", JSON, nullable=False),
)

segment = Table(
    "segment",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("role", Text, nullable=False),
)

translation = Table(
    "translation",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("target", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("model", Text, nullable=False),
)

translation_state = Table(
    "translation_state",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("target", Text, primary_key=True),
    Column("status", Text, nullable=False),  # complete | partial | pending | not_needed
    Index("translation_state_status", "target", "status"),
)

memory = Table(
    "memory",
    metadata,
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

fingerprint = Table(
    "fingerprint",
    metadata,
    # A number of its own: keys by the million must not carry two texts each.
    Column("id", Integer, primary_key=True),
    Column("record_id", Text, ForeignKey("record.id"), nullable=False),
    Column("side", Text, nullable=False),  # "original", or the target language of a translation
    Column("language", Text, nullable=False),
    Column("exact", Text, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("version", Text, nullable=False),
    UniqueConstraint("record_id", "side"),
    Index("fingerprint_exact", "exact"),
)

anchor = Table(
    "anchor",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("text_id", Integer, ForeignKey("fingerprint.id"), primary_key=True),
    Index("anchor_text", "text_id"),
    sqlite_with_rowid=False,
)

line = Table(
    "line",
    metadata,
    Column("key", BigInteger, primary_key=True),  # of the line, its site and side
    Column("text_id", Integer, ForeignKey("fingerprint.id"), primary_key=True),
    Index("line_text", "text_id"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("a", Text, ForeignKey("record.id"), primary_key=True),
    Column("b", Text, ForeignKey("record.id"), primary_key=True),
    Column("relation", Text, nullable=False),  # exact | near | reworded | translated | quotes
    Column("score", Float, nullable=False),
    Column("side_a", Text, nullable=False),
    Column("side_b", Text, nullable=False),
    Column("spans", JSON, nullable=False),  # [[a_start, a_end, b_start, b_end], ...] in characters
    Index("link_b", "b"),
)

duplicate = Table(
    "duplicate",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("cluster", Text, nullable=False),
    Column("canonical_id", Text, nullable=False),
    Column("is_canonical", Boolean, nullable=False),
    Column("relation", Text, nullable=False),
    Column("score", Float),
    Index("duplicate_cluster", "cluster"),
)
