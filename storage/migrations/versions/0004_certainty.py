"""How certain the original of a cluster is has three values.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put a word in place of true and false."""
    op.add_column("duplicate", sa.Column("certainty", sa.Text(), nullable=False, server_default="no"))
    op.execute(sa.text("UPDATE duplicate SET certainty = 'yes' WHERE certain = :true").bindparams(true=True))
    op.drop_column("duplicate", "certain")
