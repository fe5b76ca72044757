"""Links say what stands against each other in two texts, and how much they share.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SHARES = ("covered_a", "covered_b", "overlap")


def upgrade() -> None:
    """Add the columns; `reprocess --stage dedup` fills in what only a comparison tells."""
    op.add_column("link", sa.Column("compared", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE link SET compared = relation")
    for name in _SHARES:
        op.add_column("link", sa.Column(name, sa.Float(), nullable=False, server_default="1"))
    op.add_column("link", sa.Column("conflict", sa.Float(), nullable=False, server_default="0"))
    op.add_column("link", sa.Column("conflicts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("fingerprint", sa.Column("collection", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("duplicate", sa.Column("overlap", sa.Float(), nullable=True))
