"""Records that are held, not to be used, or erased."""

from alembic import op

from chassis.database.evolving import mark_records

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Keep what was decided about a family's whole record."""
    mark_records(op, "assessments")
