"""A fingerprint keeps the words of its text as they are compared.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; where it is empty the text is read, until `reprocess --stage dedup`."""
    op.add_column("fingerprint", sa.Column("words", sa.LargeBinary(), nullable=False, server_default=""))
