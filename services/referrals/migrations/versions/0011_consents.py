"""What families agreed to, and what was shared or kept back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, hide_restricted, protect, within_borough

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create both; they go with their family, and are hidden with it."""
    _create_consents()
    _create_sharing_decisions()
    for table in ("consents", "sharing_decisions"):
        protect(op, table, "referrals")
        hide_restricted(op, table, "referrals")


def _create_consents() -> None:
    op.create_table(
        "consents",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("purpose", "partner")),
        sa.Column("what", JSONB, nullable=False),
        *(sa.Column(name, sa.String, nullable=True) for name in ("words", "level")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("given_by", "given_how")),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("evidence", sa.String, nullable=True),
        sa.Column("taken_by_id", sa.Uuid, nullable=False),
        sa.Column("taken_by_name", sa.String, nullable=False),
        sa.Column("referral_id", sa.Uuid, nullable=True),
        sa.Column("withdrawn_on", sa.Date, nullable=True),
        *(sa.Column(name, sa.String, nullable=True) for name in ("withdrawn_how", "withdrawn_because", "withdrawn_by_name")),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        within_borough("family_id", "families", ondelete="CASCADE"),
    )
    op.create_index(None, "consents", ["borough_id", "family_id", "given_on", "id"])
    op.create_index(None, "consents", ["borough_id", "referral_id"])


def _create_sharing_decisions() -> None:
    op.create_table(
        "sharing_decisions",
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("decision", "partner", "basis", "reason", "family_told")),
        sa.Column("what", JSONB, nullable=False),
        sa.Column("consent_id", sa.Uuid, nullable=True),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("decided_by_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("decided_by_name", "decided_by_agency")),
        within_borough("family_id", "families", ondelete="CASCADE"),
        within_borough("consent_id", "consents"),
    )
    op.create_index(None, "sharing_decisions", ["borough_id", "family_id", "decided_on", "id"])
    op.create_index(None, "sharing_decisions", ["borough_id", "consent_id"])
