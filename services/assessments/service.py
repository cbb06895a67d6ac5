"""The entrypoints of assessments: load, act, publish, return."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from chassis.auditing.trail import AuditTrail
from chassis.contract import ReceivedEvent
from chassis.database.provider import WorkProvider
from chassis.errors import NotFound
from chassis.events import on_event
from chassis.rpc import rpc
from chassis.tenancy import BoroughCopies
from chassis.timers import every
from services.assessments import contract, views
from services.assessments.models import JointAssessment, Visit
from services.assessments.records import Recording
from services.assessments.repository import Work
from services.referrals import contract as referrals


class AssessmentsService(Recording, BoroughCopies, AuditTrail):
    """Joint visits, joint assessments and their two signatures, of every borough."""

    name = "assessments"
    work = WorkProvider(Work)
    reasons_need = MappingProxyType({"clinical": frozenset(contract.READ.values())})

    @rpc(contract.LIST_ASSESSMENTS)
    def list_assessments(self, uow: Work, **wanted: Any) -> dict[str, Any]:
        """Return a page of joint assessments."""
        return views.page(uow.assessments.search(**wanted))

    @rpc(contract.GET_ASSESSMENT)
    def get_assessment(self, uow: Work, assessment_id: UUID) -> dict[str, Any]:
        """Return one joint assessment; raises NotFound."""
        found = uow.assessments.get(assessment_id)
        return views.assessment(found, uow.caller, uow.families.find(found.family_id))

    @rpc(contract.ASSESSMENT_CHANGES)
    def assessment_changes(self, uow: Work, assessment_id: UUID, earlier: int, later: int) -> dict[str, Any]:
        """Return what changed between two versions; raises NotFound where one never was."""
        uow.assessments.get(assessment_id)
        versions = uow.versions.of(assessment_id, (earlier, later))
        if not {earlier, later} <= set(versions):
            raise NotFound
        return views.changes(versions[earlier], versions[later], uow.caller)

    @rpc(contract.ASSESSMENTS_WAITING)
    def assessments_waiting(self, uow: Work) -> dict[str, Any]:
        """Return what waits for the team, and for the caller."""
        found = views.waiting(uow)
        uow.saw(query={}, count=len(found["to_sign_items"]) + len(found["visits"]))
        return found

    @rpc(contract.ASSESSMENT_STORY)
    def assessment_story(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return a family's way through joint assessment; empty for one that has none. Raises Restricted, as the registry does."""
        uow.restrictions.require(family_id)
        return views.story(uow.assessments.of_family(family_id))

    @rpc(contract.ARRANGE_VISIT)
    def arrange_visit(self, uow: Work, assessment_id: UUID, **request: Any) -> Visit:
        """Arrange the joint visit.

        Raises:
            NotFound: no such assessment in the caller's borough.
            InvalidTransition: a visit is arranged or done, or the assessment is over.
            TwoAgenciesNeeded: the two are not one from CAMHS and one from the adult mental health team.
            UnsafeVisit, NotReady: see `FamilyCopy.require_safe_visits`.
        """
        visit = uow.assessments.get(assessment_id, for_update=True).arrange_visit(request, uow.now)
        uow.publish(visit.event())
        return visit

    @rpc(contract.MARK_VISIT_DONE)
    def mark_visit_done(self, uow: Work, visit_id: UUID) -> Visit:
        """Say that the visit took place.

        Raises:
            NotFound: no such visit in the caller's borough.
            InvalidTransition: it ended before, or has not started yet.
        """
        return self._end(uow, visit_id, "done", None)

    @rpc(contract.MARK_VISIT_MISSED)
    def mark_visit_missed(self, uow: Work, visit_id: UUID, reason: str | None) -> Visit:
        """Say that the family was not in; raises as `mark_visit_done` does."""
        return self._end(uow, visit_id, "missed", reason)

    @rpc(contract.CANCEL_VISIT)
    def cancel_visit(self, uow: Work, visit_id: UUID, reason: str | None) -> Visit:
        """Call the visit off; raises as `mark_visit_done` does."""
        return self._end(uow, visit_id, "cancelled", reason)

    @rpc(contract.EDIT)
    def edit(self, uow: Work, assessment_id: UUID, version: int, **halves: Any) -> dict[str, Any]:
        """Write a new version of the record, which needs both signatures again.

        Raises:
            NotFound: no such assessment in the caller's borough.
            Stale: somebody saved since ``version``; both versions are in the error.
            InvalidTransition: it is agreed or closed.
            Forbidden: a part was changed that is not the caller's to write.
        """
        assessment = uow.assessments.get(assessment_id, for_update=True)
        assessment.edit(version, halves, uow.caller, uow.now)
        return views.assessment(assessment, uow.caller, uow.families.find(assessment.family_id))

    @rpc(contract.SIGN)
    def sign(self, uow: Work, assessment_id: UUID, version: int) -> dict[str, Any]:
        """Sign a version; the second agency's signature makes it agreed.

        Raises:
            NotFound: no such assessment in the caller's borough.
            Stale, InvalidTransition, VisitNeeded, DecisionNeeded, TwoAgenciesNeeded, AlreadySigned: see `JointAssessment.sign`.
        """
        assessment = uow.assessments.get(assessment_id, for_update=True)
        uow.publish(*assessment.sign(version, uow.caller, uow.now))
        return views.assessment(assessment, uow.caller, uow.families.find(assessment.family_id))

    @rpc(contract.DISAGREE)
    def disagree(self, uow: Work, assessment_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Record why the caller can't sign a version.

        Raises:
            NotFound: no such assessment in the caller's borough.
            Stale: ``version`` is not the present one.
            InvalidTransition: it is agreed or closed.
        """
        assessment = uow.assessments.get(assessment_id, for_update=True)
        assessment.disagree(version, reason, uow.caller, uow.now)
        return views.assessment(assessment, uow.caller, uow.families.find(assessment.family_id))

    @on_event(referrals.REFERRAL_ACCEPTED)
    def open_assessment(self, uow: Work, event: ReceivedEvent) -> None:
        """Open the joint assessment of an accepted referral, unless the referral has moved on already."""
        if not uow.referrals.heard(event) or uow.assessments.of_referral(event.subject):
            return
        facts: dict[str, Any] = event.data
        family = uow.families.name_only(facts["family_id"], facts["family_name"])
        assessment = uow.assessments.add(JointAssessment.open(family, event.subject, event.time, facts["assessors"]))
        uow.publish(assessment.opened())

    @on_event(referrals.REFERRAL_CLOSED)
    def close_assessment(self, uow: Work, event: ReceivedEvent) -> None:
        """Close the joint assessment of a referral that was closed, unless it is agreed."""
        assessment = uow.assessments.of_referral(event.subject)
        if uow.referrals.heard(event) and assessment:
            uow.publish(*assessment.close("Its referral was closed.", event.time))

    @on_event(referrals.FAMILY_REGISTERED, referrals.FAMILY_CHANGED)
    def hear_of_family(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep the copy of a family, unless something newer is known."""
        document = referrals.FamilyFacts().dump(event.data)
        uow.families.hear(event.subject, event.sequence, name=document["name"], document=document)

    @on_event(referrals.FAMILY_RESTRICTED)
    def hear_of_restriction(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep who may see a restricted family."""
        uow.restrictions.hear(event)

    @on_event(referrals.FAMILY_MERGED)
    def hear_of_merge(self, uow: Work, event: ReceivedEvent) -> None:
        """Give what bears a merged family to the record that goes on, or back."""
        uow.merges.hear(event)

    @every(minutes=10)
    def gather_strays(self, uow: Work) -> None:
        """Give to the record that goes on what was under way while families were merged."""
        uow.merges.gather_strays()

    def _end(self, uow: Work, visit_id: UUID, status: str, reason: str | None) -> Visit:
        found = uow.visits.get(visit_id)
        assessment = uow.assessments.get(found.assessment_id, for_update=True)
        visit = uow.visits.get(visit_id, for_update=True)
        uow.publish(assessment.end_visit(visit, status, reason, uow.now))
        return visit
