"""Waiting lists that come as files, under review."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import borough_columns, protect, within_borough

revision = "0012"
down_revision = "0011"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create files and their rows."""
    _create_imports()
    _create_import_rows()
    for table in ("imports", "import_rows"):
        protect(op, table, "referrals")


def _create_imports() -> None:
    op.create_table(
        "imports",
        *borough_columns(versioned=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("file_name", "state")),
        *(sa.Column(name, JSONB, nullable=False) for name in ("reading", "headings")),
        sa.Column("content", sa.LargeBinary, nullable=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("next_line", "total", "checked")),
        sa.Column("made_by_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("made_by_name", "made_by_agency")),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=True),
        sa.Column("imported_by_id", sa.Uuid, nullable=True),
        *(sa.Column(name, sa.String, nullable=True) for name in ("imported_by_name", "imported_by_agency")),
    )
    op.create_index(None, "imports", ["borough_id", "created_at", "id"])
    op.create_index("ix_imports_expires_at", "imports", ["borough_id", "expires_at"])


def _create_import_rows() -> None:
    op.create_table(
        "import_rows",
        *borough_columns(),
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, JSONB, nullable=False) for name in ("cells", "faults", "keys", "same_rows", "matches")),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("referral_id", sa.Uuid, nullable=True),
        within_borough("import_id", "imports", ondelete="CASCADE"),
        sa.UniqueConstraint("borough_id", "import_id", "number", name="uq_import_rows_number"),
    )
