"""Notices to the administrators of a borough."""

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import borough_columns, protect

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "notices",
        *borough_columns(versioned=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("agency_name", sa.Text, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("happened_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("looked_at", _MOMENT, nullable=True),
        sa.Column("looked_by", sa.Text, nullable=True),
        sa.Column("note", sa.Text, nullable=True),
    )
    op.create_index(None, "notices", ["borough_id", "happened_at", "id"])
    op.create_index("ix_notices_new", "notices", ["borough_id", "happened_at", "id"], postgresql_where=sa.text("looked_at IS NULL"))
    protect(op, "notices", "gateway")
