"""Collection runs: one trip before each session picks families up, in the order of their times."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.clock import LONDON
from chassis.contract import Event, EventType
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid, InvalidTransition
from services.outreach import contract
from services.outreach.contract import CollectionIncomplete, NoSeatsLeft
from services.outreach.models.family import UNKNOWN_NAME, Family

SEATS, CHILD_SEATS = 7, 4
"""Seats for passengers in the minibus, and child seats among them, where nothing is said."""


class Stop(BoroughRow, Base):
    """One family on a run; ``people`` and ``children`` are seats, child seats being among the seats."""

    __tablename__ = "stops"
    __table_args__ = (
        within_borough("run_id", "collection_runs"),
        UniqueConstraint("borough_id", "run_id", "family_id"),
        Index("ix_stops_family", "borough_id", "family_id"),
        CheckConstraint("state IN ('arranged', 'collected', 'not_in', 'declined')", name="state"),
    )
    audited_as = "family_id"

    run_id: Mapped[UUID]
    family_id: Mapped[UUID]
    pick_up_at: Mapped[datetime]
    pick_up_from: Mapped[str | None]
    people: Mapped[int]
    children: Mapped[int]
    state: Mapped[str]


class CollectionRun(Versioned, BoroughRow, Base):
    """The trip before one session. ``changes`` counts up with every change of a stop, and with it the version."""

    __tablename__ = "collection_runs"
    __table_args__ = (
        UniqueConstraint("borough_id", "session_id"),
        Index("ix_collection_runs_day", "borough_id", "on", "session_starts_at", "id"),
        CheckConstraint("child_seats <= seats", name="child_seats_are_seats"),
    )

    session_id: Mapped[UUID]
    session_starts_at: Mapped[datetime]
    on: Mapped[date]
    group_name: Mapped[str]
    status: Mapped[str]
    driver_name: Mapped[str | None]
    seats: Mapped[int]
    child_seats: Mapped[int]
    changes: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None]
    stops: Mapped[list[Stop]] = relationship(order_by=(Stop.pick_up_at, Stop.id), lazy="selectin", cascade="all, delete-orphan")

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Return the columns of a run on which nobody is yet."""
        return {"version": 1, "status": "arranged", "seats": SEATS, "child_seats": CHILD_SEATS, "changes": 0}

    def arrange(self, family: Family, values: Mapping[str, Any]) -> tuple[Stop, Event]:
        """Put a family on the run, or change its stop.

        A pick-up is agreed with the family beforehand, so it is no contact that safe channels could forbid. It is at the
        family's address only where nothing else is said and a visit there is safe.

        Raises:
            InvalidTransition: the run is done.
            Invalid: nobody drives, or the pick-up is not before the session.
            NoSeatsLeft: the car is full.
        """
        self._require_arranged()
        self._equip(values)
        pick_up_at = self._pick_up(values["pick_up_at"])
        people = values["people"] or family.people
        children = min(people, family.children if values["children"] is None else values["children"])
        self._require_seats(family.id, people, children)
        stop = self._stop_of(family.id) or self._new_stop(family.id)
        stop.pick_up_at, stop.pick_up_from = pick_up_at, values["pick_up_from"] or family.home_to_come_to()
        stop.people, stop.children = people, children
        return stop, self._event(contract.RUN_ARRANGED)

    def complete(self, outcomes: Sequence[Mapping[str, Any]], names: Mapping[UUID, str], *, at: datetime, today: date) -> Event:
        """Say for every stop what came of it; ``names`` are those of the families, for the error.

        Raises:
            InvalidTransition: the run is done, or its day has not come.
            Invalid: a family is not on this run.
            CollectionIncomplete: a stop has no outcome.
        """
        self._require_arranged()
        if today < self.on:
            raise InvalidTransition("This run has not happened yet. Complete it on the day.")
        self._require_all(outcomes, names)
        for outcome in outcomes:
            stop = self._stop_of(outcome["family_id"])
            if stop:
                stop.state = outcome["outcome"]
        self.status, self.completed_at = "completed", at
        return self._event(contract.RUN_COMPLETED)

    def told_again(self) -> Event:
        """Return the event of the run as it stands: whose stops they are has changed."""
        return self._event(contract.RUN_ARRANGED if self.status == "arranged" else contract.RUN_COMPLETED)

    def _require_arranged(self) -> None:
        if self.status != "arranged":
            raise InvalidTransition("This run is done. What it says can't be changed any more.")

    def _equip(self, values: Mapping[str, Any]) -> None:
        self.driver_name = values["driver_name"] or self.driver_name
        self.seats = values["seats"] or self.seats
        self.child_seats = self.child_seats if values["child_seats"] is None else values["child_seats"]
        if not self.driver_name:
            raise Invalid(faults={"driver_name": ["Who drives?: this is needed for the first family of a run."]})
        if self.child_seats > self.seats:
            self.child_seats = self._fewer_child_seats(values)

    def _fewer_child_seats(self, values: Mapping[str, Any]) -> int:
        if values["child_seats"] is None:
            return self.seats
        raise Invalid(faults={"child_seats": ["Child seats among them: there can't be more than seats."]})

    def _pick_up(self, at: time) -> datetime:
        moment = datetime.combine(self.on, at, tzinfo=LONDON).astimezone(UTC)
        if moment >= self.session_starts_at:
            raise Invalid(faults={"pick_up_at": ["Pick up at: this must be before the session starts."]})
        return moment

    def _require_seats(self, family_id: UUID, people: int, children: int) -> None:
        others = [stop for stop in self.stops if stop.family_id != family_id]
        people += sum(stop.people for stop in others)
        children += sum(stop.children for stop in others)
        if people > self.seats or children > self.child_seats:
            raise NoSeatsLeft(seats=self.seats, child_seats=self.child_seats, needed=people, child_seats_needed=children)

    def _require_all(self, outcomes: Sequence[Mapping[str, Any]], names: Mapping[UUID, str]) -> None:
        given, here = {outcome["family_id"] for outcome in outcomes}, {stop.family_id for stop in self.stops}
        strangers = [place for place, outcome in enumerate(outcomes) if outcome["family_id"] not in here]
        if strangers:
            fault = {"family_id": ["Family: this family is not on this run."]}
            raise Invalid(faults={"outcomes": {str(place): fault for place in strangers}})
        if here - given:
            missing = [{"family_id": str(one), "name": names.get(one, UNKNOWN_NAME)} for one in sorted(here - given)]
            raise CollectionIncomplete(families=missing)

    def _stop_of(self, family_id: UUID) -> Stop | None:
        return next((stop for stop in self.stops if stop.family_id == family_id), None)

    def _new_stop(self, family_id: UUID) -> Stop:
        stop = Stop(borough_id=self.borough_id, run_id=self.id, family_id=family_id, state="arranged")
        self.stops.append(stop)
        return stop

    def _event(self, kind: EventType) -> Event:
        self.changes += 1
        stops = [{"family_id": stop.family_id, "state": stop.state, "pick_up_at": stop.pick_up_at} for stop in self.stops]
        return kind(self.id, self.version + 1, session_id=self.session_id, stops=stops)
