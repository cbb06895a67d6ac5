"""Who does something, and when."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.clock import london


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, by name, and when."""

    name: str
    at: datetime

    @property
    def today(self) -> date:
        """The day in London."""
        return london(self.at).date()
