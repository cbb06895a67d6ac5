"""Providers of several boroughs side by side, and providers that are slow or away."""

import time
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from flask.testing import FlaskClient

from tests.support.providing import Provider, client, running_provider
from tests.support.signing_on import Council, back, refused, today, under_way, with_query


@pytest.fixture
def ruth(council: Council) -> FlaskClient:
    """The browser of Ruth, who joined with the account ``ruth``."""
    return council.member("ruth")


def test_one_boroughs_provider_opens_no_other_borough(council: Council, found_council: Callable[..., Council]) -> None:
    """The very same account at the very same provider, and a person who works in both: each borough links it anew."""
    lambeth = found_council(name="Lambeth").in_use()
    known = council.invite()
    council.borough.join(known)
    lambeth.borough.join({**_invited(lambeth, known["email"]), "email": known["email"]})
    assert council.link(council.signed_in(known["email"]), "ruth").status_code == 303
    browser = council.let_in("ruth")
    assert today(browser, council) == 200
    answer = browser.get(f"/{lambeth.slug}/")
    assert answer.status_code == 403
    assert "does not open Lambeth" in answer.text
    assert browser.get(f"/api/v1/{lambeth.slug}/me").status_code == 401, "the API takes no cookie"
    refused(lambeth.enter("ruth"), 403, "not known here yet")


def _invited(council: Council, email: str) -> dict[str, Any]:
    body = {"name": "Ruth Osei", "email": email, "roles": ["facilitator"], "agency_id": None}
    found: dict[str, Any] = council.boss.post(f"{council.borough.base}/invitations", body).json
    return found


def test_an_answer_of_one_boroughs_provider_is_no_answer_in_another(council: Council, found_council: Callable[..., Council]) -> None:
    with running_provider([client("http://localhost:8000")]) as other:
        lambeth = found_council(name="Lambeth")
        lambeth.provider = other
        lambeth.in_use()
        lambeth.member("ruth")
        council.member("ruth")
        browser = council.browser()
        theirs = other.let_in(lambeth.away(council.browser()), "ruth")
        council.away(browser)
        begun = under_way(browser, council)
        mixed = with_query(theirs, state=begun.state)
        refused(back(browser, mixed), 403, "could not be trusted")
        council.away(browser)
        begun = under_way(browser, council)
        refused(back(browser, with_query(theirs, state=begun.state, iss=council.provider.issuer)), 403, "could not be trusted")


def test_a_session_that_a_provider_vouches_for_knows_of_its_borough_alone(council: Council, found_council: Callable[..., Council]) -> None:
    lambeth, known = found_council(name="Lambeth"), council.invite()
    council.borough.join(known)
    lambeth.borough.join({**_invited(lambeth, known["email"]), "email": known["email"]})
    at_home = council.signed_in(known["email"])
    council.link(at_home, "ruth")
    assert lambeth.slug in at_home.get("/boroughs?stay=1").text
    browser = council.let_in("ruth")
    assert lambeth.slug not in browser.get("/boroughs?stay=1").text
    assert "Password" not in browser.get("/account").text.split('id="sessions"')[1], "nor of sessions that began in another way"


def test_a_session_ends_with_the_provider_that_vouched_for_it(council: Council, ruth: FlaskClient) -> None:
    council.use("off")
    assert ruth.get(f"/{council.slug}/").status_code == 403
    refused(council.browser().get(f"/sign-on/{council.slug}"), 404, "no single sign-on")
    council.use("beside")
    assert today(ruth, council) == 200
    council.set_up(client_id="another")
    assert ruth.get(f"/{council.slug}/").status_code == 403


# --- the provider is slow or away -------------------------------------------------------------------------------------


def test_a_provider_that_is_away_is_said_to_be_and_is_not_asked_again_at_once(bare: Council, provider: Provider) -> None:
    with running_provider([client("http://localhost:8000")]) as brief:
        bare.provider = brief
        bare.in_use()
    bare.gateway.app.extensions["stayplay"].sign_on._providers._known.clear()
    answer = bare.browser().get(f"/sign-on/{bare.slug}")
    refused(answer, 503, "Nothing is wrong with your account")
    assert "Sign in another way" in answer.text
    began = time.monotonic()
    assert all(bare.browser().get(f"/sign-on/{bare.slug}").status_code == 503 for _ in range(5))
    assert time.monotonic() - began < 2


def test_a_slow_provider_holds_up_nobody_else(council: Council, ruth: FlaskClient) -> None:
    answers: dict[str, int] = {}
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    council.provider.pace(1.5)
    waiting = eventlet.spawn(lambda: answers.setdefault("slow", back(browser, answer).status_code))
    eventlet.sleep(0.1)
    began = time.monotonic()
    assert today(ruth, council) == 200
    assert time.monotonic() - began < 1.2
    assert not answers
    waiting.wait()
    assert answers == {"slow": 303}


def test_a_provider_that_drips_is_given_up(council: Council, ruth: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = council.browser()
    answer = council.provider.let_in(council.away(browser), "ruth")
    monkeypatch.setattr("gateway.people.single_sign_on.reach.WHOLE_SECONDS", 0.5)
    council.provider.pace(2)
    came = back(browser, answer)
    council.provider.pace(0)
    refused(came, 503, "does not answer")


def test_whoever_came_by_password_stays_as_they_were(council: Council) -> None:
    known = council.invite()
    council.borough.join(known)
    assert today(council.signed_in(known["email"]), council) == 200
