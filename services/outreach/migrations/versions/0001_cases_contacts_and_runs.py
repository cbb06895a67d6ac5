"""Outreach cases, contacts, collection runs, and the chassis's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, create_chassis_tables, protect, within_borough

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("cases", "collection_runs", "families", "standings", "contacts", "steps", "stops")


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "outreach")
    _create_cases()
    _create_collection_runs()
    _create_families()
    _create_standings()
    _create_contacts()
    _create_steps()
    _create_stops()
    for table in _TABLES:
        protect(op, table, "outreach")


def _create_cases() -> None:
    op.create_table(
        "cases",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=True),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Uuid, nullable=True),
        sa.Column("owner_name", sa.String, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("escalated_at", _MOMENT, nullable=True),
        sa.Column("contacts", sa.Integer, nullable=False),
        sa.Column("last_contact_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_because", sa.String, nullable=True),
        sa.Column("closed_by", sa.String, nullable=True),
        sa.Column("closed_words", sa.String, nullable=True),
        sa.CheckConstraint("(status = 'closed') = (closed_because IS NOT NULL)", name="ck_cases_closed_for_a_reason"),
        sa.CheckConstraint("status IN ('open', 'closed')", name="ck_cases_status"),
    )
    op.create_index("ix_cases_closed", "cases", ["borough_id", "closed_at", "id"], postgresql_where=sa.text("status = 'closed'"))
    op.create_index("ix_cases_due", "cases", ["borough_id", "status", "due_on", "id"])
    op.create_index("ix_cases_family", "cases", ["borough_id", "family_id", "opened_at"])
    op.create_index(
        "uq_cases_one_open", "cases", ["borough_id", "family_id", "reason"], unique=True, postgresql_where=sa.text("status = 'open'")
    )


def _create_collection_runs() -> None:
    op.create_table(
        "collection_runs",
        *borough_columns(versioned=True),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("session_starts_at", _MOMENT, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("group_name", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("driver_name", sa.String, nullable=True),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("child_seats", sa.Integer, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("completed_at", _MOMENT, nullable=True),
        sa.CheckConstraint("child_seats <= seats", name="ck_collection_runs_child_seats_are_seats"),
        sa.UniqueConstraint("borough_id", "session_id"),
    )
    op.create_index("ix_collection_runs_day", "collection_runs", ["borough_id", "on", "session_starts_at", "id"])


def _create_families() -> None:
    op.create_table(
        "families",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("parents", JSONB, nullable=False),
        sa.Column("children", sa.Integer, nullable=False),
        sa.Column("safe_contact", JSONB, nullable=False),
        sa.Column("address", sa.String, nullable=True),
    )


def _create_standings() -> None:
    op.create_table(
        "standings",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
    )


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        within_borough("case_id", "cases"),
    )
    op.create_index("ix_contacts_family", "contacts", ["borough_id", "family_id", "made_at", "id"])


def _create_steps() -> None:
    op.create_table(
        "steps",
        *borough_columns(),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_name", sa.String, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        within_borough("case_id", "cases"),
    )
    op.create_index("ix_steps_family", "steps", ["borough_id", "family_id", "at"])


def _create_stops() -> None:
    op.create_table(
        "stops",
        *borough_columns(),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("pick_up_at", _MOMENT, nullable=False),
        sa.Column("pick_up_from", sa.String, nullable=True),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("children", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        within_borough("run_id", "collection_runs"),
        sa.CheckConstraint("state IN ('arranged', 'collected', 'not_in', 'declined')", name="ck_stops_state"),
        sa.UniqueConstraint("borough_id", "run_id", "family_id"),
    )
    op.create_index("ix_stops_family", "stops", ["borough_id", "family_id"])
