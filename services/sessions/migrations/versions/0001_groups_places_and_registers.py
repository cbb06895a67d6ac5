"""Venues, groups, sessions, places, the register, and the chassis's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.database.migration import borough_columns, create_chassis_tables, protect, within_borough

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("collection_runs", "families", "venues", "groups", "places", "sessions", "marks", "spells", "steps")


def upgrade() -> None:
    """Create them."""
    create_chassis_tables(op, "sessions")
    _create_collection_runs()
    _create_families()
    _create_venues()
    _create_groups()
    _create_places()
    _create_sessions()
    _create_marks()
    _create_spells()
    _create_steps()
    for table in _TABLES:
        protect(op, table, "sessions")


def _create_collection_runs() -> None:
    op.create_table(
        "collection_runs",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("stops", JSONB, nullable=False),
    )
    op.create_index("ix_collection_runs_session", "collection_runs", ["borough_id", "session_id"])


def _create_families() -> None:
    op.create_table(
        "families",
        *borough_columns(),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("surname", sa.String, nullable=False),
        sa.Column("members", JSONB, nullable=False),
        sa.Column("language", sa.String, nullable=True),
        sa.Column("interpreter", sa.Boolean, nullable=False),
    )


def _create_venues() -> None:
    op.create_table(
        "venues",
        *borough_columns(versioned=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=True),
        sa.Column("postcode", sa.String, nullable=True),
    )
    op.create_index("ix_venues_name", "venues", ["borough_id", "name", "id"])


def _create_groups() -> None:
    op.create_table(
        "groups",
        *borough_columns(versioned=True),
        sa.Column("venue_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("room", sa.String, nullable=True),
        sa.Column("weekday", sa.SmallInteger, nullable=False),
        sa.Column("starts_at", sa.Time, nullable=False),
        sa.Column("ends_at", sa.Time, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("meets_on_bank_holidays", sa.Boolean, nullable=False),
        sa.Column("laid_out_to", sa.Date, nullable=False),
        within_borough("venue_id", "venues"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_groups_weekday"),
        sa.CheckConstraint("ends_at > starts_at", name="ck_groups_ends_after_start"),
    )
    op.create_index("ix_groups_name", "groups", ["borough_id", "name", "id"])
    op.create_index("ix_groups_venue", "groups", ["borough_id", "venue_id"])


def _create_places() -> None:
    op.create_table(
        "places",
        *borough_columns(versioned=True),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("group_id", sa.Uuid, nullable=True),
        sa.Column("assessment_id", sa.Uuid, nullable=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=True),
        sa.Column("ended_on", sa.Date, nullable=True),
        sa.Column("end_reason", sa.String, nullable=True),
        within_borough("group_id", "groups"),
        sa.CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="ck_places_ended_for_a_reason"),
        sa.CheckConstraint("status IN ('waiting', 'offered', 'active', 'paused', 'ended')", name="ck_places_status"),
    )
    op.create_index("ix_places_asked", "places", ["borough_id", "asked_at", "id"])
    op.create_index("ix_places_family", "places", ["borough_id", "family_id", "asked_at"])
    op.create_index("ix_places_group", "places", ["borough_id", "group_id", "status"])
    op.create_index("ix_places_status", "places", ["borough_id", "status", "asked_at", "id"])
    op.create_index(
        "uq_places_one_a_family", "places", ["borough_id", "family_id"], unique=True, postgresql_where=sa.text("status <> 'ended'")
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        *borough_columns(versioned=True),
        sa.Column("group_id", sa.Uuid, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("bank_holiday", sa.String, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_by", sa.String, nullable=True),
        within_borough("group_id", "groups"),
        sa.UniqueConstraint("borough_id", "group_id", "on"),
    )
    op.create_index("ix_sessions_day", "sessions", ["borough_id", "on", "starts_at", "id"])
    op.create_index("ix_sessions_unclosed", "sessions", ["borough_id", "starts_at", "id"], postgresql_where=sa.text("closed_at IS NULL"))


def _create_marks() -> None:
    op.create_table(
        "marks",
        *borough_columns(),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("place_id", sa.Uuid, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("mark", sa.String, nullable=False),
        sa.Column("people", ARRAY(sa.Uuid), nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=True),
        sa.Column("left_at", _MOMENT, nullable=True),
        sa.Column("marked_at", _MOMENT, nullable=False),
        sa.Column("marked_by", sa.String, nullable=False),
        sa.Column("changed_in", sa.Integer, nullable=False),
        within_borough("place_id", "places"),
        within_borough("session_id", "sessions"),
        sa.CheckConstraint("mark IN ('here', 'late', 'told_us', 'did_not_come', 'we_cancelled')", name="ck_marks_mark"),
        sa.UniqueConstraint("borough_id", "session_id", "family_id"),
    )
    op.create_index("ix_marks_family", "marks", ["borough_id", "family_id", "on"])
    op.create_index("ix_marks_place", "marks", ["borough_id", "place_id", "on"])


def _create_spells() -> None:
    op.create_table(
        "spells",
        *borough_columns(),
        sa.Column("place_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("group_id", sa.Uuid, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=True),
        within_borough("group_id", "groups"),
        within_borough("place_id", "places"),
    )
    op.create_index("ix_spells_family", "spells", ["borough_id", "family_id", "from_on"])
    op.create_index("ix_spells_group", "spells", ["borough_id", "group_id", "from_on"])
    op.create_index("ix_spells_place", "spells", ["borough_id", "place_id", "from_on"])


def _create_steps() -> None:
    op.create_table(
        "steps",
        *borough_columns(),
        sa.Column("place_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_name", sa.String, nullable=False),
        sa.Column("group_name", sa.String, nullable=True),
        sa.Column("starts_on", sa.Date, nullable=True),
        sa.Column("reason", sa.String, nullable=True),
        within_borough("place_id", "places"),
    )
    op.create_index("ix_steps_family", "steps", ["borough_id", "family_id", "at"])
