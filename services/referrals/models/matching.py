"""Two families that may be one: what speaks for it, and what somebody said of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow, Versioned
from chassis.ids import new_id

OPEN = ("open", "not_sure")
"""States of a pair that stays on the list."""
Prints = tuple[str, str]
"""The fingerprints of the two families: see `Household.fingerprint`."""


class FamilyMatch(Versioned, BoroughRow, Base):
    """Two families that may be one; ``one_id`` is the lower id, so that a pair is kept once.

    Attributes:
        state: ``open`` until somebody says what they think: ``same``, ``different`` or ``not_sure``; ``gone`` when there is nothing to
            say any more.
        one_print, other_print: digests of what was compared: a verdict holds while both stay as they were.
        reasons: codes and points, as JSON; never a name.
        note: the words of who decided.
    """

    __tablename__ = "family_matches"
    unaudited = frozenset({"one_print", "other_print"})
    __table_args__ = (
        UniqueConstraint("borough_id", "one_id", "other_id"),
        Index(None, "borough_id", "other_id"),
        Index(None, "borough_id", "state", "score", "id"),
    )

    one_id: Mapped[UUID]
    other_id: Mapped[UUID]
    state: Mapped[str]
    level: Mapped[str]
    one_print: Mapped[str]
    other_print: Mapped[str]
    score: Mapped[int]
    caution: Mapped[bool]
    reasons: Mapped[list[dict[str, Any]]]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    note: Mapped[str | None]

    @classmethod
    def blank(cls, at: datetime) -> dict[str, Any]:
        """Return the columns of a pair that nobody compared yet."""
        nothing: dict[str, Any] = {"level": "", "one_print": "", "other_print": "", "score": 0, "caution": False, "reasons": []}
        return {"id": new_id(), "version": 1, "state": "open", "found_at": at, **nothing}

    def found(self, level: str, score: int, reasons: Sequence[dict[str, Any]], prints: Prints, at: datetime, *, caution: bool) -> None:
        """Take over how the two compare now; what somebody said holds unless one of the two changed since."""
        changed = prints != (self.one_print, self.other_print)
        if changed and self.state not in {"open", "gone"}:
            self.decided_at = self.decided_by = self.note = None
        if changed or self.state == "gone":
            self.state = "open"
        if level == "unlikely" and self.state == "open":
            self.state = "gone"
        self.level, self.score, self.caution, self.reasons = level, score, caution, list(reasons)
        (self.one_print, self.other_print), self.found_at = prints, at

    def holds(self, prints: Prints) -> bool:
        """Tell whether what somebody said of the two still holds: neither changed since."""
        return self.decided_at is not None and prints == (self.one_print, self.other_print)

    def decide(self, verdict: str, note: str | None, prints: Prints, by: str, at: datetime) -> None:
        """Keep what somebody thinks: ``same``, ``different`` or ``not_sure``."""
        self.state, self.note, self.decided_by, self.decided_at = verdict, note, by, at
        self.one_print, self.other_print = prints

    def settled(self) -> None:
        """Take the pair off the list: one of the two is part of another family now."""
        self.state = "gone"


def ordered(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Return two ids as a pair is kept."""
    return (one, other) if one < other else (other, one)
