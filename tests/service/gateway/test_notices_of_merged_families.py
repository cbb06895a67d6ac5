"""What administrators were told of a restricted family leads on where that family was merged, and names nothing once it is erased."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from chassis.errors import FamilyMerged
from tests.service.gateway.conftest import described
from tests.support.desk import until
from tests.support.planted import places_of
from tests.support.whole import Person, Town, Whole

WORD = "zqnotice"
"""Stands in no other word."""
PATIENCE = 40


@pytest.fixture(scope="module")
def peckham(whole: Whole) -> Town:
    """A practice borough: nobody needs a second factor to read its families."""
    return whole.borough("Southwark", practice=True)


@pytest.fixture(scope="module")
def colleague(peckham: Town) -> Person:
    return peckham.member("Paul Lang", "practitioner", "adult_mental_health")


@pytest.fixture(scope="module")
def lead(peckham: Town) -> Person:
    return peckham.member("Rhea Cords", "records_lead", "camhs")


@pytest.fixture(scope="module")
def survivor(peckham: Town, clinician: Person, health_visitor: Person) -> str:
    return accepted(peckham, clinician, health_visitor)


@pytest.fixture(scope="module")
def merged(peckham: Town, clinician: Person, health_visitor: Person, colleague: Person, survivor: str) -> str:
    """A family that was restricted, opened twice by somebody who is not named, opened to all, and merged."""
    family_id = accepted(peckham, clinician, health_visitor)
    for number in range(2):
        assert clinician.post(f"/families/{family_id}/restrict", {"reason": "other", "people": []}).status_code == 200
        broken = colleague.post(f"/families/{family_id}/break-glass", {"reason": f"{WORD} is in A&E, {number}"})
        assert broken.status_code == 200, broken.text
        version = clinician.get(f"/families/{family_id}/restriction").json()["version"]
        assert clinician.post(f"/families/{family_id}/restriction/lift", {"version": version, "reason": "Over."}).status_code == 200
    until(lambda: len(notices_of(peckham, family_id)) == 2)
    first = notices_of(peckham, family_id)[-1]
    looked = peckham.administrator.post(f"/notices/{first['id']}/look-at", {"version": 1, "note": f"{WORD} was on the ward."})
    assert looked.status_code == 200, looked.text
    merge(clinician, survivor, family_id)
    return family_id


@pytest.fixture(scope="module")
def erased(lead: Person, survivor: str, merged: str) -> str:
    """The family that both are now was erased; its former reference."""
    asked = lead.post(f"/families/{survivor}/records/erase", {"because": "asked", "confirm": "ERASE"})
    assert asked.status_code in {200, 201, 202}, asked.text
    path = f"/records/erasures/{asked.json()['id']}"
    until(lambda: lead.get(path).json()["state"] == "done", within=PATIENCE)
    return merged


@pytest.fixture(scope="module")
def browser(whole: Whole, clinician: Person) -> Iterator[httpx.Client]:
    """The clinician's browser."""
    with signed_in(whole, clinician) as http:
        yield http


def accepted(town: Town, by: Person, referrer: Person) -> str:
    referral = town.refer(referrer, described())
    answer = by.post(f"/referrals/{referral['id']}/accept", {"version": 1, "reason": "A weekly group fits."})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["family_id"])


def merge(by: Person, into: str, other: str) -> dict[str, Any]:
    found = by.get(f"/families/{into}/compare/{other}").json()
    body = {
        "merged_id": other, "people": [{"merged": one["id"], "into": one["into"]} for one in found["people"]], "reason": "One mother.",
        "into_version": found["into"]["version"], "merged_version": found["merged"]["version"],
    }  # fmt: skip
    answer = by.post(f"/families/{into}/merge", body)
    assert answer.status_code in {200, 201}, answer.text
    made: dict[str, Any] = answer.json()
    return made


def notices_of(town: Town, family_id: str) -> list[dict[str, Any]]:
    return [one for one in town.administrator.get("/notices").json()["items"] if one["family_id"] == family_id]


def signed_in(whole: Whole, who: Person) -> httpx.Client:
    token = who.http.headers["Authorization"].removeprefix("Bearer ")
    return httpx.Client(base_url=whole.url, cookies={"stayplay": token}, timeout=20)


def page_of_notices(whole: Whole, town: Town) -> str:
    with signed_in(whole, town.administrator) as http:
        answer = http.get(f"/{town.slug}/notices")
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.text, "html.parser").select_one("main").get_text(" ").split())  # type: ignore[union-attr]  # every page has one


def test_the_reference_of_a_notice_leads_on_to_the_record_that_both_are_now(
    peckham: Town, clinician: Person, browser: httpx.Client, survivor: str, merged: str
) -> None:
    assert len(notices_of(peckham, merged)) == 2, "they say whose record was opened then"
    told = clinician.get(f"/families/{merged}")
    assert (told.status_code, told.json()["code"], told.json()["into"]) == (409, FamilyMerged.code, survivor)
    led = browser.get(f"/{peckham.slug}/families/{merged}")
    assert led.status_code == 303
    assert led.headers["Location"].startswith(f"/{peckham.slug}/families/{survivor}?")
    assert browser.get(led.headers["Location"]).status_code == 200


def test_it_is_the_family_itself_again_where_the_merge_is_undone(peckham: Town, clinician: Person, survivor: str, merged: str) -> None:
    (standing,) = clinician.get(f"/families/{survivor}/merges").json()["merges"]
    undone = clinician.post(f"/families/merges/{standing['id']}/undo", {"version": standing["version"], "reason": "To look once more."})
    assert undone.status_code == 200, undone.text
    assert clinician.get(f"/families/{merged}").status_code == 200
    assert len(notices_of(peckham, merged)) == 2
    merge(clinician, survivor, merged)


def test_an_administrator_reads_on_the_page_why_it_was_opened_and_what_came_of_it(whole: Whole, peckham: Town, merged: str) -> None:
    shown = page_of_notices(whole, peckham)
    assert f"{WORD} is in A&E" in shown
    assert f"{WORD} was on the ward." in shown


def test_once_erased_they_say_who_opened_a_record_and_nothing_of_whom(
    whole: Whole, peckham: Town, clinician: Person, browser: httpx.Client, erased: str
) -> None:
    found = notices_of(peckham, erased)
    assert [(one["person_name"], one["reason"], one["note"]) for one in found] == [("Paul Lang", "Erased with the record", None)] * 2
    assert sorted(one["looked_by"] or "" for one in found) == ["", peckham.administrator.me["name"]]
    assert clinician.get(f"/families/{erased}").status_code == 404
    assert browser.get(f"/{peckham.slug}/families/{erased}").status_code == 404
    shown = page_of_notices(whole, peckham)
    assert shown.count("Erased with the record") == 2
    assert "None" not in shown
    assert WORD not in shown


def test_nowhere_in_the_gateway_is_anything_left_of_what_they_said(whole: Whole, postgres_url: str, erased: str) -> None:
    database = urlsplit(whole.containers["gateway"].config["settings"].database_url).path.strip("/")
    until(lambda: not places_of(WORD, postgres_url, {"gateway": database}), within=PATIENCE)


def test_one_that_nobody_had_looked_at_can_still_be_looked_at(peckham: Town, erased: str) -> None:
    (waiting,) = [one for one in notices_of(peckham, erased) if one["looked_at"] is None]
    body = {"version": waiting["version"], "note": "The record is no more; asked Paul."}
    looked = peckham.administrator.post(f"/notices/{waiting['id']}/look-at", body)
    assert looked.status_code == 200, looked.text
    assert peckham.administrator.get("/notices", new="true").json()["items"] == []
