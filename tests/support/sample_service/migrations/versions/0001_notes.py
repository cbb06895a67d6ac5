"""Notes, remarks and the chassis's tables."""

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import borough_columns, create_chassis_tables, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "sample")
    op.create_table(
        "notes",
        *borough_columns(versioned=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=True),
    )
    protect(op, "notes", "sample")
