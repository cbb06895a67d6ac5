"""What a system's token opens, and everything that it does not."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from gateway.access import guard
from gateway.app import create_app
from gateway.people.systems.tokens import SystemTokens
from gateway.people.throttle import FREE_FOR_ADDRESS
from gateway.runtime import NAME
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.systems import Made, made, someone

LONG_AGO = {"Stay-Play-At": "2025-03-02T10:00:00+00:00"}
ID = "01890000-0000-7000-8000-000000000000"


def told(answer: Any) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return everything of an answer that could tell it from another."""
    return answer.status_code, answer.data, tuple(sorted(header for header in answer.headers if header[0] != "X-Correlation-Id"))


def unknown(gateway: Gateway, base: str) -> Any:
    """Return what is answered to a token that is as it should be, and was given to nobody."""
    return someone(gateway, SystemTokens("another installation").token(uuid4())).get(f"{base}/system")


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and path of every address, filled with things that nobody has."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<uuid:\w+>", ID, re.sub(r"<int:\w+>", "7", rule.rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, path


def test_a_system_is_told_what_its_token_is_and_allows(given: Made, southwark: Borough) -> None:
    answer = given.system.get(f"{southwark.base}/system")
    assert answer.status_code == 200
    assert answer.json == {
        "id": given.id,
        "acts_as": given.id,
        "name": "Health visiting record",
        "scopes": ["boroughs.read", "groups.read", "referrals.read_own", "referrals.refer"],
        "expires_at": given.answer["expires_at"],
    }


def test_a_system_reads_what_its_scope_opens(given: Made, southwark: Borough) -> None:
    assert given.system.get(f"{southwark.base}/borough").json["slug"] == southwark.slug
    assert given.system.get(f"{southwark.base}/agencies").status_code == 200


def test_nothing_is_kept_of_a_token_but_a_hash(given: Made, gateway: Gateway, southwark: Borough) -> None:
    row = given.row()
    assert given.token.removeprefix("stay_")[:43] not in str(row)
    assert len(bytes(row["token_hash"])) == 32
    with gateway.database.session(UUID(southwark.id)) as session:
        kept = session.execute(text("SELECT answer::text FROM answers WHERE answer::text LIKE '%' || :id || '%'"), {"id": given.id})
        answers = [answer for (answer,) in kept]
    assert answers, "the answer is kept for a repeated request"
    assert given.token not in str(answers)


@pytest.mark.parametrize(
    "altered",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token[:5] + ("0" if token[5] != "0" else "1") + token[6:],
        lambda token: token[:30] + ("0" if token[30] != "0" else "1") + token[31:],
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: token.swapcase(),
        lambda token: token.upper(),
        lambda token: token.replace("_", "-"),
        lambda token: token.removeprefix("stay_"),
        lambda token: f"{token[:20]} {token[20:]}",
        lambda token: f"{token}\x0b",
        lambda token: f"{token}\x00",
        lambda token: f"{token}\xa0",
        lambda token: f"{token}, Bearer {token}",
        lambda token: f"{token},{token}",
        lambda token: f'"{token}"',
        lambda token: f"{token}\u00e9",
        lambda token: token[::-1],
        lambda token: token[:5],
        lambda token: token[:5] + "0" * 49,
        lambda token: token * 200,
    ],
)  # fmt: skip
def test_a_token_that_is_not_just_right_is_nobody_s(given: Made, gateway: Gateway, southwark: Borough, altered: Any) -> None:
    refused = someone(gateway, altered(given.token)).get(f"{southwark.base}/system")
    assert told(refused) == told(unknown(gateway, southwark.base))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="stayplay"'
    assert given.token not in refused.text


@pytest.mark.parametrize("sent", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {}", "Bearer {}  ", "Bearer {}\t"])
def test_a_token_is_taken_as_the_header_is_written(given: Made, gateway: Gateway, southwark: Borough, sent: str) -> None:
    headers = {"Authorization": sent.format(given.token)}
    assert gateway.app.test_client().get(f"{southwark.base}/system", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic {}"}, {"Authorization": "{}"}, {"Authorization": "Token {}"}, {"Authorization": "Bearer\t{}"},
        {"X-Api-Key": "{}"}, {"Proxy-Authorization": "Bearer {}"}, {"Cookie": "stayplay={}"}, {"Cookie": "__Host-stayplay={}"},
        {"X-Forwarded-Authorization": "Bearer {}"},
    ],
)  # fmt: skip
def test_a_token_counts_in_no_other_place(given: Made, gateway: Gateway, southwark: Borough, headers: dict[str, str]) -> None:
    sent = {name: value.format(given.token) for name, value in headers.items()}
    assert gateway.app.test_client().get(f"{southwark.base}/system", headers=sent).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "key", "authorization"])
def test_a_token_in_an_address_is_none(given: Made, gateway: Gateway, southwark: Borough, name: str) -> None:
    assert gateway.app.test_client().get(f"{southwark.base}/system?{name}={given.token}").status_code == 401


def test_a_token_of_another_borough_is_like_one_that_nobody_has(
    given: Made, gateway: Gateway, southwark: Borough, lambeth: Borough, neighbour: Someone
) -> None:
    there = made(lambeth, neighbour)
    for token, base in ((given.token, lambeth.base), (there.token, southwark.base), (given.token, "/api/v1/there-is-none")):
        assert told(someone(gateway, token).get(f"{base}/system")) == told(unknown(gateway, base))
        assert told(someone(gateway, token).get(f"{base}/groups")) == told(unknown(gateway, base))


def test_a_token_that_ended_or_was_taken_back_is_like_one_that_nobody_has(
    given: Made, gateway: Gateway, southwark: Borough, administrator: Someone
) -> None:
    ended = made(southwark, administrator)
    ended.change("expires_at = now()")
    assert administrator.post(f"{southwark.base}/systems/{given.id}/withdraw").status_code == 200
    for token in (ended.token, given.token):
        assert told(someone(gateway, token).get(f"{southwark.base}/system")) == told(unknown(gateway, southwark.base))


def test_a_token_ends_by_the_real_clock_whatever_day_it_is_in_a_practice_borough(given: Made, southwark: Borough) -> None:
    given.change("expires_at = now() - interval '1 second'")
    dated = Someone(given.system.http, given.token, LONG_AGO)
    assert dated.get(f"{southwark.base}/system").status_code == 401


def test_a_practice_borough_can_be_dated_by_a_system_and_a_real_one_can_not(
    given: Made, southwark: Borough, lambeth: Borough, neighbour: Someone
) -> None:
    here, there = given, made(lambeth, neighbour)
    assert Someone(here.system.http, here.token, LONG_AGO).get(f"{southwark.base}/borough").status_code == 200
    assert Someone(there.system.http, there.token, LONG_AGO).get(f"{lambeth.base}/borough").status_code == 422


def test_a_system_of_a_real_borough_needs_no_second_factor_for_what_reads_no_family(lambeth: Borough, neighbour: Someone) -> None:
    assert made(lambeth, neighbour).system.get(f"{lambeth.base}/borough").status_code == 200


def test_a_token_opens_no_page_and_says_nothing_to_one(given: Made, gateway: Gateway, southwark: Borough) -> None:
    """A page answers whoever sends a token, as header or as cookie, as it answers a stranger."""
    pages = [(method, path) for _, method, path in addresses(gateway.app) if not path.startswith("/api/")]
    assert len(pages) > 100
    for method, pattern in pages:
        path = pattern.replace("<borough>", southwark.slug)
        path = re.sub(r"<(\w+:)?\w+>", "nothing", path)
        stranger = gateway.app.test_client().open(path, method=method)
        by_header = gateway.app.test_client().open(path, method=method, headers={"Authorization": f"Bearer {given.token}"})
        assert by_header.status_code == stranger.status_code, (method, path)
        assert by_header.headers.get("Location") == stranger.headers.get("Location"), (method, path)
        browser = gateway.app.test_client()
        browser.set_cookie("stayplay", given.token)
        assert browser.open(path, method=method).status_code in {stranger.status_code, 303, 403}, (method, path)


def test_a_token_opens_no_account_no_session_and_nothing_of_operators(given: Made, gateway: Gateway) -> None:
    needs = guard.needs_by_endpoint(gateway.app)
    outside = [
        (method, re.sub(r"<(\w+:)?\w+>", "nothing", path))
        for endpoint, method, path in addresses(gateway.app)
        if path.startswith("/api/") and "<borough>" not in path and needs[endpoint] != guard.EVERYBODY
    ]
    assert len(outside) > 30
    for method, path in outside:
        answer = gateway.app.test_client().open(path, method=method, headers={"Authorization": f"Bearer {given.token}"})
        assert answer.status_code == 401, (method, path)


def test_a_token_with_every_scope_opens_just_the_addresses_of_its_scopes(given: Made, gateway: Gateway, southwark: Borough) -> None:
    """Every address of the borough's API: within the scopes it is answered or not found, all else is refused alike."""
    allowed = {*given.answer["scopes"], "systems.read_own", guard.BELONGING}
    needs, seen = guard.needs_by_endpoint(gateway.app), set()
    for endpoint, method, path in addresses(gateway.app):
        if not path.startswith("/api/v1/<borough>"):
            continue
        headers = {"Authorization": f"Bearer {given.token}", "Idempotency-Key": uuid4().hex}
        answer = gateway.app.test_client().open(path.replace("<borough>", southwark.slug), method=method, headers=headers)
        seen.add(needs[endpoint])
        if needs[endpoint] in allowed:
            assert answer.status_code not in {401, 403}, (method, path)
        else:
            told = answer.get_json()
            assert (answer.status_code, told["code"]) == (403, "scope_missing"), (method, path)
            assert told["detail"] == "No token of a system allows this: a person has to do it."
            assert "WWW-Authenticate" not in answer.headers
    assert seen > allowed


@pytest.mark.parametrize("scope", ["boroughs.read", "groups.read", "referrals.refer", "referrals.read_own"])
def test_a_scope_that_is_missing_is_named(southwark: Borough, administrator: Someone, scope: str) -> None:
    without = [name for name in ("boroughs.read", "groups.read", "referrals.refer", "referrals.read_own") if name != scope]
    system = made(southwark, administrator, *without).system
    asked = {"boroughs.read": "borough", "groups.read": "groups", "referrals.read_own": "referrals/mine"}
    answer = system.get(f"{southwark.base}/{asked[scope]}") if scope in asked else system.post(f"{southwark.base}/referrals")
    assert (answer.status_code, answer.json["code"], answer.json["scope"]) == (403, "scope_missing", scope)
    assert scope in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="stayplay", error="insufficient_scope", scope="{scope}"'


@pytest.mark.parametrize("written", ["families.read", "registers.read", "systems.manage", "platform.operate", "*", "", "people.manage"])
def test_a_scope_that_is_not_published_allows_nothing_whoever_wrote_it(given: Made, southwark: Borough, written: str) -> None:
    given.change("scopes = jsonb_build_array(CAST(:scope AS text))", scope=written)
    for path in ("families", "sessions/unclosed", "systems", "people", "borough", "groups"):
        assert given.system.get(f"{southwark.base}/{path}").status_code == 403, path
    assert given.system.get(f"{southwark.base}/system").json["scopes"] == []


def test_a_token_counts_and_a_cookie_beside_it_does_not(given: Made, gateway: Gateway, southwark: Borough, administrator: Someone) -> None:
    browser = gateway.app.test_client()
    browser.set_cookie("stayplay", administrator.token)
    both = Someone(browser, given.token)
    assert both.get(f"{southwark.base}/system").json["name"] == "Health visiting record"
    assert both.get(f"{southwark.base}/people").json["code"] == "scope_missing"


def test_no_other_site_can_use_a_token_through_a_browser(given: Made, gateway: Gateway, southwark: Borough) -> None:
    """There is nothing that a browser would send by itself; with the header itself, no form token is asked for."""
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    browser = gateway.app.test_client()
    browser.set_cookie("stayplay", given.token)
    assert browser.post(f"{southwark.base}/referrals", json={}, headers=foreign).status_code == 401
    answer = Someone(gateway.app.test_client(), given.token, foreign).get(f"{southwark.base}/system")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_token_gets_no_cookie_and_no_other_token(given: Made, southwark: Borough) -> None:
    answer = given.system.get(f"{southwark.base}/borough")
    assert "Set-Cookie" not in answer.headers
    assert "Stay-Play-Session" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_borough_that_is_suspended_is_read_by_its_systems_and_not_changed(gateway: Gateway) -> None:
    borough = gateway.onboard()
    system = made(borough, borough.administrator()).system
    gateway.operator.post(f"/api/v1/operator/boroughs/{borough.id}/suspend", {"reason": "Accounts were misused"})
    assert system.get(f"{borough.base}/borough").status_code == 200
    refused = system.post(f"{borough.base}/referrals", {})
    assert (refused.status_code, refused.json["code"]) == (403, "borough_suspended")
    gateway.operator.post(f"/api/v1/operator/boroughs/{borough.id}/resume", {"reason": "Cleared up"})
    assert system.post(f"{borough.base}/referrals", {}).status_code == 422


def test_a_borough_that_is_gone_has_no_systems(gateway: Gateway) -> None:
    borough = gateway.onboard()
    system = made(borough, borough.administrator()).system
    assert gateway.operator.delete(f"/api/v1/operator/boroughs/{borough.id}").status_code == 204
    assert told(system.get(f"{borough.base}/system")) == told(unknown(gateway, borough.base))


def test_a_token_works_on_when_whoever_made_it_leaves(gateway: Gateway) -> None:
    borough = gateway.onboard()
    boss = borough.administrator()
    second = borough.join(borough.invite(boss, "Second Boss", ["administrator"]))
    system = made(borough, second).system
    member = second.get(f"{borough.base}/me").json
    assert boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]}).status_code == 200
    assert second.get(f"{borough.base}/borough").status_code == 404
    assert system.get(f"{borough.base}/borough").status_code == 200
    assert boss.get(f"{borough.base}/systems").json["items"][0]["made_by_name"] == "Second Boss"


def test_a_token_that_was_taken_back_is_worth_nothing_in_every_replica_from_the_next_request_on(
    given: Made, gateway: Gateway, southwark: Borough, administrator: Someone
) -> None:
    other = create_app(gateway.app.extensions[NAME])
    replicas = [given.system, Someone(other.test_client(), given.token)]
    assert [replica.get(f"{southwark.base}/borough").status_code for replica in replicas * 2] == [200] * 4
    assert administrator.post(f"{southwark.base}/systems/{given.id}/withdraw").json["state"] == "withdrawn"
    assert [replica.get(f"{southwark.base}/borough").status_code for replica in replicas * 2] == [401] * 4


def test_wrong_tokens_are_slowed_down_by_address_and_a_right_one_never_is(given: Made, gateway: Gateway, southwark: Borough) -> None:
    guesses = [unknown(gateway, southwark.base) for _ in range(FREE_FOR_ADDRESS + 1)]
    assert [guess.status_code for guess in guesses] == [401] * FREE_FOR_ADDRESS + [429]
    assert int(guesses[-1].headers["Retry-After"]) >= 1
    assert guesses[-1].json["code"] == "too_many_attempts"
    assert given.system.get(f"{southwark.base}/system").status_code == 200, "the one that is right, from the same address"
    elsewhere = gateway.app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    wrong = SystemTokens("another installation").token(uuid4())
    assert Someone(elsewhere, wrong).get(f"{southwark.base}/system").status_code == 401


def test_slowing_down_grows_and_does_not_tell_which_token_was_nearly_right(
    given: Made, gateway: Gateway, southwark: Borough, lambeth: Borough
) -> None:
    for _ in range(FREE_FOR_ADDRESS):
        unknown(gateway, southwark.base)
    change(gateway.database, "UPDATE identity.attempts SET failures = failures + 6")
    waits = [
        told(someone(gateway, given.token).get(f"{lambeth.base}/system")),
        told(someone(gateway, given.token[:-1] + "0").get(f"{lambeth.base}/system")),
        told(unknown(gateway, lambeth.base)),
    ]
    assert waits[0] == waits[1] == waits[2]
    assert waits[0][0] == 429
    assert 60 <= int(dict(waits[0][2])["Retry-After"]) <= 64


def test_waiting_is_not_made_longer_by_asking_meanwhile(gateway: Gateway, southwark: Borough) -> None:
    for _ in range(FREE_FOR_ADDRESS + 20):
        unknown(gateway, southwark.base)
    with gateway.database.platform_session() as session:
        counted = session.execute(text("SELECT max(failures) FROM identity.attempts")).scalar_one()
    assert counted == FREE_FOR_ADDRESS


def test_where_there_is_no_borough_no_token_is_looked_up_or_counted(given: Made, gateway: Gateway) -> None:
    for token in (given.token, SystemTokens("another installation").token(uuid4())):
        answers = {told(someone(gateway, token).get("/api/v1/account")) for _ in range(3)}
        assert [status for status, *_ in answers] == [401]
    with gateway.database.platform_session() as session:
        assert session.execute(text("SELECT count(*) FROM identity.attempts")).scalar_one() == 0


def test_people_at_an_address_are_not_slowed_down_by_systems_there(gateway: Gateway, southwark: Borough) -> None:
    for _ in range(FREE_FOR_ADDRESS + 1):
        unknown(gateway, southwark.base)
    assert southwark.sign_in(southwark.answer["invitation"]["email"]).token


def test_a_session_s_token_is_never_taken_for_a_system_s(southwark: Borough, administrator: Someone) -> None:
    refused = administrator.get(f"{southwark.base}/system")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
