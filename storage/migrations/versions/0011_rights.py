"""What records may be used for.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody knows them of what is stored already, until it is read again."""
    op.add_column("record", sa.Column("rights", sa.JSON(), nullable=True))
    op.add_column("record", sa.Column("reserved", sa.Text(), nullable=False, server_default=""))
