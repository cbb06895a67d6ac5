"""The borough's trail in a file: narrowed down as the page was, noted, and nothing for a spreadsheet to run."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest

from services.referrals.contract import ReferRequest
from tests import factories
from tests.support.gateway import PASSWORD
from tests.support.whole import Person, Town, Whole


@pytest.fixture(scope="module")
def town(whole: Whole) -> Town:
    return whole.borough("Nunhead", practice=True)


@pytest.fixture(scope="module")
def ruth(town: Town) -> Person:
    return town.member("Ruth Osei", "practitioner", "camhs")


@pytest.fixture(scope="module")
def families(town: Town, ruth: Person) -> list[str]:
    """Two families, each accepted by Ruth."""
    found = []
    for _ in range(2):
        referral = town.refer(ruth, factories.as_json(ReferRequest, factories.referral_details()))
        accepted = ruth.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "Below the threshold, child of two."})
        found.append(accepted.json()["family_id"])
    return found


@pytest.fixture(scope="module")
def browser(whole: Whole, town: Town, families: list[str]) -> Iterator[httpx.Client]:
    """The administrator's browser."""
    with httpx.Client(base_url=whole.url, timeout=20) as http:
        http.post("/sign-in", data={"email": town.administrator.me["email"], "password": PASSWORD})
        yield http


def exported(browser: httpx.Client, town: Town, **narrowed: Any) -> httpx.Response:
    """Return the file, asked for by the page's own form."""
    page = browser.get(f"/{town.slug}/audit").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return browser.post(f"/{town.slug}/audit/export", data={"csrf_token": token[1], **narrowed})


def rows(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(StringIO(answer.text)))[1:]


def test_the_file_holds_every_entry_of_the_borough(browser: httpx.Client, town: Town) -> None:
    assert len(rows(exported(browser, town))) > 5


def test_a_list_about_one_family_is_handed_over_as_that_list(browser: httpx.Client, town: Town, families: list[str]) -> None:
    everything = rows(exported(browser, town))
    one = rows(exported(browser, town, family_id=families[0]))
    assert 0 < len(one) < len(everything)
    assert families[0][-8:] in str(one) or families[0] in str(one)
    assert families[1] not in str(one)


def test_a_list_about_one_person_is_handed_over_as_that_list(browser: httpx.Client, town: Town, ruth: Person) -> None:
    one = rows(exported(browser, town, person_id=ruth.me["person_id"]))
    assert one
    assert all("Ruth Osei" in row for row in one)


def test_that_it_was_handed_over_is_in_the_trail_with_what_it_was_narrowed_by(
    browser: httpx.Client, town: Town, families: list[str]
) -> None:
    exported(browser, town, family_id=families[1])
    noted = town.administrator.get("/audit", operation="gateway.note_audit_export").json()["items"]
    assert noted[0]["facts"]["exported"] > 0
    assert families[1] in str(noted[0])


def test_a_filter_that_is_no_filter_is_said_on_the_page(browser: httpx.Client, town: Town) -> None:
    answer = exported(browser, town, kind="everything")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")
