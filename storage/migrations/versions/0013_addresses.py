"""The addresses that gave a record are found by it, and a new one is a change of the record.

Revision ID: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index what each address gave, and note in `mark` whose addresses change (see storage/changes.py)."""
    op.create_index("url_record", "url", ["record_id"])
    for statement in _marks(op.get_bind().dialect.name):
        op.execute(statement)


def _marks(dialect: str) -> list[str]:
    if dialect == "postgresql":
        return [
            """
            CREATE FUNCTION mark_url() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO mark (id, record_id)
                SELECT gen_random_uuid()::text, key
                FROM (SELECT OLD.record_id AS key UNION SELECT NEW.record_id) AS one
                WHERE key IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM mark WHERE record_id = one.key AND xmin = pg_current_xact_id()::xid
                );
                RETURN NULL;
            END $$
            """,
            """
            CREATE TRIGGER url_update_mark AFTER UPDATE ON url FOR EACH ROW
            WHEN ((OLD.record_id, OLD.text_sha256) IS DISTINCT FROM (NEW.record_id, NEW.text_sha256))
            EXECUTE FUNCTION mark_url()
            """,
        ]
    return [
        f"CREATE TRIGGER url_{row.lower()}_mark AFTER UPDATE OF record_id, text_sha256 ON url "  # noqa: S608
        f"WHEN {row}.record_id IS NOT NULL "
        "AND (OLD.record_id IS NOT NEW.record_id OR OLD.text_sha256 IS NOT NEW.text_sha256) "
        f"AND NOT EXISTS (SELECT 1 FROM mark WHERE record_id = {row}.record_id) "
        f"BEGIN INSERT INTO mark (id, record_id) VALUES (hex(randomblob(16)), {row}.record_id); END"
        for row in ("OLD", "NEW")
    ]
