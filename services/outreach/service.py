"""Entrypoints of outreach: load, act, publish, return."""

from datetime import date
from typing import Any, cast
from uuid import UUID

import structlog

from chassis.auditing.trail import AuditTrail
from chassis.contract import ReceivedEvent
from chassis.database.provider import WorkProvider
from chassis.errors import Conflict
from chassis.events import on_event
from chassis.rpc import rpc
from chassis.tenancy import BoroughCopies
from chassis.timers import every
from chassis.warming import WarmUp
from chassis.working_days import load_holidays
from services.assessments.contract import ASSESSMENT_AGREED, ASSESSMENT_CLOSED, VISIT_MISSED
from services.outreach import contract, news, replies
from services.outreach.models import Case, Contact, Family, Step
from services.outreach.records import Recording
from services.outreach.repository import Work
from services.referrals.contract import FAMILY_CHANGED, FAMILY_MERGED, FAMILY_REGISTERED, FAMILY_RESTRICTED, REFERRAL_ACCEPTED
from services.sessions.contract import ATTENDANCE_RECORDED, FAMILY_ATTENDED, FAMILY_MISSED, PLACE_ENDED

log = structlog.get_logger(__name__)

NO_FAMILY = UUID(int=0)
"""Not found, ever: the contract lets no contact through that names neither case nor family."""


class OutreachService(Recording, BoroughCopies, AuditTrail):
    """Outreach cases, contacts and collection runs of every borough."""

    name = "outreach"
    work = WorkProvider(Work)
    holidays = WarmUp(load_holidays)

    @rpc(contract.LIST_CASES)
    def list_cases(self, uow: Work, status: str, after: str | None, limit: int, **filters: Any) -> dict[str, Any]:
        """List cases with the counts of all open ones; open ones by when contact is due, closed ones latest first."""
        owner_id = uow.caller.person_id if filters.pop("mine") else None
        page = uow.cases.listed(status, {**filters, "owner_id": owner_id}, after, limit)
        counts = uow.cases.counts(uow.caller.person_id, uow.today)
        return {"items": replies.cases(uow, page.items), "next": page.next, "counts": counts}

    @rpc(contract.GET_CASE)
    def get_case(self, uow: Work, case_id: UUID) -> dict[str, Any]:
        """Return a case with how the family may be reached safely and what was tried.

        Raises:
            NotFound: no such case.
        """
        return replies.case_in_full(uow, uow.cases.get(case_id))

    @rpc(contract.OUTREACH_SUMMARY)
    def outreach_summary(self, uow: Work) -> dict[str, Any]:
        """Return what the Today page needs of outreach."""
        return uow.cases.counts(uow.caller.person_id, uow.today)

    @rpc(contract.OUTREACH_STORY)
    def outreach_story(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what outreach knows of a family; of one that is not known here (yet), that there is nothing.

        Raises:
            Restricted: it is restricted to others, as the registry has it.
        """
        uow.restrictions.require(family_id)
        return replies.story(uow, family_id)

    @rpc(contract.OPEN_CASE)
    def open_case(self, uow: Work, family_id: UUID, reason: str, words: str, due_on: date | None) -> dict[str, Any]:
        """Open a case that no event opens.

        Raises:
            NotFound: no such family.
            Conflict: the family has an open case of this reason.
        """
        uow.merges.require_current(family_id)
        family = uow.families.get(family_id)
        uow.standings.locked(family.id)
        if uow.cases.open_of(family.id, reason):
            raise Conflict("This family has an open case of this kind already.")
        more = {"words": words, "due_on": due_on}
        case, event = Case.opened(uow.borough_id, family.id, reason, on=uow.today, at=uow.now, policy=uow.policy, **more)
        uow.cases.add(case)
        uow.steps.add(case.step("case.opened", at=uow.now, by=uow.by.name))
        uow.publish(event)
        return replies.cases(uow, [case])[0]

    @rpc(contract.TAKE_CASE)
    def take_case(self, uow: Work, case_id: UUID, version: int) -> dict[str, Any]:
        """Become the owner of a case.

        Raises:
            NotFound, Stale: no such case, or somebody changed it meanwhile.
            InvalidTransition: it is closed.
        """
        case = uow.cases.on_version(case_id, version)
        case.take(uow.by)
        uow.steps.add(case.step("case.taken", at=uow.now, by=uow.by.name))
        return replies.cases(uow, [case])[0]

    @rpc(contract.CLOSE_CASE)
    def close_case(self, uow: Work, case_id: UUID, version: int, because: str, words: str | None) -> dict[str, Any]:
        """Close a case because of what a person knows.

        Raises:
            NotFound, Stale: no such case, or somebody changed it meanwhile.
            InvalidTransition: it is closed already.
        """
        case = uow.cases.on_version(case_id, version)
        uow.publish(case.close(because, at=uow.now, by=uow.by.name, words=words))
        uow.steps.add(case.step("case.closed", at=uow.now, by=uow.by.name, because=because))
        return replies.cases(uow, [case])[0]

    @rpc(contract.LOG_CONTACT)
    def log_contact(self, uow: Work, case_id: UUID | None, family_id: UUID | None, next_due_on: date | None, **values: Any) -> Contact:
        """Write down a contact; without a case, it counts for the family's most urgent open case.

        Raises:
            NotFound: no such case or family.
            NotReady: the family's safe contact is not known here yet.
            UnsafeChannel: we made it, by a channel that the family did not say is safe.
            InvalidTransition: the case is closed.
        """
        if family_id:
            uow.merges.require_current(family_id)
        case = uow.cases.get(case_id, for_update=True) if case_id else None
        family = uow.families.known(case.family_id) if case else uow.families.get(family_id or NO_FAMILY)
        case = case or uow.cases.to_contact(family.id)
        contact, event = Contact.made(family, values, case.id if case else None, uow.by)
        uow.contacts.add(contact)
        if case:
            case.contacted(contact, next_due_on, today=uow.today)
        uow.publish(event)
        log.info("contact.made", contact_id=contact.id)
        return contact

    @rpc(contract.ARRANGE_COLLECTION)
    def arrange_collection(self, uow: Work, family_id: UUID, **values: Any) -> dict[str, Any]:
        """Put a family on the run of a session, or change its stop.

        Raises:
            NotFound: no such family.
            InvalidTransition: the run is done.
            Invalid: nobody drives, or the pick-up is not before the session.
            NoSeatsLeft: the car is full.
        """
        uow.merges.require_current(family_id)
        family = uow.families.get(family_id)
        uow.restrictions.look_past()
        run = uow.runs.of_session(values)
        stop, event = run.arrange(family, values)
        facts = {"session_id": str(run.session_id), "pick_up_at": stop.pick_up_at.isoformat(), "group_name": run.group_name}
        uow.steps.add(Step(family_id=family.id, kind="collection.arranged", at=uow.now, by_name=uow.by.name, facts=facts))
        uow.publish(event)
        return replies.runs(uow, [run])[0]

    @rpc(contract.COMPLETE_COLLECTION)
    def complete_collection(self, uow: Work, run_id: UUID, version: int, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
        """Say what came of every stop of a run.

        Raises:
            NotFound, Stale: no such run, or somebody changed it meanwhile.
            InvalidTransition: the run is done, or its day has not come.
            Invalid: a family is not on this run.
            CollectionIncomplete: a stop has no outcome.
        """
        uow.restrictions.look_past()
        run = uow.runs.on_version(run_id, version)
        uow.publish(run.complete(outcomes, replies.family_names(uow, [run]), at=uow.now, today=uow.today))
        for stop in run.stops:
            facts = {"session_id": str(run.session_id), "outcome": stop.state, "group_name": run.group_name}
            uow.steps.add(Step(family_id=stop.family_id, kind="collection.done", at=uow.now, by_name=uow.by.name, facts=facts))
        return replies.runs(uow, [run])[0]

    @rpc(contract.LIST_RUNS)
    def list_runs(self, uow: Work, on: date | None, after: str | None, limit: int) -> dict[str, Any]:
        """List the runs of a day, in the order of their sessions; stops of families restricted to others without a name."""
        uow.restrictions.look_past()
        page = uow.runs.on_day(on or uow.today, after, limit)
        return {"items": replies.runs(uow, page.items), "next": page.next}

    @on_event(FAMILY_REGISTERED, FAMILY_CHANGED)
    def hear_of_family(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep a copy of a family as it is now."""
        uow.families.hear(event.subject, event.sequence, **Family.values(event.data))

    @on_event(FAMILY_RESTRICTED)
    def hear_of_restriction(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep who may see a restricted family."""
        uow.restrictions.hear(event)

    @on_event(FAMILY_MERGED)
    def hear_of_merge(self, uow: Work, event: ReceivedEvent) -> None:
        """Give what bears a merged family to the record that goes on, or back."""
        uow.merges.hear(event)

    @every(minutes=10)
    def gather_strays(self, uow: Work) -> None:
        """Give to the record that goes on what was under way while families were merged."""
        uow.merges.gather_strays()

    @on_event(REFERRAL_ACCEPTED)
    def hear_of_acceptance(self, uow: Work, event: ReceivedEvent) -> None:
        """Open outreach before joining."""
        news.accepted(uow, family_of(event), event.time)

    @on_event(ASSESSMENT_AGREED)
    def hear_of_decision(self, uow: Work, event: ReceivedEvent) -> None:
        """Close outreach before joining where there is nothing to join."""
        if event.data["decision"] != "offer_place":
            news.not_joining(uow, family_of(event), event.time)

    @on_event(ASSESSMENT_CLOSED)
    def hear_of_closing(self, uow: Work, event: ReceivedEvent) -> None:
        """Close outreach before joining where the referral was closed before anything was agreed."""
        news.referral_closed(uow, family_of(event), event.time)

    @on_event(VISIT_MISSED)
    def hear_of_missed_visit(self, uow: Work, event: ReceivedEvent) -> None:
        """Have the family contacted soon that was not in."""
        news.visit_missed(uow, family_of(event), event.time)

    @on_event(FAMILY_ATTENDED)
    def hear_of_attendance(self, uow: Work, event: ReceivedEvent) -> None:
        """Close outreach: the family has joined, or is back."""
        news.attended(uow, event.data, event.sequence, event.time)

    @on_event(FAMILY_MISSED)
    def hear_of_absence(self, uow: Work, event: ReceivedEvent) -> None:
        """Open or escalate outreach where the family missed too many sessions in a row."""
        news.missed(uow, event.data, event.sequence, event.time)

    @on_event(ATTENDANCE_RECORDED)
    def hear_of_mark(self, uow: Work, event: ReceivedEvent) -> None:
        """Take over the count of a family that told us or whose session we cancelled; the other marks have events of their own."""
        if event.data["mark"] in {"told_us", "we_cancelled"}:
            news.told_us(uow, event.data, event.sequence, event.time)

    @on_event(PLACE_ENDED)
    def hear_of_ending(self, uow: Work, event: ReceivedEvent) -> None:
        """Close outreach about a place that a person ended."""
        news.place_ended(uow, family_of(event), event.time)


def family_of(event: ReceivedEvent) -> UUID:
    """Return which family an event is about."""
    return cast("UUID", event.data["family_id"])
