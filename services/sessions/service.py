"""Entrypoints of sessions: load, act, publish, return."""

from datetime import date, time
from typing import Any
from uuid import UUID

import structlog

from chassis.auditing.trail import AuditTrail
from chassis.contract import ReceivedEvent
from chassis.database import Page, UnitOfWork
from chassis.database.provider import WorkProvider
from chassis.events import on_event
from chassis.rpc import rpc
from chassis.schemas import instance_of
from chassis.tenancy import BOROUGH_CHANGED, BOROUGH_ONBOARDED, BOROUGH_SUSPENDED, BoroughCopies, is_erased
from chassis.timers import every
from chassis.warming import WarmUp
from services.assessments.contract import ASSESSMENT_AGREED
from services.outreach.contract import RUN_ARRANGED, RUN_COMPLETED
from services.referrals.contract import FAMILY_CHANGED, FAMILY_MERGED, FAMILY_REGISTERED, FAMILY_RESTRICTED
from services.sessions import contract, replies
from services.sessions.models import CollectionRun, Family, Group, Place, Venue, calendar
from services.sessions.records import Recording
from services.sessions.repository import Work

log = structlog.get_logger(__name__)


class SessionsService(Recording, BoroughCopies, AuditTrail):
    """Venues, groups, the calendar, places, the register and engagement of every borough."""

    name = "sessions"
    work = WorkProvider(Work)
    holidays = WarmUp(calendar.load_holidays)

    @rpc(contract.ADD_VENUE)
    def add_venue(self, uow: Work, **values: str | None) -> Venue:
        """Add a venue."""
        return uow.venues.saved(Venue(**values))

    @rpc(contract.LIST_VENUES)
    def list_venues(self, uow: Work, after: str | None, limit: int) -> Page[Venue]:
        """List venues by name."""
        return uow.venues.page(uow.venues.rows(), Venue.name, after, limit)

    @rpc(contract.ADD_GROUP)
    def add_group(self, uow: Work, venue_id: UUID, **values: str | date | time | int | bool | None) -> dict[str, Any]:
        """Add a weekly group and lay out its sessions, eight weeks ahead.

        Raises:
            NotFound: no such venue.
            Invalid: it ends before it starts, or began more than a year ago.
        """
        venue = uow.venues.get(venue_id)
        values["capacity"] = values["capacity"] or uow.group_capacity
        group = uow.groups.saved(Group.new({**values, "venue_id": venue.id}, today=uow.today))
        uow.sessions.add_all(group.lay_out(uow.today))
        log.info("group.added", group_id=group.id)
        return replies.groups(uow, [group])[0]

    @rpc(contract.LIST_GROUPS)
    def list_groups(self, uow: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """List groups by name."""
        page = uow.groups.page(uow.groups.rows(), Group.name, after, limit)
        return Page(replies.groups(uow, page.items), page.next)

    @rpc(contract.GET_GROUP)
    def get_group(self, uow: Work, group_id: UUID) -> dict[str, Any]:
        """Return a group with its sessions and, for who may see families, its places.

        Raises:
            NotFound: no such group.
        """
        return replies.group_in_full(uow, uow.groups.get(group_id))

    @rpc(contract.SESSIONS_ON)
    def sessions_on(self, uow: Work, on: date | None) -> dict[str, Any]:
        """Return everything that the Today page needs of sessions."""
        found = replies.sessions_on(uow, on or uow.today)
        uow.saw(query={"on": (on or uow.today).isoformat()}, count=len(found["sessions"]) + len(found["unclosed"]))
        return found

    @rpc(contract.OPEN_REGISTERS)
    def open_registers(self, uow: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """List past sessions whose register is not closed, oldest first."""
        page = uow.sessions.unclosed_page(uow.today, after, limit)
        return Page(replies.sessions(uow, page.items), page.next)

    @rpc(contract.LIST_PLACES)
    def list_places(self, uow: Work, status: str | None, group_id: UUID | None, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """List places, the longest asked for first."""
        page = uow.places.listed(status, group_id, after, limit)
        return Page(replies.places(uow, page.items), page.next, page.total)

    @rpc(contract.ADD_PLACE)
    def add_place(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Put a family whose earlier place ended back on the waiting list.

        Raises:
            NotFound: the family never had a place, or is restricted to others.
            InvalidTransition: it has one that has not ended.
        """
        uow.restrictions.refuse_hidden(family_id)
        uow.merges.require_current(family_id)
        place = uow.places.add(uow.places.last_of(family_id).again(at=uow.now))
        uow.steps.add(place.step("place.waiting", uow.by))
        return replies.places(uow, [place])[0]

    @rpc(contract.OFFER_PLACE)
    def offer_place(self, uow: Work, place_id: UUID, version: int, group_id: UUID) -> dict[str, Any]:
        """Offer a family a place in a group.

        Raises:
            NotFound: no such place or group.
            Stale: somebody changed the place meanwhile.
            InvalidTransition: the family has taken a place up already, or its place ended.
            GroupFull: no place is free.
        """
        place = uow.places.on_version(place_id, version)
        group = uow.groups.get(group_id, for_update=True)
        uow.publish(place.offer(group, uow.places.taken(group.id, but=place.id)))
        uow.steps.add(place.step("place.offered", uow.by, group))
        return replies.places(uow, [place])[0]

    @rpc(contract.START_PLACE)
    def start_place(self, uow: Work, place_id: UUID, version: int, starts_on: date) -> dict[str, Any]:
        """Let the family take its place up from a day on.

        Raises:
            NotFound, Stale: no such place, or somebody changed it meanwhile.
            InvalidTransition: no place is offered.
            Invalid: the group has not begun on that day, or it is more than half a year ahead.
            RegisterAlreadyClosed: the register of that day or a later one is closed.
        """
        place = uow.places.on_version(place_id, version)
        group = uow.groups.get(place.in_group, for_update=True)
        event, spell = place.start(group, starts_on, today=uow.today, last_closed=uow.sessions.last_closed(group.id))
        uow.spells.add(spell)
        uow.steps.add(place.step("place.started", uow.by, group))
        uow.publish(event)
        return replies.places(uow, [place])[0]

    @rpc(contract.PAUSE_PLACE)
    def pause_place(self, uow: Work, place_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Begin a break; the family keeps its place, and today is the last day on which it is expected.

        Raises:
            NotFound, Stale: no such place, or somebody changed it meanwhile.
            InvalidTransition: the place is not active.
        """
        place = uow.places.on_version(place_id, version)
        group = uow.groups.get(place.in_group)
        uow.publish(place.pause(group, uow.spells.last_of(place.id), today=uow.today))
        uow.steps.add(place.step("place.paused", uow.by, group, reason))
        return replies.places(uow, [place])[0]

    @rpc(contract.RESUME_PLACE)
    def resume_place(self, uow: Work, place_id: UUID, version: int) -> dict[str, Any]:
        """End a break.

        Raises:
            NotFound, Stale: no such place, or somebody changed it meanwhile.
            InvalidTransition: the place is not paused.
        """
        place = uow.places.on_version(place_id, version)
        group, last = uow.groups.get(place.in_group, for_update=True), uow.spells.last_of(place.id)
        event, spell = place.resume(group, last, today=uow.today, last_closed=uow.sessions.last_closed(group.id))
        uow.spells.add(spell)
        uow.steps.add(place.step("place.resumed", uow.by, group))
        uow.publish(event)
        return replies.places(uow, [place])[0]

    @rpc(contract.END_PLACE)
    def end_place(self, uow: Work, place_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """End a place because a person decided so; today is the last day on which the family is expected.

        Raises:
            NotFound, Stale: no such place, or somebody changed it meanwhile.
            InvalidTransition: it has ended already.
        """
        place = uow.places.on_version(place_id, version)
        group = uow.groups.find(place.group_id) if place.group_id else None
        uow.publish(place.end(group, uow.spells.last_of(place.id), reason, today=uow.today))
        uow.steps.add(place.step("place.ended", uow.by, group, reason))
        log.info("place.ended", place_id=place.id)
        return replies.places(uow, [place])[0]

    @rpc(contract.FAMILY_ATTENDANCE)
    def family_attendance(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return everything of sessions that a family's page shows.

        A family that is not known here (yet) has attended nothing: news of it may still be on its way.

        Raises:
            Restricted: it is restricted to others, as the registry has it.
        """
        uow.restrictions.require(family_id)
        return replies.family_attendance(uow, family_id)

    @rpc(contract.GET_REGISTER)
    def get_register(self, uow: Work, session_id: UUID) -> dict[str, Any]:
        """Return a register with everybody who is expected.

        Raises:
            NotFound: no such session.
        """
        return replies.register(uow, replies.register_of(uow, uow.sessions.get(session_id)))

    @rpc(contract.RECORD_REGISTER)
    def record_register(self, uow: Work, session_id: UUID, version: int, marks: list[dict[str, Any]]) -> dict[str, Any]:
        """Mark some or all families.

        Raises:
            NotFound: no such session.
            SessionNotYet, InvalidTransition: its day has not come, or its register is closed.
            Invalid: a family, a person or a time that can't be; facts say which.
            Stale: somebody else marked one of the families differently meanwhile.
        """
        register = replies.register_of(uow, uow.sessions.get(session_id, for_update=True))
        for mark in register.record(marks, version, uow.by):
            uow.marks.add(mark)
        return replies.register(uow, register)

    @rpc(contract.CLOSE_REGISTER)
    def close_register(self, uow: Work, session_id: UUID, version: int) -> dict[str, Any]:
        """Close a register: what it says becomes a fact, and others hear of it.

        Raises:
            NotFound: no such session.
            SessionNotYet, InvalidTransition: its day has not come, or it is closed already.
            Stale: somebody marked a family since the closing person looked.
            RegisterIncomplete: a family has no mark yet.
        """
        group = uow.groups.get(uow.sessions.group_id(session_id), for_update=True)
        register = replies.register_of(uow, uow.sessions.get(session_id, for_update=True))
        register.close(version, uow.by)
        histories, counts = uow.marks.histories(register.place_ids), uow.marks.changes(list(register.marks))
        uow.publish(*register.facts(histories, counts))
        uow.sessions.add_all(group.lay_out(uow.today))
        log.info("register.closed", session_id=session_id, families=len(register.marks))
        return replies.register(uow, register)

    @rpc(contract.REOPEN_REGISTER)
    def reopen_register(self, uow: Work, session_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Open a closed register again, to be corrected; what it said is no fact until it is closed again.

        Raises:
            NotFound: no such session.
            InvalidTransition: it is open, or its session was more than 14 days ago.
            Stale: somebody opened and closed it meanwhile.
        """
        session = uow.sessions.get(session_id, for_update=True)
        session.reopen(version, today=uow.today)
        register = replies.register_of(uow, session)
        for family_id in register.marks or [None]:
            uow.saw(family_id=family_id, subject_id=session_id, reason=reason)
        log.info("register.reopened", session_id=session_id)
        return replies.register(uow, register)

    @on_event(BOROUGH_ONBOARDED, BOROUGH_CHANGED, BOROUGH_SUSPENDED, any_borough=True)
    def hear_of_borough(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Keep what is told of a borough; a new one finds the venues that it was onboarded with, in the same transaction."""
        super().hear_of_borough(work, event)
        told: Any = event.data.get("begin_with")
        first = (told or {}).get(self.name)
        if first and isinstance(work, Work) and not is_erased(work):
            for venue in instance_of(contract.BeginWith).load(first)["venues"]:
                work.venues.begin_with(**venue)

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

    @on_event(RUN_ARRANGED, RUN_COMPLETED)
    def hear_of_run(self, uow: Work, event: ReceivedEvent) -> None:
        """Know who is to be, and who was, collected."""
        uow.runs.hear(event.subject, event.sequence, **CollectionRun.values(event.data))

    @on_event(ASSESSMENT_AGREED)
    def hear_of_agreement(self, uow: Work, event: ReceivedEvent) -> None:
        """Put a family that was offered a place on the waiting list, or offer it the place where there is one."""
        facts: dict[str, Any] = event.data
        if facts["decision"] != "offer_place":
            return
        place = uow.places.open_of(facts["family_id"])
        if place is None:
            place = Place.asked(uow.borough_id, facts["family_id"], at=facts["agreed_at"], assessment_id=event.subject)
            uow.places.add(place)
            uow.steps.add(place.step("place.waiting", uow.by))
        group = uow.groups.find(facts["group_id"], for_update=True) if facts["group_id"] else None
        taken = uow.places.taken(group.id, but=place.id) if group else 0
        if group and place.can_be_offered(group, taken):
            uow.publish(place.offer(group, taken))
            uow.steps.add(place.step("place.offered", uow.by, group))
        log.info("place.asked", place_id=place.id, status=place.status)

    @every(minutes=60)
    def lay_out_sessions(self, uow: Work) -> None:
        """Lay out every group's sessions, eight weeks ahead."""
        for group in uow.groups.to_lay_out(uow.today + calendar.HORIZON):
            uow.sessions.add_all(group.lay_out(uow.today))
