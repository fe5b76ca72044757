"""How sure a record is of its text, title, date and authors.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody knows them of what is stored already, until it is read again."""
    for field in ("text", "title", "date", "authors"):
        op.add_column("record", sa.Column(f"{field}_confidence", sa.Float(), nullable=True))
