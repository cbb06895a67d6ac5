"""Whether a borough is open for families."""

from alembic import op

from chassis.database.evolving import let_boroughs_open

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Widen what is known of a borough."""
    let_boroughs_open(op, "referrals")
