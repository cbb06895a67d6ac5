"""Failed attempts by age: each failure forgets the old ones, however many there are."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_attempts_failed_at", "attempts", ["failed_at"], schema="identity")
