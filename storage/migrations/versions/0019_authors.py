"""Records are found by their authors, in any case; sources and unsure texts from indexes alone.

Revision ID: 0019
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_LONGEST = 200
_LISTED = ["dated", "id", "language", "source", "published_at", "publisher", "text_confidence"]
_RECORD = sa.table("record", sa.column("id", sa.Text), sa.column("authors", sa.JSON))


def upgrade() -> None:
    """Make the indexes, and the table of authors; fill it from the records."""
    made = op.create_table(
        "author",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("record_id", sa.Text(), sa.ForeignKey("record.id"), primary_key=True),
    )
    op.create_index("author_record", "author", ["record_id"])
    op.create_index("url_source", "url", ["source", "key"])
    op.drop_index("outcome_key", "outcome")
    op.create_index("outcome_key", "outcome", ["key", "run_id", "outcome"])
    op.drop_index("record_newest", "record")
    op.create_index("record_newest", "record", _LISTED)
    connection = op.get_bind()
    after = ""
    while True:
        query = sa.select(_RECORD).where(_RECORD.c.id > after).order_by(_RECORD.c.id).limit(_AT_ONCE)
        found = connection.execute(query).all()
        if not found:
            return
        after = found[-1].id
        rows = [{"key": key, "record_id": row.id} for row in found for key in sorted(set(map(_key, row.authors or ())))]
        if rows:
            op.bulk_insert(made, rows)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:_LONGEST]
