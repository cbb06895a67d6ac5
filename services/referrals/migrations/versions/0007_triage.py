"""Triage: whose a referral is, its turn, what speaks for it, what became of the family, and the questions to its referrer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, hide_with, protect, within_borough

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)
_TURN = (
    "CASE WHEN urgency = 'urgent' THEN 0 ELSE 100000000000000000 END + (EXTRACT(epoch FROM timezone('UTC', received_at)) * 1000000)::bigint"
)


def upgrade() -> None:
    """Add them."""
    for column in (
        sa.Column("assigned_to_id", sa.Uuid, nullable=True),
        sa.Column("assigned_to_name", sa.String, nullable=True),
        sa.Column("borough_link", sa.String, nullable=False, server_default="not_known"),
        sa.Column("parental_need", sa.String, nullable=False, server_default="not_known"),
        sa.Column("judged", JSONB, nullable=False, server_default="{}"),
        sa.Column("news", JSONB, nullable=False, server_default="{}"),
        sa.Column("turn", sa.BigInteger, sa.Computed(_TURN, persisted=True), nullable=False),
    ):
        op.add_column("referrals", column)
    counted = ["urgency", "received_at", "family_id", "assigned_to_id"]
    op.create_index(None, "referrals", ["borough_id", "status", "turn", "id"], postgresql_include=counted)
    _create_questions()


def _create_questions() -> None:
    op.create_table(
        "questions",
        *borough_columns(),
        sa.Column("referral_id", sa.Uuid, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("mailed", sa.Boolean, nullable=False),
        sa.Column("answer", sa.String, nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("came_after", sa.String, nullable=True),
        sa.Column("seen_by", sa.String, nullable=True),
        within_borough("referral_id", "referrals", ondelete="CASCADE"),
    )
    op.create_index(None, "questions", ["borough_id", "referral_id", "asked_at"])
    op.create_index(None, "questions", ["borough_id", "digest"], unique=True)
    protect(op, "questions", "referrals")
    hide_with(op, "questions", "referrals", column="referral_id", parent="referrals")
