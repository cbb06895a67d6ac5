"""Ways into a long audit trail."""

from alembic import op

from chassis.database.evolving import index_audit

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Index what the trail is narrowed down by."""
    index_audit(op, "sample")
