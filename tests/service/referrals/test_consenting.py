"""What families agree to and take back, what was shared or not, and that everything goes by it at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound, Restricted, Stale
from services.referrals import contract
from services.referrals.contract import consent, telling
from tests import factories
from tests.support.desk import Desk


def referred(desk: Desk, by: Caller, **changed: Any) -> dict[str, Any]:
    return desk.ask(contract.REFER, by, **factories.referral_details(**changed))


def accepted(desk: Desk, clinician: Caller, by: Caller | None = None, **changed: Any) -> dict[str, Any]:
    referral = referred(desk, by or clinician, **changed)
    return desk.ask(contract.ACCEPT, clinician, referral_id=referral["id"], version=1, reason="Fits")


def sharing(desk: Desk, by: Caller, family_id: UUID) -> dict[str, Any]:
    return desk.ask(consent.FAMILY_SHARING, by, family_id=family_id)


def details(**changed: Any) -> dict[str, Any]:
    given = {"purpose": "work_together", "partner": "Grove nursery", "what": ["coming"], "given_by": "Sinéad Doyle"}
    return {**given, "given_how": "in_person", "given_on": clock.today(), **changed}


def give(desk: Desk, by: Caller, family_id: UUID, **changed: Any) -> dict[str, Any]:
    return desk.ask(consent.GIVE_CONSENT, by, family_id=family_id, **details(**changed))


def take_back(desk: Desk, by: Caller, family_id: UUID, given: dict[str, Any], **changed: Any) -> dict[str, Any]:
    how = {"version": given["version"], "withdrawn_on": clock.today(), "withdrawn_how": "phone", **changed}
    return desk.ask(consent.WITHDRAW_CONSENT, by, family_id=family_id, consent_id=given["id"], **how)


def decision(**changed: Any) -> dict[str, Any]:
    made = {"decision": "shared", "partner": "Grove nursery", "what": ["coming"], "basis": "consent", "reason": factories.CLINICAL}
    return {**made, "family_told": "yes", "decided_on": clock.today(), **changed}


@pytest.fixture
def system(southwark: UUID) -> Caller:
    """Another system that refers with a token of its own."""
    permissions = frozenset({"referrals.refer", "referrals.read_own"})
    return replace(factories.caller(southwark, permissions=permissions, name="Health visiting record"), kind="system")


def own(desk: Desk, by: Caller) -> str:
    (found,) = desk.ask(contract.OWN_REFERRALS, by)["items"]
    return str(found["told"])


def test_what_was_agreed_at_referral_is_taken_over_when_it_is_accepted(referrals: Desk, clinician: Caller, health_visitor: Caller) -> None:
    referral = accepted(referrals, clinician, health_visitor)
    (taken,) = sharing(referrals, clinician, referral["family_id"])["consents"]
    assert (taken["purpose"], taken["level"], taken["holds"], taken["given_how"]) == ("tell_referrer", "status", True, "referrer")
    assert (taken["partner"], taken["referral_id"]) == (referral["referrer"]["service"], referral["id"])
    assert taken["evidence"] == f"Referral {referral['reference']}"


def test_of_a_referrer_who_may_be_told_nothing_no_consent_is_made_up(referrals: Desk, clinician: Caller) -> None:
    referral = accepted(referrals, clinician, referrer=factories.referrer_details(may_be_told="nothing"))
    assert sharing(referrals, clinician, referral["family_id"])["consents"] == []


def test_a_family_agrees_and_takes_it_back_and_both_stay_on_record(referrals: Desk, clinician: Caller) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    given = give(referrals, clinician, family_id, words="That we come on Thursdays, not why.")
    assert (given["holds"], given["taken_by_name"]) == (True, clinician.person_name)
    gone = take_back(referrals, clinician, family_id, given, withdrawn_because="She has moved.")
    assert (gone["holds"], gone["withdrawn_by_name"], gone["withdrawn_because"]) == (False, clinician.person_name, "She has moved.")
    kept = next(one for one in sharing(referrals, clinician, family_id)["consents"] if one["id"] == given["id"])
    assert (kept["words"], kept["withdrawn_on"]) == ("That we come on Thursdays, not why.", clock.today())


def test_a_referrer_is_told_nothing_more_from_the_moment_the_family_takes_it_back(
    referrals: Desk, clinician: Caller, health_visitor: Caller
) -> None:
    family_id = accepted(referrals, clinician, health_visitor)["family_id"]
    assert own(referrals, health_visitor) == "accepted"
    (told,) = sharing(referrals, clinician, family_id)["consents"]
    take_back(referrals, clinician, family_id, told)
    assert own(referrals, health_visitor) == "received"
    give(referrals, clinician, family_id, purpose="tell_referrer", level="outcome", what=[])
    assert own(referrals, health_visitor) == "accepted"


def test_one_of_two_referrers_may_be_told_less_than_the_other(referrals: Desk, clinician: Caller, health_visitor: Caller) -> None:
    referral = accepted(referrals, clinician, health_visitor)
    (told,) = sharing(referrals, clinician, referral["family_id"])["consents"]
    give(referrals, clinician, referral["family_id"], purpose="tell_referrer", level="outcome", what=[])
    take_back(referrals, clinician, referral["family_id"], told)
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=referral["id"])["status"] == "accepted"
    assert own(referrals, health_visitor) == "accepted", "the one that holds for every referrer lets it be told still"


def test_a_system_hears_of_each_step_that_it_may_know_and_of_what_it_may_know_no_more(
    referrals: Desk, clinician: Caller, system: Caller, southwark: UUID
) -> None:
    referral = accepted(referrals, clinician, system)
    (told,) = sharing(referrals, clinician, referral["family_id"])["consents"]
    take_back(referrals, clinician, referral["family_id"], told)
    heard = [event for event in referrals.told("referrals", southwark) if event["type"].startswith("referrals.referral.")]
    about = [(event["type"].rpartition(".")[2], event["data"].get("told")) for event in heard if "referrer_id" in event["data"]]
    assert about == [("told", "received"), ("told", "accepted"), ("silenced", None), ("told", "received")]
    assert all(referral["family_name"] not in str(event["data"]) for event in heard if "referrer_id" in event["data"])
    silenced = next(event for event in heard if event["type"] == telling.REFERRAL_SILENCED.name)
    assert silenced["data"]["may_be_told"] == "nothing"


def test_what_people_refer_is_told_to_no_system(referrals: Desk, clinician: Caller, health_visitor: Caller, southwark: UUID) -> None:
    accepted(referrals, clinician, health_visitor)
    assert [event for event in referrals.told("referrals", southwark) if event["type"] == telling.REFERRAL_TOLD.name] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"purpose": "tell_referrer"}, "level"),
        ({"level": "status"}, "level"),
        ({"what": []}, "what"),
        ({"given_on": clock.today() + timedelta(days=2)}, "given_on"),
        ({"purpose": "everything"}, "purpose"),
        ({"given_by": " "}, "given_by"),
    ],
)
def test_what_does_not_make_sense_is_refused_where_it_stands(
    referrals: Desk, clinician: Caller, changed: dict[str, Any], field: str
) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    with pytest.raises(Invalid) as refused:
        give(referrals, clinician, family_id, **changed)
    assert list(refused.value.faults) == [field]


def test_nothing_is_taken_back_twice_before_it_was_given_or_on_an_older_version(referrals: Desk, clinician: Caller) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    given = give(referrals, clinician, family_id)
    with pytest.raises(Invalid):
        take_back(referrals, clinician, family_id, given, withdrawn_on=clock.today() - timedelta(days=1))
    with pytest.raises(Stale):
        take_back(referrals, clinician, family_id, {**given, "version": 7})
    gone = take_back(referrals, clinician, family_id, given)
    with pytest.raises(InvalidTransition):
        take_back(referrals, clinician, family_id, gone)


def test_a_decision_to_share_or_not_keeps_its_reason_for_clinicians(referrals: Desk, clinician: Caller, facilitator: Caller) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    given = give(referrals, clinician, family_id)
    referrals.ask(consent.LOG_SHARING, clinician, family_id=family_id, consent_id=given["id"], **decision())
    kept_back = decision(decision="not_shared", basis="not_needed", decided_on=clock.today() - timedelta(days=3))
    referrals.ask(consent.LOG_SHARING, clinician, family_id=family_id, **kept_back)
    first, second = sharing(referrals, clinician, family_id)["decisions"]
    assert [first["decision"], second["decision"]] == ["shared", "not_shared"]
    assert (first["reason"], first["decided_by_name"]) == (factories.CLINICAL, clinician.person_name)
    seen = sharing(referrals, facilitator, family_id)
    assert factories.CLINICAL not in str(seen)
    assert all(one["reason_hidden"] for one in seen["decisions"])


def test_nothing_is_shared_by_what_was_taken_back_nor_by_a_reason_that_does_not_fit(referrals: Desk, clinician: Caller) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    given = give(referrals, clinician, family_id)
    take_back(referrals, clinician, family_id, given)
    with pytest.raises(Conflict):
        referrals.ask(consent.LOG_SHARING, clinician, family_id=family_id, consent_id=given["id"], **decision())
    for wrong in ({"basis": "refused"}, {"decision": "not_shared", "basis": "consent"}):
        with pytest.raises(Invalid) as refused:
            referrals.ask(consent.LOG_SHARING, clinician, family_id=family_id, **decision(**wrong))
        assert list(refused.value.faults) == ["basis"]


def test_a_consent_or_a_referral_of_another_family_is_not_found(referrals: Desk, clinician: Caller) -> None:
    one, other = (accepted(referrals, clinician) for _ in range(2))
    given = give(referrals, clinician, other["family_id"])
    with pytest.raises(NotFound):
        take_back(referrals, clinician, one["family_id"], given)
    with pytest.raises(NotFound):
        referrals.ask(consent.LOG_SHARING, clinician, family_id=one["family_id"], consent_id=given["id"], **decision())
    with pytest.raises(NotFound):
        give(referrals, clinician, one["family_id"], referral_id=other["id"])


def test_other_boroughs_and_roles_and_whoever_may_not_see_the_family_see_none_of_it(
    referrals: Desk, clinician: Caller, neighbour: Caller, facilitator: Caller, health_visitor: Caller, southwark: UUID
) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    with pytest.raises(NotFound):
        sharing(referrals, neighbour, family_id)
    with pytest.raises(Forbidden):
        sharing(referrals, health_visitor, family_id)
    with pytest.raises(Forbidden):
        give(referrals, facilitator, family_id)
    named = [{"person_id": clinician.person_id, "name": clinician.person_name, "practitioner": True, "agency_name": "CAMHS"}]
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=family_id, reason="other", people=named)
    with pytest.raises(Restricted):
        sharing(referrals, facilitator, family_id)
    with pytest.raises(Restricted):
        give(referrals, factories.caller(southwark, name="Paul Lang"), family_id)


def test_the_story_tells_of_it_without_anybodys_words(referrals: Desk, clinician: Caller) -> None:
    family_id = accepted(referrals, clinician)["family_id"]
    given = give(referrals, clinician, family_id, words="Nothing about my mother.")
    take_back(referrals, clinician, family_id, given, withdrawn_because="A quarrel.")
    referrals.ask(consent.LOG_SHARING, clinician, family_id=family_id, **decision())
    entries = referrals.ask(contract.FAMILY_STORY, clinician, family_id=family_id)["entries"]
    kinds = [entry["kind"] for entry in entries]
    assert (kinds.count("consent.given"), kinds.count("consent.withdrawn"), kinds.count("sharing.shared")) == (2, 1, 1)
    assert not any(words in str(entries) for words in ("my mother", "A quarrel", factories.CLINICAL))


def test_the_same_request_again_takes_it_down_once(referrals: Desk, clinician: Caller) -> None:
    family_id, key = accepted(referrals, clinician)["family_id"], uuid4().hex
    first, again = (referrals.ask(consent.GIVE_CONSENT, clinician, key=key, family_id=family_id, **details()) for _ in range(2))
    assert first["id"] == again["id"]
    assert len(sharing(referrals, clinician, family_id)["consents"]) == 2
