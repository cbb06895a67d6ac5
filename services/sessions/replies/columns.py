"""What all answers are made with."""

from typing import Any

from chassis.database import Base


def columns(row: Base) -> dict[str, Any]:
    """Return the columns of a row by name; what the contract does not name is left out of the answer."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
