"""What becomes of an accepted family reaches its referrer: by event into the record, by mail where that was agreed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from chassis.ids import new_id
from gateway.access.roles import permissions_of
from services.assessments.contract import ASSESSMENT_AGREED, GET_ASSESSMENT, LIST_ASSESSMENTS
from services.assessments.service import AssessmentsService
from services.referrals import contract
from services.referrals.service import ReferralsService
from services.sessions.contract import PLACE_ENDED, PLACE_OFFERED
from services.sessions.service import SessionsService
from tests import factories
from tests.service.referrals.test_merging import merge
from tests.support.desk import Desk, desk, until
from tests.support.installation import Templates


@pytest.fixture(scope="module")
def referrals(postgres_url: str) -> Iterator[Desk]:
    """What stands on a broker is held in tests of events: one is enough here."""
    services = (ReferralsService, SessionsService, AssessmentsService)
    with desk(Templates(postgres_url), f"inprocess://{uuid4().hex}", *services) as running:
        yield running


@pytest.fixture
def helen(southwark: UUID) -> Caller:
    return factories.caller(southwark, kind="referring", permissions=permissions_of(["referrer"], "referring"), name="Helen Vance")


def accepted(desk: Desk, helen: Caller, clinician: Caller, may_be_told: str = "status") -> dict[str, Any]:
    referrer = factories.referrer_details(may_be_told=may_be_told, email="helen@example.nhs.uk", source="A2")
    received = desk.ask(contract.REFER, helen, **factories.referral_details(referrer=referrer))
    return desk.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")


def place(event_type: Any, family_id: UUID) -> Event:
    return Event(event_type, new_id(), 1, {"family_id": family_id, "group_id": new_id(), "group_name": "Peckham", "starts_on": None})


def test_news_of_a_family_that_became_part_of_another_meanwhile_reach_its_referrer(
    referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID
) -> None:
    into = accepted(referrals, clinician, clinician)["family_id"]
    other = accepted(referrals, helen, clinician)["family_id"]
    records = {one: referrals.ask(contract.GET_FAMILY, clinician, family_id=one) for one in (into, other)}
    merge(referrals, clinician, records[into], records[other])
    referrals.tell("sessions", southwark, place(PLACE_OFFERED, other))
    until(lambda: told(referrals, helen) == "offered")


def agreed(referral: dict[str, Any], decision: str) -> Event:
    facts = {"family_id": referral["family_id"], "family_name": referral["family_name"], "referral_id": referral["id"]}
    more = {"version": 2, "decision": decision, "group_id": None, "group_name": None, "before_joining": None}
    return ASSESSMENT_AGREED(new_id(), 3, **facts, **more, agreed_at=clock.now(), signed_by=["CAMHS", "Adult team"])


def told(desk: Desk, helen: Caller) -> str:
    (item,) = desk.ask(contract.OWN_REFERRALS, helen)["items"]
    return str(item["told"])


def mailed(desk: Desk, borough_id: UUID) -> list[str]:
    events = desk.told("referrals", borough_id)
    return [event["data"]["words"]["told"] for event in events if event["type"] == "referrals.message.wanted"]


def test_an_offer_and_an_end_reach_the_referrer_who_may_follow(referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID) -> None:
    family_id = accepted(referrals, helen, clinician)["family_id"]
    assert told(referrals, helen) == "accepted"
    referrals.tell("sessions", southwark, place(PLACE_OFFERED, family_id))
    until(lambda: told(referrals, helen) == "offered")
    referrals.tell("sessions", southwark, place(PLACE_ENDED, family_id))
    until(lambda: told(referrals, helen) == "closed")
    assert mailed(referrals, southwark) == ["accepted", "offered", "closed"]


@pytest.mark.parametrize(("decision", "reads"), [("not_now", "closed"), ("refer_on", "closed")])
def test_a_decision_for_something_else_reads_as_closed_and_not_as_what_it_was(
    referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID, decision: str, reads: str
) -> None:
    referral = accepted(referrals, helen, clinician)
    referrals.tell("assessments", southwark, agreed(referral, decision))
    until(lambda: told(referrals, helen) == reads)
    assert decision not in str(referrals.ask(contract.OWN_REFERRALS, helen)["items"])


def test_who_may_be_told_nothing_reads_and_gets_nothing(referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID) -> None:
    referral = accepted(referrals, helen, clinician, "nothing")
    referrals.tell("sessions", southwark, place(PLACE_OFFERED, referral["family_id"]))
    until(lambda: referrals.all_handled("sessions", "referrals", southwark))
    assert told(referrals, helen) == "received"
    assert mailed(referrals, southwark) == []


def test_news_of_a_family_that_nobody_referred_here_is_let_pass(referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID) -> None:
    accepted(referrals, helen, clinician)
    referrals.tell("sessions", southwark, place(PLACE_OFFERED, new_id()))
    until(lambda: referrals.all_handled("sessions", "referrals", southwark))
    assert told(referrals, helen) == "accepted"


def test_whom_triage_proposes_is_known_to_assessments(referrals: Desk, helen: Caller, clinician: Caller, southwark: UUID) -> None:
    received = referrals.ask(contract.REFER, helen, **factories.referral_details())
    two = factories.assessors()
    chosen = {"referral_id": received["id"], "version": 1, "reason": "Fits", "urgency": "urgent", "assessors": two}
    assert referrals.ask(contract.ACCEPT, clinician, **chosen)["urgency"] == "urgent"
    reader = factories.caller(southwark, permissions=clinician.permissions | {"assessments.read", "assessments.read_shared"})
    (found,) = until(lambda: referrals.ask(LIST_ASSESSMENTS, reader)["items"])
    proposed = referrals.ask(GET_ASSESSMENT, reader, assessment_id=found["id"])["proposed"]
    assert [one["name"] for one in proposed] == [one["name"] for one in two]
