"""A referral: how it moves from received to closed, and what its referrer may be told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.contract import Event, EventType
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Conflict, InvalidTransition
from chassis.ids import new_id
from chassis.schemas import instance_of, whatever_day_it_is
from services.referrals import contract
from services.referrals.models.family import Family, record_of
from services.referrals.models.step import Step

_EVENTS: dict[str, EventType] = {
    "received": contract.REFERRAL_INFORMED,
    "needs_information": contract.REFERRAL_NEEDS_INFORMATION,
    "accepted": contract.REFERRAL_ACCEPTED,
    "redirected": contract.REFERRAL_REDIRECTED,
    "declined": contract.REFERRAL_DECLINED,
    "duplicate": contract.REFERRAL_DUPLICATE,
    "withdrawn": contract.REFERRAL_WITHDRAWN,
    "closed": contract.REFERRAL_CLOSED,
}

_LEAST_FIRST = ("nothing", "outcome", "status")


class Referral(Versioned, BoroughRow, Base):
    """One request for a family to join.

    What the referrer wrote of the family stays here as it was written; the registry (`Family`)
    begins at acceptance and holds what is true now. Its moves lie in the same row: a referral is read whole, in
    one query.
    """

    __tablename__ = "referrals"
    values_need = frozenset({"audit.read_family", "referrals.read_clinical"})
    __table_args__ = (
        within_borough("duplicate_of", "referrals"),
        Index(None, "borough_id", "status", "received_at", "id", postgresql_include=["urgency"]),
        Index(None, "borough_id", "received_at", "id"),
        Index(None, "borough_id", "referred_by_id", "received_at", "id"),
        Index(None, "borough_id", "family_id"),
        Index(None, "borough_id", "duplicate_of"),
    )
    audited_as = "family_id"

    status: Mapped[str]
    family_id: Mapped[UUID]
    family: Mapped[dict[str, Any]]
    family_name: Mapped[str]
    source: Mapped[str]
    referrer_service: Mapped[str]
    may_be_told: Mapped[str]
    referrer: Mapped[dict[str, Any]]
    why_now: Mapped[str]
    concern: Mapped[str]
    secondary_care: Mapped[str]
    risks_to_visitors: Mapped[str | None]
    urgency: Mapped[str]
    referred_on: Mapped[date]
    received_at: Mapped[datetime]
    referred_by_id: Mapped[UUID]
    referred_by_name: Mapped[str]
    duplicate_of: Mapped[UUID | None]
    steps: Mapped[list[dict[str, Any]]]

    @classmethod
    def from_request(cls, request: dict[str, Any], by: Caller, at: datetime, today: date) -> "Referral":
        """Return a referral as just received; ``request`` is a loaded `ReferRequest`, its ages checked."""
        family = record_of(request)
        referrer = request["referrer"]
        referral = cls(
            borough_id=by.borough_id,
            id=new_id(),
            version=1,
            status="received",
            family_id=new_id(),
            family=instance_of(contract.FamilyRecord).dump(family),
            family_name=family["name"],
            source=referrer["source"],
            referrer_service=referrer["service"],
            may_be_told=referrer["may_be_told"],
            referrer=instance_of(contract.Referrer).dump(referrer),
            **{word: request[word] for word in ("why_now", "concern", "secondary_care", "risks_to_visitors", "urgency")},
            referred_on=request["referred_on"] or today,
            received_at=at,
            referred_by_id=by.person_id,
            referred_by_name=by.person_name,
            steps=[],
        )
        referral._step("received", by, at)
        return referral

    @property
    def child_birth_dates(self) -> list[date]:
        """When the children were born, in the order they were written."""
        return [date.fromisoformat(child["birth_date"]) for child in self.family["children"]]

    @property
    def history(self) -> list[Step]:
        """Every move, oldest first."""
        return [Step.from_json(step) for step in self.steps]

    @property
    def may_move_to(self) -> list[str]:
        """The statuses that this referral may move to next."""
        return list(contract.MOVES[self.status])

    def arrived(self) -> Event:
        """Return the event of a referral that was just received."""
        return contract.REFERRAL_RECEIVED(self.id, self.version, **self._facts(self.referred_by_name))

    def accept(self, version: int, reason: str | None, by: Caller, at: datetime) -> Event:
        """Accept for joint assessment.

        Raises:
            Stale: somebody moved it since ``version``.
            InvalidTransition: it is not waiting for triage.
        """
        return self._move("accepted", version, by, at, reason)

    def ask(self, version: int, question: str, by: Caller, at: datetime) -> Event:
        """Ask the referrer for more; raises as `accept` does."""
        return self._move("needs_information", version, by, at, question)

    def answer(self, version: int, answer: str, by: Caller, at: datetime) -> Event:
        """Put an answered referral back to triage; raises as `accept` does."""
        return self._move("received", version, by, at, answer)

    def redirect(self, version: int, to: str, reason: str, by: Caller, at: datetime) -> Event:
        """Point the family to another service; raises as `accept` does."""
        return self._move("redirected", version, by, at, reason, to=to)

    def decline(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Decline; raises as `accept` does."""
        return self._move("declined", version, by, at, reason)

    def withdraw(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Write down that the family does not want to go on; raises as `accept` does."""
        return self._move("withdrawn", version, by, at, reason)

    def close(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Close what is dealt with; raises as `accept` does."""
        return self._move("closed", version, by, at, reason)

    def mark_duplicate(self, version: int, of: "Referral", reason: str | None, by: Caller, at: datetime) -> Event:
        """Merge into ``of``, whose family this is; raises as `accept` does, and more.

        Raises:
            Conflict: ``of`` is this referral, or a duplicate itself.
        """
        if of.id == self.id or of.duplicate_of is not None:
            raise Conflict("Choose the first referral of this family: not this one, and not another duplicate.")
        event = self._move("duplicate", version, by, at, reason)
        self.duplicate_of, self.family_id = of.id, of.family_id
        return event

    def register_family(self, at: datetime) -> Family:
        """Return the family that an accepted referral brings into the registry."""
        with whatever_day_it_is():
            record = instance_of(contract.FamilyRecord).load(self.family)
        return Family.from_record(self.borough_id, self.family_id, record, at)

    def told(self, at_most: str = "status") -> Step:
        """Return the last step that its referrer may hear of: as the family agreed, and ``at_most`` what the borough lets anybody be told.

        The first step is always known.
        """
        steps, told = self.history, min(self.may_be_told, at_most, key=_LEAST_FIRST.index)
        if told == "nothing":
            return steps[0]
        if told == "outcome":
            steps = [steps[0], *(step for step in steps if step.told_as in contract.OUTCOMES)]
        return steps[-1]

    def _move(self, to_status: str, version: int, by: Caller, at: datetime, reason: str | None, *, to: str | None = None) -> Event:
        self._check(version, to_status)
        self.status = to_status
        self.version += 1
        self._step(to_status, by, at, reason=reason, to=to)
        return _EVENTS[to_status](self.id, self.version, **self._facts(by.person_name))

    def _check(self, version: int, to_status: str) -> None:
        self.expect(version, yours={"status": to_status}, theirs={"status": self.status})
        if to_status not in self.may_move_to:
            raise InvalidTransition(
                f"This can't be done: the referral stands at \u201c{contract.STATUSES[self.status]}\u201d.",
                status=self.status,
                may_move_to=self.may_move_to,
            )

    def _step(self, status: str, by: Caller, at: datetime, reason: str | None = None, to: str | None = None) -> None:
        step = Step(new_id(), status, at, by.person_name, by.agency_name, reason, to)
        self.steps = [*self.steps, step.to_json()]

    def _facts(self, by_name: str) -> dict[str, Any]:
        """Return what others may know of it: nothing clinical."""
        names = ("family_id", "family_name", "status", "urgency", "source", "referrer_service", "may_be_told", "received_at")
        return {**{name: getattr(self, name) for name in names}, "by_name": by_name}
