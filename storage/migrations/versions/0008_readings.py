"""What was read before is known again.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what an older newsmill read is read once more."""
    op.create_table(
        "reading",
        sa.Column("key", sa.Text(), sa.ForeignKey("url.key"), primary_key=True),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.Column("archive_file", sa.Text()),
        sa.Column("archive_offset", sa.BigInteger()),
    )
