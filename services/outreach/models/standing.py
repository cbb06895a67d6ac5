"""What outreach has heard of a family's attendance: it decides what cases there are to be."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow


class Standing(BoroughRow, Base):
    """The latest news of one family; its row id is the family's id. Locked while any news of the family is handled.

    Order on the wire is not promised, so each kind of news says when it was true, and older news changes nothing.

    Attributes:
        sequence: of the latest news of attendance: how many closed registers name the family.
        missed: sessions missed in a row, by that news.
        settled_at: since when there is nothing to do before joining: the family came, or will not come.
        ended_at: when its latest place ended.
    """

    __tablename__ = "standings"

    sequence: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def heard(self, sequence: int, missed: int) -> bool:
        """Take over the count of sessions missed in a row; return False for news older than what is known."""
        if sequence <= self.sequence:
            return False
        self.sequence, self.missed = sequence, missed
        return True

    def settled(self, at: datetime) -> None:
        """Note that there is nothing to do before joining any more."""
        self.settled_at = max(at, self.settled_at or at)

    def ended(self, at: datetime) -> None:
        """Note that the family's place ended."""
        self.ended_at = max(at, self.ended_at or at)
        self.settled(at)

    def join(self, other: "Standing") -> None:
        """Know what was heard of the same family under another id."""
        if self.sequence == 0:
            self.missed = other.missed
        self.settled_at = max(filter(None, (self.settled_at, other.settled_at)), default=None)
        self.ended_at = max(filter(None, (self.ended_at, other.ended_at)), default=None)

    def awaits_joining(self, since: datetime) -> bool:
        """Tell whether a family accepted at a moment is still to be won: it did not come or leave since."""
        return self.settled_at is None or self.settled_at < since

    def has_place_at(self, session_starts_at: datetime) -> bool:
        """Tell whether the family's place had not ended, for all we know, when a session began."""
        return self.ended_at is None or self.ended_at < session_starts_at

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Return the columns of a family of which nothing was heard."""
        return {"sequence": 0, "missed": 0}
