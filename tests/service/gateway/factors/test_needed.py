"""Nobody reads families of a real borough with a password alone."""

from uuid import uuid4

import pytest

from tests.service.gateway.factors.conftest import Clinician, change, joined
from tests.support.factors import enrol, prove
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone


def test_a_practitioner_without_a_second_factor_can_do_nothing_in_a_real_borough(real: Borough, newcomer: tuple[Someone, str]) -> None:
    someone, _ = newcomer
    for path in ("/me", "/families", "/people"):
        answer = someone.get(f"{real.base}{path}")
        assert (answer.status_code, answer.json["code"]) == (403, "second_factor_needed")
        assert "/api/v1/account/factors/authenticator" in answer.json["detail"]


def test_setting_one_up_opens_the_borough(real: Borough, newcomer: tuple[Someone, str]) -> None:
    someone, _ = newcomer
    enrol(someone)
    assert someone.get(f"{real.base}/me").json["name"] == "Nia Newcomer"


def test_at_each_later_sign_in_it_is_proved_again(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    again = real.sign_in(email, prove=False)
    assert again.get(f"{real.base}/me").status_code == 403
    prove(again, phone)
    assert again.get(f"{real.base}/me").status_code == 200


def test_sign_in_tells_how_the_session_stands(real: Borough, head: Someone, newcomer: tuple[Someone, str], clinician: Clinician) -> None:
    def stands(email: str) -> str:
        answer = real.gateway.anyone.post("/api/v1/session", {"email": email, "password": PASSWORD})
        return str(answer.json["second_factor"])

    assert stands(newcomer[1]) == "set_up"
    assert stands(clinician[1]) == "prove"
    assert stands(real.answer["invitation"]["email"]) == "none"


def test_a_code_may_come_with_the_password(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    body = {"email": email, "password": PASSWORD, "code": phone.code()}
    answer = real.gateway.anyone.post("/api/v1/session", body)
    assert (answer.status_code, answer.json["second_factor"]) == (201, "proved")
    assert Someone(real.gateway.app.test_client(), answer.json["token"]).get(f"{real.base}/me").status_code == 200


def test_a_wrong_code_with_the_right_password_begins_no_session(real: Borough, clinician: Clinician) -> None:
    someone, email, _ = clinician
    before = len(someone.get("/api/v1/account/sessions").json["items"])
    answer = real.gateway.anyone.post("/api/v1/session", {"email": email, "password": PASSWORD, "code": "000000"})
    assert (answer.status_code, answer.json["code"]) == (422, "wrong_code")
    assert len(someone.get("/api/v1/account/sessions").json["items"]) == before


def test_a_code_with_a_wrong_password_tells_nothing_of_the_code(real: Borough, clinician: Clinician) -> None:
    _, email, phone = clinician
    code = phone.code()
    answer = real.gateway.anyone.post("/api/v1/session", {"email": email, "password": "not my password", "code": code})
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_sign_in")
    again = real.sign_in(email, prove=False)
    assert again.post("/api/v1/session/second-factor", {"code": code}).status_code == 200


@pytest.mark.parametrize(("role", "kind"), [("practitioner", "camhs"), ("facilitator", "childrens_centre")])
def test_every_role_that_reads_families_needs_one(real: Borough, head: Someone, role: str, kind: str) -> None:
    invitation = real.invite(head, "Jo Marsh", [role], kind)
    real.gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD})
    assert real.sign_in(invitation["email"], prove=False).get(f"{real.base}/me").status_code == 403


def test_a_referrer_and_an_administrator_need_none(real: Borough, head: Someone) -> None:
    invitation = real.invite(head, "Helen Vance", ["referrer"], "referring")
    assert real.join(invitation).get(f"{real.base}/me").status_code == 200
    assert head.get(f"{real.base}/me").status_code == 200


def test_whoever_has_one_proves_it_whatever_their_role(real: Borough, head: Someone) -> None:
    invitation = real.invite(head, "Bea Careful", ["referrer"], "referring")
    phone = enrol(real.join(invitation))
    again = real.sign_in(invitation["email"], prove=False)
    assert again.get(f"{real.base}/me").json["code"] == "second_factor_needed"
    prove(again, phone)
    assert again.get(f"{real.base}/me").status_code == 200


def test_in_a_practice_borough_nobody_needs_one(southwark: Borough, administrator: Someone) -> None:
    invitation = southwark.invite(administrator, "Ruth Osei", ["practitioner"], "camhs")
    assert southwark.join(invitation).get(f"{southwark.base}/me").status_code == 200


def test_a_role_given_later_needs_one_from_the_next_request_on(real: Borough, head: Someone) -> None:
    invitation = real.invite(head, "Cas Climber", ["referrer"], "referring")
    someone = real.join(invitation)
    me = someone.get(f"{real.base}/me").json
    body = {"version": me["version"], "roles": ["facilitator"], "agency_id": me["agency"]["id"]}
    assert head.post(f"{real.base}/people/{me['id']}/change", body).status_code == 200
    assert someone.get(f"{real.base}/me").json["code"] == "second_factor_needed"


def test_before_it_is_proved_nothing_of_the_account_can_be_read_or_changed(real: Borough, clinician: Clinician) -> None:
    _, email, _ = clinician
    half = real.sign_in(email, prove=False)
    asked = [
        half.get("/api/v1/account"),
        half.get("/api/v1/account/sessions"),
        half.get("/api/v1/account/factors"),
        half.post("/api/v1/account/name", {"name": "Somebody Else"}),
        half.post("/api/v1/account/password", {"present": PASSWORD, "password": "four other quiet words"}),
        half.post("/api/v1/account/factors/authenticator"),
        half.post("/api/v1/account/factors/recovery-codes"),
        half.post("/api/v1/account/factors/authenticator/remove"),
        half.post("/api/v1/account/factors/passkeys/options"),
        half.post("/api/v1/session/confirm", {"password": PASSWORD}),
    ]
    assert {(answer.status_code, answer.json["code"]) for answer in asked} == {(403, "second_factor_needed")}


def test_one_can_sign_out_before_proving_it(real: Borough, clinician: Clinician) -> None:
    half = real.sign_in(clinician[1], prove=False)
    assert half.delete("/api/v1/session").status_code == 204
    assert half.post("/api/v1/session/second-factor", {"code": "000000"}).status_code == 401


def test_another_borough_s_id_is_not_found_rather_than_closed(real: Borough, lambeth: Borough, newcomer: tuple[Someone, str]) -> None:
    """Whoever lacks a factor learns nothing about boroughs that are not theirs."""
    assert newcomer[0].get(f"{lambeth.base}/me").status_code == 404
    assert newcomer[0].get("/api/v1/no-such-borough/me").status_code == 404


def test_the_token_is_another_after_proving_and_the_old_one_is_worth_nothing(real: Borough, clinician: Clinician, gateway: Gateway) -> None:
    _, email, phone = clinician
    session = real.sign_in(email, prove=False)
    old = session.token
    prove(session, phone)
    assert session.token != old
    assert Someone(gateway.app.test_client(), old).get("/api/v1/account").status_code == 401


def test_a_proof_sent_with_the_token_of_a_moment_ago_counts_all_the_same(
    real: Borough, head: Someone, clinician: Clinician, gateway: Gateway
) -> None:
    """Another tab's request got the session another token meanwhile, since the roles changed; the code is used up by then."""
    someone, email, phone = clinician
    me = someone.get(f"{real.base}/me").json
    change(gateway, "UPDATE identity.sign_ins SET second_factor_at = NULL WHERE person_id = :person", person=me["person_id"])
    body = {"version": me["version"], "roles": ["referrer"], "agency_id": me["agency"]["id"]}
    member = next(one for one in head.get(f"{real.base}/people", limit=100).json["items"] if one["email"] == email)
    assert head.post(f"{real.base}/people/{member['id']}/change", body).status_code == 200
    change(
        gateway,
        "UPDATE identity.sign_ins SET former_hash = token_hash, token_hash = :other, rotated_at = now() WHERE person_id = :person",
        other=uuid4().bytes,
        person=me["person_id"],
    )
    prove(someone, phone)
    assert someone.get(f"{real.base}/me").status_code == 200


def test_a_proof_sent_with_a_token_of_long_ago_does_not(gateway: Gateway, clinician: Clinician) -> None:
    someone, _, phone = clinician
    change(
        gateway,
        "UPDATE identity.sign_ins SET former_hash = token_hash, token_hash = :other, rotated_at = now() - interval '31 seconds'"
        " WHERE person_id = :person",
        other=uuid4().bytes,
        person=someone.get("/api/v1/account").json["person_id"],
    )
    assert someone.post("/api/v1/session/second-factor", {"code": phone.code()}).status_code == 401


def test_proving_one_session_proves_no_other(real: Borough, head: Someone) -> None:
    _, email, phone = joined(real, head)
    one, other = real.sign_in(email, prove=False), real.sign_in(email, prove=False)
    prove(one, phone)
    assert other.get(f"{real.base}/me").status_code == 403
