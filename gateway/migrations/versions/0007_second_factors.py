"""Second factors: authenticator apps, recovery codes, passkeys and what they are asked to sign."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import IDENTITY_SCHEMA as IDENTITY
from chassis.database.migration import protect_platform

revision = "0007"
down_revision = "0006"

TABLES = ("authenticators", "recovery_codes", "passkeys", "passkey_holders", "challenges")


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _bytes(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _id() -> "sa.Column[Any]":
    return sa.Column("id", sa.Uuid, primary_key=True)


def _person(*, key: bool = False) -> "sa.Column[Any]":
    return sa.Column("person_id", sa.Uuid, sa.ForeignKey("identity.people.id", ondelete="CASCADE"), nullable=False, primary_key=key)


def upgrade() -> None:
    """Create them."""
    _create_codes()
    _create_passkeys()
    for table in TABLES:
        protect_platform(op, table)


def _create_codes() -> None:
    op.create_table(
        "authenticators",
        _id(),
        _person(),
        _bytes("sealed_secret"),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        _moment("created_at"),
        *(_moment(name, nullable=True) for name in ("confirmed_at", "used_at")),
        schema=IDENTITY,
    )
    for name, condition in (("uq_authenticators_in_use", "IS NOT NULL"), ("uq_authenticators_begun", "IS NULL")):
        where = sa.text(f"confirmed_at {condition}")
        op.create_index(name, "authenticators", ["person_id"], unique=True, postgresql_where=where, schema=IDENTITY)
    op.create_table(
        "recovery_codes",
        _id(),
        _person(),
        *(_bytes(name) for name in ("salt", "code_hash")),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        schema=IDENTITY,
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"], schema=IDENTITY)


def _create_passkeys() -> None:
    op.create_table(
        "passkeys",
        _id(),
        _person(),
        *(_bytes(name) for name in ("credential_id", "public_key")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("backup_eligible", "backed_up")),
        sa.Column("transports", sa.dialects.postgresql.JSONB, nullable=False),
        _moment("created_at"),
        *(_moment(name, nullable=True) for name in ("used_at", "stopped_at")),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
        schema=IDENTITY,
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"], schema=IDENTITY)
    op.create_table(
        "passkey_holders",
        _person(key=True),
        _bytes("handle"),
        sa.UniqueConstraint("handle", name="uq_passkey_holders_handle"),
        schema=IDENTITY,
    )
    op.create_table(
        "challenges",
        _id(),
        sa.Column("purpose", sa.Text, nullable=False),
        _bytes("challenge"),
        sa.Column("session_id", sa.Uuid, nullable=True),
        _moment("expires_at"),
        schema=IDENTITY,
    )
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"], schema=IDENTITY)
