"""Signing in, staying signed in, and not."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone


@pytest.fixture(scope="module")
def invitation(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    return southwark.invite(administrator, "Ruth Osei", ["practitioner"], "camhs")


@pytest.fixture(scope="module")
def ruth(southwark: Borough, invitation: dict[str, Any]) -> Someone:
    return southwark.join(invitation)


@pytest.fixture(autouse=True)
def no_failures_yet(gateway: Gateway) -> Iterator[None]:
    """Each test begins without failed attempts."""
    change(gateway, "DELETE FROM identity.attempts")
    yield
    change(gateway, "DELETE FROM identity.attempts")


def change(gateway: Gateway, sql: str, **values: Any) -> None:
    with gateway.database.platform_session() as session:
        session.execute(text(sql), values)
        session.commit()


def attempt(gateway: Gateway, email: str, password: str) -> Any:
    return gateway.anyone.post("/api/v1/session", {"email": email, "password": password})


def test_signing_in_tells_who_one_is_and_where_one_may_go(
    gateway: Gateway, southwark: Borough, invitation: dict[str, Any], ruth: Someone
) -> None:
    answer = attempt(gateway, invitation["email"], PASSWORD)
    assert answer.status_code == 201
    assert answer.json["person_name"] == "Ruth Osei"
    assert [(one["slug"], one["roles"]) for one in answer.json["boroughs"]] == [(southwark.slug, ["practitioner"])]


def test_a_mail_address_may_be_written_in_capitals_and_with_blanks(gateway: Gateway, invitation: dict[str, Any], ruth: Someone) -> None:
    assert attempt(gateway, f"  {invitation['email'].upper()} ", PASSWORD).status_code == 201


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(gateway: Gateway, invitation: dict[str, Any], ruth: Someone) -> None:
    wrong = attempt(gateway, invitation["email"], "not my password")
    unknown = attempt(gateway, "nobody@southwark.example", "not my password")
    assert (wrong.status_code, wrong.data) == (unknown.status_code, unknown.data)
    assert (wrong.status_code, wrong.json["code"]) == (401, "wrong_sign_in")


def test_the_database_holds_neither_password_nor_token(gateway: Gateway, ruth: Someone) -> None:
    with gateway.database.platform_session() as session:
        rows = str([*session.execute(text("SELECT * FROM identity.people")), *session.execute(text("SELECT * FROM identity.sign_ins"))])
    assert ruth.token not in rows
    assert PASSWORD not in rows
    assert "$argon2id$" in rows


def test_a_log_names_nobody_who_signs_in_or_fails_to(gateway: Gateway, invitation: dict[str, Any], ruth: Someone) -> None:
    with capture_logs() as lines:
        attempt(gateway, invitation["email"], PASSWORD)
        attempt(gateway, invitation["email"], "not my password")
    assert {"sign_in.succeeded", "sign_in.failed"} <= {line["event"] for line in lines}
    for private in (invitation["email"], "Ruth", PASSWORD, "not my password"):
        assert private not in str(lines)


def test_signing_out_ends_the_session(southwark: Borough, invitation: dict[str, Any], ruth: Someone) -> None:
    somebody = southwark.sign_in(invitation["email"])
    assert somebody.get(f"{southwark.base}/me").status_code == 200
    assert somebody.delete("/api/v1/session").status_code == 204
    assert somebody.get(f"{southwark.base}/me").status_code == 401
    assert ruth.get(f"{southwark.base}/me").status_code == 200


@pytest.mark.parametrize(
    "passed",
    ["seen_at = seen_at - interval '31 minutes'", "ends_at = now() - interval '1 second'"],
    ids=["half an hour idle", "twelve hours"],
)
def test_an_expired_session_is_over(gateway: Gateway, southwark: Borough, invitation: dict[str, Any], ruth: Someone, passed: str) -> None:
    somebody = southwark.sign_in(invitation["email"])
    newest = "SELECT id FROM identity.sign_ins ORDER BY created_at DESC LIMIT 1"
    change(gateway, f"UPDATE identity.sign_ins SET {passed} WHERE id = ({newest})")
    refused = somebody.get(f"{southwark.base}/me")
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed_in")
    assert "has ended" in refused.json["detail"]


def test_a_session_lasts_twelve_hours_at_most(gateway: Gateway, invitation: dict[str, Any], ruth: Someone) -> None:
    attempt(gateway, invitation["email"], PASSWORD)
    with gateway.database.platform_session() as session:
        hours = session.execute(text("SELECT DISTINCT extract(epoch FROM ends_at - created_at) / 3600 FROM identity.sign_ins")).scalars()
        assert [float(hour) for hour in hours] == [12.0]


def test_use_of_a_session_is_noted_at_most_once_a_minute(gateway: Gateway, southwark: Borough, invitation: dict[str, Any]) -> None:
    somebody = southwark.sign_in(invitation["email"])
    newest = "SELECT id FROM identity.sign_ins ORDER BY created_at DESC LIMIT 1"

    def seen() -> Any:
        with gateway.database.platform_session() as session:
            return session.execute(text(f"SELECT seen_at FROM identity.sign_ins WHERE id = ({newest})")).scalar_one()

    at_first = seen()
    somebody.get(f"{southwark.base}/me")
    assert seen() == at_first
    change(gateway, f"UPDATE identity.sign_ins SET seen_at = seen_at - interval '61 seconds' WHERE id = ({newest})")
    earlier = seen()
    somebody.get(f"{southwark.base}/me")
    assert seen() > earlier


def test_each_sign_in_has_a_token_of_its_own(southwark: Borough, invitation: dict[str, Any], ruth: Someone) -> None:
    tokens = {southwark.sign_in(invitation["email"]).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_a_browser_that_signs_in_again_leaves_its_earlier_session(gateway: Gateway, southwark: Borough, invitation: dict[str, Any]) -> None:
    earlier = southwark.sign_in(invitation["email"])
    desk = gateway.app.extensions["stayplay"].sign_in
    desk.sign_in(invitation["email"], PASSWORD, address="192.0.2.1", earlier_token=earlier.token)
    assert earlier.get(f"{southwark.base}/me").status_code == 401


def test_sessions_that_ended_are_forgotten_at_the_next_sign_in(gateway: Gateway, southwark: Borough, invitation: dict[str, Any]) -> None:
    southwark.sign_in(invitation["email"])
    change(gateway, "UPDATE identity.sign_ins SET ends_at = now() - interval '1 hour'")
    southwark.sign_in(invitation["email"])
    with gateway.database.platform_session() as session:
        person = "(SELECT id FROM identity.people WHERE email = :email)"
        left = session.execute(text(f"SELECT count(*) FROM identity.sign_ins WHERE person_id = {person}"), {"email": invitation["email"]})
        assert left.scalar_one() == 1


def test_guessing_makes_the_account_wait_even_with_the_right_password(
    gateway: Gateway, southwark: Borough, invitation: dict[str, Any]
) -> None:
    for _ in range(7):
        change(gateway, "UPDATE identity.attempts SET failed_at = failed_at - interval '10 minutes'")
        assert attempt(gateway, invitation["email"], "not my password").status_code == 401
    waiting = attempt(gateway, invitation["email"], PASSWORD)
    assert (waiting.status_code, waiting.json["code"]) == (429, "too_many_attempts")
    assert 1 <= int(waiting.headers["Retry-After"]) <= 4


def test_guessing_at_an_account_that_is_not_there_waits_just_as_long(gateway: Gateway) -> None:
    answers = [attempt(gateway, "nobody@southwark.example", "a guess at it").status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_after_the_wait_the_right_password_lets_in_and_starts_anew(
    gateway: Gateway, southwark: Borough, invitation: dict[str, Any], ruth: Someone
) -> None:
    for _ in range(6):
        attempt(gateway, invitation["email"], "not my password")
    change(gateway, "UPDATE identity.attempts SET failed_at = failed_at - interval '10 minutes'")
    assert attempt(gateway, invitation["email"], PASSWORD).status_code == 201
    assert attempt(gateway, invitation["email"], "not my password").status_code == 401


def test_one_address_that_tries_many_accounts_is_slowed_too(gateway: Gateway) -> None:
    from gateway.people import throttle

    for number in range(throttle.FREE_FOR_ADDRESS):
        throttle.Throttle(gateway.app.extensions["stayplay"].identity, f"{number}@x.example", "127.0.0.1").failed()
    assert attempt(gateway, "fresh@x.example", "a guess at it").status_code == 429


@pytest.mark.parametrize("body", [{}, {"email": "a@b.example"}, {"email": "not an address", "password": "x"}, {"email": 5, "password": []}])
def test_a_sign_in_that_says_too_little_says_what_is_missing(gateway: Gateway, body: dict[str, Any]) -> None:
    refused = gateway.anyone.post("/api/v1/session", body)
    assert refused.status_code == 422
    assert refused.json["faults"]


def test_signing_in_does_not_stop_the_loop(gateway: Gateway, invitation: dict[str, Any], ruth: Someone) -> None:
    import eventlet

    beats: list[int] = []

    def beat() -> None:
        while True:
            beats.append(1)
            eventlet.sleep(0.001)

    heart = eventlet.spawn(beat)
    attempt(gateway, invitation["email"], PASSWORD)
    heart.kill()
    assert len(beats) >= 5
