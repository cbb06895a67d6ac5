"""What whoever calls on a family must know: risks, who may not collect or be told, what somebody needs, where it is safe to come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Widen the copy of a family; one that was heard of before says nothing until it changes."""
    op.add_column("families", sa.Column("to_know", JSONB, nullable=False, server_default=sa.text("'{}'")))
