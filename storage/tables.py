"""The tables, as plain as they open in Datasette. Their history is in `migrations/`.

    run            one row a run: when, what, how it ended
    worker         one row a process that works: who, and when it was last heard of
    listing        one row a feed, sitemap or section page and run: what it announced
    source_run     one row a source and run: how many articles it announced, how many were expected
    url            one row an address: how far it came, where its raw response lies. The truth about progress
    queue          one row a seed of an open run that has no outcome yet
    claim          which worker has which seed in hand
    capture        one row a response in the archive: whose, when, where it lies
    outcome        one row a seed and run: stored, unchanged, rejected or failed, and why
    record         one row an article, the newest revision          revision    what it said before
    segment        its paragraphs, each with a language
    translation    what a segment (or the title, position -1) is in a target language
    translation_state   how complete the translation of a record is
    memory         sentences translated before
    fingerprint    what finds the copies of a text                  anchor      its keys, by which it is found
    line           the lines of a site's texts: those in many of them are boilerplate
    site_line      short lines by page: on three pages of a site they are residue
    link           two records that share text, with the evidence   duplicate   the cluster a record belongs to
    unlinked       pairs that a person said are no copies of each other

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
    LargeBinary,
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
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("continued_by", Text),  # the run that took over its seeds
    Column("seeds", Integer, nullable=False, default=0),
    Column("refresh", Boolean, nullable=False),  # what whoever works on its seeds must know
    Column("source_delays", JSON, nullable=False),
    Column("summary", JSON),
)

worker = Table(
    "worker",
    metadata,
    Column("id", Text, primary_key=True),  # of the run that it owns, or its own
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("heartbeat_at", Text, nullable=False),
)

listing = Table(
    "listing",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text),  # rss | atom | rdf | json_feed | sitemap | ... | page; unknown where it could not be read
    Column("entries", Integer, nullable=False),  # of an unmodified one: what it had when it was read last
    Column("unmodified", Boolean, nullable=False),
    Column("reason", Text),  # why nothing could be read from it
    Column("detail", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_sha256", Text),
    Column("full_at", Text),  # when it was last read in full
    Index("listing_url", "url"),
)

source_run = Table(
    "source_run",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("announced", Integer, nullable=False),
    Column("expected", Integer),  # [expect] min_articles of sources.toml
)

url = Table(
    "url",
    metadata,
    Column("key", Text, primary_key=True),  # hex SHA-256 of the canonical URL of the seed
    Column("url", Text, nullable=False),
    Column("source", Text),
    Column("language", Text),  # what the source mostly writes in
    Column("via", Text, nullable=False),
    Column("feed_title", Text),
    Column("feed_published_at", Text),
    Column("state", Text, nullable=False),  # queued | fetched | done
    Column("archive_file", Text),
    Column("archive_offset", BigInteger),
    Column("fetched_at", Text),
    Column("text_sha256", Text),  # of the clean text that this URL gave last
    Column("record_id", Text),
    Column("etag", Text),  # of the response that gave the record
    Column("last_modified", Text),
    Column("body_sha256", Text),
    Column("full_at", Text),  # when a response last came in full
    Column("settled_at", Text),  # when it last got an outcome
)

queue = Table(
    "queue",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("key", Text, ForeignKey("url.key"), primary_key=True),
    Column("turn", Integer, nullable=False),  # its place in the queue of the run
    Column("site", Text, nullable=False),  # that will be asked for it; empty where none will
    Column("share", Integer, nullable=False),  # a number that all seeds of a site have: shares sites out to workers
    Column("local", Boolean, nullable=False),  # whether it lies on the machine of the run
    Index("queue_turn", "run_id", "turn"),
    Index("queue_key", "key"),
)

claim = Table(
    "claim",
    metadata,
    Column("key", Text, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("rests_until", Text),  # once the seed is settled: before that nobody else asks the site
)

capture = Table(
    "capture",
    metadata,
    Column("archive_file", Text, primary_key=True),
    Column("archive_offset", BigInteger, primary_key=True),
    Column("url_key", Text, nullable=False),  # of the seed, as in url; captures outlive its row there
    Column("url", Text, nullable=False),  # that answered
    Column("fetched_at", Text, nullable=False),  # in UTC to the microsecond, so that it sorts
    Column("status", Integer),
    Column("content_type", Text),
    Column("body_sha256", Text, nullable=False),
    Column("body_bytes", BigInteger, nullable=False),
    Column("run_id", Text, ForeignKey("run.id"), nullable=False),
    Index("capture_key", "url_key", "fetched_at"),
    Index("capture_body", "body_sha256"),
    Index("capture_run", "run_id"),
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
    Column("organisations", JSON, nullable=False),
    Column("byline", Text),
    Column("published_at", Text),
    Column("published_precision", Text),
    Column("modified_at", Text),
    Column("fetched_at", Text, nullable=False),
    Column("section", Text),
    Column("tags", JSON, nullable=False),
    Column("image", Text),
    Column("licence", Text),
    Column("is_free", Boolean),
    Column("origins", JSON, nullable=False),  # field: where its value was found
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
    Column("dated", Text, nullable=False),  # published_at, else fetched_at: lists go by it
    Index("record_url", "url"),
    # Lists, newest first, and their filters read nothing else (storage/browse): rows are long, this is short.
    Index("record_newest", "dated", "id", "language", "source", "published_at"),
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
    Column("kept", JSON, nullable=False),  # [[sentence, why it stayed in its language], ...]
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
    Column("exact", BigInteger, nullable=False),  # the first 64 bits of the hash of the token sequence
    Column("tokens", Integer, nullable=False),
    Column("version", Text, nullable=False),
    # What stands of this text in `anchor` and `line`, 4 and 8 bytes a key: cheaper than indexes there.
    Column("anchors", LargeBinary, nullable=False),
    Column("lines", LargeBinary, nullable=False),
    UniqueConstraint("record_id", "side"),
    Index("fingerprint_exact", "exact"),
)

anchor = Table(
    "anchor",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("text_id", Integer, primary_key=True),  # fingerprint.id; 0 alone: too many texts have it
    sqlite_with_rowid=False,
)

line = Table(
    "line",
    metadata,
    Column("key", BigInteger, primary_key=True),  # of the line, its site and side
    Column("text_id", Integer, primary_key=True),  # fingerprint.id
    sqlite_with_rowid=False,
)

site_line = Table(
    "site_line",
    metadata,
    Column("key", BigInteger, primary_key=True),  # of the line and its site
    Column("page", BigInteger, primary_key=True),  # the first 64 bits of the record's id
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

unlinked = Table(
    "unlinked",
    metadata,
    Column("a", Text, ForeignKey("record.id"), primary_key=True),  # a < b
    Column("b", Text, ForeignKey("record.id"), primary_key=True),
    Index("unlinked_b", "b"),
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
    Column("evidence", JSON, nullable=False),  # [[rule, detail], ...]: who has it from whom
    Column("certain", Boolean, nullable=False),  # whether the evidence tells the original
    Index("duplicate_cluster", "cluster"),
)

change = Table(
    "change",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),  # grows whenever something that is exported has changed
    Column("digest", Text, nullable=False),  # of what is exported, so that what was only written again does not count
    Index("change_number", "number"),
)

mark = Table(
    "mark",
    metadata,
    Column("id", Text, primary_key=True),  # drawn at random: writers that commit in any order never meet
    Column("record_id", Text, nullable=False),  # written to since it got its number in `change`
    Index("mark_record", "record_id"),
)
