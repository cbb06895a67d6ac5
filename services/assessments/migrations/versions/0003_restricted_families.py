"""Restricted families."""

from alembic import op

from chassis.database.evolving import restrict_families
from chassis.database.migration import hide_restricted, hide_with

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep who may see restricted families, and hide their rows from everybody else."""
    restrict_families(op, "assessments")
    for table in ("assessments", "visits"):
        hide_restricted(op, table, "assessments")
    hide_restricted(op, "families", "assessments", column="id")
    for table in ("assessment_versions", "signatures", "disagreements"):
        hide_with(op, table, "assessments", column="assessment_id", parent="assessments")
