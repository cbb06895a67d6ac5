"""Whom triage proposes for the joint visit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Keep them with the assessment; of those that are there already, nobody was proposed."""
    op.add_column("assessments", sa.Column("proposed", JSONB, nullable=False, server_default="[]"))
