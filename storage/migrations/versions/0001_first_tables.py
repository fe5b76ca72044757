"""The tables of the first version.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the view that people open first."""
    op.create_table(
        "anchor",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "text_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "change",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("change_number", "change", ["number"], unique=False)
    op.create_table(
        "claim",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("rests_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "line",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "text_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mark_record", "mark", ["record_id"], unique=False)
    op.create_table(
        "memory",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("continued_by", sa.Text(), nullable=True),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("refresh", sa.Boolean(), nullable=False),
        sa.Column("source_delays", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "site_line",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "page"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "url",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("feed_title", sa.Text(), nullable=True),
        sa.Column("feed_published_at", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("archive_file", sa.Text(), nullable=True),
        sa.Column("archive_offset", sa.BigInteger(), nullable=True),
        sa.Column("fetched_at", sa.Text(), nullable=True),
        sa.Column("text_sha256", sa.Text(), nullable=True),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=True),
        sa.Column("full_at", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("heartbeat_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "capture",
        sa.Column("archive_file", sa.Text(), nullable=False),
        sa.Column("archive_offset", sa.BigInteger(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("archive_file", "archive_offset"),
    )
    op.create_index("capture_body", "capture", ["body_sha256"], unique=False)
    op.create_index("capture_key", "capture", ["url_key", "fetched_at"], unique=False)
    op.create_index("capture_run", "capture", ["run_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("unmodified", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=True),
        sa.Column("full_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "url"),
    )
    op.create_index("listing_url", "listing", ["url"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"],
            ["url.key"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "key"),
    )
    op.create_index("outcome_key", "outcome", ["key"], unique=False)
    op.create_table(
        "queue",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["url.key"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "key"),
    )
    op.create_index("queue_key", "queue", ["key"], unique=False)
    op.create_index("queue_turn", "queue", ["run_id", "turn"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("requested_url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("title_language", sa.Text(), nullable=True),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("is_free", sa.Boolean(), nullable=True),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("attribution", sa.JSON(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("residue", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.Column("dated", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("record_newest", "record", ["dated", "id", "language", "source", "published_at"], unique=False)
    op.create_index("record_url", "record", ["url"], unique=False)
    op.create_table(
        "source_run",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "source"),
    )
    op.create_table(
        "duplicate",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("canonical_id", sa.Text(), nullable=False),
        sa.Column("is_canonical", sa.Boolean(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("duplicate_cluster", "duplicate", ["cluster"], unique=False)
    op.create_table(
        "fingerprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("exact", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("anchors", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("record_id", "side"),
    )
    op.create_index("fingerprint_exact", "fingerprint", ["exact"], unique=False)
    op.create_table(
        "link",
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("side_a", sa.Text(), nullable=False),
        sa.Column("side_b", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["a"],
            ["record.id"],
        ),
        sa.ForeignKeyConstraint(
            ["b"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("a", "b"),
    )
    op.create_index("link_b", "link", ["b"], unique=False)
    op.create_table(
        "revision",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("record_id", "revision"),
    )
    op.create_table(
        "segment",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("record_id", "position"),
    )
    op.create_table(
        "translation",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("record_id", "target", "position"),
    )
    op.create_table(
        "translation_state",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("record_id", "target"),
    )
    op.create_index("translation_state_status", "translation_state", ["target", "status"], unique=False)
    op.create_table(
        "unlinked",
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["a"],
            ["record.id"],
        ),
        sa.ForeignKeyConstraint(
            ["b"],
            ["record.id"],
        ),
        sa.PrimaryKeyConstraint("a", "b"),
    )
    op.create_index("unlinked_b", "unlinked", ["b"], unique=False)

    op.execute(
        """
        CREATE VIEW records AS
        SELECT record.id, record.title, record.source, record.publisher, record.published_at, record.language,
               translation_state.target, translation_state.status AS translation_status,
               title.text AS translated_title,
               COALESCE(duplicate.relation, 'original') AS relation, duplicate.canonical_id, record.url, record.text
        FROM record
        LEFT JOIN translation_state ON translation_state.record_id = record.id
        LEFT JOIN translation AS title
               ON title.record_id = record.id AND title.target = translation_state.target AND title.position = -1
        LEFT JOIN duplicate ON duplicate.record_id = record.id
        """
    )
    for statement in _marks(op.get_bind().dialect.name):
        op.execute(statement)


_WRITTEN = {
    "record": ("id",),
    "segment": ("record_id",),
    "translation": ("record_id",),
    "translation_state": ("record_id",),
    "duplicate": ("record_id",),
    "link": ("a", "b"),
}
"""What an export reads, and where each table names the records."""


def _marks(dialect: str) -> list[str]:
    """Triggers that note in `mark` which records are written to, whoever writes (see storage/changes.py)."""
    if dialect == "postgresql":
        return [one for table, columns in _WRITTEN.items() for one in _postgresql_marks(table, columns)]
    return [
        f"CREATE TRIGGER {table}_{column}_{event.lower()}_mark AFTER {event} ON {table} "  # noqa: S608
        f"WHEN NOT EXISTS (SELECT 1 FROM mark WHERE record_id = {row}.{column}) "
        f"BEGIN INSERT INTO mark (id, record_id) VALUES (hex(randomblob(16)), {row}.{column}); END"
        for table, columns in _WRITTEN.items()
        for column in columns
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ]


def _postgresql_marks(table: str, columns: tuple[str, ...]) -> list[str]:
    """One row a transaction and record, shared by no two transactions: writers do not wait for each other."""
    touched = " UNION ".join(f"SELECT {column} AS key FROM touched" for column in columns)  # noqa: S608
    function = f"""
        CREATE FUNCTION mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO mark (id, record_id)
            SELECT gen_random_uuid()::text, key FROM (SELECT DISTINCT key FROM ({touched}) AS keys) AS one
            WHERE NOT EXISTS (
                SELECT 1 FROM mark WHERE record_id = one.key AND xmin = pg_current_xact_id()::xid
            );
            RETURN NULL;
        END $$
        """  # noqa: S608
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_{event.lower()}_mark AFTER {event} ON {table} "
            f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()"
            for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
        ),
    ]
