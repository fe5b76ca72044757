"""What runs do: the runs, who works on them, what was announced, and how far each address came."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import metadata

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
    Column("given", JSON),  # files, and which captures in them are wanted: a run after it goes on with them
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
    Index("url_record", "record_id"),
    Index("url_source", "source", "key"),
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
    Column("deaths", Integer, nullable=False, server_default="0"),  # of workers that had it in hand
    Index("queue_turn", "run_id", "turn"),
    Index("queue_key", "key"),
)

reach = Table(
    "reach",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("file", Text, primary_key=True),  # an archive that is looked through
    Column("choice", Text, primary_key=True),  # which of its captures are wanted; empty where all are
    Column("content", Text, nullable=False),  # size, time and hash of what was read: what tells the file from another
    Column("offset", BigInteger, nullable=False),  # all records before this byte are seeds, or need not be
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

reading = Table(
    "reading",
    metadata,
    Column("key", Text, ForeignKey("url.key"), primary_key=True),
    Column("body_sha256", Text, nullable=False),
    Column("reader", Text, nullable=False),  # what read it: version, type and address of the response
    Column("stage", Text),  # why it is no record; empty where it became one
    Column("reason", Text),
    Column("detail", Text),
    Column("archive_file", Text),  # where the body lies
    Column("archive_offset", BigInteger),
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
    Index("outcome_key", "key", "run_id", "outcome"),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("name", Text, primary_key=True),  # key of an address, id of a record, or a host
    Column("said", Text, nullable=False),  # the address or host itself
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
