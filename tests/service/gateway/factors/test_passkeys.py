"""Passkeys by the API, with a device that can be told to cheat."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gateway.people.factors.passkeys import ASKED_FREELY
from tests.service.gateway.factors.conftest import Clinician, change, joined
from tests.support.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftwareKey, written
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.pages import seen

FACTORS = "/api/v1/account/factors"
PROVE = "/api/v1/session/second-factor/passkey"
SIGN_IN = "/api/v1/session/passkey"


def add(someone: Someone, key: SoftwareKey, name: str = "Work laptop") -> Any:
    """Go through the ceremony of adding a passkey; the session's token is another afterwards."""
    asked = someone.post(f"{FACTORS}/passkeys/options").json
    body = {"challenge_id": asked["challenge_id"], "credential": key.make(asked["options"]), "name": name}
    answer = someone.post(f"{FACTORS}/passkeys", body)
    if answer.status_code == 201:
        someone.token = answer.json["token"]
    return answer


def answered(someone: Someone, path: str, key: SoftwareKey, **changed: Any) -> Any:
    """Let a key answer what ``path`` asks."""
    asked = someone.post(f"{path}/options").json
    return someone.post(path, {"challenge_id": asked["challenge_id"], "credential": key.sign(asked["options"], **changed)})


@pytest.fixture
def key() -> SoftwareKey:
    return SoftwareKey()


@pytest.fixture
def owner(newcomer: tuple[Someone, str], key: SoftwareKey) -> tuple[Someone, str]:
    """A practitioner whose only second factor is the passkey."""
    assert add(newcomer[0], key).status_code == 201
    return newcomer


class TestAdding:
    def test_it_opens_the_borough_and_brings_recovery_codes(self, real: Borough, newcomer: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = newcomer
        assert len(add(someone, key).json["recovery_codes"]) == 10
        assert someone.get(f"{real.base}/me").status_code == 200

    def test_it_is_listed_with_its_name_and_last_use(self, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = owner
        (shown,) = someone.get(FACTORS).json["passkeys"]
        assert (shown["name"], shown["used_at"], shown["stopped"], shown["backed_up"]) == ("Work laptop", None, False, False)
        assert answered(someone, PROVE, key).status_code == 200

    def test_what_is_asked_for_names_nobody_and_needs_finger_face_or_pin(self, newcomer: tuple[Someone, str]) -> None:
        someone, email = newcomer
        options = someone.post(f"{FACTORS}/passkeys/options").json["options"]
        assert options["rp"] == {"id": "localhost", "name": "Stay & Play"}
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["attestation"] == "none"
        assert email not in options["user"]["id"]

    def test_the_random_name_of_a_person_stays_the_same_for_all_their_passkeys(self, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        again = SoftwareKey()
        assert add(owner[0], again, "Phone").status_code == 201
        assert again.handle == key.handle
        assert len(key.handle) == 32

    def test_two_people_have_different_random_names(
        self, real: Borough, head: Someone, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        other = SoftwareKey()
        assert add(joined(real, head)[0], other).status_code == 201
        assert other.handle != key.handle

    @pytest.mark.parametrize(
        "cheat",
        [
            {"origin": "https://stayplay.example.evil.example"},
            {"origin": "http://localhost:8001"},
            {"origin": "https://localhost:8000"},
            {"rp_id": "evil.example"},
            {"flags": PRESENT},
            {"flags": VERIFIED},
            {"flags": PRESENT | VERIFIED | BACKED_UP},
        ],
        ids=str,
    )
    def test_one_made_elsewhere_or_without_its_owner_is_refused(self, newcomer: tuple[Someone, str], cheat: dict[str, Any]) -> None:
        answer = add(newcomer[0], SoftwareKey(**cheat))
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_passkey")
        assert newcomer[0].get(FACTORS).json["passkeys"] == []

    def test_a_challenge_is_answered_once(self, newcomer: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = newcomer
        asked = someone.post(f"{FACTORS}/passkeys/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": key.make(asked["options"]), "name": "One"}
        someone.token = someone.post(f"{FACTORS}/passkeys", body).json["token"]
        again = someone.post(f"{FACTORS}/passkeys", {**body, "credential": SoftwareKey().make(asked["options"])})
        assert (again.status_code, again.json["code"]) == (422, "wrong_passkey")

    def test_a_refused_answer_uses_the_challenge_up_as_well(self, newcomer: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = newcomer
        asked = someone.post(f"{FACTORS}/passkeys/options").json
        wrong = SoftwareKey(origin="https://evil.example").make(asked["options"])
        body = {"challenge_id": asked["challenge_id"], "credential": wrong, "name": "One"}
        assert someone.post(f"{FACTORS}/passkeys", body).status_code == 422
        assert someone.post(f"{FACTORS}/passkeys", {**body, "credential": key.make(asked["options"])}).status_code == 422

    def test_a_challenge_of_five_minutes_ago_is_too_old(self, gateway: Gateway, newcomer: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = newcomer
        asked = someone.post(f"{FACTORS}/passkeys/options").json
        change(gateway, "UPDATE identity.challenges SET expires_at = now() - interval '1 second'")
        body = {"challenge_id": asked["challenge_id"], "credential": key.make(asked["options"]), "name": "One"}
        assert someone.post(f"{FACTORS}/passkeys", body).json["detail"].startswith("This took too long")

    def test_old_challenges_are_forgotten(self, gateway: Gateway, newcomer: tuple[Someone, str]) -> None:
        newcomer[0].post(f"{FACTORS}/passkeys/options")
        change(gateway, "UPDATE identity.challenges SET expires_at = now() - interval '1 second'")
        gateway.anyone.post(f"{SIGN_IN}/options")
        with gateway.database.platform_session() as session:
            assert session.execute(text("SELECT count(*) FROM identity.challenges")).scalar_one() == 1

    def test_another_session_s_challenge_is_not_one_s_own(self, real: Borough, head: Someone, newcomer: tuple[Someone, str]) -> None:
        asked = joined(real, head)[0].post(f"{FACTORS}/passkeys/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": SoftwareKey().make(asked["options"]), "name": "Not mine"}
        assert newcomer[0].post(f"{FACTORS}/passkeys", body).status_code == 422

    def test_the_same_passkey_is_not_kept_twice(self, real: Borough, head: Someone, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        assert add(owner[0], key).status_code == 422
        assert add(joined(real, head)[0], key).status_code == 422

    def test_a_session_that_has_not_proved_one_adds_none(self, real: Borough, owner: tuple[Someone, str]) -> None:
        half = real.sign_in(owner[1], prove=False)
        assert half.post(f"{FACTORS}/passkeys/options").json["code"] == "second_factor_needed"

    def test_a_name_is_needed(self, newcomer: tuple[Someone, str], key: SoftwareKey) -> None:
        assert add(newcomer[0], key, " ").json["faults"]["name"]

    def test_nobody_has_more_than_twenty(self, owner: tuple[Someone, str]) -> None:
        for number in range(19):
            assert add(owner[0], SoftwareKey(), f"Key {number}").status_code == 201
        assert owner[0].post(f"{FACTORS}/passkeys/options").status_code == 409


class TestSigningIn:
    def test_a_passkey_alone_is_both_factors(self, gateway: Gateway, real: Borough, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        answer = answered(gateway.anyone, SIGN_IN, key)
        assert (answer.status_code, answer.json["second_factor"]) == (201, "proved")
        someone = Someone(gateway.app.test_client(), answer.json["token"])
        assert someone.get(f"{real.base}/me").status_code == 200
        (session,) = [one for one in someone.get("/api/v1/account/sessions").json["items"] if one["present"]]
        assert (session["method"], session["second_factor"]) == ("passkey", True)

    def test_what_is_asked_tells_nothing_of_anybody(self, gateway: Gateway) -> None:
        options = gateway.anyone.post(f"{SIGN_IN}/options").json["options"]
        assert options["allowCredentials"] == []
        assert options["userVerification"] == "required"

    @pytest.mark.parametrize(
        "cheat",
        [
            {"origin": "https://evil.example"},
            {"origin": "http://localhost:8001"},
            {"rp_id": "evil.example"},
            {"flags": PRESENT},
            {"flags": VERIFIED},
            {"flags": PRESENT | VERIFIED | BACKED_UP},
        ],
        ids=str,
    )
    def test_one_used_elsewhere_or_without_its_owner_is_refused(
        self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey, cheat: dict[str, Any]
    ) -> None:
        for name, value in cheat.items():
            setattr(key, name, value)
        answer = answered(gateway.anyone, SIGN_IN, key)
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_passkey")

    def test_an_altered_signature_is_refused_and_stops_nothing(
        self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        key.count = -1
        assert answered(gateway.anyone, SIGN_IN, key, signature=b"0" * 70).status_code == 422
        assert owner[0].get(FACTORS).json["passkeys"][0]["stopped"] is False
        key.count = 0
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201

    def test_another_key_s_signature_is_refused(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        thief = SoftwareKey(credential_id=key.credential_id, handle=key.handle)
        assert answered(gateway.anyone, SIGN_IN, thief).status_code == 422

    def test_an_unknown_passkey_gets_the_same_answer_as_a_wrong_one(
        self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        unknown = answered(gateway.anyone, SIGN_IN, SoftwareKey(handle=b"x" * 32))
        wrong = answered(gateway.anyone, SIGN_IN, SoftwareKey(credential_id=key.credential_id, handle=key.handle))
        assert (unknown.status_code, unknown.data) == (wrong.status_code, wrong.data)

    @pytest.mark.parametrize("handle", [None, b"", b"y" * 32])
    def test_it_must_say_whose_it_is(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey, handle: bytes | None) -> None:
        assert answered(gateway.anyone, SIGN_IN, key, userHandle=handle).status_code == 422

    def test_an_answer_is_worth_nothing_a_second_time(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        asked = gateway.anyone.post(f"{SIGN_IN}/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": key.sign(asked["options"])}
        assert gateway.anyone.post(SIGN_IN, body).status_code == 201
        assert gateway.anyone.post(SIGN_IN, body).status_code == 422

    def test_two_at_once_with_one_answer_begin_one_session(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        asked = gateway.anyone.post(f"{SIGN_IN}/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": key.sign(asked["options"])}
        with ThreadPoolExecutor(5) as pool:
            answers = sorted(pool.map(lambda _: gateway.anyone.post(SIGN_IN, body).status_code, range(5)))
        assert answers == [201, 422, 422, 422, 422]

    def test_an_answer_to_proving_does_not_sign_in(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        asked = owner[0].post(f"{PROVE}/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": key.sign(asked["options"])}
        assert gateway.anyone.post(SIGN_IN, body).status_code == 422

    def test_an_answer_to_another_challenge_is_refused(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        one, other = gateway.anyone.post(f"{SIGN_IN}/options").json, gateway.anyone.post(f"{SIGN_IN}/options").json
        body = {"challenge_id": one["challenge_id"], "credential": key.sign(other["options"])}
        assert gateway.anyone.post(SIGN_IN, body).status_code == 422

    def test_wrong_codes_do_not_keep_a_passkey_waiting(
        self, gateway: Gateway, real: Borough, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        for number in range(8):
            real.sign_in(owner[1], prove=False).post("/api/v1/session/second-factor", {"code": f"{number:06}"})
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201

    def test_whoever_left_every_borough_signs_in_to_none(self, gateway: Gateway, real: Borough, head: Someone) -> None:
        someone, _, _ = joined(real, head)
        key = SoftwareKey()
        assert add(someone, key).status_code == 201
        me = someone.get(f"{real.base}/me").json
        assert head.post(f"{real.base}/people/{me['id']}/end", {"version": me["version"]}).status_code == 200
        answer = answered(gateway.anyone, SIGN_IN, key)
        assert answer.json["boroughs"] == []
        assert Someone(gateway.app.test_client(), answer.json["token"]).get(f"{real.base}/me").status_code == 404


def test_an_address_that_asks_without_end_is_slowed_down_and_no_other_is(gateway: Gateway) -> None:
    """Whoever asks is nobody yet, and what is asked is kept for five minutes: without a limit the table would be theirs to fill."""
    subject = sha256(b"passkey sign-in asked\x00198.51.100.7").digest()
    change(gateway, "INSERT INTO identity.attempts VALUES (:subject, :count, now())", subject=subject, count=ASKED_FREELY - 5)

    def ask(address: str) -> int:
        return int(gateway.app.test_client().post(f"{SIGN_IN}/options", json={}, environ_base={"REMOTE_ADDR": address}).status_code)

    assert [ask("198.51.100.7") for _ in range(7)] == [201] * 5 + [429] * 2
    assert ask("192.0.2.10") == 201


class TestProving:
    def test_it_proves_a_session_begun_with_a_password(self, real: Borough, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        half = real.sign_in(owner[1], prove=False)
        answer = answered(half, PROVE, key)
        assert answer.status_code == 200
        assert Someone(half.http, answer.json["token"]).get(f"{real.base}/me").status_code == 200
        assert half.get("/api/v1/account").status_code == 401

    def test_a_device_that_does_not_say_whose_it_is_may_prove(self, real: Borough, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        """Security keys leave that out where they were told which passkey is meant."""
        assert answered(real.sign_in(owner[1], prove=False), PROVE, key, userHandle=None).status_code == 200

    def test_it_is_told_which_passkeys_are_meant(self, real: Borough, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        options = real.sign_in(owner[1], prove=False).post(f"{PROVE}/options").json["options"]
        assert [one["id"] for one in options["allowCredentials"]] == [written(key.credential_id)]

    def test_somebody_else_s_passkey_proves_nothing(
        self, real: Borough, clinician: Clinician, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        half = real.sign_in(clinician[1], prove=False)
        answer = answered(half, PROVE, key)
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_passkey")
        assert half.get(f"{real.base}/me").status_code == 403

    def test_a_challenge_of_one_session_proves_no_other(self, real: Borough, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        one, other = real.sign_in(owner[1], prove=False), real.sign_in(owner[1], prove=False)
        asked = one.post(f"{PROVE}/options").json
        body = {"challenge_id": asked["challenge_id"], "credential": key.sign(asked["options"])}
        assert other.post(PROVE, body).status_code == 422


class TestCopies:
    def test_a_counter_that_went_back_stops_the_passkey_and_its_owner_is_told(
        self, gateway: Gateway, real: Borough, owner: tuple[Someone, str], key: SoftwareKey, mails: Callable[[str], list[str]]
    ) -> None:
        copy, before = key.copy(), len(mails(owner[1]))
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201
        assert answered(gateway.anyone, SIGN_IN, copy).status_code == 422
        assert owner[0].get(FACTORS).json["passkeys"][0]["stopped"] is True
        assert len(mails(owner[1])) == before + 1
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 422
        assert len(mails(owner[1])) == before + 1

    def test_a_stopped_passkey_is_still_one_that_must_be_proved(
        self, gateway: Gateway, real: Borough, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        """Else whoever has a copy and the password could stop the original, and set up a factor of their own."""
        copy = key.copy()
        answered(gateway.anyone, SIGN_IN, key)
        answered(gateway.anyone, SIGN_IN, copy)
        half = real.sign_in(owner[1], prove=False)
        assert half.post(f"{FACTORS}/authenticator").json["code"] == "second_factor_needed"

    def test_a_device_that_does_not_count_is_believed_each_time(self, gateway: Gateway, newcomer: tuple[Someone, str]) -> None:
        key = SoftwareKey(count=None)
        assert add(newcomer[0], key).status_code == 201
        assert [answered(gateway.anyone, SIGN_IN, key).status_code for _ in range(3)] == [201, 201, 201]

    def test_one_that_stops_counting_is_stopped(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201
        key.count = None
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 422

    def test_whether_it_is_kept_in_its_maker_s_cloud_is_noted(self, gateway: Gateway, newcomer: tuple[Someone, str]) -> None:
        key = SoftwareKey(flags=PRESENT | VERIFIED | ELIGIBLE)
        assert add(newcomer[0], key).status_code == 201
        key.flags |= BACKED_UP
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201
        assert newcomer[0].get(FACTORS).json["passkeys"][0]["backed_up"] is True

    def test_one_that_says_all_at_once_that_it_may_be_copied_is_stopped(
        self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        key.flags |= ELIGIBLE
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 422
        assert owner[0].get(FACTORS).json["passkeys"][0]["stopped"] is True


class TestRenaming:
    def test_only_the_name_changes(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        someone, _ = owner
        (passkey,) = someone.get(FACTORS).json["passkeys"]
        assert someone.post(f"{FACTORS}/passkeys/{passkey['id']}/rename", {"name": "Green laptop"}).status_code == 204
        assert someone.get(FACTORS).json["passkeys"] == [{**passkey, "name": "Green laptop"}]
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 201

    @pytest.mark.parametrize("name", ["", "x" * 61])
    def test_a_name_is_a_name(self, owner: tuple[Someone, str], name: str) -> None:
        (passkey,) = owner[0].get(FACTORS).json["passkeys"]
        refused = owner[0].post(f"{FACTORS}/passkeys/{passkey['id']}/rename", {"name": name})
        assert (refused.status_code, list(refused.json["faults"])) == (422, ["name"])

    def test_somebody_else_s_is_not_found(self, clinician: Clinician, owner: tuple[Someone, str]) -> None:
        (passkey,) = owner[0].get(FACTORS).json["passkeys"]
        theirs = clinician[0].post(f"{FACTORS}/passkeys/{passkey['id']}/rename", {"name": "Mine now"})
        unknown = clinician[0].post(f"{FACTORS}/passkeys/01890000-0000-7000-8000-000000000000/rename", {"name": "Mine now"})
        assert (theirs.status_code, theirs.data) == (404, unknown.data)
        assert owner[0].get(FACTORS).json["passkeys"][0]["name"] == "Work laptop"

    def test_it_is_renamed_on_its_page(self, gateway: Gateway, owner: tuple[Someone, str]) -> None:
        someone, _ = owner
        browser = gateway.app.test_client()
        browser.set_cookie("stayplay", someone.token)
        link = seen(browser.get("/account/passkeys")).one("main .row a")["href"]
        page = seen(browser.get(link))
        assert page.one("#name")["value"] == "Work laptop"
        kept = {field["name"]: field["value"] for field in page.all("main input[type=hidden]")}
        refused = browser.post(link, data={**kept, "name": ""})
        assert (refused.status_code, seen(refused).one(".govuk-error-summary a")["href"]) == (422, "#name")
        assert browser.post(link, data={**kept, "name": "Green laptop"}).location == "/account/passkeys?done=passkey_renamed"
        assert "Green laptop" in seen(browser.get("/account/passkeys")).text

    def test_one_that_is_not_there_has_no_page(self, gateway: Gateway, owner: tuple[Someone, str]) -> None:
        browser = gateway.app.test_client()
        browser.set_cookie("stayplay", owner[0].token)
        assert browser.get("/account/passkeys/01890000-0000-7000-8000-000000000000").status_code == 404


class TestRemoving:
    def test_the_last_one_stays_while_a_role_needs_it(self, owner: tuple[Someone, str]) -> None:
        (passkey,) = owner[0].get(FACTORS).json["passkeys"]
        assert owner[0].post(f"{FACTORS}/passkeys/{passkey['id']}/remove").status_code == 409

    def test_one_of_two_goes_and_no_longer_signs_in(self, gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey) -> None:
        add(owner[0], SoftwareKey(), "Phone")
        (passkey, _) = owner[0].get(FACTORS).json["passkeys"]
        assert owner[0].post(f"{FACTORS}/passkeys/{passkey['id']}/remove").status_code == 204
        assert answered(gateway.anyone, SIGN_IN, key).status_code == 422

    def test_two_removals_at_once_leave_one(self, owner: tuple[Someone, str]) -> None:
        someone, _ = owner
        add(someone, SoftwareKey(), "Phone")
        passkeys = someone.get(FACTORS).json["passkeys"]
        with ThreadPoolExecutor(2) as pool:
            clients = [Someone(someone.http.application.test_client(), someone.token) for _ in passkeys]
            answers = pool.map(lambda one, passkey: one.post(f"{FACTORS}/passkeys/{passkey['id']}/remove").status_code, clients, passkeys)
            assert sorted(answers) == [204, 409]

    def test_a_stopped_one_may_go_but_does_not_count_as_the_other(
        self, gateway: Gateway, real: Borough, owner: tuple[Someone, str], key: SoftwareKey
    ) -> None:
        someone, _ = owner
        add(someone, SoftwareKey(), "Phone")
        copy = key.copy()
        answered(gateway.anyone, SIGN_IN, key)
        answered(gateway.anyone, SIGN_IN, copy)
        stopped, working = someone.get(FACTORS).json["passkeys"]
        assert someone.post(f"{FACTORS}/passkeys/{working['id']}/remove").status_code == 409
        assert someone.post(f"{FACTORS}/passkeys/{stopped['id']}/remove").status_code == 204

    def test_somebody_else_s_is_not_found(self, clinician: Clinician, owner: tuple[Someone, str]) -> None:
        (passkey,) = owner[0].get(FACTORS).json["passkeys"]
        theirs = clinician[0].post(f"{FACTORS}/passkeys/{passkey['id']}/remove")
        unknown = clinician[0].post(f"{FACTORS}/passkeys/01890000-0000-7000-8000-000000000000/remove")
        assert (theirs.status_code, theirs.data) == (404, unknown.data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "authenticatorData",
                    "signature",
                    "userHandle",
                    "attestationObject",
                    "transports",
                ]
            ),
            inner,
            max_size=6,
        ),
    )
)
def test_whatever_a_browser_might_send_is_refused_in_words(gateway: Gateway, sent: Any) -> None:
    asked = gateway.anyone.post(f"{SIGN_IN}/options").json
    answer = gateway.anyone.post(SIGN_IN, {"challenge_id": asked["challenge_id"], "credential": sent})
    assert answer.status_code == 422


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
def test_a_part_that_is_cut_short_or_no_part_is_refused(gateway: Gateway, owner: tuple[Someone, str], key: SoftwareKey, part: str) -> None:
    asked = gateway.anyone.post(f"{SIGN_IN}/options").json
    credential = key.sign(asked["options"])
    credential["response"][part] = credential["response"][part][: len(credential["response"][part]) // 2]
    assert gateway.anyone.post(SIGN_IN, {"challenge_id": asked["challenge_id"], "credential": credential}).status_code == 422
