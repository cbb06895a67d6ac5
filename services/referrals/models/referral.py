"""A referral: how it moves from received to closed, and what its referrer may be told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index

from chassis.caller import Caller
from chassis.contract import Event, EventType
from chassis.database import Base, within_borough
from chassis.errors import Conflict, InvalidTransition
from chassis.ids import new_id
from chassis.schemas import instance_of, whatever_day_it_is
from services.referrals import contract
from services.referrals.models.eligibility import Answer, Terms, answers_to
from services.referrals.models.family import Family, record_of
from services.referrals.models.proposing import check_proposed
from services.referrals.models.received import Received
from services.referrals.models.step import Step
from services.referrals.models.telling import last_told
from services.referrals.models.written import agreement_of

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

WAITING = frozenset({"received", "needs_information"})
"""The statuses of a referral that nobody has decided on."""


class Referral(Received, Base):
    """One request for a family to join: how it moves, and what of that may be told."""

    __tablename__ = "referrals"
    unaudited = frozenset({"turn"})
    values_need = frozenset({"audit.read_family", "referrals.read_clinical"})
    __table_args__ = (
        within_borough("duplicate_of", "referrals"),
        Index(None, "borough_id", "status", "received_at", "id", postgresql_include=["urgency"]),
        Index(None, "borough_id", "status", "turn", "id", postgresql_include=["urgency", "received_at", "family_id", "assigned_to_id"]),
        Index(None, "borough_id", "received_at", "id"),
        Index(None, "borough_id", "referred_by_id", "received_at", "id"),
        Index(None, "borough_id", "family_id"),
        Index(None, "borough_id", "duplicate_of"),
        Index(None, "borough_id", "reference", unique=True),
    )
    audited_as = "family_id"

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
            referred_by_kind=by.kind,
            borough_link=request["borough_link"],
            parental_need=request["parental_need"],
            reference=contract.new_reference(),
            agreement=agreement_of(request),
            intake=instance_of(contract.Intake).dump(request.get("intake") or {}),
            care_team=request.get("care_team"),
            other_services=request.get("other_services"),
            steps=[],
            judged={},
            news={},
        )
        referral._step("received", by, at)
        return referral

    @property
    def may_move_to(self) -> list[str]:
        """The statuses that this referral may move to next."""
        return list(contract.MOVES[self.status])

    def arrived(self) -> Event:
        """Return the event of a referral that was just received."""
        return contract.REFERRAL_RECEIVED(self.id, self.version, **self._facts(self.referred_by_name))

    def accept(
        self,
        version: int,
        reason: str,
        by: Caller,
        at: datetime,
        *,
        urgency: str | None = None,
        assessors: Sequence[Mapping[str, Any]] = (),
        criteria: Mapping[str, str] | None = None,
    ) -> Event:
        """Accept for joint assessment; ``assessors`` are proposed for the visit, ``criteria`` how each was answered.

        Raises:
            Stale: somebody moved it since ``version``.
            InvalidTransition: it is not waiting for triage.
            TwoAgenciesNeeded: the two are not one from CAMHS and one from the adult mental health team.
        """
        check_proposed(assessors)
        self._check(version, "accepted")
        self.urgency = urgency or self.urgency
        event = self._move("accepted", version, by, at, reason, criteria=criteria or {})
        return contract.REFERRAL_ACCEPTED(self.id, self.version, **event.data, assessors=list(assessors))

    def ask(self, version: int, question: str, by: Caller, at: datetime) -> Event:
        """Ask the referrer for more; raises as `accept` does."""
        return self._move("needs_information", version, by, at, question)

    def answer(self, version: int, answer: str, by: Caller, at: datetime) -> Event:
        """Put an answered referral back to triage; raises as `accept` does."""
        return self._move("received", version, by, at, answer)

    def answered_by_link(self, answer: str, by: Caller, at: datetime) -> Event:
        """Put a referral back to triage whose referrer answered by the link; raises InvalidTransition where it does not wait for that."""
        return self.answered(answer, by, at, by_name=f"{self.referrer['name']}, by the link")

    def answered(self, answer: str, by: Caller, at: datetime, by_name: str = "") -> Event:
        """Put a referral back to triage that ``by``, who made it, answered; raises as `answered_by_link` does."""
        return self._move("received", self.version, by, at, answer, kind="answered", by_name=by_name)

    def redirect(self, version: int, to: str, reason: str, by: Caller, at: datetime, told: Sequence[str] = ()) -> Event:
        """Point the family to another service, and keep who was told; raises as `accept` does."""
        return self._move("redirected", version, by, at, reason, to=to, told=tuple(told))

    def decline(self, version: int, reason: str, by: Caller, at: datetime, because: str) -> Event:
        """Decline; raises as `accept` does."""
        return self._move("declined", version, by, at, reason, because=because)

    def withdraw(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Write down that the family does not want to go on; raises as `accept` does."""
        return self._move("withdrawn", version, by, at, reason)

    def close(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Close what is dealt with; raises as `accept` does."""
        return self._move("closed", version, by, at, reason)

    def mark_duplicate(self, version: int, of: "Referral", reason: str, by: Caller, at: datetime) -> Event:
        """Merge into ``of``, whose family this is; raises as `accept` does, and more.

        Raises:
            Conflict: ``of`` is this referral, or a duplicate itself.
        """
        if of.id == self.id or of.duplicate_of is not None:
            raise Conflict("Choose the first referral of this family: not this one, and not another duplicate.")
        event = self._move("duplicate", version, by, at, reason, family_before=self.family_id)
        self.duplicate_of, self.family_id = of.id, of.family_id
        return event

    @property
    def may_reopen(self) -> bool:
        """Whether it can go back to triage: it was decided against, and never accepted, for then other teams work with the family."""
        return self.status in contract.REOPENED_FROM and all(step.status != "accepted" for step in self.history)

    def reopen(self, version: int, reason: str, by: Caller, at: datetime) -> Event:
        """Put a referral back to triage that was decided against; a duplicate gets back the family that it had.

        Raises:
            Stale: somebody moved it since ``version``.
            InvalidTransition: it waits, or it was accepted once.
        """
        self.expect(version, yours={"status": "received"}, theirs={"status": self.status})
        if not self.may_reopen:
            raise InvalidTransition(
                "This can't be opened again: only what was decided against and never accepted can. Add a new referral.", status=self.status
            )
        before = next((step.family_before for step in reversed(self.history) if step.family_before), None)
        self.duplicate_of, self.family_id = None, before or self.family_id
        return self._moved("received", by, at, contract.REFERRAL_REOPENED, reason=reason, kind="reopened")

    def assign(self, version: int, assignee: Mapping[str, Any] | None) -> None:
        """Make it somebody's, or nobody's.

        Raises:
            Stale: somebody changed it since ``version``: perhaps took it.
        """
        name = assignee["name"] if assignee else None
        self.expect(version, yours={"assigned_to_name": name}, theirs={"assigned_to_name": self.assigned_to_name, "status": self.status})
        self.version += 1
        self.assigned_to_id, self.assigned_to_name = (assignee["person_id"], name) if assignee else (None, None)

    def judge(self, version: int, answer: Answer) -> None:
        """Keep a person's answer to one criterion: it stands in place of what follows from the referral.

        Raises:
            Stale: somebody changed it since ``version``.
            InvalidTransition: it is decided.
        """
        theirs = self.judged.get(answer.criterion) or {}
        yours = {"criterion": answer.criterion, "answer": answer.answer}
        self.expect(version, yours=yours, theirs={"criterion": answer.criterion, "answer": theirs.get("answer"), "status": self.status})
        if self.status not in WAITING:
            raise InvalidTransition("This referral is decided. Open it again before you change an answer.", status=self.status)
        self.version += 1
        self.judged = {**self.judged, answer.criterion: answer.to_json()}

    def criteria(self, terms: Terms, today: date) -> list[Answer]:
        """Return the answer to each criterion: a person's where one gave it, else what follows from the referral."""
        return answers_to(self, terms, today)

    def register_family(self, at: datetime) -> Family:
        """Return the family that an accepted referral brings into the registry."""
        with whatever_day_it_is():
            record = instance_of(contract.FamilyRecord).load(self.family)
        return Family.from_record(self.borough_id, self.family_id, {**record, "risks_to_visitors": self.risks_to_visitors}, at)

    def told(self, at_most: str = "status") -> Step:
        """Return the last step that its referrer may hear of; ``at_most`` is what the borough lets anybody be told: see `telling`."""
        return last_told(self, at_most)

    def let_be_told(self, level: str) -> bool:
        """Let its referrer be told as much as the family agrees to now; return whether that is another level."""
        differs = level != self.may_be_told
        if differs:
            self.may_be_told = level
            self.version += 1
        return differs

    def hear(self, what: str, at: datetime) -> None:
        """Keep what came of the family after it was accepted, a key of `NEWS`, for its referrer; the latest news of a kind counts."""
        if self.status == "accepted" and self.news.get(what, "") < at.isoformat():
            self.news = {**self.news, what: at.isoformat()}

    def _move(self, to_status: str, version: int, by: Caller, at: datetime, reason: str, **more: Any) -> Event:
        self._check(version, to_status)
        return self._moved(to_status, by, at, _EVENTS[to_status], reason=reason, **more)

    def _check(self, version: int, to_status: str) -> None:
        self.expect(version, yours={"status": to_status}, theirs={"status": self.status})
        if to_status not in self.may_move_to:
            raise InvalidTransition(
                f"This can't be done: the referral is at \u201c{contract.STATUSES[self.status]}\u201d.",
                status=self.status,
                may_move_to=self.may_move_to,
            )

    def _moved(self, to_status: str, by: Caller, at: datetime, event: EventType, **more: Any) -> Event:
        self.status = to_status
        self.version += 1
        step = self._step(to_status, by, at, **more)
        return event(self.id, self.version, **self._facts(step.by_name))

    def _facts(self, by_name: str) -> dict[str, Any]:
        """Return what others may know of it: nothing clinical."""
        names = ("family_id", "family_name", "status", "urgency", "source", "referrer_service", "may_be_told", "received_at")
        return {**{name: getattr(self, name) for name in names}, "by_name": by_name}
