"""What sort of piece a record is, and the posts of live tickers: when each was written, and by whom.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is stored already is an article until it is read again."""
    op.add_column("record", sa.Column("kind", sa.Text(), nullable=False, server_default="article"))
    for field in ("time", "author"):
        op.add_column("segment", sa.Column(field, sa.Text(), nullable=True))
