"""What is written beside notes."""

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import borough_columns, protect, within_borough

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "remarks",
        *borough_columns(),
        sa.Column("note_id", sa.Uuid, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        within_borough("note_id", "notes", ondelete="CASCADE"),
    )
    protect(op, "remarks", "sample")
