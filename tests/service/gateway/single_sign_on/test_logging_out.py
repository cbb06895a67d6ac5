"""Signing out at the provider ends what it vouched for here: tokens that hold, and every kind that does not."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gateway.app import create_app
from gateway.runtime import Runtime
from tests.support.gateway import Gateway
from tests.support.pages import seen
from tests.support.providing import client, running_provider
from tests.support.signing_on import Council, keys, today


@pytest.fixture
def ruth(council: Council) -> FlaskClient:
    return council.member("ruth")


def sid_of(council: Council) -> str:
    with council.gateway.database.platform_session() as session:
        newest = "SELECT provider_sid FROM identity.sign_ins WHERE provider_sid IS NOT NULL ORDER BY created_at DESC LIMIT 1"
        return str(session.execute(text(newest)).scalar_one())


def test_the_sessions_of_an_account_end_at_once(council: Council, ruth: FlaskClient) -> None:
    elsewhere, jo = council.let_in("ruth"), council.member("jo")
    assert council.log_out(council.logout_token(sub="ruth")).status_code == 200
    assert [today(browser, council) for browser in (ruth, elsewhere)] == [303, 303]
    assert today(jo, council) == 200, "nobody else's"


def test_they_end_in_every_replica(council: Council, ruth: FlaskClient) -> None:
    gateway: Gateway = council.gateway
    parts = gateway.app.extensions["stayplay"]
    replica = create_app(Runtime.of(gateway.settings, gateway.database, parts.calls._client))
    there = replica.test_client()
    for name in ("stayplay", "stayplay-device"):
        cookie = ruth.get_cookie(name)
        assert cookie is not None
        there.set_cookie(name, cookie.value)
    assert there.get(f"/{council.slug}/").status_code == 200
    council.log_out(council.logout_token(sub="ruth"))
    assert there.get(f"/{council.slug}/").status_code == 303


def test_one_session_of_the_provider_ends_what_stands_on_it_and_no_more(council: Council, ruth: FlaskClient) -> None:
    elsewhere = council.let_in("ruth")
    sid = sid_of(council)
    assert council.log_out(council.logout_token(sid=sid)).status_code == 200
    assert today(elsewhere, council) == 303
    assert today(ruth, council) == 200


def test_a_session_that_the_provider_never_named_ends_with_its_account(council: Council, ruth: FlaskClient) -> None:
    with council.gateway.database.platform_session() as session:
        session.execute(text("UPDATE identity.sign_ins SET provider_sid = NULL"))
        session.commit()
    council.log_out(council.logout_token(sub="ruth", sid="whatever it is called"))
    assert today(ruth, council) == 303


def test_what_began_with_a_password_goes_on(council: Council) -> None:
    known = council.invite()
    council.borough.join(known)
    browser = council.signed_in(known["email"])
    council.link(browser, "ruth")
    council.log_out(council.logout_token(sub="ruth"))
    assert today(browser, council) == 200


LATE = int(time.time())
FORGED: Mapping[str, Mapping[str, Any]] = {
    "of another issuer": {"iss": "https://evil.example"},
    "for somebody else": {"aud": "another"},
    "without an audience": {"aud": None},
    "from long ago": {"iat": LATE - 3600},
    "from the future": {"iat": LATE + 3600},
    "without its moment": {"iat": None},
    "expired": {"exp": LATE - 600},
    "without a name of its own": {"jti": None},
    "without the event": {"events": None},
    "of another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "with an event that says nothing": {"events": {"http://schemas.openid.net/event/backchannel-logout": None}},
    "with a nonce: it is an ID token": {"nonce": "x"},
    "about nobody": {"sub": None},
    "about somebody who is no text": {"sub": 7},
    "not signed": {"header": {"alg": "none"}},
    "signed with our secret": {"header": {"alg": "HS256"}},
    "signed with another key": {"header": {"foreign": True}},
    "signed with an unknown key": {"header": {"kid": "unknown"}},
    "of another type": {"header": {"typ": "at+jwt"}},
}


@pytest.mark.parametrize("wrong", FORGED.values(), ids=FORGED)
def test_a_token_that_does_not_hold_ends_nothing(council: Council, ruth: FlaskClient, wrong: Mapping[str, Any]) -> None:
    answer = council.log_out(council.logout_token(**{"sub": "ruth", **wrong}))
    assert (answer.status_code, answer.text) == (400, '{"error":"invalid_request"}')
    assert today(ruth, council) == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.e30", "ü.ü.ü", "." * 50, "A" * 5000])
def test_what_is_no_token_ends_nothing(council: Council, ruth: FlaskClient, token: str) -> None:
    assert council.log_out(token).status_code == 400
    assert council.browser().post("/sign-on/back-channel-logout").status_code == 400
    assert today(ruth, council) == 200


def test_it_comes_from_a_server_that_may_name_itself_and_uses_no_session(council: Council, ruth: FlaskClient) -> None:
    token = {"logout_token": council.logout_token(sub="ruth")}
    answer = ruth.post(
        "/sign-on/back-channel-logout", data=token, headers={"Origin": council.provider.issuer, "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert today(ruth, council) == 303


def test_a_token_counts_once(council: Council, ruth: FlaskClient) -> None:
    token = council.logout_token(sub="ruth")
    assert council.log_out(token).status_code == 200
    again = council.let_in("ruth")
    assert council.log_out(token).status_code == 400
    assert today(again, council) == 200


def test_of_the_same_token_many_times_at_once_one_counts(council: Council, ruth: FlaskClient) -> None:
    token = council.logout_token(sub="ruth")
    jobs = [eventlet.spawn(council.log_out, token) for _ in range(5)]
    assert sorted(job.wait().status_code for job in jobs) == [200, 400, 400, 400, 400]


def test_one_providers_word_ends_nothing_that_another_vouched_for(
    council: Council, ruth: FlaskClient, found_council: Callable[..., Council]
) -> None:
    with running_provider([client("http://localhost:8000")]) as other:
        lambeth = found_council(name="Lambeth")
        lambeth.provider = other
        lambeth.in_use()
        there = lambeth.member("ruth")
        assert lambeth.log_out(lambeth.logout_token(sub="ruth", iss=council.provider.issuer)).status_code == 400
        assert today(ruth, council) == 200
        assert lambeth.log_out(lambeth.logout_token(sub="ruth")).status_code == 200
        assert (today(ruth, council), today(there, lambeth)) == (200, 303)


def test_a_provider_whose_keys_cannot_be_had_is_asked_to_tell_us_again(bare: Council) -> None:
    with running_provider([client("http://localhost:8000")]) as brief:
        bare.provider = brief
        browser = bare.in_use().member("ruth")
        token = bare.logout_token(sub="ruth")
    bare.gateway.app.extensions["stayplay"].sign_on._providers._known.clear()
    assert bare.log_out(token).status_code == 503
    assert today(browser, bare) == 200


def test_unknown_keys_do_not_make_us_ask_the_provider_again_and_again(council: Council, ruth: FlaskClient) -> None:
    council.provider.pace(0.4)
    began = time.monotonic()
    for _ in range(6):
        council.log_out(council.logout_token(sub="ruth", header={"kid": uuid4().hex}))
    council.provider.pace(0)
    assert time.monotonic() - began < 2.5, "asked at most once"


def test_the_trail_tells_who_was_signed_out_and_by_whom(council: Council, ruth: FlaskClient) -> None:
    council.log_out(council.logout_token(sub="ruth"))
    [entry] = council.trail("sign_out")
    assert entry["facts"] == {"by": "provider", "sessions": 1}


def test_signing_out_here_offers_to_sign_out_there(council: Council, ruth: FlaskClient) -> None:
    form = keys(ruth, "/account/name")
    answer = ruth.post("/sign-out", data=form)
    assert answer.location == f"/sign-in?done=signed_out&left={council.slug}"
    page = seen(ruth.get(answer.location))
    [link] = [link for link in page.all("main a") if "Sign out there too" in link.text]
    assert link["href"] == f"{council.provider.issuer}/session/end?client_id=stayplay"
    assert today(ruth, council) == 303


def test_nothing_of_ours_comes_from_an_address_that_somebody_made_up(council: Council) -> None:
    assert "Sign out there too" not in council.browser().get("/sign-in?left=https://evil.example").text
    assert "evil" not in council.browser().get("/sign-in?left=evil").text.split("<main")[1]
