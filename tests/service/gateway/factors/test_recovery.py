"""Recovery codes, the last factor, and the way out for who lost everything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.service.gateway.factors.conftest import Clinician, change, joined
from tests.support.factors import enrol
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone

PROVE = "/api/v1/session/second-factor"
FACTORS = "/api/v1/account/factors"


def test_there_are_ten_and_they_are_shown_when_the_first_factor_is_set_up(newcomer: tuple[Someone, str]) -> None:
    phone = enrol(newcomer[0])
    assert len(set(phone.recovery_codes)) == 10
    has = newcomer[0].get(FACTORS).json
    assert (has["recovery_codes_left"], has["few_left"], has["needed"]) == (10, False, True)


def test_each_works_once_in_place_of_the_app(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    code = phone.recovery_codes[0]
    session = real.sign_in(email, prove=False)
    answer = session.post(PROVE, {"code": code})
    assert answer.status_code == 200
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code}).json["code"] == "wrong_code"
    proved = Someone(real.gateway.app.test_client(), answer.json["token"])
    assert proved.get(FACTORS).json["recovery_codes_left"] == 9


def test_it_may_be_written_small_and_without_dashes(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    code = phone.recovery_codes[0].lower().replace("-", " ")
    assert real.sign_in(email, prove=False).post(PROVE, {"code": code}).status_code == 200


def test_two_at_once_with_one_code_prove_one_session(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    sessions = [real.sign_in(email, prove=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(PROVE, {"code": phone.recovery_codes[0]}).status_code, sessions))
    assert sorted(answers) == [200, 422, 422, 422]


def test_when_few_are_left_the_person_is_told(real: Borough, clinician: Clinician) -> None:
    someone, email, phone = clinician
    for code in phone.recovery_codes[:7]:
        assert real.sign_in(email, prove=False).post(PROVE, {"code": code}).status_code == 200
    has = someone.get(FACTORS).json
    assert (has["recovery_codes_left"], has["few_left"]) == (3, True)


def test_new_ones_stop_the_old_ones(real: Borough, clinician: Clinician) -> None:
    someone, email, phone = clinician
    answer = someone.post(f"{FACTORS}/recovery-codes")
    assert answer.status_code == 201
    assert len(answer.json["codes"]) == 10
    assert real.sign_in(email, prove=False).post(PROVE, {"code": phone.recovery_codes[0]}).status_code == 422
    assert real.sign_in(email, prove=False).post(PROVE, {"code": answer.json["codes"][0]}).status_code == 200


def test_they_are_kept_as_hashes_that_take_long_to_guess(gateway: Gateway, clinician: Clinician) -> None:
    with gateway.database.platform_session() as session:
        rows = session.execute(text("SELECT salt, code_hash FROM identity.recovery_codes")).all()
    kept = b"".join(bytes(row.code_hash) for row in rows)
    assert all(len(bytes(row.salt)) == 16 and len(bytes(row.code_hash)) == 32 for row in rows)
    assert not any(code.replace("-", "").encode() in kept for code in clinician[2].recovery_codes)


def test_somebody_else_s_recovery_code_does_not_work(real: Borough, head: Someone, clinician: Clinician) -> None:
    other = joined(real, head)[2]
    assert real.sign_in(clinician[1], prove=False).post(PROVE, {"code": other.recovery_codes[0]}).status_code == 422


def test_guessing_them_is_as_slow_as_guessing_codes(real: Borough, clinician: Clinician) -> None:
    _, email, _ = clinician
    answers = [real.sign_in(email, prove=False).post(PROVE, {"code": "AAAA-BBBB-CCCC"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_without_a_factor_there_are_none_to_make(newcomer: tuple[Someone, str]) -> None:
    answer = newcomer[0].post(f"{FACTORS}/recovery-codes")
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


def test_the_last_factor_stays_while_a_role_needs_one(clinician: Clinician) -> None:
    someone, _, _ = clinician
    answer = someone.post(f"{FACTORS}/authenticator/remove")
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")
    assert someone.get(FACTORS).json["authenticator"] is not None


def test_whoever_needs_none_may_remove_it_and_its_recovery_codes_go_with_it(real: Borough, head: Someone) -> None:
    someone = real.join(real.invite(head, "Helen Vance", ["referrer"], "referring"))
    enrol(someone)
    assert someone.post(f"{FACTORS}/authenticator/remove").status_code == 204
    has = someone.get(FACTORS).json
    assert (has["authenticator"], has["recovery_codes_left"], has["needed"]) == (None, 0, False)


def test_removing_asks_again_who_it_is(gateway: Gateway, clinician: Clinician) -> None:
    someone, _, phone = clinician
    change(gateway, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")
    for what in ("authenticator", "authenticator/remove", "recovery-codes", "passkeys/options"):
        assert someone.post(f"{FACTORS}/{what}").json["code"] == "confirmation_needed"
    proved = Someone(someone.http, someone.post(PROVE, {"code": phone.code()}).json["token"])
    assert proved.post(f"{FACTORS}/recovery-codes").status_code == 201


def test_a_new_password_by_mail_does_not_go_round_it(gateway: Gateway, real: Borough, clinician: Clinician) -> None:
    _, email, _ = clinician
    gateway.anyone.post("/api/v1/password-resets", {"email": email})
    with gateway.database.platform_session() as session:
        mail = session.execute(text("SELECT text FROM mails WHERE recipient = :email AND kind = 'reset'"), {"email": email}).scalar_one()
    token = next(line for line in mail.splitlines() if "/new-password/" in line).rsplit("/", 1)[1]
    answer = gateway.anyone.post(f"/api/v1/password-resets/{token}", {"password": "five other quiet words here"})
    assert answer.status_code == 204
    begun = gateway.anyone.post("/api/v1/session", {"email": email, "password": "five other quiet words here"})
    assert (begun.status_code, begun.json["second_factor"]) == (201, "prove")
    half = Someone(gateway.app.test_client(), begun.json["token"])
    assert half.get(f"{real.base}/me").json["code"] == "second_factor_needed"
    assert half.post(f"{FACTORS}/authenticator").json["code"] == "second_factor_needed"


def test_an_invitation_to_another_borough_does_not_go_round_it(real: Borough, gateway: Gateway, clinician: Clinician) -> None:
    """Whoever joins with the password they have is not let in by that alone."""
    other = gateway.onboard(name="Hackney", gss_code="E09000012", practice=False)
    administrator = other.administrator()
    agencies = {agency["kind"]: agency["id"] for agency in administrator.get(f"{other.base}/agencies").json["items"]}
    body = {"name": "Ruth Osei", "email": clinician[1], "roles": ["practitioner"], "agency_id": agencies["camhs"]}
    invitation = administrator.post(f"{other.base}/invitations", body).json
    assert gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD}).status_code == 200
    half = other.sign_in(clinician[1], prove=False)
    assert half.get(f"{other.base}/me").json["code"] == "second_factor_needed"


class TestLostEverything:
    """An administrator opens the way; the person sets up anew."""

    REASON = "I met her at the centre and know her."

    def reset(self, real: Borough, head: Someone, email: str, reason: str = REASON, key: str | None = None) -> tuple[str, Any]:
        member = next(one for one in head.get(f"{real.base}/people", limit=100).json["items"] if one["email"] == email)
        return member["id"], head.post(f"{real.base}/people/{member['id']}/factors/reset", {"reason": reason}, key=key)

    def test_the_person_is_signed_out_everywhere_told_and_sets_up_anew(
        self, real: Borough, head: Someone, clinician: Clinician, mails: Callable[[str], list[str]]
    ) -> None:
        someone, email, phone = clinician
        before = len(mails(email))
        _, answer = self.reset(real, head, email)
        assert answer.status_code == 200
        assert someone.get("/api/v1/account").status_code == 401
        assert len(mails(email)) == before + 1
        again = real.sign_in(email, prove=False)
        assert again.get(f"{real.base}/me").json["code"] == "second_factor_needed"
        assert again.post(PROVE, {"code": phone.recovery_codes[0]}).status_code == 422
        enrol(again)
        assert again.get(f"{real.base}/me").status_code == 200

    def test_the_administrator_learns_no_secret(self, real: Borough, head: Someone, clinician: Clinician) -> None:
        _, answer = self.reset(real, head, clinician[1])
        assert set(answer.json) == {"member_id", "person_id", "reset_at"}

    def test_the_password_stays_needed(self, real: Borough, head: Someone, clinician: Clinician) -> None:
        self.reset(real, head, clinician[1])
        answer = real.gateway.anyone.post("/api/v1/session", {"email": clinician[1], "password": "not my password"})
        assert answer.status_code == 401

    def test_the_same_request_again_does_not_undo_what_was_set_up_since(self, real: Borough, head: Someone, clinician: Clinician) -> None:
        _, email, _ = clinician
        key = "reset-once-and-again"
        self.reset(real, head, email, key=f"{key}-{email[:8].replace('.', '-')}")
        again = real.sign_in(email, prove=False)
        enrol(again)
        _, repeated = self.reset(real, head, email, key=f"{key}-{email[:8].replace('.', '-')}")
        assert repeated.status_code == 200
        assert again.get(f"{real.base}/me").status_code == 200

    def test_it_asks_for_a_reason_and_again_who_asks(self, gateway: Gateway, real: Borough, clinician: Clinician) -> None:
        head = real.administrator()
        _, answer = self.reset(real, head, clinician[1], reason=" ")
        assert answer.status_code == 422
        change(gateway, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")
        _, answer = self.reset(real, head, clinician[1])
        assert answer.json["code"] == "confirmation_needed"

    def test_it_is_in_the_audit_trail_with_its_reason(self, gateway: Gateway, real: Borough, head: Someone, clinician: Clinician) -> None:
        head = real.administrator()
        member_id, _ = self.reset(real, head, clinician[1])
        with gateway.database.session(UUID(real.id)) as session:
            rows = session.execute(
                text("SELECT reason FROM audit WHERE operation = 'gateway.reset_factors' AND subject_id = :id"), {"id": member_id}
            ).all()
        assert [row.reason for row in rows] == [self.REASON]

    @pytest.mark.parametrize("who", ["clinician", "neighbour"])
    def test_nobody_else_may(self, real: Borough, clinician: Clinician, neighbour: Someone, who: str) -> None:
        someone, _, _ = clinician
        member_id = someone.get(f"{real.base}/me").json["id"]
        asks = {"clinician": someone, "neighbour": neighbour}[who]
        answer = asks.post(f"{real.base}/people/{member_id}/factors/reset", {"reason": self.REASON})
        assert answer.status_code == {"clinician": 403, "neighbour": 404}[who]
        assert someone.get(f"{real.base}/me").status_code == 200

    def test_not_one_s_own(self, real: Borough) -> None:
        head = real.administrator()
        me = head.get(f"{real.base}/me").json["id"]
        assert head.post(f"{real.base}/people/{me}/factors/reset", {"reason": self.REASON}).status_code == 409

    def test_not_of_somebody_of_another_borough(self, real: Borough, lambeth: Borough, neighbour: Someone, clinician: Clinician) -> None:
        member_id = clinician[0].get(f"{real.base}/me").json["id"]
        answer = neighbour.post(f"{lambeth.base}/people/{member_id}/factors/reset", {"reason": self.REASON})
        assert answer.status_code == 404
        assert clinician[0].get(f"{real.base}/me").status_code == 200
