"""One move of a referral, kept for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a referral.

    Attributes:
        status: what it moved to.
        at: when.
        by_name, agency_name: who moved it, for which agency.
        reason: their words; clinical.
        to: the service that the family was pointed to.
    """

    id: UUID
    status: str
    at: datetime
    by_name: str
    agency_name: str
    reason: str | None = None
    to: str | None = None

    @property
    def told_as(self) -> str:
        """The status as a referrer reads it: that somebody else referred the family is not theirs to know."""
        return "closed" if self.status == "duplicate" else self.status

    def to_json(self) -> dict[str, Any]:
        """Return the step as it is kept."""
        return {
            "id": str(self.id),
            "status": self.status,
            "at": self.at.isoformat(),
            "by_name": self.by_name,
            "agency_name": self.agency_name,
            "reason": self.reason,
            "to": self.to,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Return the step that was kept."""
        return cls(**{**kept, "id": UUID(kept["id"]), "at": datetime.fromisoformat(kept["at"])})
