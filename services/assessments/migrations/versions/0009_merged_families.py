"""Which families became one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, protect

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Keep it, with what was moved from one to the other, so that it can be put back."""
    op.create_table(
        "family_merges",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("into_id", "merged_id")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        *(sa.Column(name, JSONB, nullable=False) for name in ("people", "moved", "aside")),
    )
    op.create_index(None, "family_merges", ["borough_id", "merged_id"])
    op.create_index(None, "family_merges", ["borough_id", "into_id"])
    protect(op, "family_merges", "assessments")
