"""Restricted families through the whole platform: named by members' ids, broken into in every service, told to the administrators."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from sqlalchemy import text

from tests.service.gateway.conftest import described
from tests.support.desk import until
from tests.support.whole import Person, Town, Whole

REASON = "She is in A&E and asks for us"


@pytest.fixture(scope="module")
def peckham(whole: Whole) -> Town:
    """A practice borough: nobody needs a second factor to read its families."""
    return whole.borough("Southwark", practice=True)


@pytest.fixture(scope="module")
def brixton(whole: Whole) -> Town:
    return whole.borough("Lambeth", practice=True)


@pytest.fixture(scope="module")
def colleague(peckham: Town) -> Person:
    """A practitioner who is not named unless a test does so."""
    return peckham.member("Paul Lang", "practitioner", "adult_mental_health")


@pytest.fixture
def family_id(peckham: Town, clinician: Person, health_visitor: Person) -> str:
    """A family that every service knows."""
    referral = peckham.refer(health_visitor, described())
    accepted = clinician.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Fits."}).json()

    def known() -> bool:
        told = {one["service"] for one in clinician.get(f"/families/{accepted['family_id']}/story").json()["entries"]}
        return told >= {"referrals", "assessments", "outreach"}

    until(known)
    return str(accepted["family_id"])


@pytest.fixture
def hidden(clinician: Person, colleague: Person, family_id: str) -> str:
    """A family that only Ruth may see, as every service has heard."""
    answer = clinician.post(f"/families/{family_id}/restrict", {"reason": "domestic_abuse", "people": []})
    assert answer.status_code == 200, answer.text
    until(
        lambda: not cases_of(colleague, family_id) and not assessments_of(colleague, family_id) and refused_attendance(colleague, family_id)
    )
    return family_id


def cases_of(who: Person, family_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = who.get("/outreach/cases", family_id=family_id).json()["items"]
    return items


def assessments_of(who: Person, family_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = who.get("/assessments", family_id=family_id).json()["items"]
    return items


def refused_attendance(who: Person, family_id: str) -> bool:
    return who.get(f"/families/{family_id}/attendance").status_code == 403


def notices_of(town: Town, family_id: str) -> list[dict[str, Any]]:
    return [one for one in town.administrator.get("/notices").json()["items"] if one["family_id"] == family_id]


def break_glass(who: Person, family_id: str, **more: str) -> Any:
    return who.post(f"/families/{family_id}/break-glass", {"reason": REASON}, **more)


def test_members_are_named_by_their_ids(clinician: Person, colleague: Person, facilitator: Person, family_id: str) -> None:
    body = {"reason": "staff_member", "people": [colleague.me["id"]], "words": "Her sister works in the office"}
    restriction = clinician.post(f"/families/{family_id}/restrict", body).json()
    assert [one["name"] for one in restriction["people"]] == ["Paul Lang", "Ruth Osei"]
    assert colleague.get(f"/families/{family_id}").json()["restricted"] is True
    change = {"version": restriction["version"], "add": [facilitator.me["id"]], "remove": [colleague.me["person_id"]]}
    changed = clinician.post(f"/families/{family_id}/restriction/change", change).json()
    assert [(one["name"], one["practitioner"]) for one in changed["people"]] == [("Jo Marsh", False), ("Ruth Osei", True)]
    assert colleague.get(f"/families/{family_id}").status_code == 403


def test_only_members_who_work_with_families_can_be_named(
    peckham: Town, clinician: Person, other_clinician: Person, health_visitor: Person, family_id: str
) -> None:
    for stranger in (peckham.administrator.me["id"], health_visitor.me["id"], other_clinician.me["id"], str(uuid4())):
        refused = clinician.post(f"/families/{family_id}/restrict", {"reason": "other", "people": [stranger]})
        assert (refused.status_code, list(refused.json()["faults"])) == (422, ["people"])
    assert clinician.get(f"/families/{family_id}").json()["restricted"] is False


def test_only_practitioners_restrict_and_administrators_break_nothing(
    peckham: Town, facilitator: Person, health_visitor: Person, family_id: str
) -> None:
    body = {"reason": "other", "people": []}
    for who in (facilitator, health_visitor, peckham.administrator):
        assert who.post(f"/families/{family_id}/restrict", body).status_code == 403
    for who in (health_visitor, peckham.administrator):
        assert break_glass(who, family_id).status_code == 403


def test_others_are_told_that_it_is_restricted_and_how_to_open_it(colleague: Person, facilitator: Person, hidden: str) -> None:
    for who in (colleague, facilitator):
        for path in (
            f"/families/{hidden}",
            f"/families/{hidden}/story",
            f"/families/{hidden}/restriction",
            f"/families/{hidden}/attendance",
        ):
            refused = who.get(path)
            assert (refused.status_code, refused.json()["code"]) == (403, "restricted")
            assert "break the glass" in refused.json()["detail"]


def test_another_borough_is_told_what_it_is_told_of_nobody(other_clinician: Person, hidden: str) -> None:
    asked: list[Callable[[str], Any]] = [
        lambda one: other_clinician.get(f"/families/{one}"),
        lambda one: other_clinician.get(f"/families/{one}/story"),
        lambda one: other_clinician.get(f"/families/{one}/restriction"),
        lambda one: break_glass(other_clinician, one),
        lambda one: other_clinician.post(f"/families/{one}/restrict", {"reason": "other", "people": []}),
        lambda one: other_clinician.post(f"/families/{one}/restriction/lift", {"version": 1, "reason": "It is over"}),
    ]
    for ask in asked:
        foreign, unknown = ask(hidden), ask(str(uuid4()))
        assert (foreign.status_code, foreign.content) == (404, unknown.content)
    reference = other_clinician.post("/families/find-restricted", {"reference": hidden})
    assert reference.json() == {"families": []}


def test_who_breaks_the_glass_sees_it_at_once_and_in_every_service_in_a_moment(colleague: Person, hidden: str) -> None:
    assert break_glass(colleague, hidden).status_code == 200
    assert colleague.get(f"/families/{hidden}").status_code == 200
    story = colleague.get(f"/families/{hidden}/story").json()
    assert {one["service"] for one in story["entries"]} | set(story["opening"]) >= {"referrals", "assessments", "outreach"}
    assert story["silent"] == []

    def opened() -> bool:
        told = colleague.get(f"/families/{hidden}/story").json()
        return not told["opening"] and {one["service"] for one in told["entries"]} >= {"referrals", "assessments", "outreach"}

    until(opened)
    assert cases_of(colleague, hidden)
    assert assessments_of(colleague, hidden)
    assert colleague.get(f"/families/{hidden}/attendance").status_code == 200


def test_the_administrators_are_told_at_once_with_who_why_and_no_name(
    whole: Whole, peckham: Town, clinician: Person, colleague: Person, hidden: str
) -> None:
    before = mails_of(whole, peckham)
    break_glass(colleague, hidden)
    (notice,) = until(lambda: notices_of(peckham, hidden))
    assert (notice["person_name"], notice["agency_name"], notice["reason"]) == ("Paul Lang", "Adult team", REASON)
    assert notice["looked_at"] is None
    name = clinician.get(f"/families/{hidden}").json()["name"]
    assert name not in str(notice)
    assert mails_of(whole, peckham) == before + 1


def mails_of(whole: Whole, town: Town) -> int:
    """Return how many notices were ever put into the outbox for the people of a borough."""
    database = whole.containers["gateway"].config["settings"].database()
    with database.platform_session() as session:
        count = session.scalar(text("SELECT count(*) FROM mails WHERE kind = 'notice' AND borough_id = :borough"), {"borough": town.id})
    database.close()
    return int(count or 0)


def test_an_administrator_keeps_what_came_of_it_once(peckham: Town, colleague: Person, hidden: str) -> None:
    break_glass(colleague, hidden)
    (notice,) = until(lambda: notices_of(peckham, hidden))
    path = f"/notices/{notice['id']}/look-at"
    looked = peckham.administrator.post(path, {"version": notice["version"], "note": "Asked Paul: she was on the ward."}).json()
    assert (looked["looked_by"], looked["note"]) == (peckham.administrator.me["name"], "Asked Paul: she was on the ward.")
    stale = peckham.administrator.post(path, {"version": notice["version"], "note": "I did too"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    again = peckham.administrator.post(path, {"version": looked["version"], "note": "I did too"})
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    new = peckham.administrator.get("/notices", new="true").json()
    assert notice["id"] not in {one["id"] for one in new["items"]}


def test_notices_are_the_administrators_and_of_their_borough(
    peckham: Town, brixton: Town, clinician: Person, colleague: Person, hidden: str
) -> None:
    break_glass(colleague, hidden)
    (notice,) = until(lambda: notices_of(peckham, hidden))
    assert clinician.get("/notices").status_code == 403
    assert notices_of(brixton, hidden) == []
    body = {"version": 1, "note": "Nothing"}
    foreign, unknown = (brixton.administrator.post(f"/notices/{one}/look-at", body) for one in (notice["id"], uuid4()))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_two_requests_with_one_key_and_two_at_once_are_told_once(peckham: Town, colleague: Person, hidden: str) -> None:
    key = uuid4().hex
    pile = eventlet.GreenPile(6)
    for number in range(6):
        pile.spawn(break_glass, colleague, hidden, key=key if number % 2 else uuid4().hex)
    answers = list(pile)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["until"] for answer in answers}) == 1
    until(lambda: notices_of(peckham, hidden))
    eventlet.sleep(0.5)
    assert len(notices_of(peckham, hidden)) == 1


def test_a_search_for_a_full_name_and_birthday_says_that_one_matches(clinician: Person, colleague: Person, hidden: str) -> None:
    parent = clinician.get(f"/families/{hidden}").json()["parents"][0]
    asked = {"name": f"{parent['given_name']} {parent['family_name']}", "birth_date": parent["birth_date"]}
    assert hidden in colleague.post("/families/find-restricted", asked).json()["families"]
    assert colleague.post("/families/find-restricted", {**asked, "birth_date": "1950-01-01"}).json()["families"] == []
    assert colleague.post("/families/find-restricted", {"name": asked["name"]}).status_code == 422


def audit_of(who: Person, **wanted: Any) -> list[dict[str, Any]]:
    answer = who.get("/audit", limit=200, **wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture(scope="module")
def both(peckham: Town) -> Person:
    """A practitioner who administers the borough too."""
    member = peckham.member("Bo Both", "practitioner", "camhs")
    me = member.me
    changed = {"version": me["version"], "roles": ["administrator", "practitioner"], "agency_id": me["agency"]["id"]}
    assert peckham.administrator.post(f"/people/{me['id']}/change", changed).status_code == 200
    return member


def test_who_is_not_named_is_not_told_who_looked_at_it(colleague: Person, clinician: Person, hidden: str) -> None:
    refused = colleague.get(f"/families/{hidden}/audit")
    assert (refused.status_code, refused.json()["code"]) == (403, "restricted")
    assert clinician.get(f"/families/{hidden}/audit").json()["items"]


def test_an_administrator_who_is_a_practitioner_too_sees_no_value_of_what_is_restricted_to_others(
    both: Person, clinician: Person, hidden: str, family_id: str
) -> None:
    before = [change for entry in audit_of(both, family_id=hidden) for change in entry["changes"]]
    assert before
    assert not any(change["shown"] or change["before"] or change["after"] for change in before)
    accepted = [entry for entry in audit_of(both, family_id=hidden) if entry["reason_hidden"] or entry["reason"]]
    assert all(entry["reason"] is None or entry["operation"] == "referrals.break_glass" for entry in accepted)
    version = clinician.get(f"/families/{hidden}/restriction").json()["version"]
    lifted = clinician.post(f"/families/{hidden}/restriction/lift", {"version": version, "reason": "Her sister left"})
    assert lifted.status_code == 200
    assert audit_of(both, reason="Her sister left")
    after = [change for entry in audit_of(both, family_id=hidden, operation="referrals.accept") for change in entry["changes"]]
    assert after
    assert all(change["shown"] for change in after)


def test_reasons_of_what_is_restricted_are_found_by_nobody_else(both: Person, clinician: Person, hidden: str) -> None:
    words = f"Because of {uuid4().hex}"
    version = clinician.get(f"/families/{hidden}/restriction").json()["version"]
    clinician.post(f"/families/{hidden}/restriction/lift", {"version": version, "reason": words})
    assert len(audit_of(both, reason=words)) == 1
    clinician.post(f"/families/{hidden}/restrict", {"reason": "domestic_abuse", "people": []})
    assert audit_of(both, reason=words) == []


def test_what_was_open_when_it_was_restricted_can_not_be_saved(colleague: Person, clinician: Person, family_id: str) -> None:
    shown = colleague.get(f"/families/{family_id}").json()
    clinician.post(f"/families/{family_id}/restrict", {"reason": "domestic_abuse", "people": []})
    names = ("version", "language", "interpreter", "safe_contact", "address", "parents", "children")
    refused = colleague.post(f"/families/{family_id}", {**{name: shown[name] for name in names}, "language": "Yoruba"})
    assert (refused.status_code, refused.json()["code"]) == (403, "restricted")
    assert shown["name"] not in refused.text
    assert clinician.get(f"/families/{family_id}").json()["language"] == shown["language"]


def test_leaving_the_borough_ends_what_was_lent(peckham: Town, hidden: str) -> None:
    leaver = peckham.member("Lee Ver", "practitioner", "camhs")
    assert break_glass(leaver, hidden).status_code == 200
    me = leaver.me
    peckham.administrator.post(f"/people/{me['id']}/end", {"version": me["version"]})
    assert leaver.get(f"/families/{hidden}").status_code == 404
