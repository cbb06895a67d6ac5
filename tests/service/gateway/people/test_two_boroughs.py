"""Somebody who works in two boroughs, in one browser: what was opened, typed or kept in one is of no use in the other."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.pages import Seen, seen


@pytest.fixture(scope="module")
def camden(gateway: Gateway) -> Borough:
    return gateway.onboard(name="Camden", gss_code="E09000007")


@pytest.fixture
def both(gateway: Gateway, southwark: Borough, administrator: Someone, camden: Borough) -> Someone:
    """Jo, who administers both boroughs."""
    invitation = southwark.invite(administrator, "Jo Marsh", ["administrator"])
    southwark.join(invitation)
    body = {"name": "Jo Marsh", "email": invitation["email"], "roles": ["administrator"], "agency_id": None}
    camden.join(camden.administrator().post(f"{camden.base}/invitations", body).json)
    return southwark.sign_in(invitation["email"])


@pytest.fixture
def browser(gateway: Gateway, both: Someone) -> FlaskClient:
    client = gateway.app.test_client()
    client.set_cookie("stayplay", both.token)
    return client


def form_of(page: Seen, action: str) -> dict[str, str]:
    form = next(form for form in page.all("main form") if form["action"] == action)
    return {field["name"]: field["value"] for field in form.all("input[type=hidden]")}


def names_in(someone: Someone, borough: Borough) -> set[str]:
    return {one["name"] for one in someone.get(f"{borough.base}/invitations", limit=100).json["items"]}


def test_a_form_does_its_work_in_the_borough_it_was_opened_in_whatever_was_opened_since(
    browser: FlaskClient, both: Someone, southwark: Borough, camden: Borough
) -> None:
    page = seen(browser.get(f"/{southwark.slug}/people/invite"))
    browser.get(f"/{camden.slug}/people")
    address = page.one("main form")["action"]
    typed = {**form_of(page, address), "name": "Kit Reid", "email": f"kit.{uuid4().hex[:6]}@example.org", "roles": ["referrer"]}
    assert browser.post(address, data=typed).status_code == 200
    assert "Kit Reid" in names_in(both, southwark)
    assert "Kit Reid" not in names_in(both, camden)


def test_an_agency_of_one_borough_can_not_be_chosen_in_the_other(
    browser: FlaskClient, both: Someone, southwark: Borough, camden: Borough
) -> None:
    """A form that was opened in one and is sent to the other names things that are not there."""
    page = seen(browser.get(f"/{southwark.slug}/people/invite"))
    agency = next(option["value"] for option in page.all("#agency_id option") if option.text == "CAMHS")
    kept = form_of(page, f"/{southwark.slug}/people/invite")
    typed = {**kept, "name": "Nadia Reid", "email": "nadia@example.org", "roles": ["practitioner"], "agency_id": agency}
    answer = browser.post(f"/{camden.slug}/people/invite", data=typed)
    assert answer.status_code in {404, 422}
    assert "Nadia Reid" not in names_in(both, camden) | names_in(both, southwark)


@pytest.mark.parametrize("what", ["withdraw", "resend"])
def test_an_invitation_of_one_borough_is_not_found_in_the_other(
    browser: FlaskClient, both: Someone, southwark: Borough, camden: Borough, what: str
) -> None:
    made = southwark.invite(both, "Wren Hall", ["referrer"])
    page = seen(browser.get(f"/{southwark.slug}/people"))
    kept = form_of(page, f"/{southwark.slug}/people/invitations/{made['id']}/{what}")
    answer = browser.post(f"/{camden.slug}/people/invitations/{made['id']}/{what}", data=kept)
    assert answer.status_code == 404
    assert seen(browser.get(f"/{southwark.slug}/people")).text.count("Wren Hall") > 0


def test_one_key_of_a_form_is_two_in_two_boroughs(both: Someone, southwark: Borough, camden: Borough) -> None:
    """An answer that one borough keeps for a repeat is never given in the other."""
    key = uuid4().hex
    answers = [
        both.post(f"{borough.base}/invitations", {"name": name, "email": f"{uuid4().hex}@example.org", "roles": ["referrer"]}, key=key).json
        for borough, name in ((southwark, "First Person"), (camden, "Second Person"))
    ]
    assert [answer["name"] for answer in answers] == ["First Person", "Second Person"]


def test_every_page_of_either_is_kept_by_no_browser(browser: FlaskClient, southwark: Borough, camden: Borough) -> None:
    for borough in (southwark, camden):
        for path in ("people", "people/invite", "audit"):
            assert browser.get(f"/{borough.slug}/{path}").headers["Cache-Control"] == "no-store"


def test_signing_out_ends_both(browser: FlaskClient, southwark: Borough, camden: Borough) -> None:
    page = seen(browser.get(f"/{southwark.slug}/people"))
    browser.post("/sign-out", data={"csrf_token": page.one(".menu--person [name=csrf_token]")["value"]})
    assert [browser.get(f"/{borough.slug}/people").status_code for borough in (southwark, camden)] == [303, 303]


def test_a_page_that_is_opened_after_somebody_else_signed_in_here_is_theirs(
    gateway: Gateway, browser: FlaskClient, southwark: Borough, administrator: Someone
) -> None:
    """The form that the first left open on a shared machine does nothing in the name of the second."""
    page = seen(browser.get(f"/{southwark.slug}/people/invite"))
    left_open = form_of(page, f"/{southwark.slug}/people/invite")
    second = southwark.invite(administrator, "Second Person", ["administrator"])
    southwark.join(second)
    browser.post("/sign-out", data={"csrf_token": left_open["csrf_token"]})
    browser.post("/sign-in", data={"email": second["email"], "password": PASSWORD})
    typed: dict[str, Any] = {**left_open, "name": "Odd One", "email": "odd@example.org", "roles": ["referrer"]}
    refused = browser.post(f"/{southwark.slug}/people/invite", data=typed)
    assert refused.status_code == 403
    assert "Open the page again" in seen(refused).text
