"""Which families may be one, what people said of that, and which were merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, hide_two, protect, within_borough

revision = "0014"
down_revision = "0013"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables, and let a family say which one it was merged into. Both are hidden with either of their families."""
    op.add_column("families", sa.Column("merged_into", sa.Uuid, nullable=True))
    op.create_foreign_key(None, "families", "families", ["borough_id", "merged_into"], ["borough_id", "id"])
    op.create_index(None, "families", ["borough_id", "merged_into"], postgresql_where=sa.text("merged_into IS NOT NULL"))
    _create_matches()
    _create_merges()
    for table, columns in (("family_matches", ("one_id", "other_id")), ("family_merges", ("into_id", "merged_id"))):
        protect(op, table, "referrals")
        hide_two(op, table, "referrals", columns=columns)


def _create_matches() -> None:
    op.create_table(
        "family_matches",
        *borough_columns(versioned=True),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("one_id", "other_id")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "level", "one_print", "other_print")),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("caution", sa.Boolean, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        *(sa.Column(name, sa.String, nullable=True) for name in ("decided_by", "note")),
        sa.UniqueConstraint("borough_id", "one_id", "other_id"),
    )
    op.create_index(None, "family_matches", ["borough_id", "other_id"])
    op.create_index(None, "family_matches", ["borough_id", "state", "score", "id"])


def _create_merges() -> None:
    op.create_table(
        "family_merges",
        *borough_columns(versioned=True),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("into_id", "merged_id", "by_id")),
        sa.Column("merged_version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("by_name", "merged_name", "reason")),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        *(sa.Column(name, JSONB, nullable=False) for name in ("people", "moved", "before", "after", "theirs", "restriction")),
        sa.Column("undone_at", _MOMENT, nullable=True),
        *(sa.Column(name, sa.String, nullable=True) for name in ("undone_by", "undone_because")),
        within_borough("into_id", "families"),
    )
    op.create_index(None, "family_merges", ["borough_id", "into_id", "at"])
    op.create_index(None, "family_merges", ["borough_id", "merged_id"], unique=True, postgresql_where=sa.text("undone_at IS NULL"))
    op.create_index(None, "family_merges", ["borough_id", "at", "id"])
    op.create_index("ix_family_merges_to_forget", "family_merges", ["borough_id", "until"], postgresql_where=sa.text("before <> '{}'"))
