"""Ways into a long audit trail."""

from alembic import op

from chassis.database.evolving import index_audit

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Index what the trail is narrowed down by."""
    index_audit(op, "gateway")
