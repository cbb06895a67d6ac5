"""The services' operations at their addresses, by real HTTP, on each broker."""

from typing import Any
from uuid import uuid4

import eventlet

from tests.support.desk import until
from tests.support.whole import Person, Town, Whole


def test_a_referral_arrives_and_is_read_by_a_clinician(clinician: Person, referral: dict[str, Any]) -> None:
    found = clinician.get(f"/referrals/{referral['id']}")
    assert found.status_code == 200
    assert (found.json()["id"], found.json()["status"]) == (referral["id"], "received")
    assert found.headers["Content-Type"] == "application/json"


def test_an_answer_comes_through_as_the_service_gave_it(clinician: Person, referral: dict[str, Any]) -> None:
    found = clinician.get(f"/referrals/{referral['id']}").json()
    assert found["received_at"].endswith(("Z", "+00:00"))
    assert found["version"] == 1


def test_a_referrer_sees_only_how_it_stands(health_visitor: Person, referral: dict[str, Any]) -> None:
    assert health_visitor.get(f"/referrals/{referral['id']}").status_code == 403
    own = health_visitor.get("/referrals/mine").json()["items"]
    assert referral["id"] in [one["id"] for one in own]


def test_a_change_is_made_once_however_often_it_is_sent(clinician: Person, referral: dict[str, Any]) -> None:
    key, path = uuid4().hex, f"/referrals/{referral['id']}/accept"
    first = clinician.post(path, {"version": 1, "reason": "Fits."}, key=key)
    again = clinician.post(path, {"version": 1, "reason": "Fits."}, key=key)
    assert first.status_code == 200, first.text
    other = clinician.post(path, {"version": 1, "reason": "Another"}, key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_one_key_sent_many_times_at_once_changes_once(clinician: Person, referral: dict[str, Any]) -> None:
    key, path = uuid4().hex, f"/referrals/{referral['id']}/decline"
    body = {"version": 1, "because": "other", "reason": "Already comes to another group."}
    pile = eventlet.GreenPile(8)
    for _ in range(8):
        pile.spawn(clinician.post, path, body, key=key)
    answers = {(answer.status_code, answer.json()["version"]) for answer in pile}
    assert answers == {(200, 2)}


def test_a_stale_change_shows_both_versions(clinician: Person, referral: dict[str, Any]) -> None:
    path = f"/referrals/{referral['id']}"
    clinician.post(f"{path}/ask", {"version": 1, "reason": "Which health visitor?"})
    refused = clinician.post(f"{path}/answer", {"version": 1, "reason": "Helen"})
    assert (refused.status_code, refused.json()["code"]) == (409, "stale")
    assert {"yours", "theirs"} <= set(refused.json())


def test_a_move_that_can_not_be_made_now_is_refused(clinician: Person, referral: dict[str, Any]) -> None:
    refused = clinician.post(f"/referrals/{referral['id']}/close", {"version": 1, "reason": "Done"})
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


def test_an_id_of_another_borough_is_answered_as_an_unknown_one(
    clinician: Person, other_clinician: Person, referral: dict[str, Any]
) -> None:
    for what in ("", "/accept"):
        foreign, unknown = (
            other_clinician.post(f"/referrals/{one}{what}", {"version": 1, "reason": "Fits."})
            if what
            else other_clinician.get(f"/referrals/{one}")
            for one in (referral["id"], uuid4())
        )
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
        assert foreign.status_code == 404
    assert clinician.get(f"/referrals/{referral['id']}").json()["version"] == 1


def test_the_address_of_another_borough_is_answered_as_an_unknown_one(
    other_clinician: Person, peckham: Town, referral: dict[str, Any]
) -> None:
    foreign = other_clinician.http.get(f"/api/v1/{peckham.slug}/referrals/{referral['id']}")
    unknown = other_clinician.http.get(f"/api/v1/nowhere/referrals/{referral['id']}")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content) == (404, unknown.content)


def test_a_long_list_is_walked_page_by_page(peckham: Town, clinician: Person, health_visitor: Person, referral: dict[str, Any]) -> None:
    seen, after = [], None
    while True:
        page = clinician.get("/referrals", limit=2, **({"after": after} if after else {})).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert referral["id"] in seen
    assert len(seen) == len(set(seen))


def test_a_list_can_be_narrowed_to_several_statuses(clinician: Person, referral: dict[str, Any]) -> None:
    both = clinician.http.get(f"{clinician.base}/referrals", params=[("status", "received"), ("status", "accepted"), ("limit", "100")])
    assert {one["status"] for one in both.json()["items"]} <= {"received", "accepted"}
    assert referral["id"] in [one["id"] for one in both.json()["items"]]


def test_a_family_s_story_is_told_by_four_services_in_one(clinician: Person, referral: dict[str, Any]) -> None:
    accepted = clinician.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Fits."}).json()

    def told() -> dict[str, Any] | None:
        story: dict[str, Any] = clinician.get(f"/families/{accepted['family_id']}/story").json()
        return story if {one["service"] for one in story["entries"]} >= {"referrals", "assessments", "outreach"} else None

    story = until(told)
    assert story is not None
    moments = [one["occurred_at"] for one in story["entries"]]
    assert moments == sorted(moments, reverse=True)
    assert story["silent"] == []


def test_a_story_of_nobody_is_not_found(clinician: Person) -> None:
    assert clinician.get(f"/families/{uuid4()}/story").status_code == 404


def test_an_administrator_reads_no_family(peckham: Town, referral: dict[str, Any]) -> None:
    for path in (f"/referrals/{referral['id']}", "/referrals", "/families", "/outreach/cases", "/assessments"):
        assert peckham.administrator.get(path).status_code == 403


def test_a_facilitator_reads_nothing_clinical(facilitator: Person, clinician: Person, referral: dict[str, Any]) -> None:
    clinician.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Fits."})
    assert facilitator.get("/assessments").status_code == 403
    assert facilitator.get(f"/referrals/{referral['id']}").status_code == 403


def test_a_real_borough_takes_no_date(health_visitor: Person) -> None:
    refused = health_visitor.post("/referrals", {}, **{"Stay-Play-At": "2025-03-02T10:00:00+00:00"})
    assert (refused.status_code, list(refused.json()["faults"])) == (422, ["Stay-Play-At"])


def test_a_practice_borough_s_referral_is_dated(whole: Whole) -> None:
    from tests.service.gateway.conftest import described

    town = whole.borough("Practice", practice=True)
    visitor, clinician = town.member("Helen", "referrer", "referring"), town.member("Ruth", "practitioner", "camhs")
    visitor.http.headers["Stay-Play-At"] = "2026-03-02T10:00:00+00:00"
    body = {**described(), "referred_on": "2026-03-01"}
    found = clinician.get(f"/referrals/{town.refer(visitor, body)['id']}").json()
    assert found["received_at"].startswith("2026-03-02T10:00:00")
    assert visitor.post("/referrals", {**body, "referred_on": "2026-03-03"}).status_code == 422


def test_a_service_that_is_away_is_said_to_be_and_the_rest_goes_on(whole: Whole, peckham: Town, clinician: Person) -> None:
    whole.containers["outreach"].stop()
    refused = clinician.get("/outreach/cases")
    assert refused.status_code in {503, 504}
    assert refused.json()["code"] in {"unavailable", "timed_out"}
    assert clinician.get("/referrals").status_code == 200
