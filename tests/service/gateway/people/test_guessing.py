"""Guessing passwords is slow, and keeps nobody out of their own account."""

import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.people.throttle import AT_ONCE, FREE, FREE_FOR_ADDRESS, UNDER_ATTACK
from tests.support.gateway import PASSWORD, Borough, Gateway
from tests.support.mailing import change, link_to

WRONG = "not my password"
HOME, ELSEWHERE = "192.0.2.10", "198.51.100.7"


def attempt(gateway: Gateway, email: str, password: str = WRONG, *, address: str = ELSEWHERE, **more: Any) -> Any:
    body = {"email": email, "password": password, **more}
    return gateway.app.test_client().post("/api/v1/session", json=body, environ_base={"REMOTE_ADDR": address})


def sign_in_page(browser: FlaskClient, email: str, password: str, address: str) -> Any:
    return browser.post("/sign-in", data={"email": email, "password": password}, environ_base={"REMOTE_ADDR": address})


def failures(gateway: Gateway, count: int, *parts: str) -> None:
    """Let something have failed so often a moment ago, as if by as many attempts."""
    subject = sha256("\0".join(("sign-in", *parts)).encode()).digest()
    change(
        gateway.database,
        "INSERT INTO identity.attempts VALUES (:subject, :count, now()) ON CONFLICT (subject) DO UPDATE SET failures = :count",
        subject=subject,
        count=count,
    )


def test_after_ten_thousand_attempts_by_somebody_else_the_owner_gets_in(gateway: Gateway, invitation: dict[str, Any]) -> None:
    """One stranger really tries ten thousand times; that nearly all are refused before any password is looked at makes it quick."""
    client = gateway.app.test_client()
    codes = [
        client.post(
            "/api/v1/session", json={"email": invitation["email"], "password": f"guess {number}"}, environ_base={"REMOTE_ADDR": ELSEWHERE}
        ).status_code
        for number in range(10_000)
    ]
    assert codes.count(401) < 20
    assert codes.count(429) > 9_900
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME).status_code == 201


def test_ten_thousand_addresses_do_not_keep_the_owner_out_either(gateway: Gateway, invitation: dict[str, Any]) -> None:
    failures(gateway, 10_000, "account", invitation["email"])
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME).status_code == 201


def test_under_attack_an_address_has_one_free_attempt(gateway: Gateway, invitation: dict[str, Any]) -> None:
    failures(gateway, UNDER_ATTACK, "account", invitation["email"])
    assert [attempt(gateway, invitation["email"]).status_code for _ in range(2)] == [401, 429]


def test_a_known_browser_is_not_slowed_down_by_others_at_its_own_address(
    gateway: Gateway, browser: FlaskClient, invitation: dict[str, Any]
) -> None:
    assert sign_in_page(browser, invitation["email"], PASSWORD, HOME).status_code == 303
    browser.delete_cookie("stayplay")
    failures(gateway, 10_000, "account", invitation["email"])
    failures(gateway, 10_000, "address", HOME)
    failures(gateway, 10_000, "account from address", invitation["email"], HOME)
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME).status_code == 429
    assert sign_in_page(browser, invitation["email"], PASSWORD, HOME).status_code == 303


def test_a_known_client_of_the_api_sends_its_device(gateway: Gateway, invitation: dict[str, Any]) -> None:
    device = attempt(gateway, invitation["email"], PASSWORD, address=HOME).json["device"]
    failures(gateway, 10_000, "account from address", invitation["email"], HOME)
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME).status_code == 429
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME, device=device).status_code == 201


def test_whoever_holds_a_known_browser_can_not_guess_for_ever(gateway: Gateway, invitation: dict[str, Any]) -> None:
    device = attempt(gateway, invitation["email"], PASSWORD, address=HOME).json["device"]
    codes = [attempt(gateway, invitation["email"], device=device).status_code for _ in range(FREE + 3)]
    assert codes == [401] * FREE + [429] * 3


@pytest.mark.parametrize("made_up", ["x" * 32, f"{'0' * 32}.{'0' * 32}", "", "0.0", f"{'a' * 32}.{'b' * 32}.{'c' * 32}"])
def test_nobody_makes_a_known_browser_up(gateway: Gateway, invitation: dict[str, Any], made_up: str) -> None:
    failures(gateway, 10_000, "account from address", invitation["email"], ELSEWHERE)
    assert attempt(gateway, invitation["email"], PASSWORD, device=made_up).status_code == 429


def test_a_browser_known_to_one_account_is_not_known_to_another(gateway: Gateway, southwark: Borough, invitation: dict[str, Any]) -> None:
    southwark.administrator()
    other = f"ada@{southwark.slug}.example"
    device = attempt(gateway, other, PASSWORD, address=HOME).json["device"]
    failures(gateway, 10_000, "account from address", invitation["email"], HOME)
    assert attempt(gateway, invitation["email"], PASSWORD, address=HOME, device=device).status_code == 429


def test_a_browser_that_people_share_is_known_to_each(gateway: Gateway, browser: FlaskClient, invitation: dict[str, Any]) -> None:
    borough = gateway.onboard()
    borough.administrator()
    for email in (invitation["email"], f"ada@{borough.slug}.example"):
        assert sign_in_page(browser, email, PASSWORD, HOME).status_code == 303
        browser.delete_cookie("stayplay")
    failures(gateway, 10_000, "account from address", invitation["email"], HOME)
    assert sign_in_page(browser, invitation["email"], PASSWORD, HOME).status_code == 303


def test_a_link_to_choose_a_password_lets_the_owner_in_whatever_others_do(
    gateway: Gateway, southwark: Borough, browser: FlaskClient
) -> None:
    made = southwark.invite(southwark.administrator(), "Owner Under Attack", ["facilitator"])
    southwark.join(made)
    failures(gateway, 10_000, "account from address", made["email"], HOME)
    assert sign_in_page(browser, made["email"], PASSWORD, HOME).status_code == 429
    browser.post("/forgotten-password", data={"email": made["email"]}, environ_base={"REMOTE_ADDR": HOME})
    link = link_to(gateway.database, made["email"], "reset")
    assert browser.post(link, data={"password": "green kettle morning"}).status_code == 303
    assert sign_in_page(browser, made["email"], "green kettle morning", HOME).status_code == 303


def test_one_address_is_slowed_down_whatever_accounts_it_tries(gateway: Gateway) -> None:
    codes = [attempt(gateway, f"nobody{number}@x.example").status_code for number in range(FREE_FOR_ADDRESS + 2)]
    assert codes == [401] * FREE_FOR_ADDRESS + [429] * 2


def test_a_whole_network_of_new_addresses_counts_as_one(gateway: Gateway, invitation: dict[str, Any]) -> None:
    codes = [attempt(gateway, invitation["email"], address=f"2001:db8:1:2:{number:x}::1").status_code for number in range(FREE + 1)]
    assert codes == [401] * FREE + [429]
    assert attempt(gateway, invitation["email"], address="2001:db8:1:3::1").status_code == 401


def test_an_account_that_is_not_there_is_slowed_down_just_the_same(gateway: Gateway, invitation: dict[str, Any]) -> None:
    there = [attempt(gateway, invitation["email"]) for _ in range(FREE + 2)]
    missing = [attempt(gateway, "nobody@southwark.example", address="203.0.113.9") for _ in range(FREE + 2)]
    assert [answer.status_code for answer in there] == [answer.status_code for answer in missing]
    assert [answer.data for answer in there] == [answer.data for answer in missing]


def test_a_refusal_says_when_to_try_again(gateway: Gateway, invitation: dict[str, Any]) -> None:
    failures(gateway, FREE + 3, "account from address", invitation["email"], ELSEWHERE)
    refused = attempt(gateway, invitation["email"])
    assert refused.status_code == 429
    assert 7 <= int(refused.headers["Retry-After"]) <= 8


def test_failures_noted_by_a_clock_that_is_ahead_make_nobody_wait_longer(gateway: Gateway, invitation: dict[str, Any]) -> None:
    failures(gateway, FREE + 3, "account from address", invitation["email"], ELSEWHERE)
    change(gateway.database, "UPDATE identity.attempts SET failed_at = now() + interval '1 day'")
    assert int(attempt(gateway, invitation["email"]).headers["Retry-After"]) <= 8


def test_what_failed_long_ago_is_forgotten(gateway: Gateway, invitation: dict[str, Any]) -> None:
    failures(gateway, 1_000, "account from address", invitation["email"], ELSEWHERE)
    change(gateway.database, "UPDATE identity.attempts SET failed_at = now() - interval '2 hours'")
    assert attempt(gateway, invitation["email"]).status_code == 401
    assert [attempt(gateway, invitation["email"]).status_code for _ in range(FREE - 1)] == [401] * (FREE - 1)


@pytest.mark.parametrize("whose", ["there", "not there"])
def test_a_hundred_guesses_at_once_do_not_all_get_through(gateway: Gateway, invitation: dict[str, Any], whose: str) -> None:
    """A burst does not slip through the moment between looking at the count and adding to it."""
    email = invitation["email"] if whose == "there" else "nobody@southwark.example"
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda number: attempt(gateway, email, f"guess {number}").status_code, range(100)))
    assert codes.count(401) < FREE + AT_ONCE
    assert codes.count(401) + codes.count(429) == 100


def test_people_who_sign_in_at_the_same_moment_in_one_house_do_not_keep_each_other_waiting(
    gateway: Gateway, invitation: dict[str, Any]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: attempt(gateway, invitation["email"], PASSWORD, address=HOME).status_code, range(40)))
    assert set(codes) == {201}


def test_how_long_a_refusal_takes_does_not_tell_whether_there_is_an_account(gateway: Gateway, invitation: dict[str, Any]) -> None:
    """Asked in turn, so that a busy machine slows both; tried again where it seems to tell, so that chance alone does not fail it."""
    seen = []
    for _ in range(4):
        there, missing = timed_in_turn(gateway, invitation["email"], "nobody@southwark.example", times=40)
        pairs = [(one, other) for one in there for other in missing]
        seen.append(sum(one > other for one, other in pairs) / len(pairs))
        if 0.3 < seen[-1] < 0.7:
            return
    pytest.fail(f"time tells whether there is an account: {seen}")


def timed_in_turn(gateway: Gateway, *emails: str, times: int) -> list[list[float]]:
    """Return for each address the seconds that wrong passwords took, asked one after the other, each time in another order."""
    took: list[list[float]] = [[] for _ in emails]
    for number in range(times):
        change(gateway.database, "DELETE FROM identity.attempts")
        for place in range(len(emails))[:: 1 if number % 2 else -1]:
            started = time.perf_counter()
            assert attempt(gateway, emails[place]).status_code == 401
            took[place].append(time.perf_counter() - started)
    return took
