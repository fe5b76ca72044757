"""Of texts whose script marks no names a link keeps every exchange of words.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; links of before have none, until `reprocess --stage dedup`."""
    op.add_column("link", sa.Column("exchanged", sa.JSON(), nullable=False, server_default="[]"))
