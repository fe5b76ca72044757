"""Records know the pictures of their texts.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is stored has none until its pages are read again."""
    op.add_column("record", sa.Column("images", sa.JSON(), nullable=False, server_default="[]"))
