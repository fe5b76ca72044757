"""Translations know which of their sentences may mislead.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is translated already has no doubts until it is translated again."""
    op.add_column("translation", sa.Column("doubtful", sa.JSON(), nullable=False, server_default="[]"))
