"""What families are found by."""

import sqlalchemy as sa
from alembic import op

from chassis.database.migration import hide_restricted, protect

revision = "0008"
down_revision = "0007"

_KEY = sa.String(collation="C")


def upgrade() -> None:
    """Create the keys, the vocabulary of names, and how far each borough is keyed; the service keys every family that is there."""
    _create_person_keys()
    op.create_table(
        "name_words",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("word", _KEY, nullable=False),
        sa.Column("sound", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "word"),
    )
    op.create_table(
        "key_rounds",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("after", sa.Uuid, nullable=True),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("borough_id"),
    )
    for table in ("person_keys", "name_words", "key_rounds"):
        protect(op, table, "referrals")
    hide_restricted(op, "person_keys", "referrals")


def _create_person_keys() -> None:
    op.create_table(
        "person_keys",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("kind", _KEY, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "kind", "key", "family_id", "person_id"),
    )
    op.create_index(None, "person_keys", ["borough_id", "family_id"])
