"""Merges keep no people of the merged record beside its rows."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Drop what nothing ever wrote in."""
    op.drop_column("family_merges", "theirs")
