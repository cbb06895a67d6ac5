"""Since when a borough is open for families: until then no referral can be taken."""

import sqlalchemy as sa
from alembic import op

from chassis.database.evolving import let_boroughs_open

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Widen boroughs; those that are there already are open since they came."""
    let_boroughs_open(op, "gateway")
    op.add_column("profiles", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE profiles SET opened_at = created_at")
    op.execute("ALTER TABLE profiles FORCE ROW LEVEL SECURITY")
