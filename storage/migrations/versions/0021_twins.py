"""Addresses at which an article stands in another layout, as its own page names them.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what pages name is known of those that are read from now on."""
    op.create_table(
        "twin",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("record_id", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
    )
    op.create_index("twin_record", "twin", ["record_id"])
