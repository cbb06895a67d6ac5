"""What somebody asks about their data: who may answer, what is gathered, what may be used and erased meanwhile."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis import clock
from stayplay.journey.family import referral
from tests.support.desk import until
from tests.support.looking import Looked
from tests.support.whole import Person, Town, Whole


@pytest.fixture(scope="module")
def whole(story: Looked) -> Whole:
    return story.whole


@pytest.fixture(scope="module")
def town(whole: Whole) -> Town:
    return whole.borough("Southwark")


@pytest.fixture(scope="module")
def lead(town: Town) -> Person:
    return town.member("Rosa Delgado", "records_lead", "camhs")


@pytest.fixture(scope="module")
def clinician(town: Town) -> Person:
    return town.member("Ruth Osei", "practitioner", "camhs")


def accepted(town: Town, clinician: Person, lead: Person) -> str:
    """Return a family that is in the registry, and whose clocks run."""
    found = town.refer(clinician, referral("Doyle", clock.today()))
    answer = clinician.post(f"/referrals/{found['id']}/accept", {"version": found["version"], "reason": "Fits."})
    family_id = str(answer.json()["family_id"])
    until(lambda: len(lead.get(f"/families/{family_id}/records").json().get("people", ())) >= 2 or None)
    return family_id


@pytest.fixture(scope="module")
def family(town: Town, clinician: Person, lead: Person) -> str:
    return accepted(town, clinician, lead)


def asked(lead: Person, family_id: str, **more: Any) -> dict[str, Any]:
    body = {
        "kind": "access",
        "asked_by": "Sinead",
        "asked_as": "self",
        "identity_checked": "known",
        "received_on": clock.today().isoformat(),
    }
    answer = lead.post(f"/families/{family_id}/records/requests", {**body, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_neither_administrators_nor_practitioners_answer_for_data(town: Town, clinician: Person, family: str) -> None:
    for person in (town.administrator, clinician):
        assert person.get("/records/requests").status_code == 403
        assert person.get(f"/families/{family}/records").status_code == 403
        assert person.post(f"/families/{family}/records/erase", {"because": "asked", "confirm": "ERASE"}).status_code == 403


def test_whoever_answers_for_data_works_with_no_family(lead: Person, family: str) -> None:
    refused = {path: lead.get(path).status_code for path in ("/referrals", "/assessments", "/outreach/cases")}
    assert set(refused.values()) == {403}
    assert lead.get(f"/families/{family}").status_code == 200


def test_another_borough_has_none_of_it(whole: Whole, lead: Person, family: str) -> None:
    stranger = whole.borough("Lambeth", practice=True).member("Ann Other", "records_lead", "camhs")
    request = asked(lead, family)
    assert stranger.get(f"/records/requests/{request['id']}").status_code == 404
    assert stranger.get(f"/families/{family}/records").status_code == 404
    assert stranger.post(f"/records/requests/{request['id']}/pack").status_code == 404


def test_the_list_has_the_next_to_be_answered_first_and_says_what_is_overdue(lead: Person, family: str) -> None:
    late = asked(lead, family, received_on=(clock.today() - timedelta(days=50)).isoformat())
    listed = lead.get("/records/requests", status="open").json()["items"]
    assert listed[0]["id"] == late["id"]
    assert [one["due_on"] for one in listed] == sorted(one["due_on"] for one in listed)
    assert listed[0]["overdue"]
    assert lead.get("/records/summary").json()["overdue"] >= 1


def test_a_request_is_about_somebody_of_the_family(lead: Person, family: str) -> None:
    body = {"kind": "access", "asked_by": "Sinead", "asked_as": "self", "identity_checked": "known", "received_on": "2026-01-01"}
    answer = lead.post(f"/families/{family}/records/requests", {**body, "person_id": str(uuid4())})
    assert answer.status_code == 422
    assert "person_id" in answer.json()["faults"]


def test_nobody_can_put_words_into_a_pack(lead: Person, family: str) -> None:
    request = asked(lead, family)
    forged = {"items": [{"service": "outreach", "heading": "Forged", "title": "Forged", "about": "family", "lines": []}]}
    assert lead.post(f"/records/requests/{request['id']}/pack", forged).status_code == 422


def test_a_pack_holds_every_part_and_is_gathered_once(lead: Person, family: str) -> None:
    request = asked(lead, family)
    pack = lead.post(f"/records/requests/{request['id']}/pack").json()
    assert {item["service"] for item in pack["items"]} >= {"referrals", "assessments", "outreach"}
    assert lead.get(f"/families/{family}/records").json()["registered"] is True
    assert pack["left"] == len(pack["items"])
    assert lead.post(f"/records/requests/{request['id']}/pack").status_code == 409
    assert lead.get(f"/records/requests/{request['id']}/pack/file").status_code == 404


def test_without_one_part_nothing_is_gathered(whole: Whole, lead: Person, family: str) -> None:
    request = asked(lead, family)
    whole.containers["outreach"].stop()
    try:
        assert lead.post(f"/records/requests/{request['id']}/pack").status_code in {503, 504}
    finally:
        stopped = whole.containers["outreach"]
        whole.containers["outreach"] = type(stopped)(stopped.service_cls, stopped.config)
        whole.containers["outreach"].start()
    assert lead.get(f"/records/requests/{request['id']}/pack").status_code == 404
    assert lead.post(f"/records/requests/{request['id']}/pack").status_code == 201


def test_a_restricted_family_is_nobodys_who_is_not_named(town: Town, clinician: Person, lead: Person) -> None:
    family_id = accepted(town, clinician, lead)
    request = asked(lead, family_id)
    assert clinician.post(f"/families/{family_id}/restrict", {"reason": "other", "people": []}).status_code == 200
    assert lead.get(f"/records/requests/{request['id']}").status_code == 404
    assert lead.get(f"/families/{family_id}/records").status_code == 404
    assert request["id"] not in [one["id"] for one in lead.get("/records/requests").json()["items"]]
    assert family_id not in [one["family_id"] for one in lead.get("/records/due").json()["items"]]


def test_a_record_that_may_not_be_used_is_read_and_not_changed_anywhere(town: Town, clinician: Person, lead: Person) -> None:
    family_id = accepted(town, clinician, lead)
    limit = lead.post(f"/families/{family_id}/records/limit", {"because": "contested", "reason": "She says the address is wrong."}).json()
    contact = {"channel": "text", "outcome": "reached"}

    def refused() -> bool | None:
        return clinician.post(f"/families/{family_id}/contacts", contact).json().get("code") == "use_restricted" or None

    until(refused)
    seen = clinician.get(f"/families/{family_id}").json()
    assert seen["limited"] is True
    names = ("version", "language", "interpreter", "safe_contact", "address", "parents", "children")
    answer = clinician.post(f"/families/{family_id}", {**{name: seen[name] for name in names}, "language": "Yoruba"})
    assert (answer.status_code, answer.json()["code"]) == (409, "use_restricted")
    asked(lead, family_id, kind="objection")
    lifted = {"version": limit["version"], "reason": "It was right."}
    assert lead.post(f"/records/controls/{limit['id']}/lift", lifted).status_code == 200
    until(lambda: clinician.post(f"/families/{family_id}/contacts", contact).status_code == 201 or None)


def test_what_is_kept_longer_leaves_the_list_of_what_is_due(town: Town, clinician: Person, lead: Person) -> None:
    family_id = accepted(town, clinician, lead)
    person = lead.get(f"/families/{family_id}/records").json()["people"][0]
    assert not person["due"]
    assert person["keep_until"] == _years_on(clock.today(), 20)
    later = {"until": (clock.today() + timedelta(days=19 * 365)).isoformat(), "reason": "A claim may come."}
    kept = lead.post(f"/records/people/{person['person_id']}/keep", later)
    assert kept.status_code == 200
    assert kept.json()["kept_longer_because"] == "A claim may come."
    assert lead.post(f"/records/people/{person['person_id']}/keep", {**later, "until": "2020-01-01"}).status_code == 422


def test_the_only_child_is_not_erased_alone_and_nothing_without_the_word(lead: Person, family: str) -> None:
    people = lead.get(f"/families/{family}/records").json()["people"]
    child = next(one for one in people if one["side"] == "child")
    body = {"because": "asked", "confirm": "ERASE", "person_id": child["person_id"]}
    assert "only child" in lead.post(f"/families/{family}/records/erase", body).text
    assert lead.post(f"/families/{family}/records/erase", {**body, "confirm": "yes"}).status_code == 422


def test_somebody_who_was_never_accepted_is_found_given_what_is_held_and_erased(town: Town, clinician: Person, lead: Person) -> None:
    referred = town.refer(clinician, referral("Quillfeather", clock.today()))
    answer = clinician.post(
        f"/referrals/{referred['id']}/decline", {"version": referred["version"], "because": "other", "reason": "Found another group."}
    )
    assert answer.status_code == 200, answer.text
    (found,) = lead.post("/families/search", {"query": "quillfeather"}).json()["items"]
    family_id = found["family_id"]
    kept = lead.get(f"/families/{family_id}/records").json()
    assert (kept["name"], kept["registered"]) == (referred["family_name"], False)
    request = asked(lead, family_id)
    gathered = lead.post(f"/records/requests/{request['id']}/pack")
    assert gathered.status_code == 201, gathered.text
    assert "referrals" in {item["service"] for item in gathered.json()["items"]}
    started = lead.post(f"/families/{family_id}/records/erase", {"because": "asked", "confirm": "ERASE"})
    assert started.status_code == 202, started.text
    until(lambda: lead.get(f"/records/erasures/{started.json()['id']}").json()["state"] == "done")
    assert lead.post("/families/search", {"query": "quillfeather"}).json()["items"] == []
    assert clinician.get(f"/referrals/{referred['id']}").status_code == 404


def _years_on(day: date, years: int) -> str:
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:
        return day.replace(year=day.year + years, day=28).isoformat()
