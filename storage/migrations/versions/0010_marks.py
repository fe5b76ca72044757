"""Paragraphs know their links and emphasis, headings and items their level.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is stored has none until its pages are read again."""
    op.add_column("segment", sa.Column("level", sa.Integer(), nullable=True))
    op.add_column("segment", sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))
