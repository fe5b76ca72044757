"""What stands in records is text: the halves of characters and controls that 0.1.0 let through go.

Its databases could neither be exported nor searched where a page had put such a thing among its tags.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from ingest.value import well_formed_json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXTS = (
    *("url", "requested_url", "canonical_url", "source", "publisher", "title", "subtitle", "byline", "section"),
    *("image", "licence", "text"),
)
_LISTS = ("authors", "organisations", "tags", "origins", "languages", "attribution", "citations", "residue", "flags")
_RECORD = sa.table(
    "record",
    sa.column("id", sa.Text),
    *(sa.column(name, sa.Text) for name in _TEXTS),
    *(sa.column(name, sa.JSON) for name in (*_LISTS, "provenance")),
)
_SEGMENT = sa.table(
    "segment", sa.column("record_id", sa.Text), sa.column("position", sa.Integer), sa.column("text", sa.Text)
)


def upgrade() -> None:
    """Repair the records that need it, and have PostgreSQL find addresses of any length."""
    connection = op.get_bind()
    for row in _unfit(connection, sa.select(_RECORD)):
        texts = {name: row[name] for name in row.keys() - {"id"}}
        connection.execute(sa.update(_RECORD).where(_RECORD.c.id == row["id"]).values(**texts))
    for row in _unfit(connection, sa.select(_SEGMENT)):
        same = (_SEGMENT.c.record_id == row["record_id"]) & (_SEGMENT.c.position == row["position"])
        connection.execute(sa.update(_SEGMENT).where(same).values(text=row["text"]))
    if connection.dialect.name == "postgresql":
        op.drop_index("record_url", "record")
        op.create_index("record_url", "record", ["url"], postgresql_using="hash")


def _unfit(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    """The rows that hold what is no text, as they should be."""
    rows = (dict(row) for row in connection.execute(query.execution_options(yield_per=500)).mappings())
    pairs = ((row, {name: well_formed_json(value) for name, value in row.items()}) for row in rows)
    return [fit for row, fit in pairs if fit != row]
