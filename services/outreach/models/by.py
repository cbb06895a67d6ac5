"""Who does something, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.clock import london


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    person_id: UUID
    name: str
    at: datetime

    @property
    def today(self) -> date:
        """The day in London."""
        return london(self.at).date()
