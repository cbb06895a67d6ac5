"""A restricted family: the named people who may see it, and those who broke the glass."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Mapped

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned
from chassis.database.restrictions import Access
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.schemas import instance_of, whatever_day_it_is
from services.referrals import contract

GLASS: Final = timedelta(hours=contract.GLASS_HOURS)
Person = Mapping[str, Any]
"""A loaded `NamedPerson`."""


class Restriction(Versioned, BoroughRow, Base):
    """Who may see one family. Its row id is the family's id; it stays when it is lifted, so that its version goes on.

    Moments here are real ones, also in a practice borough: security never goes by an acting time.

    Attributes:
        named: people as `NamedPerson` has them, as JSON.
        glass: every time that somebody broke the glass, oldest first, as `BrokenGlass` has it, as JSON.
    """

    __tablename__ = "family_restrictions"
    audited_as = "id"

    in_force: Mapped[bool]
    reason: Mapped[str]
    words: Mapped[str | None]
    named: Mapped[list[dict[str, Any]]]
    glass: Mapped[list[dict[str, Any]]]
    restricted_by: Mapped[str]
    restricted_at: Mapped[datetime]
    lifted_because: Mapped[str | None]

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Return the columns of the restriction of a family that never had one; `impose` makes it one."""
        nothing: dict[str, Any] = {"version": 0, "in_force": False, "reason": "other", "named": [], "glass": []}
        return {**nothing, "restricted_by": "", "restricted_at": clock.real_now()}

    def impose(self, request: Mapping[str, Any], by: Caller, at: datetime) -> Event:
        """Restrict the family to the people of ``request``, a loaded `RestrictFamilyRequest`, and to ``by``, unless they chose otherwise.

        ``by`` is a practitioner: nobody else may restrict a family.

        Raises:
            Conflict: it is restricted already.
            Invalid: no practitioner may see it.
        """
        if self.in_force:
            raise Conflict("This family is restricted already. Change who may see it instead.")
        people = list(request["people"])
        if not request["without_me"] and by.person_id not in {person["person_id"] for person in people}:
            people.append({"person_id": by.person_id, "name": by.person_name, "practitioner": True})
        self._name(people)
        self.in_force, self.reason, self.words, self.lifted_because = True, request["reason"], request["words"], None
        self.restricted_by, self.restricted_at = by.person_name, at
        return self._changed()

    def change(self, version: int, add: Sequence[Person], remove: Collection[UUID], by: Caller, at: datetime) -> Event:
        """Name more people, and fewer; who is removed loses also what they broke the glass for.

        Somebody who broke the glass may only add others: nobody gives themselves for good what they were lent.

        Raises:
            Stale: somebody changed it since; both are in the error.
            Conflict: the family is not restricted.
            Forbidden: ``by`` is not named, and removes somebody or adds themselves.
            Invalid: no practitioner may see it.
        """
        yours = {"add": _dumped(add), "remove": [str(one) for one in remove]}
        self.expect(version, yours=yours, theirs={"people": self.named})
        self._require_in_force()
        if not self.names(by.person_id) and (remove or by.person_id in {person["person_id"] for person in add}):
            raise Forbidden("You opened this record by breaking the glass: you can name others, but not yourself, and remove nobody.")
        self._name([*(person for person in self.people if person["person_id"] not in set(remove)), *add])
        self.glass = [_ended(one, at) if UUID(one["person_id"]) in set(remove) else one for one in self.glass]
        return self._changed()

    def lift(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Let everybody see the family again whose role allows it; what was lent ends, should it be restricted again.

        Raises:
            Stale: somebody changed it since.
            Conflict: the family is not restricted.
            Forbidden: ``by`` is not named.
        """
        self.expect(version)
        self._require_in_force()
        if not self.names(by.person_id):
            raise Forbidden("Only the people who are named can lift this restriction.")
        self.in_force, self.lifted_because, self.named = False, reason, []
        self.glass = [_ended(one, at) for one in self.glass]
        return self._changed()

    def break_glass(self, reason: str, by: Caller, at: datetime) -> tuple[datetime, list[Event]]:
        """Let ``by`` see the family for four hours; where they may already, nothing changes and nobody is told again.

        Returns:
            Until when, and the events.

        Raises:
            Conflict: the family is not restricted, or ``by`` is named.
        """
        self._require_in_force()
        if self.names(by.person_id):
            raise Conflict("You are named: you can open this record.")
        known = self.glass_of(by.person_id, at)
        if known:
            return known, []
        broken = {"person_id": by.person_id, "agency_name": by.agency_name, "reason": reason, "at": at, "until": at + GLASS}
        self.glass = [*self.glass, instance_of(contract.BrokenGlass).dump({**broken, "name": by.person_name})]
        changed = self._changed()
        told = contract.GLASS_BROKEN(self.id, self.version, family_id=self.id, person_name=by.person_name, **broken)
        return at + GLASS, [changed, told]

    def join(self, other: "Restriction", by: Caller, at: datetime) -> Event:
        """Restrict the family also as ``other`` was, another record of the same family: only whom both name may see it.

        Raises:
            Invalid: no practitioner is named on both.
        """
        named = [one for one in self.people if other.names(one["person_id"])] if self.in_force else other.people
        if not any(person["practitioner"] for person in named):
            raise Invalid("No practitioner is named on both records. Name one on both first.", faults={})
        self._name(named)
        self.in_force, self.lifted_because, self.glass = True, None, []
        self.reason, self.restricted_by, self.restricted_at = other.reason, by.person_name, at
        self.words = "\n".join(filter(None, dict.fromkeys((self.words, other.words)))) or None
        return self._changed()

    def standing(self) -> dict[str, Any]:
        """Return as JSON who may see the family, so that `stand` can put it back."""
        kept = {name: getattr(self, name) for name in ("in_force", "reason", "words", "named", "restricted_by", "lifted_because")}
        return {**kept, "restricted_at": self.restricted_at.isoformat()}

    def stand(self, before: Mapping[str, Any]) -> Event:
        """Let those see the family who could before."""
        for name, value in before.items():
            setattr(self, name, datetime.fromisoformat(value) if name == "restricted_at" else value)
        return self._changed()

    def names(self, person_id: UUID) -> bool:
        """Tell whether somebody is named."""
        return person_id in self._named_ids

    def glass_of(self, person_id: UUID, at: datetime) -> datetime | None:
        """Return until when somebody may see the family who broke the glass; None who may not at that moment."""
        ends = [datetime.fromisoformat(one["until"]) for one in self.glass if one["person_id"] == str(person_id)]
        return max((end for end in ends if end > at), default=None)

    def access(self) -> dict[UUID, Access]:
        """Return by person what they may see the family by: what row-level security goes by."""
        lent = {UUID(one["person_id"]): Access(datetime.fromisoformat(one["until"]), one["reason"]) for one in self.glass}
        return {**lent, **{person_id: Access() for person_id in self._named_ids}} if self.in_force else {}

    @property
    def people(self) -> list[dict[str, Any]]:
        """The named people, by name."""
        return [instance_of(contract.NamedPerson).load(person) for person in self.named]

    @property
    def broken(self) -> list[dict[str, Any]]:
        """Who broke the glass, newest first."""
        with whatever_day_it_is():
            return [instance_of(contract.BrokenGlass).load(one) for one in reversed(self.glass)]

    @property
    def _named_ids(self) -> frozenset[UUID]:
        return frozenset(UUID(person["person_id"]) for person in self.named)

    def _name(self, people: Sequence[Person]) -> None:
        unique = {person["person_id"]: person for person in people}
        if not any(person["practitioner"] for person in unique.values()):
            raise Invalid(faults={"people": ["Who may see this family: name at least one practitioner."]})
        self.named = sorted(_dumped(unique.values()), key=lambda person: (person["name"].casefold(), person["person_id"]))

    def _require_in_force(self) -> None:
        if not self.in_force:
            raise Conflict("This family is not restricted: you can open its record.")

    def _changed(self) -> Event:
        self.version += 1
        access = [
            {"person_id": person_id, "until": given.until, "reason": given.reason or None} for person_id, given in self.access().items()
        ]
        return contract.FAMILY_RESTRICTED(self.id, self.version, family_id=self.id, in_force=self.in_force, access=access)


def _dumped(people: Any) -> list[dict[str, Any]]:
    return [dict(instance_of(contract.NamedPerson).dump(person)) for person in people]


def _ended(glass: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return a broken glass that holds no longer than ``at``."""
    return {**glass, "until": min(datetime.fromisoformat(glass["until"]), at).isoformat()}
