"""Reads go on in a suspended borough, also those that are posted because what is typed is not to stand in an address."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.access import guard
from gateway.access.csrf import token_for
from tests.service.gateway.conftest import described
from tests.support import waiting_lists
from tests.support.desk import until
from tests.support.gateway import application
from tests.support.installation import SECRETS, Templates
from tests.support.whole import Person, Town, Whole, whole_platform

READS = {
    "referrals_and_families.referrals_search_families",
    "pages.family.index",
    "pages.audit.index",
    "pages.audit.export",
    "pages.audit.given_file",
    "pages.imports.faults",
}
"""What is posted and changes nothing. Whoever adds one shows here that it does not."""


@pytest.fixture(scope="module")
def platform(postgres_url: str) -> Iterator[Whole]:
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}") as running:
        yield running


@pytest.fixture(scope="module")
def borough(platform: Whole) -> Town:
    return platform.borough("Southwark", practice=True)


@pytest.fixture(scope="module")
def clinician(borough: Town) -> Person:
    return borough.member("Ruth Osei", "practitioner", "camhs")


@pytest.fixture(scope="module")
def waiting_list(borough: Town, clinician: Person) -> str:
    """The address of a file under review, with a row that needs changing."""
    made = borough.refer(clinician, described())
    assert made["id"], "the services have heard of the borough"
    raw = waiting_lists.sheet(waiting_lists.row(1, **{waiting_lists.GIVEN: ""}))
    sent = clinician.post("/imports", {"file_name": "list.csv", "content": b64encode(raw).decode()})
    assert sent.is_success, sent.text
    until(lambda: clinician.get(f"/imports/{sent.json()['id']}").json()["state"] == "review")
    return f"/referrals/imports/{sent.json()['id']}"


@pytest.fixture(scope="module")
def suspended(platform: Whole, borough: Town, clinician: Person, waiting_list: str) -> Town:
    """A borough that is suspended after a family was accepted in it, and a waiting list was sent."""
    made = borough.refer(clinician, described())
    assert clinician.post(f"/referrals/{made['id']}/accept", {"version": made["version"], "reason": "Fits."}).is_success
    with platform.client(SECRETS["OPERATOR_TOKEN"]) as operator:
        path, key = f"/api/v1/operator/boroughs/{borough.id}/suspend", {"Idempotency-Key": uuid4().hex}
        assert operator.post(path, json={"reason": "Accounts were misused"}, headers=key).is_success
    until(lambda: clinician.get("/families").json()["items"])
    return borough


def sent(person: Person, town: Town, path: str, **typed: str) -> httpx.Response:
    """Send a form of a page as a browser would."""
    token = person.http.headers["Authorization"].removeprefix("Bearer ")
    with httpx.Client(base_url=town.whole.url, cookies={"stayplay": token}, timeout=20) as browser:
        return browser.post(
            f"/{town.slug}{path}", data={"csrf_token": token_for(token), **typed}, headers={"Sec-Fetch-Site": "same-origin"}
        )


def family(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = person.get("/families").json()["items"][0]
    return found


def test_a_family_is_found_by_its_name(suspended: Town, clinician: Person) -> None:
    known = family(clinician)
    answer = sent(clinician, suspended, "/families", query=known["name"].split()[-1])
    assert answer.status_code == 200
    assert known["id"] in answer.text


def test_a_family_is_found_over_the_api(suspended: Town, clinician: Person) -> None:
    del suspended
    answer = clinician.http.post(f"{clinician.base}/families/search", json={"query": "doyle"})
    assert answer.status_code == 200, "it changes nothing: no key is asked for, and it goes on"


def test_a_full_name_with_a_birthday_is_searched_for_too(suspended: Town, clinician: Person) -> None:
    born = {"birth_date-day": "3", "birth_date-month": "4", "birth_date-year": "1995"}
    assert sent(clinician, suspended, "/families", query="Nobody Atall", **born).status_code == 200


def test_the_audit_trail_is_searched(suspended: Town) -> None:
    answer = sent(suspended.administrator, suspended, "/audit", operation="referrals.accept")
    assert answer.status_code == 200
    assert "Accepted a referral" in answer.text


def test_entries_of_the_audit_trail_are_taken_out(suspended: Town) -> None:
    answer = sent(suspended.administrator, suspended, "/audit/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")


def test_a_family_is_given_the_list_of_who_looked(suspended: Town, clinician: Person) -> None:
    answer = sent(clinician, suspended, f"/families/{family(clinician)['id']}/readers/list.csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")


def test_rows_of_a_waiting_list_that_need_changing_are_taken_out(suspended: Town, clinician: Person, waiting_list: str) -> None:
    answer = sent(clinician, suspended, f"{waiting_list}/to-change.csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "this is needed" in answer.text


def test_what_changes_something_is_refused_on_the_same_pages(suspended: Town, clinician: Person) -> None:
    answer = sent(clinician, suspended, f"/families/{family(clinician)['id']}/record/needs", version="1")
    assert answer.status_code == 403
    assert "nothing can be changed" in answer.text


def test_nothing_else_that_is_posted_is_taken_for_a_read() -> None:
    views = application().view_functions
    assert {name for name, view in views.items() if guard.is_only_read(view)} == READS
