"""Retention clocks: they run by what happens with a family anywhere, and only a person's decision follows from them."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.contract import ReceivedEvent
from chassis.events import on_event
from chassis.rpc import rpc
from services.assessments.contract import ASSESSMENT_AGREED, VISIT_DONE
from services.outreach.contract import CONTACT_MADE
from services.referrals import contract
from services.referrals.contract.records import retention
from services.referrals.repository import Work
from services.referrals.service.records.people import birthday_of, people_of, whole_name
from services.referrals.views import records as views
from services.sessions.contract import PLACE_ENDED, PLACE_STARTED


class Retaining:
    """Until when each person's record is kept."""

    @rpc(retention.DUE_RECORDS)
    def due_records(self, uow: Work, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of the people whose time is over; nothing happens to them by itself."""
        today, years = clock.today(), uow.retention_years
        page = uow.clocks.due(today, years, after, limit)
        return views.clocks(page, years, today, uow.records.marks([row.family_id for row in page.items]))

    @rpc(retention.KEEP_LONGER)
    def keep_longer(self, uow: Work, person_id: UUID, until: date, reason: str) -> dict[str, Any]:
        """Keep a person's record longer; raises NotFound, and Invalid as `RetentionClock.keep_longer` does."""
        row = uow.clocks.get(person_id, for_update=True)
        row.keep_longer(until, reason, uow.caller.person_name, clock.today())
        return views.clock(row, uow.retention_years, clock.today(), held=uow.records.mark(row.family_id).held)

    @on_event(
        contract.REFERRAL_RECEIVED,
        contract.REFERRAL_ACCEPTED,
        contract.REFERRAL_CLOSED,
        contract.FAMILY_REGISTERED,
        contract.FAMILY_CHANGED,
        contract.FAMILY_MERGED,
    )
    def start_clocks(self, uow: Work, event: ReceivedEvent) -> None:
        """Start the clocks of a family's people, whoever they are by now."""
        _know(uow, _family_of(uow, event), clock.london(event.time).date())

    @on_event(CONTACT_MADE, VISIT_DONE, ASSESSMENT_AGREED)
    def set_clocks_forward(self, uow: Work, event: ReceivedEvent) -> None:
        """Set a family's clocks forward: something happened with it."""
        uow.clocks.set_forward(_family_of(uow, event), clock.london(event.time).date())

    @on_event(PLACE_STARTED)
    def stop_clocks(self, uow: Work, event: ReceivedEvent) -> None:
        """Let a family's clocks stand still while it has a place in a group."""
        uow.clocks.set_forward(_family_of(uow, event), clock.london(event.time).date(), in_group=True)

    @on_event(PLACE_ENDED)
    def run_clocks(self, uow: Work, event: ReceivedEvent) -> None:
        """Let a family's clocks run from the day on which its place ended."""
        uow.clocks.set_forward(_family_of(uow, event), clock.london(event.time).date(), in_group=False)


def _know(uow: Work, family_id: UUID, on: date) -> None:
    people = people_of(uow.families.find(family_id), uow.referrals.of_family(family_id))
    told = [{"id": one["id"], "side": one["side"], "name": whole_name(one), "birth_date": birthday_of(one)} for one in people]
    uow.clocks.know(told, family_id, on)


def _family_of(uow: Work, event: ReceivedEvent) -> UUID:
    """Return whose record an event is about: of a family that became part of another meanwhile, the one that goes on."""
    facts: dict[str, Any] = event.data
    return uow.merges.current(UUID(str(facts.get("family_id") or facts.get("into") or event.subject)))
