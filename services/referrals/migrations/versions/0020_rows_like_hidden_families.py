"""Rows under review remember which hidden families they are like: nobody is shown it, and erasing such a family finds them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Of rows that are under review now nothing is known: they are deleted within 14 days."""
    op.add_column("import_rows", sa.Column("unshown", JSONB, nullable=False, server_default="[]"))
