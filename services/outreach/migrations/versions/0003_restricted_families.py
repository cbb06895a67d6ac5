"""Restricted families."""

from alembic import op

from chassis.database.evolving import restrict_families
from chassis.database.migration import hide_restricted

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep who may see restricted families, and hide their rows from everybody else."""
    restrict_families(op, "outreach")
    for table in ("cases", "contacts", "steps", "stops"):
        hide_restricted(op, table, "outreach")
    for table in ("families", "standings"):
        hide_restricted(op, table, "outreach", column="id")
