"""Recovery codes, the last factor, and the way out for who lost everything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.access.audit.security import SecurityNotes
from tests.service.gateway.factors.conftest import Clinician, change, joined
from tests.support.factors import enrol
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.mailing import link_to
from tests.support.pages import Seen, seen

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


def form_of(page: Seen, action: str, **answers: str) -> dict[str, str]:
    """Return what a browser sends of the page's form to an address."""
    form = next(form for form in page.all("main form") if form["action"].partition("?")[0] == action)
    return {**{field["name"]: field["value"] for field in form.all("input[type=hidden]") if field.has("value")}, **answers}


class TestJoiningAnotherBorough:
    """Whoever has a second factor proves it before they join: a password, or a new one by mail, is not enough for that either."""

    @pytest.fixture
    def other(self, gateway: Gateway) -> Borough:
        return gateway.onboard(name="Hackney", gss_code="E09000012", practice=False)

    @pytest.fixture
    def invitation(self, other: Borough, clinician: Clinician) -> dict[str, Any]:
        administrator = other.administrator()
        agencies = {agency["kind"]: agency["id"] for agency in administrator.get(f"{other.base}/agencies").json["items"]}
        body = {"name": "Ruth Osei", "email": clinician[1], "roles": ["practitioner"], "agency_id": agencies["camhs"]}
        invitation: dict[str, Any] = administrator.post(f"{other.base}/invitations", body).json
        return invitation

    def test_a_password_alone_is_refused_and_the_invitation_stays_open(
        self, gateway: Gateway, other: Borough, clinician: Clinician, invitation: dict[str, Any]
    ) -> None:
        refused = gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD})
        assert (refused.status_code, refused.json["code"]) == (403, "second_factor_needed")
        assert clinician[0].get(f"{other.base}/me").status_code == 404
        assert gateway.anyone.get(f"/api/v1/invitations/{invitation['token']}").status_code == 200

    def test_a_session_that_has_proved_it_joins(self, other: Borough, clinician: Clinician, invitation: dict[str, Any]) -> None:
        someone = clinician[0]
        assert someone.post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD}).status_code == 200
        assert someone.get(f"{other.base}/me").json["roles"] == ["practitioner"]

    def test_a_session_of_somebody_else_proves_nothing(
        self, real: Borough, head: Someone, other: Borough, clinician: Clinician, invitation: dict[str, Any]
    ) -> None:
        stranger = joined(real, head)[0]
        assert stranger.post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD}).status_code == 403
        assert clinician[0].get(f"{other.base}/me").status_code == 404

    def test_what_a_borough_s_provider_vouches_for_is_not_enough(
        self, gateway: Gateway, clinician: Clinician, invitation: dict[str, Any]
    ) -> None:
        change(gateway, "UPDATE identity.sign_ins SET provider_id = gen_random_uuid(), method = 'sso' WHERE second_factor_at IS NOT NULL")
        refused = clinician[0].post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD})
        assert refused.json["code"] == "second_factor_needed"

    def test_an_account_made_by_somebody_else_with_their_passkey_is_of_no_use_to_them_later(
        self, gateway: Gateway, real: Borough, other: Borough, clinician: Clinician, invitation: dict[str, Any]
    ) -> None:
        """The true owner of the address chooses a new password, and whoever holds the account's factor does not get in with them."""
        _, email, _ = clinician
        gateway.anyone.post("/api/v1/password-resets", {"email": email})
        token = link_to(gateway.database, email, "reset").rpartition("/")[2]
        gateway.anyone.post(f"/api/v1/password-resets/{token}", {"password": "my own four words"})
        body = {"password": "my own four words"}
        assert gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", body).status_code == 403

    def test_the_pages_lead_to_the_second_step_and_back(
        self, gateway: Gateway, other: Borough, clinician: Clinician, invitation: dict[str, Any]
    ) -> None:
        browser, path = gateway.app.test_client(), f"/invitation/{invitation['token']}"
        asked = browser.post(path, data={"name": "Ruth Osei", "password": PASSWORD})
        assert asked.location == f"/account/second-factor?next={path}"
        step = seen(browser.get(asked.location))
        proved = browser.post("/account/second-factor", data=form_of(step, "/account/second-factor", code=clinician[2].code()))
        assert proved.location == path
        again = seen(browser.get(path))
        assert "You are signed in with this address." in again.text
        assert not again.all("#name"), "they have one"
        joined_now = browser.post(path, data=form_of(again, path, password=PASSWORD))
        assert joined_now.location == f"/{other.slug}/"
        assert browser.get(f"/{other.slug}/people").status_code == 403, "a practitioner, with the session that proved the factor"


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

    def test_the_administrators_of_each_borough_they_work_in_are_told_and_it_is_in_each_trail(
        self, gateway: Gateway, real: Borough, clinician: Clinician, mails: Callable[[str], list[str]]
    ) -> None:
        """What one borough's administrator opens is open in the others as well: theirs must hear of it."""
        other = gateway.onboard(name="Hackney", gss_code="E09000012", practice=False)
        administrator = other.administrator()
        body = {"name": "Ruth Osei", "email": clinician[1], "roles": ["referrer"], "agency_id": None}
        invitation = administrator.post(f"{other.base}/invitations", body).json
        assert clinician[0].post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD}).status_code == 200
        stranger = gateway.onboard(name="Barnet", gss_code="E09000003", practice=False)
        self.reset(real, real.administrator(), clinician[1])
        SecurityNotes(gateway.database).write()
        told = "Somebody may set up a new second step"
        assert told in mails(administrator.get("/api/v1/account").json["email"])
        assert told in mails(real.answer["invitation"]["email"])
        assert told not in mails(stranger.answer["invitation"]["email"])
        with gateway.database.session(UUID(other.id)) as session:
            entries = session.execute(text("SELECT person_name FROM audit WHERE operation = 'gateway.factors_were_reset'")).all()
        assert [entry.person_name for entry in entries] == ["Ruth Osei"]

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
