"""Linking an account to one's own, taking the link away, and showing by it again who one is."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support import factors
from tests.support.gateway import PASSWORD, Borough, Someone
from tests.support.mailing import change, link_to, waiting
from tests.support.pages import seen
from tests.support.signing_on import COOKIE, LABEL, Council, asked, back, keys, onward, today


@pytest.fixture
def email(council: Council) -> str:
    """Of Jo, who joined with a password."""
    invitation = council.invite("Jo Marsh")
    council.borough.join(invitation)
    return str(invitation["email"])


@pytest.fixture
def jo(council: Council, email: str) -> FlaskClient:
    """Jo's browser."""
    return council.signed_in(email)


def long_ago(council: Council) -> None:
    change(council.gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")


def account_page(council: Council) -> str:
    return f"/account/organisation/{council.slug}"


def test_an_account_is_linked_on_ones_account_page_and_opens_the_borough_then(council: Council, jo: FlaskClient, email: str) -> None:
    assert "Not linked. It would open Southwark" in jo.get("/account").text
    answer = council.link(jo, "jo")
    assert answer.location == "/account?done=account_linked"
    assert "Linked" in jo.get("/account").text
    assert today(council.let_in("jo"), council) == 200
    [mail] = [mail for mail in waiting(council.gateway.database, "account_linked") if mail.recipient == email]
    assert LABEL in mail.text


def test_linking_again_takes_the_place_of_the_account_before(council: Council, jo: FlaskClient) -> None:
    council.link(jo, "jo")
    council.link(jo, "jo's new account")
    assert council.enter("jo").status_code == 403
    assert council.enter("jo's new account").status_code == 303


def test_linking_asks_first_who_it_is(council: Council, jo: FlaskClient) -> None:
    long_ago(council)
    page = account_page(council)
    answer = jo.post(f"{page}/link", data=keys(jo, page), headers={"Referer": f"http://localhost{page}"})
    assert answer.location.startswith("/account/confirm?next=")
    assert "organisation" in answer.location
    assert jo.get_cookie(COOKIE) is None


def test_linking_takes_a_form_of_our_own_page(council: Council, jo: FlaskClient) -> None:
    assert jo.post(f"{account_page(council)}/link", data={}).status_code == 403
    evil = {"Sec-Fetch-Site": "cross-site"}
    assert jo.post(f"{account_page(council)}/link", data=keys(jo, account_page(council)), headers=evil).status_code == 403
    assert jo.get(f"{account_page(council)}/link").status_code == 405


def test_an_account_is_linked_only_to_whoever_asked_for_it(council: Council, jo: FlaskClient) -> None:
    """Somebody else signs in in the same browser while the first is at the provider."""
    other = council.invite("Mary Hale")
    council.borough.join(other)
    way = onward(jo.post(f"{account_page(council)}/link", data=keys(jo, account_page(council))))
    answer = council.provider.let_in(way, "jo")
    jo.post("/sign-in", data={"email": other["email"], "password": PASSWORD, **keys(jo, "/account/name")})
    assert back(jo, answer).status_code == 409
    assert council.enter("jo").status_code == 403


def test_an_account_of_somebody_else_is_not_linked(council: Council, jo: FlaskClient) -> None:
    council.member("ruth")
    answer = council.link(jo, "ruth")
    assert answer.status_code == 409
    assert "linked to somebody else" in answer.text


def test_a_session_that_a_provider_vouches_for_links_nothing(council: Council) -> None:
    browser = council.member("ruth")
    page = browser.get(account_page(council))
    assert "sign in with your password or a passkey instead" in page.text
    assert not seen(page).all("main form")
    confirmed(council, browser, "ruth")
    for what in ("link", "unlink"):
        assert "Sign in another way" in browser.post(f"{account_page(council)}/{what}", data={"csrf_token": csrf(browser)}).text
    assert council.enter("ruth").status_code == 303


def csrf(browser: FlaskClient) -> str:
    return str(seen(browser.get("/account")).all("input[name=csrf_token]")[0]["value"])


def test_a_borough_of_which_one_is_no_member_has_nothing_to_link(council: Council, found_council: Callable[..., Council]) -> None:
    lambeth = found_council(name="Lambeth").in_use()
    known = lambeth.invite()
    lambeth.borough.join(known)
    browser = lambeth.signed_in(known["email"])
    assert browser.get(account_page(council)).status_code == 404
    assert browser.get("/account/organisation/nowhere").status_code == 404
    way = onward(browser.post(f"{account_page(council)}/link", data={"csrf_token": csrf(browser)}))
    assert back(browser, council.provider.let_in(way, "ruth")).status_code == 404
    assert council.enter("ruth").status_code == 403


def test_taking_the_link_away_ends_what_stands_on_it(council: Council, jo: FlaskClient, email: str) -> None:
    council.link(jo, "jo")
    elsewhere = council.let_in("jo")
    page = account_page(council)
    answer = jo.post(f"{page}/unlink", data=keys(jo, page))
    assert answer.location == "/account?done=account_unlinked"
    assert elsewhere.get("/account").status_code == 303
    assert council.enter("jo").status_code == 403
    assert today(jo, council) == 200
    assert [mail for mail in waiting(council.gateway.database, "account_unlinked") if mail.recipient == email]
    assert jo.post(f"{page}/unlink", data=keys(jo, page)).status_code == 404


def test_nothing_is_kept_of_an_account_but_a_mark(council: Council, jo: FlaskClient) -> None:
    council.link(jo, "jo.marsh@very-private.example")
    with council.gateway.database.platform_session() as session:
        rows = session.execute(text("SELECT * FROM linked_accounts")).mappings().all()
    assert [row for row in rows if len(bytes(row["account"])) == 32]
    assert "very-private" not in str(
        [{name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()} for row in rows]
    )


# --- what belongs to the person in every borough ----------------------------------------------------------------------


def test_a_boroughs_provider_changes_nothing_that_opens_other_boroughs(council: Council) -> None:
    """Else a borough could come into another one by its own provider: with a passkey or a name of its own for somebody's account."""
    browser = council.member("ruth")
    confirmed(council, browser, "ruth")
    form = {"csrf_token": csrf(browser)}
    renamed = browser.post("/account/name", data={**form, "name": "Somebody Else"})
    passkey = browser.post("/account/passkeys/options", data=form)
    for answer in (renamed, passkey):
        assert answer.status_code == 403
    assert "opens its own borough and nothing else" in renamed.text
    assert "Somebody Else" not in browser.get("/account").text


def test_a_boroughs_provider_may_need_a_second_step_and_sets_the_first_one_up(found_council: Callable[..., Council]) -> None:
    council = found_council(practice=False).in_use()
    browser = council.member("ruth", "practitioner", kind="camhs")
    assert browser.get(f"/{council.slug}/").location.startswith("/account/second-step")
    confirmed(council, browser, "ruth")
    page = seen(browser.get("/account/second-step/app"))
    phone = factors.Phone(page.one(".secret code").text.replace(" ", ""))
    answer = browser.post("/account/second-step/app", data={"csrf_token": csrf(browser), "code": phone.code()})
    assert answer.status_code in {200, 303}, answer.text
    assert today(browser, council) == 200
    removed = browser.post("/account/second-step/app/remove", data={"csrf_token": csrf(browser)})
    assert removed.status_code == 403


# --- showing again who one is -----------------------------------------------------------------------------------------


def confirmed(council: Council, browser: FlaskClient, account: str, **query: str) -> Any:
    form = keys(browser, "/account/confirm")
    way = onward(browser.post("/account/confirm/organisation", data={**form, **query}))
    assert (asked(way)["prompt"], asked(way)["max_age"]) == ("login", "0")
    return back(browser, council.provider.let_in(way, account))


def test_whoever_came_in_by_a_provider_shows_by_it_again_who_they_are(council: Council) -> None:
    browser = council.member("ruth", "administrator")
    settings = f"/{council.slug}/sign-on"
    assert browser.get(settings).location == f"/account/confirm?next=/{council.slug}/sign-on"
    assert f"Sign in again with your {LABEL}" in browser.get("/account/confirm").text
    answer = confirmed(council, browser, "ruth", next=settings)
    assert answer.location == settings
    assert browser.get(settings).status_code == 200


def test_another_account_shows_nothing(council: Council) -> None:
    browser = council.member("ruth", "administrator")
    council.member("jo")
    answer = confirmed(council, browser, "jo")
    assert answer.status_code == 403
    assert "could not be confirmed" in answer.text
    assert browser.get(f"/{council.slug}/sign-on").status_code == 303


def test_signing_in_long_ago_shows_nothing(council: Council) -> None:
    browser = council.member("ruth", "administrator")
    for auth_time in (int(time.time()) - 600, None, "now"):
        council.provider.spoil(claims={"auth_time": auth_time})
        assert confirmed(council, browser, "ruth").status_code == 403
        assert browser.get(f"/{council.slug}/sign-on").status_code == 303


def test_a_provider_that_says_when_somebody_signed_in_is_believed_for_that_moment(council: Council) -> None:
    council.member("ruth", "administrator")
    for ago, status in ((60, 200), (3600, 303)):
        council.provider.spoil(claims={"auth_time": int(time.time()) - ago})
        browser = council.let_in("ruth")
        assert browser.get(f"/{council.slug}/sign-on").status_code == status
    council.provider.spoil(claims={"auth_time": int(time.time()) + 100_000})
    assert council.let_in("ruth").get(f"/{council.slug}/sign-on").status_code == 200, "a clock ahead is no reason to ask"


def test_somebody_who_came_by_password_confirms_by_no_provider(council: Council, jo: FlaskClient) -> None:
    council.link(jo, "jo")
    assert "Sign in again with your" not in jo.get("/account/confirm").text
    assert jo.post("/account/confirm/organisation", data={"csrf_token": csrf(jo)}).status_code == 404


# --- an account without a password ------------------------------------------------------------------------------------


def test_whoever_only_came_in_by_a_provider_gets_a_password_by_mail(council: Council) -> None:
    """Where the borough gives single sign-on up, its people must not be left outside."""
    invitation = council.invite()
    council.join(invitation, "ruth")
    council.use("off")
    anyone: Someone = council.gateway.anyone
    assert anyone.post("/api/v1/session", {"email": invitation["email"], "password": PASSWORD}).status_code == 401
    anyone.post("/api/v1/password-resets", {"email": invitation["email"]})
    token = link_to(council.gateway.database, invitation["email"], "reset").rsplit("/", 1)[1]
    assert anyone.post(f"/api/v1/password-resets/{token}", {"password": "green kettle morning"}).status_code == 204
    assert today(council.signed_in(invitation["email"], "green kettle morning"), council) == 200


def test_an_invitation_gives_no_password_to_an_account_that_has_none(council: Council, found_council: Callable[..., Council]) -> None:
    """The administrator of another borough sees the link of an invitation: it must not open what is somebody else's."""
    invitation = council.invite()
    council.join(invitation, "ruth")
    lambeth: Borough = found_council(name="Lambeth").borough
    boss = lambeth.sign_in(lambeth.answer["invitation"]["email"])
    body = {"name": "Ruth", "email": invitation["email"], "roles": ["facilitator"], "agency_id": None}
    made = boss.post(f"{lambeth.base}/invitations", body).json
    answer = council.gateway.anyone.post(f"/api/v1/invitations/{made['token']}", {"password": "chosen by somebody else"})
    assert answer.status_code == 401
