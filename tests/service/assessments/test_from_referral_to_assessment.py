"""What assessments hears of referrals and families: once in effect, in any order."""

from typing import Any
from uuid import UUID

import eventlet

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from chassis.ids import new_id
from services.assessments import contract
from services.referrals import contract as referrals
from tests import factories
from tests.service.assessments.conftest import Open, assessment_of
from tests.support.desk import Desk, until
from tests.support.families import family_facts


def accepted(family_id: UUID, referral_id: UUID | None = None, *, sequence: int = 2, **changed: Any) -> Event:
    facts = {
        "family_id": family_id,
        "family_name": "Luz Castillo and Mateo",
        "status": "accepted",
        "urgency": "routine",
        "source": "A2",
        "referrer_service": "Bermondsey health visiting team",
        "may_be_told": "status",
        "received_at": clock.now(),
        "by_name": "Ruth Osei",
    }
    return referrals.REFERRAL_ACCEPTED(referral_id or new_id(), sequence, **{**facts, **changed})


def closed(event: Event, *, sequence: int = 3) -> Event:
    return referrals.REFERRAL_CLOSED(event.subject, sequence, **{**event.data, "status": "closed"})


def family(family_id: UUID, name: str, *, sequence: int) -> Event:
    given_name, family_name = name.split()
    facts = family_facts(
        family_id=family_id, parents=[{**factories.parent_details(given_name=given_name, family_name=family_name), "id": new_id()}]
    )
    kind = referrals.FAMILY_REGISTERED if sequence == 1 else referrals.FAMILY_CHANGED
    return kind(family_id, sequence, **facts)


def settle(desk: Desk, borough_id: UUID) -> None:
    """Wait until everything that was told has been heard."""
    until(lambda: desk.all_handled("referrals", "assessments", borough_id))
    eventlet.sleep(0.3)
    until(lambda: desk.all_handled("referrals", "assessments", borough_id))


def test_an_accepted_referral_opens_an_assessment(both: Desk, opened: Open, southwark: UUID) -> None:
    assessment = opened()
    assert (assessment["status"], assessment["version"], assessment["signatures"]) == ("waiting", 1, [])
    assert assessment["family_name"].startswith(tuple(given for given, _ in factories.PARENT_NAMES))
    (event,) = both.told("assessments", southwark)
    assert (event["type"], event["subject"]) == ("assessments.assessment.opened", assessment["id"])


def test_the_same_event_twice_opens_one_assessment(both: Desk, opened: Open, ruth: Caller, southwark: UUID) -> None:
    opened()
    for event in both.told("referrals", southwark):
        both.send_again("referrals", event["id"])
    settle(both, southwark)
    assert both.ask(contract.LIST_ASSESSMENTS, ruth)["total"] == 1
    assert len(both.told("assessments", southwark)) == 1


def test_the_same_news_told_in_two_events_opens_one_assessment(both: Desk, ruth: Caller, southwark: UUID) -> None:
    event = accepted(new_id())
    both.tell("referrals", southwark, event)
    both.tell("referrals", southwark, event)
    until(lambda: both.ask(contract.LIST_ASSESSMENTS, ruth)["items"])
    settle(both, southwark)
    assert both.ask(contract.LIST_ASSESSMENTS, ruth)["total"] == 1


def test_an_acceptance_that_overtakes_its_family_opens_the_assessment_with_the_name(both: Desk, ruth: Caller, southwark: UUID) -> None:
    family_id = new_id()
    both.tell("referrals", southwark, accepted(family_id))
    assert until(lambda: assessment_of(both, ruth, family_id))["family_name"] == "Luz Castillo and Mateo"
    both.tell("referrals", southwark, family(family_id, "Luz Castillo-Ruiz", sequence=1))
    until(lambda: assessment_of(both, ruth, family_id)["family_name"].startswith("Luz Castillo-Ruiz"))


def test_an_older_version_of_a_family_does_not_replace_a_newer_one(both: Desk, ruth: Caller, southwark: UUID) -> None:
    family_id = new_id()
    both.tell("referrals", southwark, accepted(family_id), family(family_id, "Luz Newest", sequence=3))
    until(lambda: assessment_of(both, ruth, family_id).get("family_name", "").startswith("Luz Newest"))
    both.tell("referrals", southwark, family(family_id, "Luz Older", sequence=2), family(family_id, "Luz Oldest", sequence=1))
    settle(both, southwark)
    assert assessment_of(both, ruth, family_id)["family_name"].startswith("Luz Newest")


def test_a_change_of_a_family_shows_on_its_assessment(both: Desk, opened: Open, ruth: Caller) -> None:
    assessment = opened()
    known = both.ask(referrals.GET_FAMILY, ruth, family_id=assessment["family_id"])
    kept = {name: known[name] for name in ("version", "children", "language", "interpreter", "safe_contact", "address")}
    parents = [{**known["parents"][0], "family_name": "Newname"}]
    both.ask(referrals.CHANGE_FAMILY, ruth, family_id=known["id"], parents=parents, **kept)
    until(lambda: "Newname" in assessment_of(both, ruth, known["id"])["family_name"])


def test_a_closed_referral_closes_its_assessment(both: Desk, opened: Open, ruth: Caller, southwark: UUID) -> None:
    assessment = opened()
    both.ask(referrals.CLOSE, ruth, referral_id=assessment["referral_id"], version=2, reason="Moved to Leeds")
    until(lambda: both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["status"] == "closed")
    assert both.told("assessments", southwark)[-1]["type"] == "assessments.assessment.closed"
    assert "Leeds" not in str(both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"]))


def test_a_close_that_overtakes_its_acceptance_opens_nothing(both: Desk, ruth: Caller, southwark: UUID) -> None:
    event = accepted(new_id())
    both.tell("referrals", southwark, closed(event))
    settle(both, southwark)
    both.tell("referrals", southwark, event)
    settle(both, southwark)
    assert both.ask(contract.LIST_ASSESSMENTS, ruth)["total"] == 0


def test_a_declined_and_closed_referral_opens_nothing(both: Desk, ruth: Caller, southwark: UUID) -> None:
    received = both.ask(referrals.REFER, ruth, **factories.referral_details())
    both.ask(referrals.DECLINE, ruth, referral_id=received["id"], version=1, because="other", reason="Lives in Kent")
    both.ask(referrals.CLOSE, ruth, referral_id=received["id"], version=2, reason="Told the family")
    settle(both, southwark)
    assert both.ask(contract.LIST_ASSESSMENTS, ruth)["total"] == 0


def test_another_boroughs_family_of_the_same_id_stays_apart(both: Desk, ruth: Caller, neighbour: Caller, southwark: UUID) -> None:
    family_id = new_id()
    both.tell("referrals", southwark, accepted(family_id))
    until(lambda: assessment_of(both, ruth, family_id))
    assert assessment_of(both, neighbour, family_id) == {}
    both.tell("referrals", neighbour.borough_id, accepted(family_id, family_name="Sinead Doyle and Finn"))
    assert until(lambda: assessment_of(both, neighbour, family_id))["family_name"] == "Sinead Doyle and Finn"
    assert assessment_of(both, ruth, family_id)["family_name"] == "Luz Castillo and Mateo"
