"""What is stored of an article: the record, its captures and versions, its paragraphs and their translations."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import metadata

record = Table(
    "record",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("requested_url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("source", Text),
    Column("publisher", Text),
    # One of ingest.model.Kind.
    Column("kind", Text, nullable=False, server_default="article"),
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
    Column("captured_at", Text, nullable=False),  # as in sighting: with the hash of the body it tells which capture
    Column("body_sha256", Text, nullable=False),
    Column("section", Text),
    Column("tags", JSON, nullable=False),
    Column("image", Text),
    Column("images", JSON, nullable=False, server_default="[]"),  # of the text: url, caption, credit, after
    Column("licence", Text),
    Column("rights", JSON),  # tdm, ai, licence, evidence; null where nobody looked
    Column("reserved", Text, nullable=False, server_default=""),  # what of it is, in words parted by spaces
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
    # How sure the record is of each, 0 to 1; null where there is nothing to be sure of.
    Column("text_confidence", Float),
    Column("title_confidence", Float),
    Column("date_confidence", Float),
    Column("authors_confidence", Float),
    Column("provenance", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("run_id", Text, ForeignKey("run.id"), nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Column("dated", Text, nullable=False),  # published_at, else fetched_at: lists go by it
    Index("record_url", "url", postgresql_using="hash"),  # a b-tree takes no more than 2,700 bytes
    # Lists, newest first, and their filters read nothing else (storage/browse): rows are long, this is short.
    Index("record_newest", "dated", "id", "language", "source", "published_at", "publisher", "text_confidence"),
)

author = Table(
    "author",
    metadata,
    Column("key", Text, primary_key=True),  # a name of `authors` in small letters (storage.authors)
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Index("author_record", "record_id"),
)

twin = Table(
    "twin",
    metadata,
    Column("key", Text, primary_key=True),  # of an address at which an article stands in another layout (storage.twins)
    Column("record_id", Text, primary_key=True),  # whose page says so
    Column("url", Text, nullable=False),
    Index("twin_record", "record_id"),
)

sighting = Table(
    "sighting",
    metadata,
    Column("record_id", Text, primary_key=True),  # of a record, or the key of an address that has none yet
    Column("captured_at", Text, primary_key=True),  # in UTC to the microsecond, so that it sorts
    Column("body_sha256", Text, primary_key=True),  # or the state of what has no body
    Column("address", Text, nullable=False),  # key of the URL that was captured
    Column("state", Text, nullable=False),  # storage.timeline.State
    Column("wording", Text, nullable=False),  # hash of title and text
    Column("as_read", Text, nullable=False),  # the same, before lines went that stand on many pages of the site
    Column("repeats", Text),  # since when nothing has changed, where the capture says so
    Column("provenance", JSON(none_as_null=True)),
    Column("run_id", Text, nullable=False),
    # Where a version begins:
    Column("number", Integer),
    Column("change", Text),  # ingest.versions.Change; not yet told, or the first
    Column("content", JSON(none_as_null=True)),  # what the record was, if it shows another version
    Index("sighting_address", "address", "captured_at"),
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
    # Of a post in a live ticker: when it was written (ISO 8601, without offset where the page tells none), by whom.
    Column("time", Text),
    Column("author", Text),
    Column("level", Integer),  # of a heading, or how deep an item stands
    Column("marks", JSON, nullable=False),  # links and emphasis, with their places
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
    Column("doubtful", JSON, nullable=False, server_default="[]"),  # [[sentence, what may be lost], ...]
)

translation_state = Table(
    "translation_state",
    metadata,
    Column("record_id", Text, ForeignKey("record.id"), primary_key=True),
    Column("target", Text, primary_key=True),
    Column("status", Text, nullable=False),  # complete | partial | pending | unsupported | not_needed
    Index("translation_state_status", "target", "status"),
)

memory = Table(
    "memory",
    metadata,
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
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
