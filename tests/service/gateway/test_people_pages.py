"""The administrator's page about one member: no name in its address, and nobody overwrites anybody unseen."""

from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from gateway.access import csrf
from tests.support.gateway import Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def jo(borough: Borough, boss: Someone) -> dict[str, Any]:
    """Jo's membership."""
    somebody = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    found: dict[str, Any] = somebody.get(f"{borough.base}/me").json
    return found


@pytest.fixture
def browser(gateway: Gateway, boss: Someone) -> FlaskClient:
    """The administrator's browser."""
    client = gateway.app.test_client()
    client.set_cookie("stayplay", boss.token)
    return client


def parsed(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def form(boss: Someone, member: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return the form as a browser sends it."""
    known = {"csrf_token": csrf.token_for(boss.token), "form_key": uuid4().hex, "version": member["version"], "roles": member["roles"]}
    return {**known, "agency_id": member["agency"]["id"], **changed}


def test_no_address_on_the_page_of_people_holds_a_name(browser: FlaskClient, borough: Borough, jo: dict[str, Any]) -> None:
    page = parsed(browser.get(f"/{borough.slug}/people"))
    addresses = [str(link["href"]) for link in page.select("main a")]
    assert f"/{borough.slug}/people/{jo['id']}" in addresses
    assert not [address for address in addresses if "Jo" in address or "Marsh" in address]


def test_the_page_of_a_member_shows_who_they_are_and_what_they_may(browser: FlaskClient, borough: Borough, jo: dict[str, Any]) -> None:
    page = parsed(browser.get(f"/{borough.slug}/people/{jo['id']}"))
    assert "Jo Marsh" in page.select_one("main").get_text()  # type: ignore[union-attr]  # a page has one
    assert [box["value"] for box in page.select("input[name=roles][checked]")] == ["facilitator"]


def test_a_member_that_is_not_there_has_no_page(browser: FlaskClient, borough: Borough, neighbour: Someone, lambeth: Borough) -> None:
    other = neighbour.get(f"{lambeth.base}/me").json["id"]
    answers = [browser.get(f"/{borough.slug}/people/{identity}") for identity in (uuid4(), other)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert parsed(answers[0]).main == parsed(answers[1]).main


def test_a_member_is_changed(browser: FlaskClient, borough: Borough, boss: Someone, jo: dict[str, Any]) -> None:
    answer = browser.post(f"/{borough.slug}/people/{jo['id']}", data=form(boss, jo, roles=["facilitator", "referrer"]))
    assert (answer.status_code, answer.location) == (303, f"/{borough.slug}/people?done=person_changed")


def test_two_who_change_one_member_see_both_versions_and_choose(
    browser: FlaskClient, borough: Borough, boss: Someone, jo: dict[str, Any]
) -> None:
    address = f"/{borough.slug}/people/{jo['id']}"
    browser.post(address, data=form(boss, jo, roles=["referrer"]))
    refused = browser.post(address, data=form(boss, jo, roles=["facilitator", "referrer"]))
    assert refused.status_code == 409
    page = parsed(refused)
    versions = [" ".join(found.get_text(" ").split()) for found in page.select(".version")]
    assert versions == ["Yours, not saved Facilitator and referrer", "Theirs, saved Referrer"]
    mine = [(str(field["name"]), str(field["value"])) for field in page.select("main form input[type=hidden]")]
    again: dict[str, Any] = {name: [value for other, value in mine if other == name] for name, _ in mine}
    assert browser.post(address, data=again).status_code == 303
    people = boss.get(f"{borough.base}/people").json["items"]
    assert [one["roles"] for one in people if one["id"] == jo["id"]] == [["facilitator", "referrer"]]
