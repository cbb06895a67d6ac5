"""Coming in by a borough's real provider: what the browser and the provider must bring, and what is refused."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from flask.testing import FlaskClient

from tests.support.signing_on import COOKIE, Council, asked, back, keep, keys, onward, refused, today, under_way, with_query


@pytest.fixture
def ruth(council: Council) -> FlaskClient:
    """The browser of Ruth, who joined with the account ``ruth``."""
    return council.member("ruth")


def test_an_invited_person_joins_with_their_account_and_signs_in_with_it(council: Council) -> None:
    browser = council.browser()
    joined = council.join(council.invite(), "ruth", browser)
    assert (joined.status_code, joined.location) == (303, f"/{council.slug}/")
    assert today(browser, council) == 200
    assert today(council.let_in("ruth"), council) == 200


def test_somebody_who_wanted_a_page_is_led_to_it_and_nowhere_else(council: Council, ruth: FlaskClient) -> None:
    assert council.enter("ruth", next=f"/{council.slug}/groups").location == f"/{council.slug}/groups"
    assert council.enter("ruth", next="https://evil.example/").location == f"/{council.slug}/"
    assert council.enter("ruth", next="//evil.example").location == f"/{council.slug}/"


def test_the_provider_is_asked_for_nothing_but_who_it_is_and_never_sees_what_ties_its_answer_to_the_browser(council: Council) -> None:
    browser = council.browser()
    sent, begun = asked(council.away(browser)), under_way(browser, council)
    assert sent["scope"] == "openid"
    assert (sent["code_challenge_method"], sent["response_type"]) == ("S256", "code")
    assert begun.verifier not in sent.values()
    assert sent["redirect_uri"] == "http://localhost:8000/sign-on/callback"
    assert "acr_values" not in sent


def test_two_beginnings_have_nothing_in_common(council: Council) -> None:
    first, second = (asked(council.away(council.browser())) for _ in range(2))
    assert {name for name in first if first[name] == second[name]} == {
        "response_type", "client_id", "redirect_uri", "scope", "code_challenge_method",
    }  # fmt: skip


def test_the_cookie_of_a_sign_in_is_sealed_and_goes_to_no_other_site(council: Council) -> None:
    answer = council.browser().get(f"/sign-on/{council.slug}")
    [cookie] = [value for value in answer.headers.get_all("Set-Cookie") if value.startswith(COOKIE)]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert asked(answer.location)["state"] not in cookie


# --- whose account it is ----------------------------------------------------------------------------------------------


def test_an_account_that_nobody_linked_is_let_in_nowhere_even_with_a_known_mail_address(council: Council) -> None:
    invitation = council.invite()
    council.borough.join(invitation)
    refused(council.enter(invitation["email"]), 403, "This account is not known here yet")


def test_a_person_with_an_account_here_shows_that_it_is_theirs_before_another_one_opens_it(council: Council) -> None:
    known = council.invite()
    council.borough.join(known)
    again = council.boss.post(
        f"{council.borough.base}/invitations",
        {"name": "Ruth", "email": known["email"], "roles": ["commissioner"], "agency_id": None},
    ).json
    refused(council.join(again, "somebody else's"), 409, "You have an account here already")
    refused(council.enter("somebody else's"), 403, "not known here yet")
    browser = council.signed_in(known["email"])
    assert council.join(again, "ruth", browser).status_code == 303
    assert today(council.let_in("ruth"), council) == 200


def test_one_account_is_one_persons(council: Council, ruth: FlaskClient) -> None:
    refused(council.join(council.invite("Jo Marsh"), "ruth"), 409, "This account is linked to somebody else")


def test_an_invitation_is_used_up_by_joining(council: Council) -> None:
    invitation, browser = council.invite(), council.browser()
    gone = browser.get(f"/invitation/{invitation['token']}")
    assert gone.status_code == 200
    council.join(invitation, "ruth")
    assert browser.post(f"/invitation/{invitation['token']}/organisation").status_code == 404


def test_an_invitation_that_was_taken_back_meanwhile_lets_nobody_join(council: Council) -> None:
    invitation, browser = council.invite(), council.browser()
    address = f"/invitation/{invitation['token']}"
    way = onward(browser.post(f"{address}/organisation", data=keys(browser, address)))
    council.boss.post(f"{council.borough.base}/invitations/{invitation['id']}/withdraw")
    refused(back(browser, council.provider.let_in(way, "ruth")), 404, "taken back")
    refused(council.enter("ruth"), 403, "not known here yet")


def test_whoever_left_the_borough_is_not_let_in_and_is_once_they_are_invited_again(council: Council) -> None:
    invitation = council.invite()
    browser = council.browser()
    council.join(invitation, "ruth", browser)
    people = council.boss.get(f"{council.borough.base}/people").json["items"]
    [member] = [one for one in people if one["email"] == invitation["email"]]
    council.boss.post(f"{council.borough.base}/people/{member['id']}/end", {"version": member["version"]})
    assert today(browser, council) == 404
    refused(council.enter("ruth"), 403, "not known here yet")
    body = {"name": "Ruth Osei", "email": invitation["email"], "roles": ["facilitator"], "agency_id": None}
    again = council.boss.post(f"{council.borough.base}/invitations", body).json
    assert council.join(again, "ruth").status_code == 303
    assert today(council.let_in("ruth"), council) == 200


# --- what the browser brings back -------------------------------------------------------------------------------------


def test_an_answer_counts_only_in_the_browser_that_began(council: Council, ruth: FlaskClient) -> None:
    theirs, mine = council.browser(), council.browser()
    answer = council.provider.let_in(council.away(theirs), "ruth")
    refused(back(mine, answer), 409, "Start signing in again")
    council.away(mine)
    refused(back(mine, answer), 409, "Start signing in again")
    assert back(theirs, answer).status_code == 303


def test_an_answer_counts_once(council: Council, ruth: FlaskClient) -> None:
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    begun = under_way(browser, council)
    assert back(browser, answer).status_code == 303
    assert browser.get_cookie(COOKIE) is None
    other = council.browser()
    keep(other, council, begun)
    refused(back(other, answer), 409, "Start signing in again")


def test_of_two_at_once_one_comes_in(council: Council, ruth: FlaskClient) -> None:
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    begun = under_way(browser, council)
    browsers = [council.browser() for _ in range(4)]
    for each in browsers:
        keep(each, council, begun)
    answers = [eventlet.spawn(back, each, answer) for each in browsers]
    assert sorted(each.wait().status_code for each in answers) == [303, 409, 409, 409]


def test_an_answer_that_took_too_long_counts_no_more(council: Council, ruth: FlaskClient) -> None:
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    keep(browser, council, replace(under_way(browser, council), ends_at=int(time.time()) - 1))
    refused(back(browser, answer), 409, "This took too long")


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "ünsealed", "A" * 400])
def test_a_cookie_that_somebody_made_up_counts_for_nothing(council: Council, ruth: FlaskClient, cookie: str) -> None:
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    browser.set_cookie(COOKIE, cookie)
    refused(back(browser, answer), 409, "Start signing in again")


def test_a_state_that_was_left_out_or_altered_counts_for_nothing(council: Council, ruth: FlaskClient) -> None:
    for state in (None, "", "x", "ü"):
        browser = council.browser()
        answer = council.provider.let_in(council.away(browser), "ruth")
        refused(back(browser, with_query(answer, state=state)), 409, "Start signing in again")


def test_another_persons_code_is_worth_nothing_in_ones_own_sign_in(council: Council, ruth: FlaskClient) -> None:
    """PKCE: the provider itself refuses a code with the verifier of another beginning."""
    theirs = council.provider.let_in(council.away(council.browser()), "ruth")
    mine = council.browser()
    answer = council.provider.another_browser().let_in(council.away(mine), "jo")
    refused(back(mine, with_query(answer, code=asked(theirs)["code"])), 403, "could not be trusted")


def test_the_provider_refuses_a_code_without_its_verifier(council: Council, ruth: FlaskClient) -> None:
    for verifier in ("x" * 43, ""):
        browser = council.browser()
        answer = council.provider.let_in(council.away(browser), "ruth")
        keep(browser, council, replace(under_way(browser, council), verifier=verifier))
        refused(back(browser, answer), 403, "could not be trusted")


@pytest.mark.parametrize("issuer", [None, "", "http://localhost:1", "https://evil.example"])
def test_an_answer_in_another_providers_name_is_refused(council: Council, ruth: FlaskClient, issuer: str | None) -> None:
    """RFC 9207: the provider says that it names itself, so an answer without its name is another's."""
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    refused(back(browser, with_query(answer, iss=issuer)), 403, "could not be trusted")


def test_somebody_who_cancels_is_told_so_and_can_try_again(council: Council) -> None:
    browser = council.browser()
    answer = back(browser, council.provider.refuse(council.away(browser, next=f"/{council.slug}/groups")))
    refused(answer, 403, "You were not signed in")
    assert f"/sign-on/{council.slug}?next=/{council.slug}/groups" in answer.text


def test_what_a_provider_writes_into_its_refusal_is_not_shown(council: Council) -> None:
    browser = council.browser()
    answer = council.provider.refuse(council.away(browser))
    shown = back(browser, with_query(answer, error="<b>evil</b>", error_description="Ring 0123 and say your password"))
    refused(shown, 403, "You were not signed in")
    assert "evil" not in shown.text
    assert "0123" not in shown.text


# --- what the provider says -------------------------------------------------------------------------------------------

NOW = int(time.time())
FORGED: Mapping[str, Mapping[str, Any]] = {
    "another nonce": {"claims": {"nonce": "x" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "somebody else"}},
    "several audiences and not for us": {"claims": {"aud": ["stayplay", "another"], "azp": "another"}},
    "several audiences and for nobody": {"claims": {"aud": ["stayplay", "another"], "azp": None}},
    "expired": {"claims": {"exp": NOW - 3600, "iat": NOW - 7200}},
    "no expiry": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": NOW + 3600, "exp": NOW + 7200}},
    "not yet": {"claims": {"nbf": NOW + 3600}},
    "nobody": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "no signature": {"header": {"alg": "none"}},
    "signed with our secret": {"header": {"alg": "HS256"}},
    "signed with another key": {"header": {"foreign": True}},
    "signed with a key that nobody knows": {"header": {"kid": "unknown"}},
    "of another type": {"header": {"typ": "logout+jwt"}},
    "altered": {"altered": True},
}


@pytest.mark.parametrize("wrong", FORGED.values(), ids=FORGED)
def test_a_token_that_does_not_hold_lets_nobody_in(council: Council, ruth: FlaskClient, wrong: Mapping[str, Any]) -> None:
    council.provider.spoil(**wrong)
    refused(council.enter("ruth"), 403, "could not be trusted")


@pytest.mark.parametrize("seconds", [-45, 45])
def test_clocks_may_differ_by_less_than_a_minute(council: Council, ruth: FlaskClient, seconds: int) -> None:
    now = int(time.time()) + seconds
    council.provider.spoil(claims={"iat": now, "exp": now + (5 if seconds < 0 else 300)})
    assert council.enter("ruth").status_code == 303


@pytest.mark.parametrize("seconds", [-120, 120])
def test_clocks_may_not_differ_by_more(council: Council, ruth: FlaskClient, seconds: int) -> None:
    now = int(time.time()) + seconds
    council.provider.spoil(claims={"iat": now, "exp": now + (5 if seconds < 0 else 300)})
    refused(council.enter("ruth"), 403, "could not be trusted")


def test_a_provider_may_change_its_key(council: Council, ruth: FlaskClient) -> None:
    council.provider.rotate()
    assert council.enter("ruth").status_code == 303


def test_a_secret_that_the_provider_does_not_know_lets_nobody_in(council: Council, ruth: FlaskClient) -> None:
    council.set_up(client_secret="not the secret that it gave us")
    refused(council.enter("ruth"), 403, "could not be trusted")


def test_a_token_of_an_hour_ago_is_not_taken_for_a_new_one(council: Council, ruth: FlaskClient) -> None:
    """The nonce belongs to one beginning: a token of an earlier one does not hold, however well it is signed."""
    browser = council.browser()
    council.away(browser)
    council.provider.spoil(claims={"nonce": under_way(browser, council).nonce})
    refused(council.enter("ruth"), 403, "could not be trusted")
