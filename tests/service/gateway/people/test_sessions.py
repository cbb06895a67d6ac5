"""Sessions: under a token that nobody knew before, for so long and no longer, listed and ended."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import text

from gateway.access.renewing import HEADER
from gateway.app import create_app
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.mailing import change

NEW = "green kettle morning"


@pytest.fixture
def jo(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    """Somebody of the test's own, who has joined."""
    made = southwark.invite(administrator, "Jo Marsh", ["facilitator"], "childrens_centre")
    southwark.join(made)
    return made


def me(somebody: Someone, borough: Borough) -> dict[str, Any]:
    found: dict[str, Any] = somebody.get(f"{borough.base}/me").json
    return found


def status(somebody: Someone, borough: Borough) -> int:
    return int(somebody.get(f"{borough.base}/me").status_code)


def change_roles(boss: Someone, borough: Borough, member: dict[str, Any], *roles: str) -> None:
    body = {"version": member["version"], "roles": list(roles), "agency_id": member["agency"]["id"]}
    assert boss.post(f"{borough.base}/people/{member['id']}/change", body).status_code == 200


def enter(browser: FlaskClient, email: str, password: str = PASSWORD) -> str:
    """Sign a browser in; return its token."""
    assert browser.post("/sign-in", data={"email": email, "password": password}).status_code == 303
    return token_of(browser)


def token_of(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("stayplay")
    assert cookie is not None
    return str(cookie.value)


def csrf(browser: FlaskClient) -> str:
    """Return what the forms of this browser's pages carry."""
    from gateway.access.csrf import token_for

    return token_for(token_of(browser))


def age(gateway: Gateway, column: str, minutes: float, email: str) -> None:
    """Let something about a person's sessions have been so long ago."""
    moved = f"{column} = {column} - make_interval(secs => :seconds)"
    sql = f"UPDATE identity.sign_ins s SET {moved} FROM identity.people p WHERE p.id = s.person_id AND p.email = :email"
    change(gateway.database, sql, seconds=minutes * 60, email=email)


def test_a_token_that_somebody_planted_is_not_taken_over(browser: FlaskClient, southwark: Borough, jo: dict[str, Any]) -> None:
    browser.set_cookie("stayplay", "planted-by-somebody")
    browser.set_cookie("__Host-stayplay", "planted-by-somebody")
    from gateway.access.csrf import token_for

    form = {"email": jo["email"], "password": PASSWORD, "csrf_token": token_for("planted-by-somebody")}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert token_of(browser) != "planted-by-somebody"
    assert status(Someone(browser, "planted-by-somebody"), southwark) == 401


def test_signing_in_again_ends_the_session_before(gateway: Gateway, browser: FlaskClient, southwark: Borough, jo: dict[str, Any]) -> None:
    first = enter(browser, jo["email"])
    form = {"email": jo["email"], "password": PASSWORD, "csrf_token": csrf(browser)}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert token_of(browser) != first
    assert status(Someone(gateway.app.test_client(), first), southwark) == 401


@pytest.mark.parametrize(("idle", "answer"), [(29.9, 200), (30.1, 401)])
def test_a_session_ends_after_half_an_hour_without_use(
    gateway: Gateway, southwark: Borough, jo: dict[str, Any], idle: float, answer: int
) -> None:
    somebody = southwark.sign_in(jo["email"])
    age(gateway, "seen_at", idle, jo["email"])
    assert status(somebody, southwark) == answer


def test_use_keeps_a_session_going_but_not_for_ever(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    for _ in range(23):
        age(gateway, "seen_at", 29, jo["email"])
        age(gateway, "ends_at", 29, jo["email"])
        assert status(somebody, southwark) == 200
    age(gateway, "ends_at", 60, jo["email"])
    assert status(somebody, southwark) == 401


def test_use_is_noted_at_most_once_a_minute(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    (before,) = somebody.get("/api/v1/account/sessions").json["items"][:1]
    (after,) = somebody.get("/api/v1/account/sessions").json["items"][:1]
    assert before["seen_at"] == after["seen_at"]


def test_a_change_of_roles_gives_the_session_another_token(
    gateway: Gateway, browser: FlaskClient, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    before = enter(browser, jo["email"])
    change_roles(administrator, southwark, me(Someone(browser, before), southwark), "facilitator", "administrator")
    assert browser.get(f"/{southwark.slug}/people").status_code == 200
    after = token_of(browser)
    assert after != before
    assert browser.get(f"/{southwark.slug}/people").status_code == 200
    assert token_of(browser) == after, "once a change"
    assert status(Someone(gateway.app.test_client(), before), southwark) == 200, "a request under way is still answered"
    age(gateway, "rotated_at", 0.6, jo["email"])
    assert status(Someone(gateway.app.test_client(), before), southwark) == 401


def test_a_client_of_the_api_is_told_its_other_token(
    gateway: Gateway, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    somebody = southwark.sign_in(jo["email"])
    change_roles(administrator, southwark, me(somebody, southwark), "facilitator", "administrator")
    answer = somebody.get(f"{southwark.base}/invitations")
    assert answer.status_code == 200
    assert status(Someone(gateway.app.test_client(), answer.headers[HEADER]), southwark) == 200
    assert HEADER not in somebody.get(f"{southwark.base}/me").headers


def test_a_form_that_was_open_while_the_roles_changed_is_still_taken(
    browser: FlaskClient, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    before = enter(browser, jo["email"])
    member = me(Someone(browser, before), southwark)
    change_roles(administrator, southwark, member, "facilitator", "administrator")
    form = {"csrf_token": csrf(browser), "form_key": str(uuid4()), "name": "Kit Reid", "email": "kit.r@x.example", "roles": ["facilitator"]}
    assert browser.post(f"/{southwark.slug}/people/invite", data=form).status_code == 200
    assert token_of(browser) != before


def test_a_role_that_was_taken_away_is_gone_from_the_next_request(southwark: Borough, administrator: Someone, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    change_roles(administrator, southwark, me(somebody, southwark), "facilitator", "administrator")
    assert somebody.get(f"{southwark.base}/invitations").status_code == 200
    change_roles(administrator, southwark, me(somebody, southwark), "facilitator")
    assert somebody.get(f"{southwark.base}/invitations").status_code == 403


def test_another_password_gives_another_token_and_ends_every_other_session(
    gateway: Gateway, southwark: Borough, jo: dict[str, Any]
) -> None:
    here, elsewhere = southwark.sign_in(jo["email"]), southwark.sign_in(jo["email"])
    answer = here.post("/api/v1/account/password", {"present": PASSWORD, "password": NEW})
    assert answer.status_code == 200
    assert (status(here, southwark), status(elsewhere, southwark)) == (401, 401), "the old token is worth nothing at once"
    assert status(Someone(gateway.app.test_client(), answer.json["token"]), southwark) == 200


def test_another_password_needs_the_present_one(southwark: Borough, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    refused = somebody.post("/api/v1/account/password", {"present": "not mine", "password": NEW})
    assert (refused.status_code, refused.json["faults"]) == (422, {"present": ["Password: this is not your password."]})
    weak = somebody.post("/api/v1/account/password", {"present": PASSWORD, "password": "password1"})
    assert (weak.status_code, list(weak.json["faults"])) == (422, ["password"])


def test_the_present_password_can_not_be_guessed_from_an_open_session(southwark: Borough, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    body = {"present": "not mine", "password": NEW}
    codes = [somebody.post("/api/v1/account/password", body).status_code for _ in range(8)]
    assert codes[-1] == 429


def test_sessions_are_listed_with_where_and_when(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    mine = "person_id IN (SELECT id FROM identity.people WHERE email = :email)"
    change(gateway.database, f"DELETE FROM identity.sign_ins WHERE {mine}", email=jo["email"])
    phone = gateway.app.test_client()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
    form = {"email": jo["email"], "password": PASSWORD}
    phone.post("/sign-in", data=form, headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": "192.0.2.44"})
    somebody = southwark.sign_in(jo["email"])
    here, there = somebody.get("/api/v1/account/sessions").json["items"]
    assert (here["present"], here["method"], here["second_factor"]) == (True, "password", False)
    assert (there["present"], there["browser"], there["address"]) == (False, "Safari on iPhone", "192.0.2.44")
    assert datetime.fromisoformat(there["ends_at"]) - datetime.fromisoformat(there["began_at"]) == timedelta(hours=12)


def test_a_session_is_ended_by_its_owner(southwark: Borough, jo: dict[str, Any]) -> None:
    here, there = southwark.sign_in(jo["email"]), southwark.sign_in(jo["email"])
    other = next(one for one in there.get("/api/v1/account/sessions").json["items"] if one["present"])
    assert here.delete(f"/api/v1/account/sessions/{other['id']}").status_code == 204
    assert (status(here, southwark), status(there, southwark)) == (200, 401)
    assert here.delete(f"/api/v1/account/sessions/{other['id']}").status_code == 404


def test_nobody_ends_or_sees_the_session_of_another(southwark: Borough, administrator: Someone, jo: dict[str, Any]) -> None:
    mine = southwark.sign_in(jo["email"])
    session = next(one for one in mine.get("/api/v1/account/sessions").json["items"] if one["present"])
    foreign = administrator.delete(f"/api/v1/account/sessions/{session['id']}")
    unknown = administrator.delete(f"/api/v1/account/sessions/{uuid4()}")
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data)
    assert session["id"] not in [one["id"] for one in administrator.get("/api/v1/account/sessions").json["items"]]
    assert status(mine, southwark) == 200


def test_all_others_are_ended_at_once(southwark: Borough, jo: dict[str, Any]) -> None:
    here, *others = [southwark.sign_in(jo["email"]) for _ in range(4)]
    assert [one["present"] for one in here.post("/api/v1/account/sessions/end-others").json["items"]] == [True]
    assert [status(one, southwark) for one in others] == [401] * 3


def test_an_administrator_sees_and_ends_a_members_sessions(southwark: Borough, administrator: Someone, jo: dict[str, Any]) -> None:
    first, second = southwark.sign_in(jo["email"]), southwark.sign_in(jo["email"])
    path = f"{southwark.base}/people/{me(first, southwark)['id']}/sessions"
    listed = administrator.get(path).json["items"]
    assert len(listed) >= 2
    assert "address" not in listed[0], "it may be somebody's home"
    mine = next(one for one in first.get("/api/v1/account/sessions").json["items"] if one["present"])
    left = administrator.post(f"{path}/{mine['id']}/end").json["items"]
    assert mine["id"] not in [one["id"] for one in left]
    assert (status(first, southwark), status(second, southwark)) == (401, 200)
    assert administrator.post(f"{path}/end").json == {"items": []}
    assert status(second, southwark) == 401


def test_an_administrator_reaches_nobody_of_another_borough(
    gateway: Gateway, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    other = gateway.onboard()
    stranger = other.administrator()
    member = me(southwark.sign_in(jo["email"]), southwark)
    for path in (f"{other.base}/people/{member['id']}/sessions", f"{southwark.base}/people/{member['id']}/sessions"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}/end").status_code == 404


def test_somebody_who_left_can_not_be_signed_out_elsewhere_by_the_borough(
    southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    somebody = southwark.sign_in(jo["email"])
    member = me(somebody, southwark)
    administrator.post(f"{southwark.base}/people/{member['id']}/end", {"version": member["version"]})
    assert administrator.get(f"{southwark.base}/people/{member['id']}/sessions").status_code == 404
    assert somebody.get("/api/v1/account/sessions").status_code == 200


def test_what_an_administrator_did_to_sessions_is_in_the_audit_trail(
    gateway: Gateway, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    member = me(southwark.sign_in(jo["email"]), southwark)
    administrator.post(f"{southwark.base}/people/{member['id']}/sessions/end")
    with gateway.database.session(UUID(southwark.id)) as session:
        query = "SELECT count(*) FROM audit WHERE operation = 'gateway.end_member_sessions' AND subject_id = :id"
        assert session.execute(text(query), {"id": member["id"]}).scalar_one() == 1


def test_leaving_a_borough_ends_access_at_once_in_every_replica(
    gateway: Gateway, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    """Two applications on one database, as two processes would be."""
    from gateway.runtime import NAME, Runtime

    runtime = gateway.app.extensions[NAME]
    second_database = gateway.settings.database()
    replica = create_app(Runtime.of(gateway.settings, second_database, runtime.calls._client))
    somebody = southwark.sign_in(jo["email"])
    there = Someone(replica.test_client(), somebody.token)
    assert (status(somebody, southwark), status(there, southwark)) == (200, 200)
    member = me(somebody, southwark)
    administrator.post(f"{southwark.base}/people/{member['id']}/end", {"version": member["version"]})
    assert (status(there, southwark), status(somebody, southwark)) == (404, 404)
    second_database.close()


def test_a_session_that_is_ended_in_one_replica_is_ended_in_every_one(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    from gateway.runtime import NAME, Runtime

    second_database = gateway.settings.database()
    client = gateway.app.extensions[NAME].calls._client
    replica = create_app(Runtime.of(gateway.settings, second_database, client))
    somebody = southwark.sign_in(jo["email"])
    there = Someone(replica.test_client(), somebody.token)
    assert status(there, southwark) == 200
    somebody.delete("/api/v1/session")
    assert status(there, southwark) == 401
    second_database.close()


def test_two_boroughs_of_one_person_share_nothing_but_the_session(
    gateway: Gateway, southwark: Borough, administrator: Someone, jo: dict[str, Any]
) -> None:
    other = gateway.onboard(name="Camden")
    boss = other.administrator()
    body = {"name": "Jo Marsh", "email": jo["email"], "roles": ["administrator"], "agency_id": None}
    other.join(boss.post(f"{other.base}/invitations", body).json)
    somebody = southwark.sign_in(jo["email"])
    assert (me(somebody, southwark)["roles"], me(somebody, other)["roles"]) == (["facilitator"], ["administrator"])
    assert somebody.get(f"{other.base}/invitations").status_code == 200
    assert somebody.get(f"{southwark.base}/invitations").status_code == 403
    member = me(somebody, other)
    boss.post(f"{other.base}/people/{member['id']}/end", {"version": member["version"]})
    assert (status(somebody, other), status(somebody, southwark)) == (404, 200)


def test_another_name_is_read_in_every_borough(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    other = gateway.onboard(name="Camden")
    boss = other.administrator()
    body = {"name": "Jo Marsh", "email": jo["email"], "roles": ["referrer"], "agency_id": None}
    other.join(boss.post(f"{other.base}/invitations", body).json)
    somebody = southwark.sign_in(jo["email"])
    assert somebody.post("/api/v1/account/name", {"name": "Jo Hartley"}).json["name"] == "Jo Hartley"
    assert [me(somebody, one)["name"] for one in (southwark, other)] == ["Jo Hartley", "Jo Hartley"]


@pytest.mark.parametrize("name", ["", "Jo\nBcc: evil@example.org", "Jo https://evil.example", "www.evil.example", "x" * 121, "Jo\x00"])
def test_a_name_is_a_name(southwark: Borough, jo: dict[str, Any], name: str) -> None:
    refused = southwark.sign_in(jo["email"]).post("/api/v1/account/name", {"name": name})
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["name"])


def test_the_account_says_who_is_signed_in(southwark: Borough, jo: dict[str, Any]) -> None:
    answer = southwark.sign_in(jo["email"]).get("/api/v1/account").json
    assert (answer["name"], answer["email"], answer["has_password"]) == ("Jo Marsh", jo["email"], True)


def test_clocks_that_differ_make_no_session_longer(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    """A replica whose clock is ahead noted a use that to ours is still to come: the session ends when it must all the same."""
    somebody = southwark.sign_in(jo["email"])
    age(gateway, "seen_at", -45, jo["email"])
    assert status(somebody, southwark) == 200
    age(gateway, "ends_at", 12 * 60, jo["email"])
    assert status(somebody, southwark) == 401


def test_tokens_end_at_their_moment_and_not_a_second_later(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    somebody = southwark.sign_in(jo["email"])
    ended = "UPDATE identity.sign_ins s SET ends_at = :now FROM identity.people p WHERE p.id = s.person_id AND p.email = :email"
    change(gateway.database, ended, now=datetime.now(UTC), email=jo["email"])
    assert status(somebody, southwark) == 401


def test_a_password_kept_with_older_figures_is_kept_anew_at_sign_in(gateway: Gateway, southwark: Borough, jo: dict[str, Any]) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    change(gateway.database, "UPDATE identity.people SET password_hash = :older WHERE email = :email", older=older, email=jo["email"])
    southwark.sign_in(jo["email"])
    with gateway.database.platform_session() as session:
        kept = session.execute(text("SELECT password_hash FROM identity.people WHERE email = :email"), {"email": jo["email"]}).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    southwark.sign_in(jo["email"])


def test_a_wrong_password_keeps_nothing_anew(gateway: Gateway, jo: dict[str, Any]) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    change(gateway.database, "UPDATE identity.people SET password_hash = :older WHERE email = :email", older=older, email=jo["email"])
    gateway.anyone.post("/api/v1/session", {"email": jo["email"], "password": "not mine"})
    with gateway.database.platform_session() as session:
        kept = session.execute(text("SELECT password_hash FROM identity.people WHERE email = :email"), {"email": jo["email"]}).scalar_one()
    assert kept == older
