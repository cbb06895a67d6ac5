"""Restricted families."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.evolving import restrict_families
from chassis.database.migration import borough_columns, hide_restricted, protect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep who may see restricted families, and hide their rows from everybody else."""
    restrict_families(op, "referrals")
    _create_family_restrictions()
    for table in ("referrals", "parents", "children"):
        hide_restricted(op, table, "referrals")
    hide_restricted(op, "families", "referrals", column="id")


def _create_family_restrictions() -> None:
    """It is asked who may see a family before anything is shown of it, so this table hides from nobody."""
    op.create_table(
        "family_restrictions",
        *borough_columns(versioned=True),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=True),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("glass", JSONB, nullable=False),
        sa.Column("restricted_by", sa.String, nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_because", sa.String, nullable=True),
    )
    protect(op, "family_restrictions", "referrals")
