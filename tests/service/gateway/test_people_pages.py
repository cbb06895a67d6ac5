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


def test_a_member_s_page_is_headed_by_their_name_which_no_history_of_the_browser_keeps(
    browser: FlaskClient, borough: Borough, jo: dict[str, Any]
) -> None:
    page = parsed(browser.get(f"/{borough.slug}/people/{jo['id']}"))
    assert page.h1 is not None
    assert page.title is not None
    assert page.h1.get_text() == "Jo Marsh"
    assert "Jo" not in page.title.get_text()


def test_people_are_shown_by_role(browser: FlaskClient, borough: Borough, boss: Someone, jo: dict[str, Any]) -> None:
    borough.join(borough.invite(boss, "Ruth Osei", ["practitioner"], "camhs"))

    def names(query: str) -> list[str]:
        return [link.get_text() for link in parsed(browser.get(f"/{borough.slug}/people{query}")).select("[aria-label=Members] .row__name")]

    assert names("") == ["Ada Minister", jo["name"], "Ruth Osei"]
    assert names("?role=facilitator") == ["Jo Marsh"]
    assert names("?role=no-such-role") == ["Ada Minister", "Jo Marsh", "Ruth Osei"]
    empty = parsed(browser.get(f"/{borough.slug}/people?role=commissioner"))
    assert "Nobody has this role." in empty.get_text()
    assert [link.get_text() for link in empty.select(".filters [aria-current]")] == ["Commissioners"]


def test_an_invitation_that_waits_is_shown_however_many_were_answered_since(
    browser: FlaskClient, borough: Borough, boss: Someone, gateway: Gateway
) -> None:
    """Else nobody could send it again or take it back."""
    waits = borough.invite(boss, "Kit Reid", ["facilitator"], "childrens_centre")
    for number in range(21):
        gone = borough.invite(boss, f"Nadia{number} Reid", ["facilitator"], "childrens_centre")
        boss.post(f"{borough.base}/invitations/{gone['id']}/withdraw")
    page = parsed(browser.get(f"/{borough.slug}/people"))
    assert "Kit Reid" in page.get_text()
    assert "Nadia" not in page.get_text()
    listed = boss.get(f"{borough.base}/invitations", waiting=True, limit=100).json["items"]
    assert [one["id"] for one in listed] == [waits["id"]]
    assert len(boss.get(f"{borough.base}/invitations", limit=100).json["items"]) == 23, "all of them, the administrator's own too"


def test_older_invitations_are_a_page_away(browser: FlaskClient, borough: Borough, boss: Someone) -> None:
    for number in range(22):
        borough.invite(boss, f"Nadia{number} Reid", ["facilitator"], "childrens_centre")
    page = parsed(browser.get(f"/{borough.slug}/people"))
    older = next(link for link in page.select("main a") if link.get_text() == "Show older invitations")
    assert "Nadia0 Reid" not in page.get_text()
    assert "Nadia0 Reid" in parsed(browser.get(str(older["href"]))).get_text()


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
