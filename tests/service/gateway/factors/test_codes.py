"""Codes of an authenticator app: each works once, near its time, for its owner, and is not to be guessed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, repeat, takewhile
from itertools import count as count_up
from time import monotonic

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from gateway.people.factors.tries import FREE
from gateway.people.throttle import seconds_to_wait
from tests.service.gateway.factors.conftest import Clinician, change, joined
from tests.support.factors import Phone, code_now, enrol
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone

PROVE = "/api/v1/session/second-factor"
APP = "/api/v1/account/factors/authenticator"


def forget_steps(gateway: Gateway, email: str) -> None:
    """Let the codes of now be unused, as they are when half a minute has gone by."""
    change(
        gateway,
        "UPDATE identity.authenticators SET last_step = 0 WHERE person_id = (SELECT id FROM identity.people WHERE email = :email)",
        email=email,
    )


def test_a_code_works_once(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    one, other, code = real.sign_in(email, prove=False), real.sign_in(email, prove=False), phone.code()
    assert one.post(PROVE, {"code": code}).status_code == 200
    again = other.post(PROVE, {"code": code})
    assert (again.status_code, again.json["code"]) == (422, "wrong_code")
    assert "code" in again.json["faults"]


def test_the_code_that_set_it_up_is_used(real: Borough, newcomer: tuple[Someone, str]) -> None:
    someone, email = newcomer
    phone = Phone(someone.post(APP).json["secret"])
    code = phone.code()
    assert someone.post(f"{APP}/confirm", {"code": code}).status_code == 201
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code}).status_code == 422


def test_an_earlier_code_does_not_work_after_a_later_one(gateway: Gateway, real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    forget_steps(gateway, email)
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(phone.secret, steps=1)}).status_code == 200
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(phone.secret)}).status_code == 422


def test_two_requests_with_one_code_at_once_in_two_replicas_prove_one_session(
    gateway: Gateway, real: Borough, clinician: Clinician
) -> None:
    """Each request has a connection of its own, as it would in another process; the row decides."""
    _, email, phone = clinician
    for _round in range(5):
        forget_steps(gateway, email)
        change(gateway, "DELETE FROM identity.attempts")
        sessions = [real.sign_in(email, prove=False) for _ in range(6)]
        code = code_now(phone.secret)
        with ThreadPoolExecutor(6) as pool:
            answers = [answer.status_code for answer in pool.map(Someone.post, sessions, repeat(PROVE), repeat({"code": code}))]
        assert sorted(answers) == [200, 422, 422, 422, 422, 422]


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_whose_clock_is_half_a_minute_off_still_works(gateway: Gateway, real: Borough, clinician: Clinician, steps: int) -> None:
    _, email, phone = clinician
    forget_steps(gateway, email)
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(phone.secret, steps=steps)}).status_code == 200


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_phone_whose_clock_is_further_off_does_not(gateway: Gateway, real: Borough, clinician: Clinician, steps: int) -> None:
    _, email, phone = clinician
    forget_steps(gateway, email)
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(phone.secret, steps=steps)}).status_code == 422


def test_somebody_else_s_code_does_not_work(real: Borough, head: Someone, clinician: Clinician) -> None:
    other = joined(real, head)[2]
    answer = real.sign_in(clinician[1], prove=False).post(PROVE, {"code": other.code()})
    assert answer.json["code"] == "wrong_code"


@pytest.mark.parametrize(
    "written", ["", "12345", "1234567", "abcdef", "\N{FULLWIDTH DIGIT ONE}" * 6, "' OR 1=1", "\N{ARABIC-INDIC DIGIT ONE}" * 6]
)
def test_what_is_no_code_is_refused_in_words(real: Borough, clinician: Clinician, written: str) -> None:
    answer = real.sign_in(clinician[1], prove=False).post(PROVE, {"code": written})
    assert answer.status_code == 422
    assert answer.json["faults"]["code"]


def test_blanks_in_a_code_do_not_matter(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    code = phone.code()
    assert real.sign_in(email, prove=False).post(PROVE, {"code": f" {code[:3]} {code[3:]} "}).status_code == 200


def test_guessing_is_made_slow_and_all_sessions_count_together(real: Borough, clinician: Clinician) -> None:
    _, email, _ = clinician
    answers = [real.sign_in(email, prove=False).post(PROVE, {"code": f"{number:06}"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_hundred_guesses_at_once_do_not_all_get_through(real: Borough, clinician: Clinician) -> None:
    someone = real.sign_in(clinician[1], prove=False)

    def guess(number: int) -> int:
        return int(Someone(real.gateway.app.test_client(), someone.token).post(PROVE, {"code": f"{number:06}"}).status_code)

    began = monotonic()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(100)))
    waited = takewhile(lambda seconds: seconds <= monotonic() - began, accumulate(seconds_to_wait(count, FREE) for count in count_up(FREE)))
    assert FREE <= answers.count(422) <= FREE + len(list(waited))  # a slow machine takes so long that waits are over meanwhile
    assert answers.count(422) + answers.count(429) == 100


def test_the_right_code_too_soon_is_not_used_up(gateway: Gateway, real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    someone = real.sign_in(email, prove=False)
    for number in range(5):
        someone.post(PROVE, {"code": f"{number:06}"})
    code = phone.code()
    assert someone.post(PROVE, {"code": code}).status_code == 429
    change(gateway, "UPDATE identity.attempts SET failed_at = now() - interval '2 seconds'")
    assert someone.post(PROVE, {"code": code}).status_code == 200


def test_a_right_code_starts_the_count_anew(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    for number in range(4):
        real.sign_in(email, prove=False).post(PROVE, {"code": f"{number:06}"})
    assert real.sign_in(email, prove=False).post(PROVE, {"code": phone.code()}).status_code == 200
    for number in range(5):
        assert real.sign_in(email, prove=False).post(PROVE, {"code": f"{number:06}"}).status_code == 422


def test_wrong_codes_of_one_person_keep_nobody_else_waiting(real: Borough, head: Someone, clinician: Clinician) -> None:
    _, other, phone = joined(real, head)
    for number in range(7):
        real.sign_in(clinician[1], prove=False).post(PROVE, {"code": f"{number:06}"})
    assert real.sign_in(other, prove=False).post(PROVE, {"code": phone.code()}).status_code == 200


def test_the_secret_is_kept_sealed_and_can_t_be_put_into_another_row(gateway: Gateway, real: Borough, head: Someone) -> None:
    _, email, phone = joined(real, head)
    _, other, _ = joined(real, head)
    with gateway.database.platform_session() as session:
        rows = session.execute(
            text("SELECT a.sealed_secret, p.email FROM identity.authenticators a JOIN identity.people p ON p.id = a.person_id")
        )
        sealed = {row.email: bytes(row.sealed_secret) for row in rows}
    assert phone.secret.encode() not in sealed[email]
    of_other = "person_id = (SELECT id FROM identity.people WHERE email = :email)"
    moved = f"UPDATE identity.authenticators SET sealed_secret = :sealed, last_step = 0 WHERE {of_other}"
    change(gateway, moved, sealed=sealed[email], email=other)
    with capture_logs() as logs:
        answer = real.sign_in(other, prove=False).post(PROVE, {"code": code_now(phone.secret)})
    assert answer.json["code"] == "wrong_code"
    assert "authenticator.unreadable" in str(logs)


def test_with_another_key_of_the_gateway_apps_fail_and_recovery_codes_still_work(
    gateway: Gateway, real: Borough, clinician: Clinician
) -> None:
    _, email, phone = clinician
    change(gateway, "UPDATE identity.authenticators SET sealed_secret = decode('01', 'hex') || decode(repeat('ab', 60), 'hex')")
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(phone.secret, steps=1)}).json["code"] == "wrong_code"
    assert real.sign_in(email, prove=False).post(PROVE, {"code": phone.recovery_codes[0]}).status_code == 200


def test_no_log_line_holds_secret_code_or_mail_address(real: Borough, newcomer: tuple[Someone, str]) -> None:
    someone, email = newcomer
    with capture_logs() as logs:
        phone = enrol(someone)
        code = phone.code()
        real.gateway.anyone.post("/api/v1/session", {"email": email, "password": PASSWORD, "code": code})
    written = str(logs)
    assert "authenticator.added" in written
    for secret in (phone.secret, code, email, *phone.recovery_codes):
        assert secret not in written


def test_a_new_app_takes_the_place_of_the_old_one_only_once_it_has_shown_a_code(
    gateway: Gateway, real: Borough, clinician: Clinician
) -> None:
    someone, email, old = clinician
    fresh = someone.post(APP).json["secret"]
    forget_steps(gateway, email)
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(old.secret)}).status_code == 200
    confirmed = someone.post(f"{APP}/confirm", {"code": code_now(fresh)})
    assert (confirmed.status_code, confirmed.json["recovery_codes"]) == (201, [])
    forget_steps(gateway, email)
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(old.secret)}).status_code == 422
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code_now(fresh)}).status_code == 200


def test_what_was_begun_half_an_hour_ago_must_be_begun_again(gateway: Gateway, newcomer: tuple[Someone, str]) -> None:
    someone, _ = newcomer
    secret = someone.post(APP).json["secret"]
    change(gateway, "UPDATE identity.authenticators SET created_at = now() - interval '31 minutes' WHERE confirmed_at IS NULL")
    answer = someone.post(f"{APP}/confirm", {"code": code_now(secret)})
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")


def test_confirming_without_beginning_is_refused(newcomer: tuple[Someone, str]) -> None:
    assert newcomer[0].post(f"{APP}/confirm", {"code": "123456"}).status_code == 409


def test_two_sessions_that_set_one_up_at_once_end_with_one_app(real: Borough, newcomer: tuple[Someone, str]) -> None:
    """The second session has proved nothing, so it may not replace what the first has just set up."""
    first, email = newcomer
    second = real.sign_in(email, prove=False)
    secret = first.post(APP).json["secret"]
    assert first.post(f"{APP}/confirm", {"code": code_now(secret)}).status_code == 201
    answer = second.post(f"{APP}/confirm", {"code": code_now(secret, steps=1)})
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor_needed")


def test_the_owner_is_told_by_mail(mails: Callable[[str], list[str]], clinician: Clinician) -> None:
    assert "How you sign in to Stay & Play has changed" in mails(clinician[1])
