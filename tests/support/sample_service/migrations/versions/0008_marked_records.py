"""Records that are held, not to be used, or erased."""

from alembic import op

from chassis.database.evolving import mark_records

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Keep what was decided about a family's whole record."""
    mark_records(op, "sample")
