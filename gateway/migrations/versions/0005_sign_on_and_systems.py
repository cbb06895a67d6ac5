"""Single sign-on of boroughs, whose account is whose, what was used once, and tokens of other systems."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, let_identity_use, protect, protect_platform

revision = "0005"
down_revision = "0004"


def _text(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Create them."""
    _create_sign_ons()
    _create_linked_accounts()
    _create_spent()
    _create_system_tokens()


def _create_sign_ons() -> None:
    op.create_table(
        "sign_ons",
        *borough_columns(versioned=True),
        sa.Column("edition", sa.Uuid, nullable=False),
        *(_text(name) for name in ("label", "issuer", "client_id", "acr_values", "fault")),
        sa.Column("secret", sa.LargeBinary, nullable=True),
        sa.Column("factor_values", JSONB, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("trusts_factor", "enabled", "only")),
        _moment("checked_at"),
    )
    protect(op, "sign_ons", "gateway")
    let_identity_use(op, "sign_ons")


def _create_linked_accounts() -> None:
    """The platform's role notes when somebody came in by one."""
    op.create_table(
        "linked_accounts",
        *borough_columns(),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        _text("linked_by"),
        _moment("used_at"),
        sa.UniqueConstraint("borough_id", "account", name="uq_linked_accounts_account"),
        sa.UniqueConstraint("borough_id", "person_id", name="uq_linked_accounts_person_id"),
    )
    protect(op, "linked_accounts", "gateway")
    let_identity_use(op, "linked_accounts", grants="SELECT, UPDATE (used_at)")


def _create_spent() -> None:
    op.create_table(
        "spent",
        sa.Column("what", sa.LargeBinary, primary_key=True),
        _moment("forget_after", nullable=False),
        schema="identity",
    )
    protect_platform(op, "spent")


def _create_system_tokens() -> None:
    """The platform's role notes when one was used."""
    op.create_table(
        "system_tokens",
        *borough_columns(),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        _text("name"),
        sa.Column("scopes", JSONB, nullable=False),
        _moment("expires_at", nullable=False),
        sa.Column("made_by", sa.Uuid, nullable=False),
        _text("made_by_name"),
        _moment("used_at"),
        _moment("withdrawn_at"),
        sa.UniqueConstraint("token_hash", name="uq_system_tokens_token_hash"),
    )
    protect(op, "system_tokens", "gateway")
    let_identity_use(op, "system_tokens", grants="SELECT, UPDATE (used_at)")
