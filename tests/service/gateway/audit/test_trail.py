"""The five trails of a borough read as one, by those who may, and shown to each as far as they may see."""

from typing import Any
from uuid import uuid4

import pytest

from services.referrals.contract import ReferRequest
from tests import factories
from tests.support.desk import until
from tests.support.whole import Person, Town, Whole


@pytest.fixture(scope="module")
def town(whole: Whole) -> Town:
    return whole.borough("Peckham", practice=True)


@pytest.fixture(scope="module")
def ruth(town: Town) -> Person:
    return town.member("Ruth Osei", "practitioner", "camhs")


@pytest.fixture(scope="module")
def helen(town: Town) -> Person:
    return town.member("Helen Vance", "referrer", "referring")


@pytest.fixture(scope="module")
def family_id(town: Town, ruth: Person, helen: Person) -> str:
    """A family that Helen referred, and that Ruth accepted, opened, and gave another language."""
    referral = town.refer(helen, factories.as_json(ReferRequest, factories.referral_details()))
    accepted = ruth.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Below the threshold, child of two."})
    assert accepted.status_code == 200, accepted.text
    identity: str = accepted.json()["family_id"]
    family = until(lambda: _found(ruth, identity))
    assert family is not None
    changed = {name: family[name] for name in ("language", "interpreter", "safe_contact", "address", "parents", "children")}
    body = {**changed, "version": family["version"], "language": "Yoruba"}
    answer = ruth.post(f"/families/{identity}", body)
    assert answer.status_code == 200, answer.text
    return identity


def _found(person: Person, identity: str) -> dict[str, Any] | None:
    answer = person.get(f"/families/{identity}")
    return answer.json() if answer.status_code == 200 else None


def entries(person: Person, **wanted: Any) -> list[dict[str, Any]]:
    answer = person.get("/audit", limit=200, **wanted)
    assert answer.status_code == 200, answer.text
    assert answer.json()["silent"] == []
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def done(person: Person, operation: str, **wanted: Any) -> list[dict[str, Any]]:
    return entries(person, operation=operation, **wanted)


def of_family(person: Person, family_id: str, **wanted: Any) -> list[dict[str, Any]]:
    answer = person.get(f"/families/{family_id}/audit", limit=200, **wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_who_acting_as_what_from_where_did_what_to_which_family_and_why(town: Town, ruth: Person, family_id: str) -> None:
    (entry,) = done(town.administrator, "referrals.accept", family_id=family_id)
    assert (entry["person_name"], entry["roles"], entry["address"]) == ("Ruth Osei", ["practitioner"], "127.0.0.1")
    assert (entry["kind"], entry["family_id"], entry["words"]) == ("change", family_id, "Accepted a referral")
    assert entry["person_id"] == ruth.me["person_id"]
    assert entry["agency"]


def test_entries_of_all_services_come_as_one_list_newest_first(town: Town, family_id: str) -> None:
    found = entries(town.administrator)
    assert {"referrals", "gateway"} <= {entry["service"] for entry in found}
    assert [entry["at"] for entry in found] == sorted((entry["at"] for entry in found), reverse=True)


def test_one_cursor_leads_through_all_trails_without_gap_or_repeat(town: Town, family_id: str) -> None:
    until_now = {"until": "2999-01-01"}
    every = [entry["id"] for entry in entries(town.administrator, kind="change", **until_now)]
    seen: list[str] = []
    after = None
    while True:
        page = town.administrator.get("/audit", kind="change", limit=2, **until_now, **({"after": after} if after else {})).json()
        seen += [entry["id"] for entry in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(every) > 4
    assert seen == every


def test_the_entries_of_one_person_or_of_one_kind_can_be_asked_for(town: Town, ruth: Person, family_id: str) -> None:
    assert {entry["person_name"] for entry in entries(town.administrator, person_id=ruth.me["person_id"])} == {"Ruth Osei"}
    assert {entry["kind"] for entry in entries(town.administrator, kind="read")} == {"read"}
    assert {entry["family_id"] for entry in entries(town.administrator, family_id=family_id)} == {family_id}


def test_days_narrow_the_list_down(town: Town, family_id: str) -> None:
    assert entries(town.administrator, until="2020-01-01") == []
    assert entries(town.administrator, since="2999-01-01") == []


def test_an_administrator_sees_which_fields_changed_and_nothing_that_is_in_them(town: Town, family_id: str) -> None:
    (entry,) = done(town.administrator, "referrals.change_family", family_id=family_id)
    changed = {column for change in entry["changes"] for column in change["columns"]}
    assert "language" in changed
    assert all(change["before"] is None and change["after"] is None and not change["shown"] for change in entry["changes"])
    assert "Yoruba" not in str(entry)


def test_a_practitioner_sees_before_and_after_of_the_family(ruth: Person, family_id: str) -> None:
    (entry,) = [one for one in of_family(ruth, family_id) if one["operation"] == "referrals.change_family"]
    (row,) = [change for change in entry["changes"] if change["table"] == "families"]
    assert row["shown"]
    assert row["after"]["language"] == "Yoruba"
    assert row["before"]["language"] != "Yoruba"
    assert set(row["after"]) <= {"language", "safe_contact", "address"}


def test_a_clinical_reason_is_shown_to_practitioners_and_to_no_administrator(town: Town, ruth: Person, family_id: str) -> None:
    (shown,) = [one for one in of_family(ruth, family_id) if one["operation"] == "referrals.accept"]
    assert shown["reason"] == "Below the threshold, child of two."
    (hidden,) = done(town.administrator, "referrals.accept", family_id=family_id)
    assert (hidden["reason"], hidden["reason_hidden"]) == (None, True)
    assert entries(town.administrator, reason="threshold") == []


def test_a_list_is_noted_with_what_was_asked_for_and_how_many_there_were(town: Town, ruth: Person, family_id: str) -> None:
    ruth.post("/families/search", {"query": "Nobody-of-this-name"})
    latest = done(town.administrator, "referrals.search_families")[0]
    assert latest["facts"] == {"query": {}, "count": 0, "total": 0}
    assert (latest["asked"], latest["asked_hidden"]) == (None, True)
    assert "Nobody" not in str(latest)
    ruth.get("/referrals", status="accepted")
    noted = done(town.administrator, "referrals.list_referrals")
    of_the_list = [entry["facts"] for entry in noted if entry["family_id"] is None]
    assert of_the_list == [{"query": {"status": ["accepted"], "sort": "oldest"}, "count": 1, "total": 1}]
    assert [entry["family_id"] for entry in noted if entry["family_id"]] == [family_id]


def test_reading_the_trail_is_in_the_trail(town: Town, ruth: Person, family_id: str) -> None:
    of_family(ruth, family_id)
    readers = [entry for entry in of_family(ruth, family_id) if entry["operation"].endswith(".read_family_audit")]
    assert {entry["person_name"] for entry in readers} == {"Ruth Osei"}
    entries(town.administrator, kind="security")
    assert done(town.administrator, "outreach.read_audit")[0]["facts"]["query"]["kind"] == "security"


def test_changes_of_members_and_invitations_are_in_it_with_their_values(town: Town) -> None:
    boss = town.administrator
    town.member("Jo Marsh", "facilitator", "childrens_centre")
    invited = done(boss, "gateway.invite")[0]
    (row,) = [change for change in invited["changes"] if change["table"] == "invitations"]
    assert row["shown"]
    assert (row["after"]["name"], row["after"]["roles"]) == ("Jo Marsh", ["facilitator"])
    assert "token_hash" not in row["columns"]
    assert not any(change["table"] == "mails" for change in invited["changes"])


@pytest.mark.parametrize("path", ["/audit", "/families/{family}/audit"])
@pytest.mark.parametrize("role", ["referrer", "facilitator"])
def test_nobody_else_reads_it(town: Town, family_id: str, path: str, role: str) -> None:
    kind = {"referrer": "referring", "facilitator": "childrens_centre"}[role]
    somebody = town.member("Sam Other", role, kind)
    assert somebody.get(path.format(family=family_id)).status_code == 403


def test_a_practitioner_does_not_read_the_boroughs_trail_nor_an_administrator_a_familys(town: Town, ruth: Person, family_id: str) -> None:
    assert ruth.get("/audit").status_code == 403
    assert town.administrator.get(f"/families/{family_id}/audit").status_code == 403


def test_another_boroughs_trail_holds_nothing_of_this_one(whole: Whole, town: Town, family_id: str) -> None:
    other = whole.borough("Brixton", practice=True)
    assert {entry["family_id"] for entry in entries(other.administrator)} == {None}
    assert entries(other.administrator, family_id=family_id) == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [({"after": "nonsense"}, "after"), ({"kind": "all"}, "kind"), ({"since": "yesterday"}, "since"), ({"person_id": "ruth"}, "person_id")],
)
def test_nonsense_is_refused_by_field(town: Town, family_id: str, wanted: dict[str, str], field: str) -> None:
    answer = town.administrator.get("/audit", **wanted)
    assert (answer.status_code, list(answer.json()["faults"])) == (422, [field])


def test_of_an_unknown_family_there_is_nothing(ruth: Person) -> None:
    assert [entry["operation"] for entry in of_family(ruth, str(uuid4()))] == []


def test_who_looks_after_records_is_shown_that_there_is_a_clinical_reason_and_not_which(town: Town, family_id: str) -> None:
    """They read what is clinical in the pack that they review, and nowhere else."""
    lead = town.member("Rhea Cords", "records_lead", "camhs")
    (accepted,) = [one for one in of_family(lead, family_id) if one["operation"] == "referrals.accept"]
    assert (accepted["reason"], accepted["reason_hidden"]) == (None, True)
    held = lead.post(f"/families/{family_id}/records/hold", {"because": "claim", "reason": "Their solicitor wrote."})
    assert held.status_code == 201, held.text
    (own,) = [one for one in of_family(lead, family_id) if one["operation"] == "referrals.place_hold"]
    assert "solicitor" in own["reason"]


def test_nor_is_it_found_by_its_words(town: Town, family_id: str) -> None:
    """Somebody who is an administrator too may look for reasons: those that they are shown are found."""
    agency_id = town.administrator.get("/agencies").json()["items"][0]["id"]
    both = {"name": "Ama Both", "email": f"both@{town.slug}.example", "roles": ["administrator", "records_lead"], "agency_id": agency_id}
    ama = town.join(town.administrator.post("/invitations", both).json())
    limited = ama.post(f"/families/{family_id}/records/limit", {"because": "contested", "reason": "Her brother contests it."})
    assert limited.status_code == 201, limited.text
    assert entries(ama, reason="threshold") == []
    assert [one["operation"] for one in entries(ama, reason="brother contests")] == ["referrals.limit_use"]
