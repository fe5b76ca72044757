"""Archives are looked through portion by portion, and gone on with where a run died.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a run was given, and how far it came; of older runs neither is known."""
    op.add_column("run", sa.Column("given", sa.JSON()))
    op.create_table(
        "reach",
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("file", sa.Text(), primary_key=True),
        sa.Column("choice", sa.Text(), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
    )
