"""A person's membership of one borough is found by both, however many boroughs the person belongs to."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Let the index on people go on with the borough: every request asks for the two together."""
    op.create_index("ix_members_person_id_borough_id", "members", ["person_id", "borough_id"])
    op.drop_index("ix_members_person_id", "members")
