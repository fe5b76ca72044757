"""A queue knows which seeds were in hand when a run died.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody is suspected."""
    op.add_column("queue", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"))
