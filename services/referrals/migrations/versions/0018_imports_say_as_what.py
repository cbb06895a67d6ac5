"""Imports remember as what, and from where, somebody wanted their rows referred."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Of those on their way nothing is known: their entries in the trail say who, as before."""
    op.add_column("imports", sa.Column("imported_by_roles", JSONB, nullable=False, server_default="[]"))
    op.add_column("imports", sa.Column("imported_from", sa.String, nullable=False, server_default=""))
