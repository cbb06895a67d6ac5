"""How boroughs show themselves, and what is kept of those that leave. The colour moves from policy to branding."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, let_identity_use, protect, protect_platform

revision = "0004"
down_revision = "0003"

_MOVE = """
    INSERT INTO brandings (borough_id, id, version, accent, address, email, phone, privacy_notice, created_at, changed_at)
    SELECT borough_id, id, 1, coalesce(policy->>'accent', '#0f5c63'), '', '', '', '', now(), now() FROM profiles
"""


def _text(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Create both tables and move what the policies say of colour."""
    _create_brandings()
    _create_departures()
    _move_colours()
    protect(op, "brandings", "gateway")
    let_identity_use(op, "brandings")
    protect_platform(op, "departures")


def _create_brandings() -> None:
    op.create_table(
        "brandings",
        *borough_columns(versioned=True),
        *(_text(name) for name in ("accent", "address", "email", "phone", "privacy_notice")),
        sa.Column("logo", sa.LargeBinary, nullable=True),
        _text("logo_type", nullable=True),
        _text("logo_hash", nullable=True),
        _moment("checked_at"),
        sa.Column("checked_by", sa.Uuid, nullable=True),
    )


def _create_departures() -> None:
    op.create_table(
        "departures",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("borough_id", sa.Uuid, nullable=False),
        *(_text(name) for name in ("slug", "name", "gss_code", "state", "manifest_checksum")),
        _moment("exported_at", nullable=False),
        _text("exported_by"),
        sa.Column("rows", JSONB, nullable=False),
        _moment("requested_at"),
        _text("requested_by", nullable=True),
        _moment("erased_at"),
        sa.Column("certificate", JSONB, nullable=True),
        _text("signature", nullable=True),
        sa.UniqueConstraint("borough_id", name="uq_departures_borough_id"),
        sa.CheckConstraint("state IN ('exported', 'erasing', 'erased')", name="ck_departures_state"),
        schema="identity",
    )


def _move_colours() -> None:
    """The owner, too, is bound by row-level security: it is let through for this one statement, within the transaction."""
    op.execute("ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY")
    op.execute(_MOVE)
    op.execute("UPDATE profiles SET policy = policy - 'accent'")
    op.execute("ALTER TABLE profiles FORCE ROW LEVEL SECURITY")
