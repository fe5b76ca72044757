"""What copies are found by, and what was found."""

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
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import metadata

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
    Column("words", LargeBinary, nullable=False),  # ingest.dedup.words; empty where an older version stored it
    Column("collection", Boolean, nullable=False),  # whether it holds several articles
    UniqueConstraint("record_id", "side"),
    Index("fingerprint_exact", "exact"),
)

anchor = Table(
    "anchor",
    metadata,
    Column("key", Integer, primary_key=True),
    # fingerprint.id; below zero: so many texts have the key, and not all of them are kept
    Column("text_id", Integer, primary_key=True),
    Index(
        "anchor_crowded",
        "text_id",
        sqlite_where=text("text_id < 0"),
        postgresql_where=text("text_id < 0"),
    ),
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
    Column("relation", Text, nullable=False),  # ingest.link.Relation, settled from all links
    Column("score", Float, nullable=False),
    Column("side_a", Text, nullable=False),
    Column("side_b", Text, nullable=False),
    Column("spans", JSON, nullable=False),  # [[a_start, a_end, b_start, b_end], ...] in characters
    Column("compared", Text, nullable=False),  # the relation as far as these two texts tell
    Column("covered_a", Float, nullable=False),  # share of the words of a in the passages
    Column("covered_b", Float, nullable=False),
    Column("overlap", Float, nullable=False),  # of these, the one of the shorter text
    Column("conflict", Float, nullable=False),  # share of the facts that stand against each other
    # [[fact, a_start, a_end, b_start, b_end, words of a, words of b], ...]
    Column("conflicts", JSON, nullable=False),
    Column("exchanged", JSON, nullable=False, server_default="[]"),  # the same, of words that may be names or not
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
    Column("overlap", Float),  # share of the shorter text in common with the canonical record
    Column("evidence", JSON, nullable=False),  # [[rule, detail], ...]: who has it from whom
    Column("certainty", Text, nullable=False),  # yes | likely | no: whether the evidence tells the original
    Index("duplicate_cluster", "cluster"),
)
