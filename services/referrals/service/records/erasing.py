"""Erasure: decided by one person, begun once every service is ready, carried out by each, confirmed by each."""

from typing import Any, cast
from uuid import UUID

import structlog

from chassis.contract import ReceivedEvent
from chassis.database.erasing import Counts, Words
from chassis.database.work import UnitOfWork
from chassis.errors import Conflict, Held, Invalid
from chassis.events import on_event
from chassis.keeping import ERASURE_ASKED, ERASURE_FINISHED, ERASURE_REPORTED, FAMILY_ERASED, PERSON_ERASED
from chassis.keeping.entrypoints import KeepsRecords
from chassis.rpc import rpc
from services.referrals.contract.records import erasure as contract
from services.referrals.models.records import Erasure
from services.referrals.models.records.leaving import erase_person, erase_referred, words_of
from services.referrals.repository import Work
from services.referrals.service.records.holding import PLAN, held
from services.referrals.service.records.people import Person, decided_about, people_of
from services.referrals.views import records as views

log = structlog.get_logger(__name__)


class Erasing(KeepsRecords):
    """Erasing a family, or a person of it."""

    erasing = PLAN

    @rpc(contract.ERASE)
    def erase(self, uow: Work, **wanted: Any) -> dict[str, Any]:
        """Decide that a family's record, or what identifies one person in it, is erased everywhere.

        Raises:
            NotFound, Restricted, FamilyMerged: as `require_known`.
            Held: a legal hold is on it.
            Conflict: an erasure is on its way.
            Invalid: the person is not in the family, or is its last child.
        """
        family, referrals, mark = decided_about(uow, wanted["family_id"])
        if mark.held:
            raise Held
        if uow.erasures.open_of(wanted["family_id"]):
            raise Conflict("An erasure is on its way for this family. Wait until it is done.")
        people = people_of(family, referrals)
        _require_erasable(people, wanted["person_id"])
        known = {*(person["id"] for person in people), *(referral.id for referral in referrals)}
        also = [] if wanted["person_id"] else uow.erasures.merged_into(wanted["family_id"])
        erasure = uow.erasures.add(Erasure.asked(wanted, known, also, uow.caller, uow.now))
        uow.publish(ERASURE_ASKED(erasure.id, 1, family_id=erasure.family_id))
        log.info("erasure.asked", erasure_id=erasure.id)
        return views.erasure(erasure)

    @rpc(contract.GET_ERASURE)
    def get_erasure(self, uow: Work, erasure_id: UUID) -> dict[str, Any]:
        """Return how far an erasure is, and once it is done what is certified of it; raises NotFound."""
        return views.erasure(uow.erasures.get(erasure_id))

    @rpc(contract.LIST_ERASURES)
    def list_erasures(self, uow: Work, state: str | None, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of erasures, newest first."""
        page = uow.erasures.listed(state, after, limit)
        return {"items": [views.erasure(row) for row in page.items], "next": page.next, "total": page.total}

    @on_event(*ERASURE_REPORTED.values(), even_erased=True)
    def hear_of_report(self, uow: Work, event: ReceivedEvent) -> None:
        """Take in how far a service is; begin once all are ready, finish once all have erased, stop for a hold."""
        facts: dict[str, Any] = event.data
        uow.records.lock(facts["family_id"])  # first, as everybody who decides about a record does
        erasure = uow.erasures.find(event.subject, for_update=True)
        service = event.type.partition(".")[0]
        if erasure is None or not erasure.report(service, facts["state"], facts["counts"], uow.now):
            return
        if facts["state"] == "held":
            erasure.stop()
        elif erasure.is_ready():
            _begin(uow, erasure)
        elif erasure.is_over():
            _finish(uow, erasure)
            log.info("erasure.finished", erasure_id=erasure.id)

    def held(self, work: Any, family_id: Any) -> Any:
        """Return every record that referrals holds of a family."""
        return held(cast("Work", work), family_id)

    def blank_person(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        """Blank what names a person, then take them out of the registry and of what referrals said of them."""
        uow, family_id = cast("Work", work), facts["family_id"]
        counts = super().blank_person(work, facts)
        work.session.expire_all()
        work.session.changes.keep_no_values()
        everywhere = uow.merges.forget_person(family_id, facts["person_id"])
        family = uow.families.find(family_id, for_update=True)
        if family:
            uow.publish(erase_person(family, facts["person_id"], uow.now))
        for referral in uow.referrals.of_family(family_id, for_update=True):
            erase_referred(referral, everywhere)
        uow.keys.refresh([family_id])
        return {**counts, **uow.clocks.forget(everywhere)}


def _require_erasable(people: list[Person], person_id: UUID | None) -> None:
    if person_id is None:
        return
    person = next((one for one in people if one["id"] == person_id), None)
    if person is None:
        raise Invalid(faults={"person_id": ["Whom?: this person is not in this family."]})
    if person["side"] == "child" and sum(one["side"] == "child" for one in people) == 1:
        raise Invalid(
            faults={"person_id": ["Whom?: this is the family's only child. Without a child there is no record: erase the whole family."]}
        )


def _begin(uow: Work, erasure: Erasure) -> None:
    """Let every service erase, unless a hold came meanwhile."""
    if uow.records.lock(erasure.family_id).held:
        erasure.stop()
        return
    erasure.begin(uow.now)
    told = _words_of(uow, erasure)
    facts: dict[str, Any] = {"family_id": erasure.family_id, "salt": str(erasure.id)}
    if erasure.person_id is None:
        uow.publish(FAMILY_ERASED(erasure.id, 2, **facts, **told, **erasure.ids))
    else:
        facts |= {"person_id": erasure.person_id, "also": uow.erasures.merged_into(erasure.family_id)}
        uow.publish(PERSON_ERASED(erasure.id, 2, **facts, digests=told["digests"]))


def _finish(uow: Work, erasure: Erasure) -> None:
    """Let what was on its way meanwhile be erased too; where one person was erased, the family goes on."""
    if erasure.person_id is None:
        facts: dict[str, Any] = {"salt": "-", "digests": [], "exact": [], **erasure.ids}
        uow.publish(ERASURE_FINISHED(erasure.id, 3, family_id=erasure.family_id, **facts))
    erasure.finish(uow.now)


def _words_of(uow: Work, erasure: Erasure) -> dict[str, list[str]]:
    """Return digests of what names whoever is erased, and nobody who stays; and of addresses and references."""
    family_id, person_id = erasure.family_id, erasure.person_id
    families = [family_id, *uow.erasures.merged_into(family_id)]
    referrals = [referral for one in families for referral in uow.referrals.of_family(one)]
    registered = [person for one in families if (family := uow.families.find(one)) for person in people_of(family, [])]
    people = [*registered, *people_of(None, referrals)]
    everywhere = uow.merges.everywhere(family_id, person_id) if person_id else {person["id"] for person in people}
    gone = [person for person in people if person["id"] in everywhere]
    salt = str(erasure.id)
    theirs, others = (
        Words.of(*(words for person in those for words in words_of(person)), salt=salt).digests
        for those in (gone, [person for person in people if person not in gone])
    )
    exact = Words.of(*(referral.reference or "" for referral in referrals), *(str(one.get("email") or "") for one in gone), salt=salt)
    return {"digests": sorted(theirs - others), "exact": sorted(exact.digests)}
