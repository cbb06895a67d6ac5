"""Venues, weekly groups, and the sessions that they are laid out in."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid, InvalidTransition, Stale
from services.sessions.contract import GroupFull, SessionNotYet
from services.sessions.models import calendar

LONGEST_BACK = timedelta(days=366)
"""How long ago a group's first session may be: registers of a year can be entered afterwards, no more."""

CORRECTED_WITHIN = timedelta(days=14)
"""How long after its session a closed register can be opened again."""


class Venue(Versioned, BoroughRow, Base):
    """Where groups meet."""

    __tablename__ = "venues"
    __table_args__ = (Index("ix_venues_name", "borough_id", "name", "id"),)

    name: Mapped[str]
    address: Mapped[str | None]
    postcode: Mapped[str | None]


class Group(Versioned, BoroughRow, Base):
    """A weekly stay-and-play: weekday 0 is Monday, times are on the wall in London, capacity is in families."""

    __tablename__ = "groups"
    __table_args__ = (
        within_borough("venue_id", "venues"),
        Index("ix_groups_name", "borough_id", "name", "id"),
        Index("ix_groups_venue", "borough_id", "venue_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    venue_id: Mapped[UUID]
    name: Mapped[str]
    room: Mapped[str | None]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    starts_on: Mapped[date]
    capacity: Mapped[int]
    meets_on_bank_holidays: Mapped[bool]
    laid_out_to: Mapped[date]

    @classmethod
    def new(cls, values: dict[str, Any], *, today: date) -> "Group":
        """Return a group of a loaded `NewGroup`; no session is laid out yet.

        Raises:
            Invalid: it ends before it starts, or its first session is more than a year ago.
        """
        faults: dict[str, list[str]] = {}
        if values["ends_at"] <= values["starts_at"]:
            faults["ends_at"] = ["Ends at: this must be after the start."]
        if values["starts_on"] < today - LONGEST_BACK:
            faults["starts_on"] = ["First session on or after: this can be at most a year ago."]
        if faults:
            raise Invalid(faults=faults)
        before = values["starts_on"] - timedelta(days=1)
        return cls(**{**values, "weekday": int(values["weekday"])}, laid_out_to=before)

    def lay_out(self, today: date) -> list["Session"]:
        """Return the sessions still missing up to eight weeks after ``today``; none twice."""
        last = today + calendar.HORIZON
        if last <= self.laid_out_to:
            return []
        first = self.laid_out_to + timedelta(days=1)
        self.laid_out_to = last
        return [self._session(on) for on in calendar.weekly(self.weekday, first, last) if self._meets(on)]

    def skipped(self, first: date, last: date) -> Iterator[tuple[date, str]]:
        """Yield the bank holidays between two days on which the group does not meet, with their names."""
        for on in calendar.weekly(self.weekday, max(first, self.starts_on), last):
            name = calendar.bank_holiday(on)
            if name and not self.meets_on_bank_holidays:
                yield on, name

    def require_room(self, taken: int) -> None:
        """Let one more family in.

        Raises:
            GroupFull: as many families as fit have a place already.
        """
        if taken >= self.capacity:
            raise GroupFull(capacity=self.capacity, taken=taken)

    def _meets(self, on: date) -> bool:
        return self.meets_on_bank_holidays or calendar.bank_holiday(on) is None

    def _session(self, on: date) -> "Session":
        return Session(
            borough_id=self.borough_id,
            group_id=self.id,
            on=on,
            starts_at=calendar.at_wall_time(on, self.starts_at),
            ends_at=calendar.at_wall_time(on, self.ends_at),
            bank_holiday=calendar.bank_holiday(on),
        )


class Session(BoroughRow, Base):
    """One meeting of a group. Its version counts the changes of its register."""

    __tablename__ = "sessions"
    __table_args__ = (
        within_borough("group_id", "groups"),
        UniqueConstraint("borough_id", "group_id", "on"),
        Index("ix_sessions_day", "borough_id", "on", "starts_at", "id"),
        Index("ix_sessions_unclosed", "borough_id", "starts_at", "id", postgresql_where="closed_at IS NULL"),
    )

    version: Mapped[int] = mapped_column(default=1)
    group_id: Mapped[UUID]
    on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    bank_holiday: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]

    def status(self, today: date) -> str:
        """Return planned, open (the day has come) or closed."""
        if self.closed_at:
            return "closed"
        return "open" if self.on <= today else "planned"

    def expect(self, version: int) -> None:
        """Let a change pass that was made on the present version of the register.

        Raises:
            Stale: somebody marked a family meanwhile.
        """
        if version != self.version:
            raise Stale(yours={"version": version}, theirs={"version": self.version})

    def require_open(self, today: date) -> None:
        """Let marks in.

        Raises:
            SessionNotYet: the day has not come.
            InvalidTransition: the register is closed.
        """
        if self.on > today:
            raise SessionNotYet(on=self.on.isoformat())
        if self.closed_at:
            raise InvalidTransition(
                "This register is closed. To correct it, open it again: that can be done for 14 days after the session."
            )

    def may_reopen(self, today: date) -> bool:
        """Tell whether its register is closed and can still be corrected."""
        return self.closed_at is not None and today <= self.on + CORRECTED_WITHIN

    def reopen(self, version: int, *, today: date) -> None:
        """Open its closed register again.

        Raises:
            InvalidTransition: it is open, or its session was more than 14 days ago.
            Stale: somebody opened and closed it since ``version``.
        """
        if not self.closed_at:
            raise InvalidTransition("This register is open.")
        if not self.may_reopen(today):
            raise InvalidTransition("This register is closed for good: its session was more than 14 days ago.")
        self.expect(version)
        self.closed_at = self.closed_by = None
        self.version += 1
