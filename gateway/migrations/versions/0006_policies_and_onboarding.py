"""Policies by version, suspension, who accepted the terms, retired agencies; unfinished onboardings and operators' sessions."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, let_identity_use, protect, protect_platform

revision = "0006"
down_revision = "0005"

_FIRST_VERSIONS = """
    INSERT INTO policy_versions (borough_id, id, number, policy, effective_on, reason, by_id, by_name, applied_at, created_at, changed_at)
    SELECT borough_id, gen_random_uuid(), 1, policy, (created_at AT TIME ZONE 'Europe/London')::date, 'As it was before versions were kept',
           borough_id, 'Stay & Play (gateway)', created_at, now(), now()
    FROM profiles
"""


def _text(name: str, *, default: str | None = None, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=nullable, server_default=default)


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Widen boroughs and agencies, create the tables, and give each borough its first version."""
    _widen_boroughs()
    _widen_agencies()
    _create_policy_versions()
    _create_acceptances()
    _create_platform_tables()
    _begin_histories()
    for table in ("policy_versions", "acceptances"):
        protect(op, table, "gateway")
    let_identity_use(op, "policy_versions")


def _widen_boroughs() -> None:
    op.add_column("profiles", sa.Column("policy_edition", sa.Integer, nullable=False, server_default="1"))
    op.add_column("profiles", sa.Column("policy_number", sa.Integer, nullable=False, server_default="1"))
    op.add_column("profiles", _moment("policy_reviewed_at"))
    op.add_column("profiles", sa.Column("policy_reviewed_by", sa.Uuid, nullable=True))
    op.add_column("profiles", _text("onboarded_as", default=""))
    op.add_column("profiles", _moment("suspended_at"))
    op.add_column("profiles", _text("suspended_because", default=""))


def _widen_agencies() -> None:
    op.add_column("agencies", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("agencies", _moment("retired_at"))
    op.drop_constraint("uq_agencies_borough_id_name", "agencies")
    op.create_index("uq_agencies_present", "agencies", ["borough_id", "name"], unique=True, postgresql_where=sa.text("retired_at IS NULL"))


def _create_policy_versions() -> None:
    op.create_table(
        "policy_versions",
        *borough_columns(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("policy", JSONB, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        _text("reason"),
        sa.Column("by_id", sa.Uuid, nullable=False),
        _text("by_name"),
        _moment("applied_at"),
        _moment("withdrawn_at"),
        _text("withdrawn_by", nullable=True),
        sa.UniqueConstraint("borough_id", "number", name="uq_policy_versions_borough_id_number"),
    )
    waiting = sa.text("applied_at IS NULL AND withdrawn_at IS NULL")
    op.create_index("ix_policy_versions_waiting", "policy_versions", ["effective_on"], postgresql_where=waiting)


def _create_acceptances() -> None:
    op.create_table(
        "acceptances",
        *borough_columns(),
        *(_text(name) for name in ("document", "edition", "digest", "name", "role")),
        sa.Column("accepted_on", sa.Date, nullable=False),
        sa.UniqueConstraint("borough_id", "document", "edition", name="uq_acceptances_borough_id_document_edition"),
    )


def _create_platform_tables() -> None:
    op.create_table(
        "onboardings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        _text("name"),
        sa.Column("answers", JSONB, nullable=False),
        _moment("created_at", nullable=False),
        _moment("changed_at", nullable=False),
        schema="identity",
    )
    op.create_table(
        "operator_sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("token_hash", "begun_with")),
        *(_moment(name, nullable=False) for name in ("created_at", "seen_at", "ends_at")),
        _text("address"),
        sa.UniqueConstraint("token_hash", name="uq_operator_sessions_token_hash"),
        schema="identity",
    )
    for table in ("onboardings", "operator_sessions"):
        protect_platform(op, table)


def _begin_histories() -> None:
    """The owner, too, is bound by row-level security: it is let through for this one statement, within the transaction."""
    op.execute("ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY")
    op.execute(_FIRST_VERSIONS)
    op.execute("ALTER TABLE profiles FORCE ROW LEVEL SECURITY")
