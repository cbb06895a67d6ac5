"""Referrals that are being written, what each is known by, what the family agreed to, and how it came."""

import secrets
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, protect

revision = "0013"
down_revision = "0012"

_MOMENT = sa.DateTime(timezone=True)
_LETTERS: Final = "2346789BCDFGHJKMPQRTVWX"
_AT_ONCE: Final = 1000
_WITHOUT: Final = sa.text("SELECT borough_id, id FROM referrals WHERE reference IS NULL LIMIT :at_once")
_NAME: Final = sa.text("UPDATE referrals SET reference = :reference WHERE borough_id = :borough_id AND id = :id")


def upgrade() -> None:
    """Add them; each referral that is there already gets a reference."""
    for column in (
        sa.Column("reference", sa.String, nullable=True),
        sa.Column("agreement", JSONB, nullable=False, server_default="{}"),
        sa.Column("intake", JSONB, nullable=False, server_default="{}"),
        sa.Column("care_team", sa.String, nullable=True),
        sa.Column("other_services", sa.String, nullable=True),
    ):
        op.add_column("referrals", column)
    _name_those_that_are_there()
    op.alter_column("referrals", "reference", nullable=False)
    op.create_index(None, "referrals", ["borough_id", "reference"], unique=True)
    _create_drafts()


def _name_those_that_are_there() -> None:
    connection = op.get_bind()
    while rows := connection.execute(_WITHOUT, {"at_once": _AT_ONCE}).all():
        connection.execute(_NAME, [{"borough_id": row.borough_id, "id": row.id, "reference": _reference(row.id)} for row in rows])


def _reference(identity: UUID) -> str:
    """Return a reference as `services.referrals.contract.reference` made them when this was written."""
    del identity
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(7))
    check = sum(place * _LETTERS.index(letter) for place, letter in enumerate(drawn, 2)) % len(_LETTERS)
    return f"{drawn[:4]}-{drawn[4:]}{_LETTERS[check]}"


def _create_drafts() -> None:
    op.create_table(
        "drafts",
        *borough_columns(versioned=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("owner_id", sa.Uuid, nullable=True),
        sa.Column("digest", sa.LargeBinary, nullable=True),
        sa.Column("email", sa.String, nullable=True),
        sa.Column("email_proven", sa.Boolean, nullable=False),
        sa.Column("code_digest", sa.LargeBinary, nullable=True),
        sa.Column("code_until", _MOMENT, nullable=True),
        sa.Column("code_tries", sa.Integer, nullable=False),
        sa.Column("codes_sent", JSONB, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("saved", JSONB, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("referral_id", sa.Uuid, nullable=True),
        sa.Column("reference", sa.String, nullable=True),
    )
    op.create_index(None, "drafts", ["borough_id", "expires_at"])
    op.create_index(None, "drafts", ["borough_id", "owner_id", "id"])
    protect(op, "drafts", "referrals")
