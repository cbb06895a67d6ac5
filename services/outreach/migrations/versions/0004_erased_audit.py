"""The audit trail of an erased borough can be erased too."""

from alembic import op

from chassis.database.evolving import let_owner_erase

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let the owner erase it."""
    let_owner_erase(op, "outreach")
