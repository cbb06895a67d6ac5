"""Places: a family's way from the waiting list into a group, its breaks, and the end that only a person decides."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from chassis.contract import Event, EventType
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid, InvalidTransition
from services.sessions import contract
from services.sessions.contract import RegisterAlreadyClosed
from services.sessions.models.by import By
from services.sessions.models.groups import Group

LONGEST_AHEAD = timedelta(days=183)
"""How far ahead a place may start: half a year."""

MOVES: dict[str, tuple[str, ...]] = {
    "waiting": ("offered", "ended"),
    "offered": ("offered", "active", "ended"),
    "active": ("paused", "ended"),
    "paused": ("active", "ended"),
    "ended": (),
}
"""From each status, the ones a place may move to."""

TAKING_A_SEAT = ("offered", "active", "paused")
"""Statuses that count against a group's capacity: a family on a break keeps its place."""


class Place(Versioned, BoroughRow, Base):
    """A family's place in a group, or on the waiting list. A family has at most one that has not ended.

    There is no way here to end a place but `end`, which a person calls with a reason: no timer, no event, no count of
    missed sessions does.
    """

    __tablename__ = "places"
    __table_args__ = (
        within_borough("group_id", "groups"),
        Index("uq_places_one_a_family", "borough_id", "family_id", unique=True, postgresql_where=text("status <> 'ended'")),
        Index("ix_places_family", "borough_id", "family_id", "asked_at"),
        Index("ix_places_group", "borough_id", "group_id", "status"),
        Index("ix_places_asked", "borough_id", "asked_at", "id"),
        Index("ix_places_status", "borough_id", "status", "asked_at", "id"),
        CheckConstraint("status IN ('waiting', 'offered', 'active', 'paused', 'ended')", name="status"),
        CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
    )
    audited_as = "family_id"

    family_id: Mapped[UUID]
    group_id: Mapped[UUID | None]
    assessment_id: Mapped[UUID | None]
    status: Mapped[str]
    asked_at: Mapped[datetime]
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]

    @classmethod
    def asked(cls, borough_id: UUID, family_id: UUID, *, at: datetime, assessment_id: UUID | None = None) -> "Place":
        """Return a family's entry on the waiting list, of which it has asked to be ``at`` a moment."""
        return cls(borough_id=borough_id, family_id=family_id, assessment_id=assessment_id, status="waiting", asked_at=at)

    def again(self, *, at: datetime) -> "Place":
        """Return a new entry on the waiting list for the family of a place that ended.

        Raises:
            InvalidTransition: the place has not ended.
        """
        if self.status != "ended":
            raise InvalidTransition("This family has a place, or waits for one already.")
        return Place.asked(self.borough_id, self.family_id, at=at, assessment_id=self.assessment_id)

    @property
    def in_group(self) -> UUID:
        """The group it is in.

        Raises:
            InvalidTransition: no place was offered yet.
        """
        if self.group_id is None:
            raise InvalidTransition("Offer the family a place first.")
        return self.group_id

    def can_be_offered(self, group: Group, taken: int) -> bool:
        """Tell whether news of the agreed group lets the place be offered there by itself."""
        open_to_offers = self.status == "waiting" or (self.status == "offered" and self.group_id != group.id)
        return open_to_offers and taken < group.capacity

    def offer(self, group: Group, taken: int) -> Event:
        """Offer a place in ``group``, of which ``taken`` places are taken by other families.

        Raises:
            InvalidTransition: the family has taken a place up already, or its place ended.
            GroupFull: no place is free.
        """
        self._require_move("offered")
        group.require_room(taken)
        self.status, self.group_id = "offered", group.id
        return self._event(contract.PLACE_OFFERED, group)

    def start(self, group: Group, starts_on: date, *, today: date, last_closed: date | None) -> tuple[Event, "Spell"]:
        """Let the family take its place up from a day on.

        Raises:
            InvalidTransition: no place is offered.
            Invalid: the day is before the group begins, or more than half a year ahead.
            RegisterAlreadyClosed: the group's register of that day or a later one is closed.
        """
        if self.status != "offered":
            raise InvalidTransition("Offer the family a place first. Then it can start.")
        _require_within(starts_on, group.starts_on, today + LONGEST_AHEAD)
        _require_after(starts_on, last_closed)
        self.status, self.starts_on = "active", starts_on
        return self._event(contract.PLACE_STARTED, group), self._spell(group, starts_on)

    def pause(self, group: Group, spell: "Spell | None", *, today: date) -> Event:
        """Begin a break: today is the last day that counts.

        Raises:
            InvalidTransition: the place is not active.
        """
        self._require_move("paused")
        self.status = "paused"
        if spell:
            spell.close(today)
        return self._event(contract.PLACE_PAUSED, group)

    def resume(self, group: Group, last: "Spell | None", *, today: date, last_closed: date | None) -> tuple[Event, "Spell"]:
        """End a break: the place counts again from today, or from the first day on which it can.

        The spell that is returned is the last one where that was over before it began: else two would begin on one day.

        Raises:
            InvalidTransition: the place is not paused.
        """
        if self.status != "paused":
            raise InvalidTransition("This family is not having a break.")
        self.status = "active"
        days = [today, *(day + timedelta(days=1) for day in (last and last.until_on, last_closed) if day)]
        again = last.again(max(days)) if last and last.counts_on_no_day else self._spell(group, max(days))
        return self._event(contract.PLACE_RESUMED, group), again

    def end(self, group: Group | None, spell: "Spell | None", reason: str, *, today: date) -> Event:
        """End the place because a person decided so: today is the last day that counts.

        Raises:
            InvalidTransition: it has ended already.
        """
        self._require_move("ended")
        self.status, self.end_reason, self.ended_on = "ended", reason, today
        if spell and spell.until_on is None:
            spell.close(today)
        return self._event(contract.PLACE_ENDED, group)

    def join_another(self, reason: str, spells: Sequence["Spell"], *, today: date) -> None:
        """End it because its family, on record twice, has another that goes on: a person decided so by merging the two.

        Nobody is told: the family has not lost its place. From today on it is expected by its other one.
        """
        self.status, self.end_reason, self.ended_on = "ended", reason, today
        for spell in spells:
            spell.close(today - timedelta(days=1))

    def step(self, kind: str, by: By, group: Group | None = None, reason: str | None = None) -> "Step":
        """Return the entry in the family's story for what just happened to the place."""
        return Step(
            borough_id=self.borough_id, place_id=self.id, family_id=self.family_id, kind=kind, at=by.at, by_name=by.name,
            group_name=group.name if group else None, starts_on=self.starts_on, reason=reason,
        )  # fmt: skip

    def _require_move(self, status: str) -> None:
        if status not in MOVES[self.status]:
            there, wanted = contract.PLACE_STATUSES[self.status].lower(), contract.PLACE_STATUSES[status].lower()
            raise InvalidTransition(f"This place can't go from “{there}” to “{wanted}”. Look at it again.")

    def _event(self, kind: EventType, group: Group | None) -> Event:
        facts = {"group_id": group.id, "group_name": group.name} if group else {}
        # the version is counted up by the flush that writes this change
        return kind(self.id, (self.version or 0) + 1, family_id=self.family_id, starts_on=self.starts_on, **facts)

    def _spell(self, group: Group, from_on: date) -> "Spell":
        return Spell(borough_id=self.borough_id, place_id=self.id, family_id=self.family_id, group_id=group.id, from_on=from_on)


class Spell(BoroughRow, Base):
    """A time in which a family is expected at a group: from a day up to and including ``until_on``, or open-ended.

    Who is on a register is decided by the spells that hold the session's day, so what happens to a place later
    changes no register of the past.
    """

    __tablename__ = "spells"
    __table_args__ = (
        within_borough("place_id", "places"),
        within_borough("group_id", "groups"),
        Index("ix_spells_group", "borough_id", "group_id", "from_on"),
        Index("ix_spells_family", "borough_id", "family_id", "from_on"),
        Index("ix_spells_place", "borough_id", "place_id", "from_on"),
    )

    place_id: Mapped[UUID]
    family_id: Mapped[UUID]
    group_id: Mapped[UUID]
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    @property
    def counts_on_no_day(self) -> bool:
        """Whether it was over before it began."""
        return self.until_on is not None and self.until_on < self.from_on

    def again(self, from_on: date) -> "Spell":
        """Let it begin on a day, and return it."""
        self.from_on, self.until_on = from_on, None
        return self

    def close(self, today: date) -> None:
        """Let ``today`` be the last day; a spell that has not begun counts on no day."""
        self.until_on = max(today, self.from_on - timedelta(days=1))


class Step(BoroughRow, Base):
    """One thing that happened to a place, for the family's story. Only added, never changed."""

    __tablename__ = "steps"
    __table_args__ = (within_borough("place_id", "places"), Index("ix_steps_family", "borough_id", "family_id", "at"))

    place_id: Mapped[UUID]
    family_id: Mapped[UUID]
    kind: Mapped[str]
    at: Mapped[datetime]
    by_name: Mapped[str]
    group_name: Mapped[str | None]
    starts_on: Mapped[date | None]
    reason: Mapped[str | None]

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the family's page says of it; the reason stays out: it is asked for where the place is."""
        starts_on = self.starts_on.isoformat() if self.starts_on else None
        return {"group_name": self.group_name, "by_name": self.by_name, "starts_on": starts_on}


def _require_within(starts_on: date, first: date, last: date) -> None:
    if starts_on < first:
        raise Invalid(faults={"starts_on": ["First session on: the group has not begun on that day."]})
    if starts_on > last:
        raise Invalid(faults={"starts_on": ["First session on: choose a day in the next six months."]})


def _require_after(starts_on: date, last_closed: date | None) -> None:
    if last_closed and starts_on <= last_closed:
        raise RegisterAlreadyClosed(last_closed=last_closed.isoformat())
