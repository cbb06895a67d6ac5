"""A forgotten password: a link by mail, which works once, not for long, and tells nobody who has an account."""

import re
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.mailing import change, link_to, waiting
from tests.support.pages import seen

NEW = "green kettle morning"


@pytest.fixture
def jo(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    """Somebody of the test's own, who has joined."""
    made = southwark.invite(administrator, "Jo Marsh", ["facilitator"], "childrens_centre")
    southwark.join(made)
    return made


def ask(gateway: Gateway, email: str) -> Any:
    return gateway.anyone.post("/api/v1/password-resets", {"email": email})


def token_for(gateway: Gateway, email: str) -> str:
    ask(gateway, email)
    return link_to(gateway.database, email, "reset").rpartition("/")[2]


def choose(gateway: Gateway, token: str, password: str = NEW, *, key: str | None = None) -> Any:
    return gateway.anyone.post(f"/api/v1/password-resets/{token}", {"password": password}, key=key)


def signs_in(gateway: Gateway, email: str, password: str) -> bool:
    return bool(gateway.anyone.post("/api/v1/session", {"email": email, "password": password}).status_code == 201)


def test_a_link_lets_its_owner_choose_another_password(gateway: Gateway, jo: dict[str, Any]) -> None:
    assert choose(gateway, token_for(gateway, jo["email"])).status_code == 204
    assert signs_in(gateway, jo["email"], NEW)
    assert not signs_in(gateway, jo["email"], PASSWORD)


def test_every_session_ends_with_the_old_password(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    sessions = [southwark.sign_in(jo["email"]) for _ in range(2)]
    choose(gateway, token_for(gateway, jo["email"]))
    assert [one.get(f"{southwark.base}/me").status_code for one in sessions] == [401, 401]


def test_choosing_signs_nobody_in(gateway: Gateway, browser: FlaskClient, jo: dict[str, Any]) -> None:
    ask(gateway, jo["email"])
    answer = browser.post(link_to(gateway.database, jo["email"], "reset"), data={"password": NEW})
    assert answer.location == "/sign-in?done=password_chosen"
    assert browser.get_cookie("stayplay") is None
    assert browser.get("/boroughs").status_code == 303


def test_a_link_works_once(gateway: Gateway, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    choose(gateway, token)
    assert choose(gateway, token, "another kettle evening").status_code == 404
    assert signs_in(gateway, jo["email"], NEW)


def test_a_repeat_whose_answer_was_lost_has_the_same_answer(gateway: Gateway, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    assert [choose(gateway, token, key="the-same-key-twice").status_code for _ in range(2)] == [204, 204]
    assert len(waiting(gateway.database, "password_changed")) == 1


def test_a_link_ends_after_half_an_hour(gateway: Gateway, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    change(gateway.database, "UPDATE identity.resets SET expires_at = now()")
    assert choose(gateway, token).status_code == 404
    assert signs_in(gateway, jo["email"], PASSWORD)


def test_whoever_asks_in_the_owners_name_does_not_end_the_owners_link(gateway: Gateway, jo: dict[str, Any]) -> None:
    first, second = token_for(gateway, jo["email"]), token_for(gateway, jo["email"])
    assert first != second
    assert choose(gateway, first).status_code == 204
    assert choose(gateway, second, "another kettle evening").status_code == 404, "one that was used ends the others"


def test_changing_the_password_ends_open_links(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    body = {"present": PASSWORD, "password": NEW}
    assert southwark.sign_in(jo["email"]).post("/api/v1/account/password", body).status_code == 200
    assert choose(gateway, token, "another kettle evening").status_code == 404


@pytest.mark.parametrize(
    "alter", [lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"), lambda token: token.lower() + "A", str.swapcase]
)
def test_an_altered_link_is_as_unknown_as_one_that_never_was(gateway: Gateway, jo: dict[str, Any], alter: Callable[[str], str]) -> None:
    altered, never = choose(gateway, alter(token_for(gateway, jo["email"]))), choose(gateway, uuid4().hex)
    assert (altered.status_code, altered.data) == (never.status_code, never.data)
    assert altered.status_code == 404


def test_a_password_that_may_not_be_chosen_leaves_the_link_open(gateway: Gateway, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    for weak in ("short", "password1", "Southwark2026", "jo marsh"):
        refused = choose(gateway, token, weak)
        assert (refused.status_code, list(refused.json["faults"])) == (422, ["password"])
    assert choose(gateway, token).status_code == 204


def test_the_answer_does_not_tell_whether_there_is_an_account(gateway: Gateway, jo: dict[str, Any]) -> None:
    there, missing = ask(gateway, jo["email"]), ask(gateway, "nobody@southwark.example")
    assert (there.status_code, there.data) == (missing.status_code, missing.data) == (204, b"")
    assert dict(there.headers).keys() == dict(missing.headers).keys()
    assert [mail.recipient for mail in waiting(gateway.database, "reset")] == [jo["email"]]


def test_the_time_does_not_tell_either(gateway: Gateway, jo: dict[str, Any]) -> None:
    def took(email: str) -> float:
        change(gateway.database, "DELETE FROM identity.attempts")
        started = time.perf_counter()
        ask(gateway, email)
        return time.perf_counter() - started

    ratios = [took("nobody@southwark.example") / took(jo["email"]) for _ in range(15)]  # in turn: a busy machine is as unkind to both
    assert 1 / 3 < median(ratios) < 3


def test_the_pages_do_not_tell_either(browser: FlaskClient, jo: dict[str, Any]) -> None:
    for email in (jo["email"], "nobody@southwark.example", "Jo@Nowhere.example"):
        answer = browser.post("/forgotten-password", data={"email": email})
        assert answer.location == "/forgotten-password/sent"
    assert seen(browser.get("/forgotten-password/sent")).one("h1").text == "Look at your mail"


def test_one_account_is_not_sent_links_without_end_and_nobody_is_told(gateway: Gateway, jo: dict[str, Any]) -> None:
    assert {ask(gateway, jo["email"]).status_code for _ in range(8)} == {204}
    assert len(waiting(gateway.database, "reset")) == 5


def test_one_address_can_not_ask_without_end(gateway: Gateway) -> None:
    codes = [ask(gateway, f"somebody{number}@x.example").status_code for number in range(40)]
    assert codes[-1] == 429
    assert codes[:30] == [204] * 30


def test_the_database_holds_no_token(gateway: Gateway, jo: dict[str, Any]) -> None:
    token = token_for(gateway, jo["email"])
    with gateway.database.platform_session() as session:
        assert token not in str(session.execute(text("SELECT * FROM identity.resets")).all())


def test_the_owner_is_told_that_the_password_changed(gateway: Gateway, jo: dict[str, Any]) -> None:
    choose(gateway, token_for(gateway, jo["email"]))
    (mail,) = waiting(gateway.database, "password_changed")
    assert mail.recipient == jo["email"]
    assert "http" not in mail.text


def test_the_link_leads_to_our_own_address_whatever_host_is_claimed(gateway: Gateway, jo: dict[str, Any]) -> None:
    gateway.app.test_client().post("/forgotten-password", data={"email": jo["email"]}, headers={"Host": "evil.example"})
    mail = waiting(gateway.database, "reset")[-1]
    assert re.findall(r"https?://[^/\s]+", mail.text) == ["http://localhost:8000"]


def test_a_form_from_another_site_sends_nothing(gateway: Gateway, browser: FlaskClient, jo: dict[str, Any]) -> None:
    answer = browser.post("/forgotten-password", data={"email": jo["email"]}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert waiting(gateway.database, "reset") == []


def test_a_used_link_says_what_to_do(gateway: Gateway, browser: FlaskClient, jo: dict[str, Any]) -> None:
    ask(gateway, jo["email"])
    link = link_to(gateway.database, jo["email"], "reset")
    page = seen(browser.get(link))
    assert page.one("#password")["autocomplete"] == "new-password"
    browser.post(link, data={"password": NEW})
    gone = browser.get(link)
    assert gone.status_code == 404
    assert "Ask for a new one on the sign-in page" in seen(gone).text
