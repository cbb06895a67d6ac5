"""The register: who was expected, what became of each family, and the closing that makes it a fact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.clock import london
from chassis.contract import Event
from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import Invalid, Stale
from services.sessions import contract
from services.sessions.contract import RegisterIncomplete
from services.sessions.models.by import By
from services.sessions.models.engagement import ATTENDED, missed_in_a_row
from services.sessions.models.family import UNKNOWN_NAME, UNKNOWN_SURNAME, Shown
from services.sessions.models.groups import Group, Session

Given = Mapping[str, Any]
"""A loaded `GivenMark`."""


class Mark(BoroughRow, Base):
    """What the register of one session says of one family. ``changed_in`` is the register's version that says it."""

    __tablename__ = "marks"
    __table_args__ = (
        within_borough("session_id", "sessions"),
        within_borough("place_id", "places"),
        UniqueConstraint("borough_id", "session_id", "family_id"),
        Index("ix_marks_place", "borough_id", "place_id", "on"),
        Index("ix_marks_family", "borough_id", "family_id", "on"),
        CheckConstraint("mark IN ('here', 'late', 'told_us', 'did_not_come', 'we_cancelled')", name="mark"),
    )
    audited_as = "family_id"

    session_id: Mapped[UUID]
    family_id: Mapped[UUID]
    place_id: Mapped[UUID]
    on: Mapped[date]
    mark: Mapped[str]
    people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    marked_at: Mapped[datetime]
    marked_by: Mapped[str]
    changed_in: Mapped[int]


@dataclass(frozen=True, slots=True)
class Expected:
    """A family that a session's register is to name.

    Attributes:
        family_id, place_id: whose, and by which place.
        family: the copy of the family, or its mask; None where the news of who it is has not come yet.
        history: marks of the place in closed registers before the session, oldest first.
        collection: what the collection run says: state and pick-up time; None where nobody collects.
    """

    family_id: UUID
    place_id: UUID
    family: Shown | None = None
    history: Sequence[str] = ()
    collection: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What the family is called."""
        return self.family.name if self.family else UNKNOWN_NAME

    @property
    def surname(self) -> str:
        """What the family is sorted by."""
        return self.family.surname if self.family else UNKNOWN_SURNAME

    @property
    def restricted(self) -> bool:
        """Whether the reader may not see who the family is."""
        return self.family is not None and self.family.restricted

    @property
    def people_ids(self) -> list[UUID]:
        """Who may come."""
        return self.family.people_ids if self.family else []


class Register:
    """The register of one session: the expected families and their marks."""

    def __init__(self, session: Session, group: Group, expected: Sequence[Expected], marks: Sequence[Mark]) -> None:
        self.session = session
        self.group = group
        self.expected = sorted(expected, key=lambda line: (line.surname.casefold(), line.name.casefold(), line.family_id))
        self.marks = {mark.family_id: mark for mark in marks}

    @cached_property
    def _by_family(self) -> dict[UUID, Expected]:
        return {line.family_id: line for line in self.expected}

    @property
    def place_ids(self) -> list[UUID]:
        """The places by which families are expected."""
        return [line.place_id for line in self.expected]

    @property
    def unmarked(self) -> list[Expected]:
        """Families with no mark yet."""
        return [line for line in self.expected if line.family_id not in self.marks]

    @property
    def families_here(self) -> int:
        """How many families came."""
        return sum(mark.mark in ATTENDED for mark in self.marks.values())

    @property
    def people_here(self) -> int:
        """How many people are in the building: came and have not left."""
        return sum(len(mark.people) for mark in self.marks.values() if mark.mark in ATTENDED and not mark.left_at)

    def record(self, given: Sequence[Given], version: int, by: By) -> list[Mark]:
        """Take marks of some or all families; all of them or, on any error, none. Returns the marks that are new.

        ``version`` is the version of the register that was on the screen. A mark that somebody else changed since
        is not overwritten; marks of other families are no obstacle.

        Raises:
            SessionNotYet: the day has not come.
            InvalidTransition: the register is closed.
            Invalid: a family is not on this register, a person not of the family, or a time can't be.
            Stale: somebody else marked one of the families differently meanwhile; both marks are in the error.
        """
        self.session.require_open(by.today)
        self._check(given, by)
        meant = [self._blind(one) for one in given if not self._left_alone(one)]
        self._refuse_overwriting(meant, version)
        changed = [one for one in meant if not self._says(one)]
        if not changed:
            return []
        self.session.version += 1
        return [mark for mark in (self._put(one, by) for one in changed) if mark is not None]

    def close(self, version: int, by: By) -> None:
        """Make what the register says a fact.

        Raises:
            SessionNotYet, InvalidTransition: the day has not come, or it is closed already.
            Stale: somebody marked a family since the closing person looked.
            RegisterIncomplete: a family has no mark yet.
        """
        self.session.require_open(by.today)
        self.session.expect(version)
        if self.unmarked:
            raise RegisterIncomplete(families=[{"family_id": str(line.family_id), "name": line.name} for line in self.unmarked])
        self.session.closed_at, self.session.closed_by = by.at, by.name
        self.session.version += 1

    def facts(self, histories: Mapping[UUID, Sequence[str]], counts: Mapping[UUID, int]) -> Iterator[Event]:
        """Yield the events of a register that was just closed.

        Args:
            histories: by place, the marks of every closed register including this one, oldest first: where a register
                is closed after a later one, the count of missed sessions is the one that holds now.
            counts: by family, how often the registers that name it have changed: the sequence of its events, whatever its places.
        """
        yield self._closed()
        for mark in self.marks.values():
            yield from self._attendance(mark, counts[mark.family_id], missed_in_a_row(histories[mark.place_id]))

    def _closed(self) -> Event:
        session = self.session
        return contract.SESSION_CLOSED(
            session.id, session.version, group_id=session.group_id, on=session.on, starts_at=session.starts_at,
            expected=len(self.marks), attended=self.families_here,
        )  # fmt: skip

    def _attendance(self, mark: Mark, sequence: int, consecutive: int) -> Iterator[Event]:
        kinds = [contract.ATTENDANCE_RECORDED]
        if mark.mark in ATTENDED:
            kinds.append(contract.FAMILY_ATTENDED)
        if mark.mark == "did_not_come":
            kinds.append(contract.FAMILY_MISSED)
        for kind in kinds:
            yield kind(
                mark.family_id, sequence, family_id=mark.family_id, session_id=mark.session_id,
                group_id=self.group.id, group_name=self.group.name, on=mark.on, starts_at=self.session.starts_at,
                mark=mark.mark, consecutive=consecutive,
            )  # fmt: skip

    def _check(self, given: Sequence[Given], by: By) -> None:
        faults: dict[str, Any] = {}
        seen: set[UUID] = set()
        for place, one in enumerate(given):
            fault = self._fault(one, by) if one["family_id"] not in seen else _fault("family_id", "this family is here twice")
            seen.add(one["family_id"])
            if fault:
                faults[str(place)] = fault
        if faults:
            raise Invalid(faults={"marks": faults})

    def _fault(self, one: Given, by: By) -> dict[str, list[str]]:
        line = self._by_family.get(one["family_id"])
        if line is None:
            return _fault("family_id", "this family is not on this register")
        if not set(one["people"] or ()) <= set(line.people_ids):
            return _fault("people", "choose people of this family")
        return self._time_fault(one, by)

    def _time_fault(self, one: Given, by: By) -> dict[str, list[str]]:
        for name in ("arrived_at", "left_at"):
            moment = one[name]
            if moment and (london(moment).date() != self.session.on or moment > by.at):
                return _fault(name, "give a time on the day of the session, not in the future")
        if one["left_at"] and one["arrived_at"] and one["left_at"] < one["arrived_at"]:
            return _fault("left_at", "this must be after they arrived")
        return {}

    def _left_alone(self, one: Given) -> bool:
        """Tell whether a form sent back just what it had shown, while somebody else changed the mark."""
        mark = self.marks.get(one["family_id"])
        return bool(one["was"]) and one["mark"] == one["was"] and mark is not None and mark.mark != one["was"]

    def _blind(self, one: Given) -> Given:
        """Return a mark without people, who stay as they were, where whoever gives it can't see them."""
        return {**one, "people": None} if self._by_family[one["family_id"]].restricted else one

    def _refuse_overwriting(self, meant: Sequence[Given], version: int) -> None:
        if version > self.session.version:
            self.session.expect(version)
        clashes = [
            (one, self.marks[one["family_id"]])
            for one in meant
            if one["family_id"] in self.marks and self.marks[one["family_id"]].changed_in > version and not self._says(one)
        ]
        if clashes:
            raise Stale(
                yours={"version": version, "marks": [self._told(one, one["family_id"]) for one, _ in clashes]},
                theirs={
                    "version": self.session.version,
                    "marks": [{**self._told(vars(mark), mark.family_id), "by": mark.marked_by} for _, mark in clashes],
                },
            )

    def _told(self, said: Mapping[str, Any], family_id: UUID) -> dict[str, Any]:
        line = self._by_family[family_id]
        people = None if line.restricted else said["people"]
        return {
            "family_id": str(family_id),
            "family_name": line.name,
            "mark": said["mark"],
            "people": None if people is None else [str(person) for person in people],
        }

    def _says(self, one: Given) -> bool:
        """Tell whether the register says just that already."""
        mark = self.marks.get(one["family_id"])
        if mark is None or mark.mark != one["mark"]:
            return False
        asked = [one["people"] is None or set(one["people"]) == set(mark.people)]
        asked += [one[name] is None or one[name] == getattr(mark, name) for name in ("arrived_at", "left_at")]
        return all(asked)

    def _put(self, one: Given, by: By) -> Mark | None:
        """Write a mark down; returned where it is new."""
        line = self._by_family[one["family_id"]]
        known = self.marks.get(line.family_id)
        mark = known or Mark(
            borough_id=self.session.borough_id, session_id=self.session.id, family_id=line.family_id,
            place_id=line.place_id, on=self.session.on, people=[],
        )  # fmt: skip
        came_before = known is not None and known.mark in ATTENDED
        mark.mark, mark.marked_at, mark.marked_by, mark.changed_in = one["mark"], by.at, by.name, self.session.version
        if one["mark"] in ATTENDED:
            self._put_presence(mark, one, line, by, came_before=came_before)
        else:
            mark.people, mark.arrived_at, mark.left_at = [], None, None
        self.marks[line.family_id] = mark
        return None if known else mark

    def _put_presence(self, mark: Mark, one: Given, line: Expected, by: By, *, came_before: bool) -> None:
        if one["people"] is not None:
            mark.people = list(one["people"])
        elif not came_before:
            mark.people = line.people_ids
        now = by.at if by.today == self.session.on else None
        mark.arrived_at = one["arrived_at"] or (mark.arrived_at if came_before else now)
        mark.left_at = one["left_at"] or (mark.left_at if came_before else None)


def _fault(name: str, words: str) -> dict[str, list[str]]:
    label = {"family_id": "Family", "people": "Who is here", "arrived_at": "Arrived", "left_at": "Left"}[name]
    return {name: [f"{label}: {words}."]}
