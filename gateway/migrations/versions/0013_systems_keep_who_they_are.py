"""A system's next token acts as the same system: what it referred stays its own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Say of each token which system it acts as: one that is there already acts as itself."""
    op.add_column("system_tokens", sa.Column("acts_as", sa.Uuid, nullable=True))
    op.alter_column("system_tokens", "acts_as", type_=sa.Uuid, postgresql_using="id")  # an UPDATE would see no row: they are protected
    op.alter_column("system_tokens", "acts_as", nullable=False)
