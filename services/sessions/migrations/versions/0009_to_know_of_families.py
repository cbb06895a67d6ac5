"""What those who run a session must know of a family: who may not collect, what somebody needs, which babies are expected."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Widen the copy of a family; one that was heard of before says nothing until it changes."""
    op.add_column("families", sa.Column("to_know", JSONB, nullable=False, server_default=sa.text("'{}'")))
