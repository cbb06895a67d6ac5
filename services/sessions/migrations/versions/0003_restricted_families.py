"""Restricted families. Places and registers keep their rows, for every expected family has a mark (domain rule 5)."""

from alembic import op

from chassis.database.evolving import restrict_families
from chassis.database.migration import hide_restricted

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep who may see restricted families, and hide from everybody else who they are."""
    restrict_families(op, "sessions")
    hide_restricted(op, "families", "sessions", column="id")
