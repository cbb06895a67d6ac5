"""What a session remembers of how it began, mails that wait to be sent, and links to choose a new password."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import EVERYTHING, let_identity_use, protect, protect_platform

revision = "0002"
down_revision = "0001"


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Add columns and create both tables."""
    _widen_sign_ins()
    op.alter_column("people", "password_hash", nullable=True, schema="identity")
    op.add_column("members", _moment("roles_changed_at"))
    op.add_column("invitations", sa.Column("edition", sa.Integer, nullable=False, server_default="1"))
    op.add_column("invitations", sa.Column("accepted_with", sa.Text, nullable=True))
    _create_mails()
    _create_resets()


def _widen_sign_ins() -> None:
    """Sessions that were begun before go on: they were begun with a password, and proved nothing else."""
    for name in ("confirmed_at", "rotated_at"):
        column = sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))
        op.add_column("sign_ins", column, schema="identity")
    op.add_column("sign_ins", _moment("second_factor_at"), schema="identity")
    for name, default in (("method", "password"), ("address", ""), ("browser", "")):
        op.add_column("sign_ins", sa.Column(name, sa.Text, nullable=False, server_default=default), schema="identity")
    op.add_column("sign_ins", sa.Column("former_hash", sa.LargeBinary, nullable=True), schema="identity")
    op.add_column("sign_ins", sa.Column("provider_id", sa.Uuid, nullable=True), schema="identity")
    op.add_column("sign_ins", sa.Column("provider_sid", sa.Text, nullable=True), schema="identity")
    op.create_index("ix_sign_ins_former_hash", "sign_ins", ["former_hash"], unique=True, schema="identity")
    op.create_index("ix_sign_ins_provider_id_provider_sid", "sign_ins", ["provider_id", "provider_sid"], schema="identity")


def _create_mails() -> None:
    """A borough's work may put a mail in and see none; the platform's role sends them."""
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("borough_id", sa.Uuid, nullable=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "recipient", "subject", "text", "state")),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("created_at", nullable=False),
        _moment("next_attempt_at", nullable=False),
        _moment("settled_at"),
    )
    op.create_index("ix_mails_next_attempt_at", "mails", ["next_attempt_at"], postgresql_where=sa.text("state = 'waiting'"))
    protect(op, "mails", "gateway", grants="INSERT")
    let_identity_use(op, "mails", grants=EVERYTHING)


def _create_resets() -> None:
    op.create_table(
        "resets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        _moment("created_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        sa.UniqueConstraint("token_hash", name="uq_resets_token_hash"),
        schema="identity",
    )
    op.create_index("ix_resets_person_id", "resets", ["person_id"], schema="identity")
    protect_platform(op, "resets")
