"""What all answers are made with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.database import Base
from services.sessions.models import Place, Shown
from services.sessions.models.family import UNKNOWN_NAME


def columns(row: Base) -> dict[str, Any]:
    """Return the columns of a row by name; what the contract does not name is left out of the answer."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def place_of(place: Place, families: Mapping[UUID, Shown]) -> dict[str, Any]:
    """Return a place with what its family is called; of one that is restricted to others no words either."""
    family = families.get(place.family_id)
    restricted = family is not None and family.restricted
    said = {"family_name": family.name if family else UNKNOWN_NAME, "restricted": restricted}
    return {**columns(place), **said, "end_reason": None if restricted else place.end_reason}
