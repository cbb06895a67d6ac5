"""A family's keys are found by the family first.

By borough and family the planner took that index for every wish of a search in a borough that its statistics did not know
yet, such as one that has just imported a long list, and read all keys of the borough once a wish.
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Replace the index of keys by family."""
    op.create_index(None, "person_keys", ["family_id", "borough_id"])
    op.drop_index("ix_person_keys_borough_id_family_id", "person_keys")
