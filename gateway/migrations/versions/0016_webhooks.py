"""Webhooks of systems, and what waits to be told by them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import borough_columns, let_identity_use, protect, within_borough

revision = "0016"
down_revision = "0015"


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Create both; the platform's role, which sends, may note what came of it and nothing else."""
    _create_webhooks()
    _create_deliveries()


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        *borough_columns(versioned=True),
        sa.Column("acts_as", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        _moment("former_until"),
        sa.Column("state", sa.Text, nullable=False),
        _moment("failing_since"),
        _moment("rests_until"),
        sa.Column("made_by_name", sa.Text, nullable=False),
        sa.UniqueConstraint("borough_id", "acts_as", name="uq_webhooks_acts_as"),
    )
    protect(op, "webhooks", "gateway")
    let_identity_use(op, "webhooks", grants="SELECT, UPDATE (failing_since, rests_until, changed_at)")


def _create_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        *borough_columns(),
        sa.Column("webhook_id", sa.Uuid, nullable=False),
        sa.Column("referral_id", sa.Uuid, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("step_id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        _moment("told_at", nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("next_attempt_at", nullable=False),
        _moment("give_up_at", nullable=False),
        sa.Column("last_outcome", sa.Text, nullable=False),
        _moment("last_attempt_at"),
        _moment("settled_at"),
        within_borough("webhook_id", "webhooks", ondelete="CASCADE"),
        sa.UniqueConstraint("borough_id", "webhook_id", "step_id", name="uq_webhook_deliveries_step"),
    )
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["next_attempt_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index(None, "webhook_deliveries", ["borough_id", "webhook_id", "created_at", "id"])
    op.create_index(None, "webhook_deliveries", ["borough_id", "referral_id"])
    protect(op, "webhook_deliveries", "gateway")
    granted = "SELECT, DELETE, UPDATE (state, attempts, next_attempt_at, last_outcome, last_attempt_at, settled_at, changed_at)"
    let_identity_use(op, "webhook_deliveries", grants=granted)
