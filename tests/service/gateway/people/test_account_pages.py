"""The pages of one's own account."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.pages import Seen, seen

NEW = "green kettle morning"


@pytest.fixture
def jo(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    """Somebody of the test's own, who has joined."""
    made = southwark.invite(administrator, "Jo Marsh", ["facilitator"], "childrens_centre")
    southwark.join(made)
    return made


@pytest.fixture
def at_home(browser: FlaskClient, jo: dict[str, Any]) -> FlaskClient:
    """Jo's browser, signed in."""
    assert enter(browser, jo["email"]) == 303
    return browser


def enter(browser: FlaskClient, email: str, password: str = PASSWORD) -> int:
    return browser.post("/sign-in", data={"email": email, "password": password}).status_code


def form_of(page: Seen, within: str = "main form", **answers: object) -> dict[str, object]:
    """Return what a browser sends of a form on the page."""
    kept = {field["name"]: field["value"] for field in page.all(within)[0].all("input[type=hidden]") if field.has("value")}
    return {**kept, **answers}


def test_the_menu_leads_to_the_account(at_home: FlaskClient, southwark: Borough) -> None:
    links = [link["href"] for link in seen(at_home.get("/boroughs?stay=1")).all(".menu--person a")]
    assert links == ["/account", "/boroughs?stay=1"]


def test_the_account_shows_who_and_where(at_home: FlaskClient, jo: dict[str, Any]) -> None:
    page = seen(at_home.get("/account"))
    assert "Jo Marsh" in page.text
    assert jo["email"] in page.text
    assert [pill.text for pill in page.all("#sessions .pill")] == ["This one"]


def test_another_name_is_shown_at_once(at_home: FlaskClient) -> None:
    page = seen(at_home.get("/account/name"))
    assert page.one("#name")["value"] == "Jo Marsh"
    answer = at_home.post("/account/name", data=form_of(page, name="Jo Hartley"))
    assert answer.location == "/account?done=name_changed"
    assert "Jo Hartley" in seen(at_home.get(answer.location)).text


def test_a_name_that_is_none_is_named_at_the_field(at_home: FlaskClient) -> None:
    refused = at_home.post("/account/name", data=form_of(seen(at_home.get("/account/name")), name=""))
    assert refused.status_code == 422
    assert [link["href"] for link in seen(refused).all(".govuk-error-summary a")] == ["#name"]


def test_the_password_is_changed_and_the_browser_stays_signed_in(at_home: FlaskClient, jo: dict[str, Any], gateway: Gateway) -> None:
    elsewhere = gateway.app.test_client()
    enter(elsewhere, jo["email"])
    page = seen(at_home.get("/account/password"))
    assert [page.one(f"#{name}")["autocomplete"] for name in ("present", "password")] == ["current-password", "new-password"]
    answer = at_home.post("/account/password", data=form_of(page, present=PASSWORD, password=NEW))
    assert answer.location == "/account?done=password_changed"
    assert at_home.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert enter(gateway.app.test_client(), jo["email"], NEW) == 303


def test_what_is_wrong_with_a_password_is_said_and_the_password_is_not(at_home: FlaskClient) -> None:
    page = seen(at_home.get("/account/password"))
    for present, password, field in (
        ("not mine at all", NEW, "present"),
        (PASSWORD, "password1", "password"),
        (PASSWORD, "short", "password"),
    ):
        refused = at_home.post("/account/password", data=form_of(page, present=present, password=password))
        assert refused.status_code == 422
        assert [link["href"] for link in seen(refused).all(".govuk-error-summary a")] == [f"#{field}"]
        assert present not in refused.get_data(as_text=True)
        assert password not in refused.get_data(as_text=True).replace('"password"', "").replace("-password", "")


def test_another_place_is_signed_out_by_its_button(at_home: FlaskClient, jo: dict[str, Any], gateway: Gateway) -> None:
    elsewhere = gateway.app.test_client()
    enter(elsewhere, jo["email"])
    page = seen(at_home.get("/account"))
    buttons = [form for form in page.all("#sessions form") if form["action"].endswith("/end")]
    assert len(buttons) >= 1
    answer = at_home.post(buttons[0]["action"], data=form_of(page, "#sessions form"))
    assert answer.location == "/account?done=session_ended"
    assert elsewhere.get("/account").status_code == 303


def test_everywhere_else_is_signed_out_by_one_button(at_home: FlaskClient, jo: dict[str, Any], gateway: Gateway) -> None:
    others = [gateway.app.test_client() for _ in range(2)]
    for other in others:
        enter(other, jo["email"])
    form = form_of(seen(at_home.get("/account")), "form[action$=end-others]")
    assert at_home.post("/account/sessions/end-others", data=form).location == "/account?done=sessions_ended"
    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert at_home.get("/account").status_code == 200


def test_the_session_of_somebody_else_is_not_found(at_home: FlaskClient, administrator: Someone) -> None:
    theirs = administrator.get("/api/v1/account/sessions").json["items"][0]["id"]
    form = form_of(seen(at_home.get("/account/name")))
    answers = [at_home.post(f"/account/sessions/{identity}/end", data=form) for identity in (theirs, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert administrator.get("/api/v1/account").status_code == 200


def test_nobody_sees_an_account_without_signing_in(browser: FlaskClient) -> None:
    for path in ("/account", "/account/name", "/account/password", "/account/confirm"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


def test_an_administrator_signs_a_member_out_by_the_pages(
    gateway: Gateway, browser: FlaskClient, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    theirs = gateway.app.test_client()
    enter(theirs, jo["email"])
    enter(browser, f"ada@{southwark.slug}.example")
    member = southwark.sign_in(jo["email"]).get(f"{southwark.base}/me").json["id"]
    page = seen(browser.get(f"/{southwark.slug}/people/{member}/sessions"))
    assert page.one("h1").text == "Where they are signed in"
    one = page.all("main .rows form")[0]
    assert browser.post(one["action"], data=form_of(page, "main .rows form")).location.endswith("?done=member_session_ended")
    everywhere = browser.post(
        f"/{southwark.slug}/people/{member}/sessions/end", data=form_of(page, "main .rows form", form_key=str(uuid4()))
    )
    assert everywhere.location.endswith("?done=member_sessions_ended")
    assert "They are signed in nowhere." in seen(browser.get(f"/{southwark.slug}/people/{member}/sessions")).text
    assert theirs.get("/account").status_code == 303


def test_an_invitation_is_sent_again_and_its_new_link_shown_once(browser: FlaskClient, southwark: Borough, administrator: Someone) -> None:
    made = southwark.invite(administrator, "Kit Reid", ["facilitator"])
    enter(browser, f"ada@{southwark.slug}.example")
    listed = seen(browser.get(f"/{southwark.slug}/people"))
    button = next(form for form in listed.all("form") if form["action"].endswith(f"{made['id']}/resend"))
    again = seen(browser.post(button["action"], data=form_of(listed, f"form[action$='{made['id']}/resend']")))
    assert again.one("#link")["value"] != made["link"]
    assert browser.get(f"/invitation/{made['token']}").status_code == 404
    assert browser.get(f"/invitation/{again.one('#link')['value'].rpartition('/')[2]}").status_code == 200
    assert "sent 2 times" in seen(browser.get(f"/{southwark.slug}/people")).words
