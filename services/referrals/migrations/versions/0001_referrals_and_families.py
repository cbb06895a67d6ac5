"""Referrals, the family registry, and the chassis's tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, create_chassis_tables, protect, within_borough

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "referrals")
    _create_referrals()
    _create_families()
    _create_people()
    for table in ("referrals", "families", "parents", "children"):
        protect(op, table, "referrals")


def _create_referrals() -> None:
    op.create_table(
        "referrals",
        *borough_columns(versioned=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("family", JSONB, nullable=False),
        sa.Column("family_name", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("referrer_service", sa.String, nullable=False),
        sa.Column("may_be_told", sa.String, nullable=False),
        sa.Column("referrer", JSONB, nullable=False),
        sa.Column("why_now", sa.String, nullable=False),
        sa.Column("concern", sa.String, nullable=False),
        sa.Column("secondary_care", sa.String, nullable=False),
        sa.Column("risks_to_visitors", sa.String, nullable=True),
        sa.Column("urgency", sa.String, nullable=False),
        sa.Column("referred_on", sa.Date, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("referred_by_id", sa.Uuid, nullable=False),
        sa.Column("referred_by_name", sa.String, nullable=False),
        sa.Column("duplicate_of", sa.Uuid, nullable=True),
        sa.Column("steps", JSONB, nullable=False),
        within_borough("duplicate_of", "referrals"),
    )
    _index("referrals", "status", "received_at", "id", include=["urgency"])
    _index("referrals", "received_at", "id")
    _index("referrals", "referred_by_id", "received_at", "id")
    _index("referrals", "family_id")
    _index("referrals", "duplicate_of")


def _create_families() -> None:
    op.create_table(
        "families",
        *borough_columns(versioned=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("sort_name", sa.String, nullable=False),
        sa.Column("search_words", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("interpreter", sa.Boolean, nullable=False),
        sa.Column("safe_contact", JSONB, nullable=False),
        sa.Column("address", JSONB, nullable=True),
        sa.Column("registered_at", _MOMENT, nullable=False),
    )
    _index("families", "sort_name", "id")


def _create_people() -> None:
    op.create_table(
        "parents",
        *_person_columns(),
        sa.Column("birth_date", sa.Date, nullable=True),
        sa.Column("relationship", sa.String, nullable=False),
        sa.Column("phone", sa.String, nullable=True),
        sa.Column("email", sa.String, nullable=True),
        within_borough("family_id", "families", ondelete="CASCADE"),
    )
    _index("parents", "family_id", "place")
    op.create_table(
        "children",
        *_person_columns(),
        sa.Column("birth_date", sa.Date, nullable=False),
        within_borough("family_id", "families", ondelete="CASCADE"),
    )
    _index("children", "family_id", "place")


def _person_columns() -> list[sa.Column[Any] | sa.PrimaryKeyConstraint]:
    return [
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("given_name", sa.String, nullable=False),
        sa.Column("family_name", sa.String, nullable=False),
    ]


def _index(table: str, *columns: str, include: list[str] | None = None) -> None:
    op.create_index(None, table, ["borough_id", *columns], postgresql_include=include)
