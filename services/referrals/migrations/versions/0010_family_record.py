"""A family's record in full: names, contact points, addresses over time, who may not collect, who has left."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

_OF_ANYBODY = ("middle_names", "preferred_name", "nhs_number", "ethnicity", "language", "access_needs", "gp", "left_because")


def upgrade() -> None:
    """Widen families, parents and children; what is there already stays as it is."""
    for table in ("parents", "children"):
        for name in _OF_ANYBODY:
            op.add_column(table, sa.Column(name, sa.String, nullable=True))
        op.add_column(table, sa.Column("left_on", sa.Date, nullable=True))
    op.add_column("parents", sa.Column("title", sa.String, nullable=True))
    op.add_column("parents", _document("contact_points", "[]"))
    op.add_column("parents", _document("relations", "[]"))
    op.add_column("children", sa.Column("school_or_nursery", sa.String, nullable=True))
    op.add_column("children", sa.Column("expected_date", sa.Date, nullable=True))
    op.alter_column("children", "birth_date", nullable=True)
    op.add_column("families", _document("addresses", "[]"))
    op.add_column("families", _document("not_allowed", "[]"))
    op.add_column("families", _document("saved_at", "{}"))
    op.add_column("families", sa.Column("risks_to_visitors", sa.String, nullable=True))


def _document(name: str, empty: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB, nullable=False, server_default=sa.text(f"'{empty}'"))
