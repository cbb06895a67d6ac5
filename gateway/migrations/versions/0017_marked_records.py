"""Records that are held, not to be used, or erased."""

from alembic import op

from chassis.database.evolving import mark_records

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Keep what was decided about a family's whole record."""
    mark_records(op, "gateway")
