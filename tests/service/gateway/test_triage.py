"""Triage through the API: who is named is described by the borough's own people; what is refused says what to do."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.desk import until
from tests.support.whole import Person, Town, Whole


@pytest.fixture(scope="module")
def other_side(peckham: Town) -> Person:
    return peckham.member("Paula Lang", "practitioner", "adult_mental_health")


def accept(by: Person, referral: dict[str, Any], *assessors: Any, **words: Any) -> Any:
    body = {"version": 1, "reason": "They want to meet others.", "assessors": list(assessors), **words}
    return by.post(f"/referrals/{referral['id']}/accept", body)


def test_two_members_are_proposed_and_known_to_assessments(clinician: Person, other_side: Person, referral: dict[str, Any]) -> None:
    answer = accept(clinician, referral, clinician.me["id"], other_side.me["id"], urgency="urgent")
    assert answer.status_code == 200, answer.text
    assert answer.json()["urgency"] == "urgent"
    family_id = answer.json()["family_id"]
    found = until(lambda: clinician.get("/assessments", family_id=family_id).json()["items"])
    proposed = clinician.get(f"/assessments/{found[0]['id']}").json()["proposed"]
    assert [(one["name"], one["agency_kind"]) for one in proposed] == [("Ruth Osei", "camhs"), ("Paula Lang", "adult_mental_health")]


def test_somebody_who_is_no_practitioner_here_is_not_proposed(clinician: Person, referral: dict[str, Any]) -> None:
    answer = accept(clinician, referral, clinician.me["id"], str(uuid4()))
    assert answer.status_code == 422
    assert answer.json()["faults"] == {"assessors": {"1": ["Who visits: this is no practitioner of the borough now."]}}
    assert clinician.get(f"/referrals/{referral['id']}").json()["status"] == "received"


@pytest.mark.parametrize(("what", "said", "missing"), [("accept", {}, "reason"), ("decline", {"reason": "Too far."}, "because")])
def test_a_decision_without_its_reason_is_refused(
    clinician: Person, referral: dict[str, Any], what: str, said: dict[str, str], missing: str
) -> None:
    answer = clinician.post(f"/referrals/{referral['id']}/{what}", {"version": 1, **said})
    assert (answer.status_code, set(answer.json()["faults"])) == (422, {missing})
    assert clinician.get(f"/referrals/{referral['id']}").json()["status"] == "received"


def test_two_of_one_side_are_refused(clinician: Person, peckham: Town, referral: dict[str, Any]) -> None:
    colleague = peckham.member("Rita Osei", "practitioner", "camhs")
    answer = accept(clinician, referral, clinician.me["id"], colleague.me["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "two_agencies_needed")


def test_it_is_made_a_members_and_nobodys_again(clinician: Person, other_side: Person, referral: dict[str, Any]) -> None:
    path = f"/referrals/{referral['id']}"
    given = clinician.post(f"{path}/assign", {"version": 1, "assignee": other_side.me["id"]}).json()
    assert given["assigned_to_name"] == "Paula Lang"
    assert clinician.post(f"{path}/assign", {"version": given["version"]}).json()["assigned_to_name"] is None


def test_it_is_not_made_somebodys_who_is_not_here(clinician: Person, referral: dict[str, Any]) -> None:
    answer = clinician.post(f"/referrals/{referral['id']}/assign", {"version": 1, "assignee": str(uuid4())})
    assert answer.status_code == 422
    assert set(answer.json()["faults"]) == {"assignee"}


@pytest.mark.parametrize("headers", [{}, {"Stay-Play-Link": "x" * 43}, {"Stay-Play-Link": "%00"}], ids=["none", "made up", "odd"])
def test_a_link_that_opens_nothing_says_so_without_an_account(whole: Whole, clinician: Person, headers: dict[str, str]) -> None:
    answer = whole.client().get(f"{clinician.base}/questions/by-link", headers=headers)
    assert answer.status_code == 404, answer.text
    answered = whole.client().post(
        f"{clinician.base}/questions/answer", json={"token": "x" * 43, "answer": "Yes"}, headers={"Idempotency-Key": uuid4().hex}
    )
    assert answered.status_code == 404, answered.text


def test_the_board_answers_in_one_go_and_only_to_who_may_read_it(
    clinician: Person, health_visitor: Person, referral: dict[str, Any]
) -> None:
    found = clinician.get("/referrals/board", status="received", sort="newest").json()
    assert found["items"][0]["id"] == referral["id"]
    assert found["counts"]["received"]["number"] >= 1
    assert health_visitor.get("/referrals/board").status_code == 403
