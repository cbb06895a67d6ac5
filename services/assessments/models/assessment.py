"""The joint assessment: it counts only when both agencies have signed the same version (domain rule 2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import InvalidTransition, NotFound, Stale, StayPlayError
from chassis.ids import new_id
from chassis.schemas import instance_of
from services.assessments import contract
from services.assessments.models import halves
from services.assessments.models.copies import FamilyCopy, name_of
from services.assessments.models.record import HALVES, Disagreement, Signature, Version, content_of
from services.assessments.models.visit import Visit, check_assessors

_OPEN = frozenset({"waiting", "visit_arranged", "visited"})


class JointAssessment(BoroughRow, Base):
    """The record of one family's joint assessment.

    Attributes:
        version: counts what was written; signatures belong to one version. 1 is the blank record.
        sequence: counts the events of this assessment.
        content: the halves and the decision of the present version, as JSON.
        proposed: the two whom triage chose for the visit, as `Assessor` has them; empty where nobody did.
        visit_starts_at: start of the visit that is arranged or was done.
    """

    __tablename__ = "assessments"
    values_need = frozenset({"audit.read_family", *contract.READ.values()})
    __table_args__ = (
        within_borough("family_id", "families"),
        Index(None, "borough_id", "status", "opened_at", "id"),
        Index(None, "borough_id", "opened_at", "id"),
        Index(None, "borough_id", "family_id"),
        Index(None, "borough_id", "referral_id", unique=True),
    )
    audited_as = "family_id"
    UNDER_WAY: ClassVar[frozenset[str]] = _OPEN

    family_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    status: Mapped[str]
    version: Mapped[int]
    sequence: Mapped[int]
    content: Mapped[dict[str, Any]]
    edited_by: Mapped[str]
    edited_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    proposed: Mapped[list[dict[str, Any]]]
    visit_starts_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    family: Mapped[FamilyCopy | None] = relationship(lazy="selectin")
    signatures: Mapped[list[Signature]] = relationship(order_by=(Signature.signed_at.desc(), Signature.id.desc()), lazy="selectin")
    visits: Mapped[list[Visit]] = relationship(order_by=(Visit.starts_at.desc(), Visit.id.desc()), overlaps="family")
    versions: Mapped[list[Version]] = relationship(order_by=Version.version.desc())
    disagreements: Mapped[list[Disagreement]] = relationship(order_by=(Disagreement.at.desc(), Disagreement.id.desc()))

    @classmethod
    def open(cls, family: FamilyCopy, referral_id: UUID, at: datetime, proposed: Sequence[Mapping[str, Any]] = ()) -> "JointAssessment":
        """Return a blank assessment of an accepted referral's family; ``proposed`` are the two whom triage chose for the visit."""
        assessment = cls(
            borough_id=family.borough_id,
            id=new_id(),
            family_id=family.id,
            family=family,
            referral_id=referral_id,
            status="waiting",
            proposed=[instance_of(contract.Assessor).dump(one) for one in proposed],
            version=0,
            sequence=1,
            opened_at=at,
        )
        assessment._write(content_of({}), "", at)
        return assessment

    def opened(self) -> Event:
        """Return the event of an assessment that was just opened."""
        return contract.ASSESSMENT_OPENED(self.id, self.sequence, **self._facts())

    @property
    def family_name(self) -> str:
        """What the family is called."""
        return name_of(self.family)

    @property
    def standing(self) -> list[Signature]:
        """The signatures under the present version that nobody took back, newest first."""
        return [sign for sign in self.signatures if sign.version == self.version and sign.withdrawn_at is None]

    @property
    def signed_by(self) -> list[str]:
        """The agencies that signed the present version, in the order they did."""
        return [signature.agency_name for signature in reversed(self.standing)]

    def arrange_visit(self, request: dict[str, Any], at: datetime) -> Visit:
        """Return the visit that two people of the two agencies will make; its event is `Visit.event`.

        Raises:
            InvalidTransition: a visit is arranged or done, or the assessment is over.
            TwoAgenciesNeeded: the two are not one from CAMHS and one from the adult mental health team.
            NotFound: the family was restricted to others just now.
            UnsafeVisit: the family did not say that a visit to their home is safe.
            NotReady: what the family said has not arrived here yet.
        """
        check_assessors(request["assessors"])
        if self.family is None:
            raise NotFound
        self.family.require_safe_visits()
        self._move("visit_arranged", given="waiting")
        self.visit_starts_at = request["starts_at"]
        visit = Visit(
            borough_id=self.borough_id,
            id=new_id(),
            assessment_id=self.id,
            family_id=self.family_id,
            family=self.family,
            sequence=1,
            status="arranged",
            starts_at=request["starts_at"],
            minutes=request["minutes"],
            arranged_at=at,
            assessors=[contract.Assessor().dump(assessor) for assessor in request["assessors"]],
        )
        self.visits.append(visit)
        return visit

    def end_visit(self, visit: Visit, status: str, reason: str | None, at: datetime) -> Event:
        """Say how the arranged visit ended; after a missed or cancelled one, another is to be arranged.

        Raises:
            InvalidTransition: it ended before, or has not started yet.
        """
        visit.end(status, reason, at)
        self._move("visited" if status == "done" else "waiting", given="visit_arranged")
        if status != "done":
            self.visit_starts_at = None
        return visit.event()

    def edit(self, version: int, given: dict[str, Any], by: Caller, at: datetime) -> None:
        """Write a new version, which needs both signatures again; saving what stands already makes none.

        What the writer may not write stays as it is.

        Raises:
            Stale: somebody saved since ``version``; both versions are in the error, as far as the writer may read them.
            InvalidTransition: it is agreed or closed, and stays as it was signed.
            Invalid: a group is named though no place is offered.
            Forbidden: the writer changed a part that is not theirs to write.
        """
        content = content_of(given)
        self._expect(version, by, content)
        self._check_open()
        content = halves.written_over(self.content, content, by)
        if content != self.content:
            self._write(content, by.person_name, at)

    def sign(self, version: int, by: Caller, at: datetime) -> list[Event]:
        """Sign the present version; with the other agency's signature under it, the assessment is agreed.

        Raises:
            Stale: ``version`` is not the present one.
            InvalidTransition: it is agreed or closed.
            VisitNeeded: the joint visit has not been done.
            DecisionNeeded: nothing is decided yet.
            TwoAgenciesNeeded: this agency, or this side, has signed, or is neither of the two that sign.
            AlreadySigned: this person has signed this version.
            Forbidden: they may not read all that they would sign.
        """
        halves.whole_is_read(by)
        self._expect(version, by)
        refusal = self._refusal(by)
        if refusal:
            raise refusal
        self.signatures.insert(0, self._signature(by, at))
        return [self._agree(at)] if len(self.standing) == len(contract.SIDES) else []

    def may_sign(self, by: Caller) -> bool:
        """Tell whether the caller could sign the present version now."""
        return by.may("assessments.sign") and not halves.left_out(by) and self._refusal(by) is None

    def disagree(self, version: int, reason: str, by: Caller, at: datetime) -> None:
        """Record why the caller can't sign; a signature of theirs under this version is taken back.

        Raises:
            Stale: ``version`` is not the present one.
            InvalidTransition: it is agreed or closed.
        """
        self._expect(version, by)
        self._check_open()
        for signature in self.standing:
            if signature.person_id == by.person_id:
                signature.withdrawn_at = at
        self.disagreements.insert(
            0,
            Disagreement(
                borough_id=self.borough_id,
                assessment_id=self.id,
                version=version,
                person_id=by.person_id,
                person_name=by.person_name,
                agency_name=by.agency_name,
                reason=reason,
                at=at,
            ),
        )

    def close(self, reason: str, at: datetime) -> list[Event]:
        """Close it because its referral was closed; an agreed one stays agreed, a closed one closed."""
        if self.status not in _OPEN:
            return []
        visits = [visit for visit in self.visits if visit.status == "arranged"]
        for visit in visits:
            visit.end("cancelled", None, at)
        self.status, self.closed_because, self.closed_at = "closed", reason, at
        self.sequence += 1
        closed = contract.ASSESSMENT_CLOSED(self.id, self.sequence, **self._facts())
        return [*(visit.event() for visit in visits), closed]

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written in it or arranged a visit yet."""
        return self.status == "waiting" and self.version == 1 and not self.visits

    def set_aside(self, reason: str, at: datetime) -> None:
        """Close a blank one because its family has another under way: nobody is told, for nothing of the family's way ends."""
        self.status, self.closed_because, self.closed_at = "closed", reason, at

    def _agree(self, at: datetime) -> Event:
        self.status, self.agreed_at = "agreed", at
        self.sequence += 1
        decision = contract.Decision().load(self.content["decision"])
        names = ("group_id", "group_name", "before_joining")
        return contract.ASSESSMENT_AGREED(
            self.id,
            self.sequence,
            **self._facts(),
            **{name: decision[name] for name in names},
            version=self.version,
            decision=decision["outcome"],
            agreed_at=at,
            signed_by=self.signed_by,
        )

    def _refusal(self, by: Caller) -> StayPlayError | None:
        """Return why the caller can't sign the present version, or None."""
        signed = self.standing
        if self.status in {"agreed", "closed"}:
            return self._over()
        if self.status != "visited":
            return contract.VisitNeeded()
        if not self.content["decision"]:
            return contract.DecisionNeeded()
        if any(signature.person_id == by.person_id for signature in signed):
            return contract.AlreadySigned()
        return _side_refusal(signed, by)

    def _signature(self, by: Caller, at: datetime) -> Signature:
        return Signature(
            borough_id=self.borough_id,
            assessment_id=self.id,
            version=self.version,
            person_id=by.person_id,
            person_name=by.person_name,
            agency_id=by.agency_id,
            agency_name=by.agency_name,
            agency_kind=by.agency_kind,
            signed_at=at,
        )

    def _write(self, content: dict[str, Any], edited_by: str, at: datetime) -> None:
        self.version += 1
        self.content, self.edited_by, self.edited_at = content, edited_by, at
        self.versions.insert(
            0,
            Version(
                borough_id=self.borough_id,
                assessment_id=self.id,
                version=self.version,
                content=content,
                edited_by=edited_by,
                edited_at=at,
            ),
        )

    def _expect(self, version: int, by: Caller, content: dict[str, Any] | None = None) -> None:
        if version != self.version:
            told = halves.readable(self.content, by)
            theirs = {"version": self.version, "edited_by": self.edited_by, "edited_at": self.edited_at.isoformat(), **told}
            raise Stale(yours={"version": version, **(content or {})}, theirs=theirs)

    def _check_open(self) -> None:
        if self.status not in _OPEN:
            raise self._over()

    def _over(self) -> InvalidTransition:
        return InvalidTransition(
            f"This joint assessment is {contract.STATUSES[self.status].lower()}, and stays as it is.", status=self.status
        )

    def _move(self, status: str, *, given: str) -> None:
        if self.status != given:
            raise InvalidTransition(f"This can't be done: the assessment stands at “{contract.STATUSES[self.status]}”.", status=self.status)
        self.status = status

    def _facts(self) -> dict[str, Any]:
        return {"family_id": self.family_id, "family_name": self.family_name, "referral_id": self.referral_id}


def _side_refusal(signed: list[Signature], by: Caller) -> StayPlayError | None:
    """Return why the caller's agency can't sign beside those who did: one of each side is needed."""
    if by.agency_id is None or by.agency_kind not in contract.SIDES:
        return contract.TwoAgenciesNeeded("CAMHS and the adult mental health team sign. Your agency is neither.")
    if any(signature.is_from_side_of(by) for signature in signed):
        return contract.TwoAgenciesNeeded("Your side has signed this version. Now the other agency is needed.")
    return None


__all__ = ["HALVES", "JointAssessment"]
