"""Boroughs, agencies, people, memberships, invitations, sign-in, and the chassis's tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import (
    borough_columns,
    create_chassis_tables,
    create_identity_schema,
    let_identity_use,
    protect,
    protect_platform,
    within_borough,
)

revision = "0001"
down_revision = None


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "gateway")
    _create_boroughs()
    _create_members()
    _create_invitations()
    _create_identity()
    for table in ("profiles", "agencies", "members", "invitations"):
        protect(op, table, "gateway")
        let_identity_use(op, table)


def _create_boroughs() -> None:
    op.create_table(
        "profiles",
        *borough_columns(versioned=True),
        _text("slug"),
        _text("name"),
        _text("gss_code"),
        _text("programme_name"),
        sa.Column("practice", sa.Boolean, nullable=False),
        sa.Column("policy", JSONB, nullable=False),
        _text("onboarded_with"),
        sa.UniqueConstraint("slug", name="uq_profiles_slug"),
        sa.UniqueConstraint("onboarded_with", name="uq_profiles_onboarded_with"),
    )
    op.create_table(
        "agencies",
        *borough_columns(),
        _text("name"),
        _text("kind"),
        sa.UniqueConstraint("borough_id", "name", name="uq_agencies_borough_id_name"),
    )


def _create_members() -> None:
    op.create_table(
        "members",
        *borough_columns(versioned=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        _text("name"),
        _text("email"),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("agency_id", sa.Uuid, nullable=True),
        _moment("joined_at"),
        _moment("left_at", nullable=True),
        within_borough("agency_id", "agencies"),
    )
    op.create_index("ix_members_person_id", "members", ["person_id"])
    op.create_index("uq_members_present", "members", ["borough_id", "person_id"], unique=True, postgresql_where=sa.text("left_at IS NULL"))


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        *borough_columns(),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        _text("name"),
        _text("email"),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("agency_id", sa.Uuid, nullable=True),
        _moment("expires_at"),
        _moment("accepted_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        within_borough("agency_id", "agencies"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )


def _create_identity() -> None:
    create_identity_schema(op)
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, primary_key=True),
        _text("email"),
        _text("name"),
        _text("password_hash"),
        _moment("created_at"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        schema="identity",
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        *(_moment(name) for name in ("created_at", "seen_at", "ends_at")),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token_hash"),
        schema="identity",
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"], schema="identity")
    op.create_table(
        "attempts",
        sa.Column("subject", sa.LargeBinary, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("failed_at"),
        schema="identity",
    )
    for table in ("people", "sign_ins", "attempts"):
        protect_platform(op, table)
