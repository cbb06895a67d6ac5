"""Notices also tell of a system that is told nothing any more: then nobody broke a glass, and there is no family."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Every notice so far is of somebody who broke the glass."""
    op.add_column("notices", sa.Column("kind", sa.Text, nullable=False, server_default="glass_broken"))
    op.add_column("notices", sa.Column("system_id", sa.Uuid, nullable=True))
    op.add_column("notices", sa.Column("system_name", sa.Text, nullable=True))
    for name in ("person_id", "person_name", "family_id", "until"):
        op.alter_column("notices", name, nullable=True)
