"""Referrals know whether another system made them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Those that are there were made by people: a system could be told nothing by itself before."""
    op.add_column("referrals", sa.Column("referred_by_kind", sa.String, nullable=False, server_default="member"))
