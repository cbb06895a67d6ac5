"""What was decided against can be opened again, with a reason; what was accepted can't."""

from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Conflict, InvalidTransition, Stale
from chassis.ids import new_id
from services.assessments.contract import TwoAgenciesNeeded
from services.referrals import contract
from services.referrals.models import Referral
from tests import factories
from tests.unit.referrals.conftest import received
from tests.unit.referrals.test_referral_moves import WAYS, brought_to

REASON = "Her health visitor rang: they live here after all."


@pytest.mark.parametrize("status", sorted(WAYS))
def test_it_is_opened_again_from_just_the_statuses_that_say_so(status: str, clinician: Caller) -> None:
    referral = brought_to(status, clinician)
    before = referral.version
    if status in contract.REOPENED_FROM:
        event = referral.reopen(before, REASON, clinician, clock.now())
        assert (event.type, event.sequence) == (contract.REFERRAL_REOPENED, before + 1)
        assert referral.status == "received"
    else:
        with pytest.raises(InvalidTransition):
            referral.reopen(before, REASON, clinician, clock.now())
        assert (referral.status, referral.version) == (status, before)


def test_what_was_accepted_once_is_never_opened_again(clinician: Caller) -> None:
    referral = brought_to("accepted", clinician)
    referral.close(2, "Settled", clinician, clock.now())
    assert not referral.may_reopen
    with pytest.raises(InvalidTransition) as refused:
        referral.reopen(3, REASON, clinician, clock.now())
    assert "Add a new referral" in refused.value.message


def test_its_reason_is_kept_and_it_goes_on_as_any_other(clinician: Caller) -> None:
    referral = brought_to("declined", clinician)
    referral.reopen(2, REASON, clinician, clock.now())
    assert (referral.history[-1].kind, referral.history[-1].reason) == ("reopened", REASON)
    assert referral.may_move_to == list(contract.MOVES["received"])
    referral.accept(3, "Fits", clinician, clock.now())
    assert referral.status == "accepted"


def test_a_duplicate_gets_its_own_family_back(clinician: Caller) -> None:
    referral, first = received(), received()
    own = referral.family_id
    referral.mark_duplicate(1, first, "Same address", clinician, clock.now())
    referral.reopen(2, "Twins, and two mothers of one name", clinician, clock.now())
    assert (referral.family_id, referral.duplicate_of) == (own, None)


def test_a_duplicate_that_was_closed_gets_it_back_too(clinician: Caller) -> None:
    referral = received()
    own = referral.family_id
    referral.mark_duplicate(1, received(), "Same children", clinician, clock.now())
    referral.close(2, "Done", clinician, clock.now())
    referral.reopen(3, REASON, clinician, clock.now())
    assert referral.family_id == own


def test_a_referral_that_was_no_duplicate_keeps_its_family(clinician: Caller) -> None:
    referral = brought_to("withdrawn", clinician)
    own = referral.family_id
    referral.reopen(referral.version, REASON, clinician, clock.now())
    assert referral.family_id == own


def test_of_two_who_open_it_at_once_one_is_told(clinician: Caller) -> None:
    referral = brought_to("declined", clinician)
    referral.reopen(2, REASON, clinician, clock.now())
    with pytest.raises(Stale) as refused:
        referral.reopen(2, REASON, clinician, clock.now())
    assert refused.value.facts["theirs"] == {"version": 3, "status": "received"}


def test_another_referral_of_a_duplicate_that_was_opened_again_can_be_a_duplicate_of_it(clinician: Caller) -> None:
    referral, third = received(), received()
    referral.mark_duplicate(1, received(), "Same children", clinician, clock.now())
    with pytest.raises(Conflict):
        third.mark_duplicate(1, referral, "Same children", clinician, clock.now())
    referral.reopen(2, REASON, clinician, clock.now())
    third.mark_duplicate(1, referral, "Same children", clinician, clock.now())
    assert third.family_id == referral.family_id


@pytest.mark.parametrize("may_be_told", ["status", "outcome"])
def test_its_referrer_reads_no_decision_that_no_longer_stands(may_be_told: str, clinician: Caller) -> None:
    referral = received(referrer=factories.referrer_details(may_be_told=may_be_told))
    referral.decline(1, "Lives in Kent", clinician, clock.now(), because="other")
    assert referral.told().told_as == "declined"
    referral.reopen(2, REASON, clinician, clock.now())
    assert referral.told().told_as == "received"
    referral.accept(3, "Fits", clinician, clock.now())
    assert referral.told().told_as == "accepted"


def test_where_nothing_may_be_told_its_referrer_reads_nothing_of_it(clinician: Caller) -> None:
    referral = received(referrer=factories.referrer_details(may_be_told="nothing"))
    referral.decline(1, "Lives in Kent", clinician, clock.now(), because="other")
    referral.reopen(2, REASON, clinician, clock.now())
    assert referral.told().at == referral.received_at


def assessor(kind: str, **changes: Any) -> dict[str, Any]:
    agency = {"agency_id": new_id(), "agency_name": kind.upper(), "agency_kind": kind}
    return {"person_id": new_id(), "name": "Ruth Osei", **agency, **changes}


def test_two_of_two_agencies_are_proposed_with_the_acceptance(referral: Referral, clinician: Caller) -> None:
    two = [assessor("camhs"), assessor("adult_mental_health")]
    event = referral.accept(1, "Fits", clinician, clock.now(), assessors=two, urgency="urgent")
    assert event.data["assessors"] == two
    assert (event.data["urgency"], referral.urgency) == ("urgent", "urgent")
    assert contract.AcceptedFacts().validate(contract.AcceptedFacts().dump(event.data)) == {}


def test_nobody_has_to_be_proposed(referral: Referral, clinician: Caller) -> None:
    assert referral.accept(1, "Fits", clinician, clock.now()).data["assessors"] == []


@pytest.mark.parametrize("what", ["one agency", "one person", "other agencies", "one alone"])
def test_two_who_can_not_visit_together_are_refused_and_nothing_is_decided(what: str, referral: Referral, clinician: Caller) -> None:
    first, person = assessor("camhs"), new_id()
    pairs = {
        "one agency": [first, assessor("camhs", agency_id=first["agency_id"])],
        "one person": [assessor("camhs", person_id=person), assessor("adult_mental_health", person_id=person)],
        "other agencies": [first, assessor("childrens_centre")],
        "one alone": [first],
    }
    with pytest.raises(TwoAgenciesNeeded):
        referral.accept(1, "Fits", clinician, clock.now(), assessors=pairs[what])
    assert (referral.status, referral.version) == ("received", 1)


def test_urgency_stays_as_it_was_where_nobody_changes_it(clinician: Caller) -> None:
    referral = received(urgency="urgent")
    referral.accept(1, "Fits", clinician, clock.now())
    assert referral.urgency == "urgent"


def test_it_is_taken_given_and_handed_back(referral: Referral) -> None:
    ruth = {"person_id": new_id(), "name": "Ruth Osei"}
    referral.assign(1, ruth)
    assert (referral.assigned_to_id, referral.assigned_to_name, referral.version) == (ruth["person_id"], "Ruth Osei", 2)
    referral.assign(2, None)
    assert (referral.assigned_to_id, referral.assigned_to_name) == (None, None)


def test_of_two_who_take_it_at_once_one_is_told_who_has_it(referral: Referral) -> None:
    referral.assign(1, {"person_id": new_id(), "name": "Ruth Osei"})
    with pytest.raises(Stale) as refused:
        referral.assign(1, {"person_id": new_id(), "name": "Paul Lang"})
    assert refused.value.facts["yours"]["assigned_to_name"] == "Paul Lang"
    assert refused.value.facts["theirs"]["assigned_to_name"] == "Ruth Osei"


def test_the_code_of_declining_and_who_was_told_of_redirecting_are_kept(clinician: Caller) -> None:
    declined, redirected = received(), received()
    declined.decline(1, "She is nine", clinician, clock.now(), "child_age")
    redirected.redirect(1, "Perinatal team", "Needs more", clinician, clock.now(), ["family", "referrer"])
    assert declined.history[-1].because == "child_age"
    assert redirected.history[-1].told == ("family", "referrer")
