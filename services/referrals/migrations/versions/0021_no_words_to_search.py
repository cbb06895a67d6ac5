"""A family no longer keeps its names for a search: it is found by keys."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """What was kept is in the names of its people."""
    op.drop_column("families", "search_words")
