"""Ways into a long audit trail."""

from alembic import op

from chassis.database.evolving import index_audit

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Index what the trail is narrowed down by."""
    index_audit(op, "outreach")
