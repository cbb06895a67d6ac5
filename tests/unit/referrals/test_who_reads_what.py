"""Clinical words reach only those who may read them; the story holds none at all."""

from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from services.referrals import contract, views
from services.referrals.models import Referral
from services.referrals.repository import Waiting
from tests import factories
from tests.unit.referrals.conftest import received


def seen_by(reader: Caller, referral: Referral) -> dict[str, Any]:
    reply = contract.Referral()
    seen: dict[str, Any] = reply.load(reply.dump(views.referral(referral, reader, referral.criteria(factories.terms(), clock.today()), [])))
    return seen


@pytest.fixture
def facilitator() -> Caller:
    return factories.caller(kind="childrens_centre", permissions=factories.FACILITATOR, name="Amina Khan")


def test_a_clinician_reads_what_the_referrer_wrote(referral: Referral, clinician: Caller) -> None:
    seen = seen_by(clinician, referral)
    assert seen["concern"] == factories.CLINICAL
    assert seen["secondary_care"] == "no"
    assert not seen["clinical_hidden"]


def test_a_facilitator_reads_none_of_it(referral: Referral, clinician: Caller, facilitator: Caller) -> None:
    referral.decline(1, "Acute psychosis", clinician, clock.now(), because="other")
    seen = seen_by(facilitator, referral)
    assert seen["clinical_hidden"]
    assert (seen["concern"], seen["why_now"], seen["secondary_care"]) == (None, None, None)
    assert [step["reason"] for step in seen["steps"]] == [None, None]
    assert factories.CLINICAL not in str(seen)
    assert "psychosis" not in str(seen)


def test_every_field_marked_clinical_is_hidden_from_a_facilitator(referral: Referral, clinician: Caller, facilitator: Caller) -> None:
    referral.accept(1, "Note for the assessors", clinician, clock.now())
    seen = seen_by(facilitator, referral)
    clinical = [name for name, field in contract.Referral().fields.items() if field.metadata.get("sensitivity") == "clinical"]
    assert clinical
    assert all(seen[name] is None for name in clinical)


def test_a_facilitator_reads_what_keeps_a_visit_safe(referral: Referral, facilitator: Caller) -> None:
    seen = seen_by(facilitator, referral)
    assert seen["risks_to_visitors"] == "A large dog in the hall"
    assert seen["family"]["safe_contact"]["channels"] == ["text", "phone", "visit"]


def test_the_family_reads_as_it_was_written(receive: Any, clinician: Caller) -> None:
    details = factories.referral_details()
    seen = seen_by(clinician, receive(**details))["family"]
    for side in ("parents", "children"):
        assert [{name: person[name] for name in told} for person, told in zip(seen[side], details[side], strict=True)] == details[side]
    assert seen["address"]["postcode"] == details["address"]["postcode"]


def test_the_story_tells_each_step_newest_first_without_anybodys_words(referral: Referral, clinician: Caller) -> None:
    referral.ask(1, "Does she drink?", clinician, clock.now())
    referral.answer(2, "Not now", clinician, clock.now())
    referral.redirect(3, "Alcohol service", "Needs more than a group", clinician, clock.now())
    story = contract.Story().load(contract.Story().dump(views.story([referral])))
    assert [entry["kind"] for entry in story["entries"]] == [
        "referral.redirected",
        "referral.informed",
        "referral.needs_information",
        "referral.received",
    ]
    for word in ("drink", "Not now", "Alcohol", "more than a group", factories.CLINICAL):
        assert word not in str(story)


def test_the_story_says_who_referred_and_who_decided(referral: Referral, clinician: Caller) -> None:
    referral.accept(1, "Fits", clinician, clock.now())
    newest, oldest = views.story([referral])["entries"]
    assert oldest["facts"]["source"] == referral.source
    assert (newest["facts"]["by"], newest["facts"]["agency"]) == ("Ruth Osei", "CAMHS")


def test_the_story_of_two_referrals_is_one(clinician: Caller) -> None:
    first, second = received(), received()
    second.mark_duplicate(1, first, "Same children", clinician, clock.now())
    entries = views.story([second, first])["entries"]
    assert [entry["occurred_at"] for entry in entries] == sorted((entry["occurred_at"] for entry in entries), reverse=True)
    assert len({entry["id"] for entry in entries}) == 3


def test_the_summary_counts_what_waits_and_fills_in_noughts() -> None:
    since = clock.now()
    summary = views.triage({"received": Waiting(3, 1, since), "accepted": Waiting(8, 0, since)})
    loaded = contract.TriageSummary().load(contract.TriageSummary().dump(summary))
    assert (loaded["to_triage"], loaded["urgent"], loaded["waiting_for_information"]) == (3, 1, 0)
    assert loaded["oldest_received_at"] == since
    assert loaded["by_status"] == {**dict.fromkeys(contract.STATUSES, 0), "received": 3, "accepted": 8}


def test_nothing_waits_in_a_new_borough() -> None:
    assert views.triage({})["oldest_received_at"] is None
