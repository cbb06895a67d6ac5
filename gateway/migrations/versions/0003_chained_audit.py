"""Chain the audit trail."""

from alembic import op

from chassis.database.evolving import chain_audit

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give each borough's entries numbers and hashes, and the table of seals."""
    chain_audit(op, "gateway")
