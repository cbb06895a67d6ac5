"""Restricted families."""

from alembic import op

from chassis.database.evolving import restrict_families

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep who may see restricted families."""
    restrict_families(op, "listening")
