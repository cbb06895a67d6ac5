"""Who makes a joint visit is named by membership; everything else that is kept of them comes from the borough's people."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.desk import until
from tests.support.whole import Person, Town

NO_PRACTITIONER = ["Who visits: this is no practitioner of the borough now."]


@pytest.fixture(scope="module")
def other_side(peckham: Town) -> Person:
    return peckham.member("Paul Lang", "practitioner", "adult_mental_health")


@pytest.fixture
def assessment(clinician: Person, referral: dict[str, Any]) -> dict[str, Any]:
    """A joint assessment whose visit is to be arranged."""
    family_id = clinician.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Fits."}).json()["family_id"]

    def opened() -> dict[str, Any] | None:
        found: list[dict[str, Any]] = clinician.get("/assessments", family_id=family_id).json()["items"]
        return found[0] if found else None

    found = until(opened)
    assert found is not None
    return found


def arrange(by: Person, assessment: dict[str, Any], *assessors: Any, key: str = "") -> httpx.Response:
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)

    def sent() -> httpx.Response | None:
        """Send it, again while the family itself is on its way to assessments."""
        body = {"starts_at": starts_at.isoformat(), "assessors": list(assessors)}
        answer = by.post(f"/assessments/{assessment['id']}/visits", body, key=key)
        return None if answer.status_code == 503 else answer

    answer = until(sent)
    assert answer is not None
    return answer


def test_two_members_are_named_and_kept_with_their_agencies(clinician: Person, other_side: Person, assessment: dict[str, Any]) -> None:
    answer = arrange(clinician, assessment, clinician.me["id"], other_side.me["id"])
    assert answer.status_code == 201, answer.text
    kept = [(one["person_id"], one["name"], one["agency_name"], one["agency_kind"]) for one in answer.json()["assessors"]]
    assert kept == [
        (clinician.me["person_id"], "Ruth Osei", "CAMHS", "camhs"),
        (other_side.me["person_id"], "Paul Lang", "Adult team", "adult_mental_health"),
    ]


def test_whoever_says_what_a_member_is_called_is_refused(clinician: Person, other_side: Person, assessment: dict[str, Any]) -> None:
    invented = {
        "person_id": str(uuid4()), "name": "Nobody", "agency_id": str(uuid4()), "agency_name": "Nowhere", "agency_kind": "camhs",
    }  # fmt: skip
    answer = arrange(clinician, assessment, invented, other_side.me["id"])
    assert (answer.status_code, list(answer.json()["faults"])) == (422, ["assessors"])


def test_who_is_no_practitioner_of_the_borough_is_refused_by_the_name_of_the_field(
    clinician: Person, facilitator: Person, other_clinician: Person, assessment: dict[str, Any]
) -> None:
    for stranger in (str(uuid4()), facilitator.me["id"], other_clinician.me["id"], clinician.me["person_id"]):
        answer = arrange(clinician, assessment, clinician.me["id"], stranger)
        assert (answer.status_code, answer.json()["faults"]) == (422, {"assessors": {"1": NO_PRACTITIONER}})


def test_a_member_who_has_left_visits_nobody(peckham: Town, clinician: Person, assessment: dict[str, Any]) -> None:
    leaver = peckham.member("Lou Leaver", "practitioner", "adult_mental_health")
    ended = peckham.administrator.post(f"/people/{leaver.me['id']}/end", {"version": leaver.me["version"]})
    assert ended.status_code == 200, ended.text
    answer = arrange(clinician, assessment, leaver.me["id"], clinician.me["id"])
    assert (answer.status_code, answer.json()["faults"]) == (422, {"assessors": {"0": NO_PRACTITIONER}})


@pytest.mark.parametrize("count", [0, 1, 3])
def test_two_are_named_and_no_other_number(clinician: Person, assessment: dict[str, Any], count: int) -> None:
    answer = arrange(clinician, assessment, *[clinician.me["id"]] * count)
    assert (answer.status_code, answer.json()["faults"]) == (422, {"assessors": ["Who visits: name two members."]})


def test_two_of_one_agency_and_one_person_twice_are_refused(peckham: Town, clinician: Person, assessment: dict[str, Any]) -> None:
    colleague = peckham.member("Imran Aziz", "practitioner", "camhs")
    for second in (colleague, clinician):
        answer = arrange(clinician, assessment, clinician.me["id"], second.me["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "two_agencies_needed")


def test_the_same_request_sent_twice_arranges_one_visit(clinician: Person, other_side: Person, assessment: dict[str, Any]) -> None:
    key, two = uuid4().hex, (clinician.me["id"], other_side.me["id"])
    path = f"/assessments/{assessment['id']}/visits"
    body = {"starts_at": "2030-05-02T10:00:00+00:00", "assessors": list(two)}
    first, again = clinician.post(path, body, key=key), clinician.post(path, body, key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(clinician.get(f"/assessments/{assessment['id']}").json()["visits"]) == 1
