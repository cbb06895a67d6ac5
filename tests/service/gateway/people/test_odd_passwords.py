"""Passwords as people and programs really type them: of any alphabet, in any form, with what is no character at all."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.gateway import Borough, Gateway, Someone

COMPOSED, IN_PARTS = "caf\u00e9 au lait, please", "cafe\u0301 au lait, please"


@pytest.fixture
def made(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    return southwark.invite(administrator, "Kit Reid", ["facilitator"], "childrens_centre")


def join(gateway: Gateway, made: dict[str, Any], password: str) -> Any:
    return gateway.anyone.post(f"/api/v1/invitations/{made['token']}", {"password": password})


def sign_in(gateway: Gateway, made: dict[str, Any], password: str) -> int:
    return int(gateway.anyone.post("/api/v1/session", {"email": made["email"], "password": password}).status_code)


@pytest.mark.parametrize(
    "password",
    [
        "  blanks before and after  ",
        "a\tb\tc\td\te quiet",
        "\U0001f9f8\U0001f98a\U0001f33b\U0001f6b2\U0001f96d\U0001f9c3",
        "шесть тихих слов",
    ],
)
def test_whatever_was_chosen_is_what_lets_in(gateway: Gateway, made: dict[str, Any], password: str) -> None:
    answer = join(gateway, made, password)
    if answer.status_code == 422:
        assert len(password) < 8
        return
    assert answer.status_code == 200
    assert sign_in(gateway, made, password) == 201
    assert sign_in(gateway, made, password.strip() + "!") == 401


def test_blanks_at_its_ends_are_part_of_it(gateway: Gateway, made: dict[str, Any]) -> None:
    assert join(gateway, made, " three quiet owls ").status_code == 200
    assert sign_in(gateway, made, "three quiet owls") == 401


def test_it_is_the_same_from_a_phone_and_from_a_keyboard(gateway: Gateway, made: dict[str, Any]) -> None:
    """One writes an accent as a letter of its own, the other with its letter (Unicode NFKC takes both for one)."""
    assert join(gateway, made, IN_PARTS).status_code == 200
    assert [sign_in(gateway, made, password) for password in (COMPOSED, IN_PARTS)] == [201, 201]


@pytest.mark.parametrize("length", [64, 128, 200])
def test_a_long_one_counts_to_its_last_character(gateway: Gateway, made: dict[str, Any], length: int) -> None:
    password = ("wgnbt qzpxk vh " * 20)[: length - 1] + "y"
    assert join(gateway, made, password).status_code == 200
    assert sign_in(gateway, made, password) == 201
    assert sign_in(gateway, made, password[:-1] + "z") == 401


@pytest.mark.parametrize("password", ["x" * 201, "\ufdfa" * 60, "x" * 100_000], ids=["201", "60 that become 1080", "100,000"])
def test_one_that_is_too_long_is_refused_and_never_cut(gateway: Gateway, made: dict[str, Any], password: str) -> None:
    refused = join(gateway, made, password)
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["password"])
    assert sign_in(gateway, made, password) in {401, 422}


@pytest.mark.parametrize(
    "raw", [b'"\\ud800 three quiet words"', b'"three \\u0000 quiet words"', b"12345678", b'["three quiet words"]', b"null"]
)
def test_what_is_no_text_is_refused_in_words(gateway: Gateway, made: dict[str, Any], raw: bytes) -> None:
    joining = gateway.anyone.send(f"/api/v1/invitations/{made['token']}", b'{"password": ' + raw + b"}")
    entering = gateway.anyone.send("/api/v1/session", b'{"email": "' + made["email"].encode() + b'", "password": ' + raw + b"}")
    assert joining.status_code in {200, 400, 422}
    assert entering.status_code in {201, 400, 401, 422}
    assert (joining.status_code == 200) is (entering.status_code == 201), "what was taken lets in"


def test_a_password_that_was_refused_is_not_sent_back(browser: FlaskClient, made: dict[str, Any]) -> None:
    answer = browser.post(f"/invitation/{made['token']}", data={"name": "Kit Reid", "password": "password1"})
    assert answer.status_code == 422
    assert "password1" not in answer.text
