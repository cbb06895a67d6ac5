"""What people ask about their data, packs under review, holds, retention clocks and erasures."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, hide_restricted, hide_with, protect, within_borough

revision = "0015"
down_revision = "0014"

_MOMENT = sa.DateTime(timezone=True)
_FAMILIES = ("subject_requests", "controls", "retention_clocks", "erasures")
_START_CLOCKS = """
    INSERT INTO retention_clocks (borough_id, id, created_at, changed_at, family_id, side, name, birth_date, last_contact_on)
    SELECT p.borough_id, p.id, now(), now(), p.family_id, '{side}', p.given_name || ' ' || p.family_name, p.birth_date, f.changed_at::date
    FROM {table} p JOIN families f ON f.borough_id = p.borough_id AND f.id = p.family_id
"""


def upgrade() -> None:
    """Create them, and start the clocks of everybody who is in the registry."""
    _create_requests()
    _create_packs()
    _create_controls()
    _create_clocks()
    _create_erasures()
    for table in (*_FAMILIES, "packs", "pack_items"):
        protect(op, table, "referrals")
    _start_clocks()
    for table in _FAMILIES:
        hide_restricted(op, table, "referrals")
    hide_with(op, "packs", "referrals", column="id", parent="subject_requests")
    hide_with(op, "pack_items", "referrals", column="pack_id", parent="subject_requests")


def _create_requests() -> None:
    op.create_table(
        "subject_requests",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("about", sa.String, nullable=False),
        *_texts("kind", "status", "asked_as", "identity_checked", "opened_by"),
        *_texts("asked_by", "words", "extended_because", "outcome", "outcome_words", "told", "closed_by", nullable=True),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
    )
    _index("subject_requests", "status", "due_on", "id")
    _index("subject_requests", "family_id", "received_on")


def _create_packs() -> None:
    op.create_table(
        "packs",
        *borough_columns(versioned=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("frozen_at", _MOMENT, nullable=False),
        *_texts("second_by", "second_words", "given_by", "given_as", "digest", "programme", "about", nullable=True),
        sa.Column("given_at", _MOMENT, nullable=True),
        sa.Column("expires_on", sa.Date, nullable=True),
        sa.Column("given", JSONB, nullable=False),
        within_borough("id", "subject_requests", ondelete="CASCADE"),
    )
    _index("packs", "state", "expires_on", "id")
    op.create_table(
        "pack_items",
        *borough_columns(),
        sa.Column("pack_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("service", "heading", "title", "about", "proposed"),
        *_texts("decision", "reason", "words", "reviewed_by", nullable=True),
        sa.Column("at", _MOMENT, nullable=True),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("hidden", JSONB, nullable=False),
        within_borough("pack_id", "packs", ondelete="CASCADE"),
        sa.UniqueConstraint("borough_id", "pack_id", "number"),
    )


def _create_controls() -> None:
    op.create_table(
        "controls",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        *_texts("kind", "because", "placed_by"),
        *_texts("reason", "lifted_by", "lifted_because", nullable=True),
        sa.Column("until_on", sa.Date, nullable=True),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("lifted_at", _MOMENT, nullable=True),
    )
    _index("controls", "family_id", "placed_at")


def _create_clocks() -> None:
    op.create_table(
        "retention_clocks",
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        *_texts("side", "name"),
        sa.Column("birth_date", sa.Date, nullable=True),
        sa.Column("last_contact_on", sa.Date, nullable=False),
        sa.Column("in_group", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("kept_until", sa.Date, nullable=True),
        *_texts("kept_because", "reviewed_by", nullable=True),
    )
    _index("retention_clocks", "last_contact_on", "id")
    _index("retention_clocks", "family_id")


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("request_id", sa.Uuid, nullable=True),
        *_texts("because", "state", "decided_by"),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=True),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("services", JSONB, nullable=False),
        sa.Column("known", JSONB, nullable=False),
    )
    _index("erasures", "decided_at", "id")
    _index("erasures", "family_id", "decided_at")


def _start_clocks() -> None:
    """Read what is there as the owner, whom the policies bind but for this."""
    tables = ("families", "parents", "children", "retention_clocks")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for side, table in (("parent", "parents"), ("child", "children")):
        op.execute(_START_CLOCKS.format(side=side, table=table))
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String, nullable=nullable) for name in names]


def _index(table: str, *columns: str) -> None:
    op.create_index(None, table, ["borough_id", *columns])
