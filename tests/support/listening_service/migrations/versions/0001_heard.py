"""What was heard, copies, beats and the chassis's tables."""

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import borough_columns, create_chassis_tables, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "listening")
    op.create_table(
        "heard", *borough_columns(), sa.Column("event_id", sa.Uuid, nullable=False), sa.Column("words", sa.Text, nullable=False)
    )
    op.create_table(
        "copies", *borough_columns(), sa.Column("sequence", sa.Integer, nullable=False), sa.Column("words", sa.Text, nullable=False)
    )
    op.create_table("beats", *borough_columns(), sa.Column("timer", sa.Text, nullable=False))
    for table in ("heard", "copies", "beats"):
        protect(op, table, "listening")
