"""Invitations: by mail, with a link that works once, can be sent again and taken back, and tells nobody who has an account."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gateway.people.models.invitations import MOST_EDITIONS
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.mailing import link_to, waiting
from tests.support.pages import seen

OTHER = "green kettle morning"


@pytest.fixture
def made(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    """An open invitation."""
    return southwark.invite(administrator, "Kit Reid", ["facilitator"], "childrens_centre")


def accept(gateway: Gateway, token: str, password: str = PASSWORD, *, key: str | None = None, **more: Any) -> Any:
    return gateway.anyone.post(f"/api/v1/invitations/{token}", {"password": password, **more}, key=key)


def send_again(southwark: Borough, administrator: Someone, made: dict[str, Any]) -> Any:
    return administrator.post(f"{southwark.base}/invitations/{made['id']}/resend")


def test_the_link_in_the_mail_opens_the_invitation(gateway: Gateway, browser: FlaskClient, made: dict[str, Any]) -> None:
    page = seen(browser.get(link_to(gateway.database, made["email"], "invitation")))
    assert page.one("h1").text == "Join Southwark Stay & Play"
    assert made["email"] in page.text


def test_whoever_is_signed_in_as_somebody_else_is_told_before_they_join(
    browser: FlaskClient, made: dict[str, Any], invitation: dict[str, Any], southwark: Borough
) -> None:
    """On a machine that people share, the one who joins is not the one who is signed in."""
    browser.set_cookie("stayplay", southwark.sign_in(invitation["email"]).token)
    page = seen(browser.get(f"/invitation/{made['token']}"))
    assert "You are signed in as Ruth Osei, and this is for another address." in page.text
    kept = {field["name"]: field["value"] for field in page.all("main form input[type=hidden]")}
    assert browser.post(f"/invitation/{made['token']}", data={**kept, "name": "Kit Reid", "password": OTHER}).status_code == 303
    assert seen(browser.get("/boroughs?stay=1")).one(".menu--person summary").text == "Kit R."


def test_sending_again_ends_the_old_link(gateway: Gateway, southwark: Borough, administrator: Someone, made: dict[str, Any]) -> None:
    again = send_again(southwark, administrator, made).json
    assert (again["edition"], again["email"]) == (2, made["email"])
    assert again["token"] != made["token"]
    assert len(waiting(gateway.database, "invitation")) == 2
    old, never = accept(gateway, made["token"]), accept(gateway, uuid4().hex)
    assert (old.status_code, old.data) == (never.status_code, never.data)
    assert accept(gateway, again["token"]).status_code == 200


def test_an_invitation_that_is_too_old_can_be_sent_again(
    gateway: Gateway, southwark: Borough, administrator: Someone, made: dict[str, Any]
) -> None:
    with gateway.database.session(UUID(southwark.id)) as session:
        session.execute(text("UPDATE invitations SET expires_at = now() WHERE id = :id"), {"id": made["id"]})
        session.commit()
    assert accept(gateway, made["token"]).status_code == 404
    assert accept(gateway, send_again(southwark, administrator, made).json["token"]).status_code == 200


def test_sending_again_with_the_same_key_sends_one_mail(
    gateway: Gateway, southwark: Borough, administrator: Someone, made: dict[str, Any]
) -> None:
    path = f"{southwark.base}/invitations/{made['id']}/resend"
    answers = [administrator.post(path, key=f"resend-{made['id']}").json for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(waiting(gateway.database, "invitation")) == 2


def test_what_was_accepted_or_taken_back_is_not_sent_again(
    gateway: Gateway, southwark: Borough, administrator: Someone, made: dict[str, Any]
) -> None:
    accept(gateway, made["token"])
    assert send_again(southwark, administrator, made).status_code == 409
    other = southwark.invite(administrator, "Too Soon", ["referrer"])
    administrator.post(f"{southwark.base}/invitations/{other['id']}/withdraw")
    assert send_again(southwark, administrator, other).status_code == 409


def test_nobody_is_sent_mails_without_end(southwark: Borough, administrator: Someone, made: dict[str, Any]) -> None:
    codes = [send_again(southwark, administrator, made).status_code for _ in range(MOST_EDITIONS)]
    assert codes == [200] * (MOST_EDITIONS - 1) + [409]


def test_another_borough_can_not_send_it_again(gateway: Gateway, made: dict[str, Any]) -> None:
    other = gateway.onboard()
    assert send_again(other, other.administrator(), made).status_code == 404


@pytest.mark.parametrize("alter", [lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"), str.upper, lambda token: token + "0"])
def test_an_altered_link_opens_nothing(gateway: Gateway, made: dict[str, Any], alter: Callable[[str], str]) -> None:
    altered, never = accept(gateway, alter(made["token"])), accept(gateway, uuid4().hex)
    assert (altered.status_code, altered.data) == (never.status_code, never.data)


def test_a_repeat_with_the_same_key_has_the_same_answer(gateway: Gateway, made: dict[str, Any]) -> None:
    key = str(uuid4())
    answers = [accept(gateway, made["token"], key=key) for _ in range(3)]
    assert {(answer.status_code, answer.data) for answer in answers} == {(200, answers[0].data)}
    assert accept(gateway, made["token"], key=str(uuid4())).status_code == 404


def test_a_repeat_with_the_same_key_and_another_password_has_not(gateway: Gateway, made: dict[str, Any]) -> None:
    key = str(uuid4())
    accept(gateway, made["token"], key=key)
    assert accept(gateway, made["token"], OTHER, key=key).status_code == 401


def test_joining_twice_by_one_form_is_joining_once(gateway: Gateway, browser: FlaskClient, made: dict[str, Any]) -> None:
    path = f"/invitation/{made['token']}"
    form = {"name": "Kit Reid", "password": PASSWORD, "form_key": seen(browser.get(path)).one("[name=form_key]")["value"]}
    answers = [gateway.app.test_client().post(path, data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location


def test_what_is_shown_does_not_tell_whether_there_is_an_account(gateway: Gateway, browser: FlaskClient, southwark: Borough) -> None:
    """An administrator of one borough must not learn who belongs to another, by inviting and looking."""
    other = gateway.onboard(name="Camden")
    boss = other.administrator()
    southwark.administrator()
    known, unknown = f"ada@{southwark.slug}.example", f"bob@{southwark.slug}.example"
    shown, pages = [], []
    for email in (known, unknown):
        body = {"name": "Ada Minister", "email": email, "roles": ["referrer"], "agency_id": None}
        token = boss.post(f"{other.base}/invitations", body).json["token"]
        answer = gateway.anyone.get(f"/api/v1/invitations/{token}").json
        shown.append({**answer, "email": "", "expires_at": ""})
        pages.append(seen(browser.get(f"/invitation/{token}")).one("main").words.replace(email, ""))
    assert shown[0] == shown[1]
    assert pages[0] == pages[1]


def test_a_password_that_may_not_be_chosen_is_refused_alike_with_an_account_and_without(gateway: Gateway, southwark: Borough) -> None:
    other = gateway.onboard(name="Camden")
    boss = other.administrator()
    southwark.administrator()
    answers, times = [], []
    for email in (f"ada@{southwark.slug}.example", f"bob@{southwark.slug}.example"):
        body = {"name": "Ada Minister", "email": email, "roles": ["referrer"], "agency_id": None}
        token = boss.post(f"{other.base}/invitations", body).json["token"]
        accept(gateway, token, "password1")
        started = time.perf_counter()
        answers.append(accept(gateway, token, "password1"))
        times.append(time.perf_counter() - started)
    assert (answers[0].status_code, answers[0].data) == (answers[1].status_code, answers[1].data)
    assert answers[0].status_code == 422
    assert times[0] / 4 < times[1] < times[0] * 4


@pytest.mark.parametrize(
    "email",
    [
        "kit@x.example\nBcc: evil@example.org", "kit@x.example,evil@example.org", "Kit <kit@x.example>", "kit", "@x.example",
        "kit@", "kit@[127.0.0.1]", "kit@localhost", '"kit reid"@x.example', "k\u0456t@x.example", "kit@ex\u0430mple.org",
        "kit@\u0435\u0445\u0430.org", "\uff4bit@x.example", "kit@x\u200b.example", "kit@xn--80ak6aa92e.com",
    ],
)  # fmt: skip
def test_nobody_is_invited_by_an_address_that_is_none_or_looks_like_another(
    gateway: Gateway, southwark: Borough, administrator: Someone, email: str
) -> None:
    body = {"name": "Kit Reid", "email": email, "roles": ["referrer"], "agency_id": None}
    refused = administrator.post(f"{southwark.base}/invitations", body)
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["email"])
    assert waiting(gateway.database, "invitation") == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Kit.Reid@X.EXAMPLE", "kit.reid@x.example"),
        (" kit@x.example ", "kit@x.example"),
        ("kit@b\u00fccher.example", "kit@xn--bcher-kva.example"),
        ("kit@XN--BCHER-KVA.example", "kit@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_one_way_however_it_is_written(southwark: Borough, administrator: Someone, written: str, kept: str) -> None:
    body = {"name": "Kit Reid", "email": written, "roles": ["referrer"], "agency_id": None}
    made = administrator.post(f"{southwark.base}/invitations", body).json
    assert made["email"] == kept
    again = administrator.post(f"{southwark.base}/invitations", {**body, "email": kept})
    assert again.status_code == 409, "it is the same address"
    administrator.post(f"{southwark.base}/invitations/{made['id']}/withdraw")


def test_one_address_has_one_open_invitation(southwark: Borough, administrator: Someone, made: dict[str, Any]) -> None:
    body = {"name": "Kit Reid", "email": made["email"], "roles": ["referrer"], "agency_id": None}
    refused = administrator.post(f"{southwark.base}/invitations", body)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    administrator.post(f"{southwark.base}/invitations/{made['id']}/withdraw")
    assert administrator.post(f"{southwark.base}/invitations", body).status_code == 201


def test_one_person_is_one_account_in_whatever_case_they_are_invited(
    gateway: Gateway, southwark: Borough, administrator: Someone, made: dict[str, Any]
) -> None:
    accept(gateway, made["token"])
    body = {"name": "Kit Reid", "email": made["email"].upper(), "roles": ["referrer"], "agency_id": None}
    again = administrator.post(f"{southwark.base}/invitations", body).json
    assert accept(gateway, again["token"], OTHER).status_code == 401
    assert accept(gateway, again["token"]).status_code == 200
    member = southwark.sign_in(made["email"].title()).get(f"{southwark.base}/me").json
    assert member["roles"] == ["facilitator", "referrer"]


@pytest.mark.parametrize("name", ["Kit\r\nBcc: evil@example.org", "Kit\nReid", "Click https://evil.example now", "WWW.evil.example"])
def test_a_mail_begins_with_a_name_and_nothing_else(southwark: Borough, administrator: Someone, name: str) -> None:
    body = {"name": name, "email": "kit@x.example", "roles": ["referrer"], "agency_id": None}
    refused = administrator.post(f"{southwark.base}/invitations", body)
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["name"])
