"""Joint assessments, their visits, versions and signatures, copies of families, and the chassis's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, create_chassis_tables, protect, within_borough

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("families", "referrals", "assessments", "visits", "assessment_versions", "signatures", "disagreements")


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "assessments")
    _create_copies()
    _create_assessments()
    _create_visits()
    _create_versions()
    _create_signatures()
    _create_disagreements()
    for table in _TABLES:
        protect(op, table, "assessments")


def _create_copies() -> None:
    op.create_table(
        "families",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("document", JSONB, nullable=False),
    )
    op.create_table(
        "referrals",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("referral_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("edited_by", sa.String, nullable=False),
        sa.Column("edited_at", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("visit_starts_at", _MOMENT, nullable=True),
        sa.Column("agreed_at", _MOMENT, nullable=True),
        sa.Column("closed_because", sa.String, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        within_borough("family_id", "families"),
    )
    _index("assessments", "status", "opened_at", "id")
    _index("assessments", "opened_at", "id")
    _index("assessments", "family_id")
    _index("assessments", "referral_id", unique=True)


def _create_visits() -> None:
    op.create_table(
        "visits",
        *borough_columns(),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("assessors", JSONB, nullable=False),
        sa.Column("reason", sa.String, nullable=True),
        sa.Column("arranged_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        within_borough("assessment_id", "assessments"),
        within_borough("family_id", "families"),
    )
    _index("visits", "assessment_id", "starts_at")
    _index("visits", "status", "starts_at", "id")
    _index("visits", "family_id")


def _create_versions() -> None:
    op.create_table(
        "assessment_versions",
        *borough_columns(),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("edited_by", sa.String, nullable=False),
        sa.Column("edited_at", _MOMENT, nullable=False),
        within_borough("assessment_id", "assessments"),
    )
    _index("assessment_versions", "assessment_id", "version", unique=True)


def _create_signatures() -> None:
    op.create_table(
        "signatures",
        *borough_columns(),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("person_name", sa.String, nullable=False),
        sa.Column("agency_id", sa.Uuid, nullable=False),
        sa.Column("agency_name", sa.String, nullable=False),
        sa.Column("agency_kind", sa.String, nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        within_borough("assessment_id", "assessments"),
    )
    _index("signatures", "assessment_id", "signed_at")
    for once in ("person_id", "agency_id", "agency_kind"):
        op.create_index(
            f"uq_signatures_{once}",
            "signatures",
            ["borough_id", "assessment_id", "version", once],
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )


def _create_disagreements() -> None:
    op.create_table(
        "disagreements",
        *borough_columns(),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("person_name", sa.String, nullable=False),
        sa.Column("agency_name", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        within_borough("assessment_id", "assessments"),
    )
    _index("disagreements", "assessment_id", "at")


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(None, table, ["borough_id", *columns], unique=unique)
