"""What is sensitive asks again who it is; and a borough keeps an administrator, whoever removes whom at once."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gateway.access.csrf import token_for
from tests.support.desk import until
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.pages import seen


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    """A borough of the test's own."""
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def second(borough: Borough, boss: Someone) -> Someone:
    """Another administrator."""
    return borough.join(borough.invite(boss, "Second Boss", ["administrator"]))


def me(somebody: Someone, borough: Borough) -> dict[str, Any]:
    found: dict[str, Any] = somebody.get(f"{borough.base}/me").json
    return found


def end(somebody: Someone, borough: Borough, member: dict[str, Any]) -> Any:
    return somebody.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]})


def long_ago(gateway: Gateway, minutes: float = 10.1) -> None:
    """Let everybody have given their password so long ago."""
    change(gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now() - make_interval(secs => :s)", s=minutes * 60)


def confirm(somebody: Someone, password: str = PASSWORD) -> Any:
    return somebody.post("/api/v1/session/confirm", {"password": password})


def test_a_membership_is_not_ended_by_a_session_that_was_left_open(
    gateway: Gateway, borough: Borough, boss: Someone, second: Someone
) -> None:
    member = me(second, borough)
    long_ago(gateway)
    refused = end(boss, borough, member)
    assert (refused.status_code, refused.json["code"]) == (403, "confirmation_needed")
    assert me(second, borough)["left_at"] is None
    assert confirm(boss).status_code == 204
    assert end(boss, borough, member).status_code == 200


def test_nobody_is_given_a_role_by_a_session_that_was_left_open(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    """An invitation gives roles as a change of roles does."""
    body = {"name": "Mallory", "email": f"mallory@{borough.slug}.example", "roles": ["administrator"], "agency_id": None}
    long_ago(gateway)
    refused = boss.post(f"{borough.base}/invitations", body)
    assert (refused.status_code, refused.json["code"]) == (403, "confirmation_needed")
    assert confirm(boss).status_code == 204
    invited = boss.post(f"{borough.base}/invitations", body)
    assert invited.status_code == 201
    long_ago(gateway)
    again = boss.post(f"{borough.base}/invitations/{invited.json['id']}/resend", {})
    assert (again.status_code, again.json["code"]) == (403, "confirmation_needed")
    assert boss.post(f"{borough.base}/invitations/{invited.json['id']}/withdraw", {}).status_code == 200, "taking it back gives nothing"


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 200), (10.1, 403)])
def test_a_confirmation_holds_for_ten_minutes(
    gateway: Gateway, borough: Borough, boss: Someone, second: Someone, minutes: float, status: int
) -> None:
    member = me(second, borough)
    long_ago(gateway, minutes)
    body = {"version": member["version"], "roles": ["referrer"], "agency_id": None}
    assert boss.post(f"{borough.base}/people/{member['id']}/change", body).status_code == status


def test_a_wrong_password_confirms_nothing_and_guessing_it_gets_slow(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    long_ago(gateway)
    refused = confirm(boss, "not mine")
    assert (refused.status_code, refused.json["faults"]) == (422, {"password": ["Password: this is not your password."]})
    assert [confirm(boss, "not mine").status_code for _ in range(6)][-1] == 429


def test_one_session_that_confirmed_says_nothing_of_another(gateway: Gateway, borough: Borough, boss: Someone, second: Someone) -> None:
    other = borough.sign_in(f"ada@{borough.slug}.example")
    long_ago(gateway)
    confirm(other)
    assert end(boss, borough, me(second, borough)).status_code == 403
    assert end(other, borough, me(second, borough)).status_code == 200


def test_confirming_needs_a_session(gateway: Gateway) -> None:
    assert confirm(gateway.anyone).status_code == 401


def enter(browser: FlaskClient, borough: Borough) -> str:
    """Sign the administrator's browser in; return what its forms carry."""
    browser.post("/sign-in", data={"email": f"ada@{borough.slug}.example", "password": PASSWORD})
    cookie = browser.get_cookie("stayplay")
    assert cookie is not None
    return token_for(str(cookie.value))


def test_a_page_that_asks_again_leads_there_and_back(
    gateway: Gateway, browser: FlaskClient, borough: Borough, boss: Someone, second: Someone
) -> None:
    path = f"/{borough.slug}/people/{me(second, borough)['id']}"
    csrf = enter(browser, borough)
    long_ago(gateway)
    led = browser.get(path)
    assert (led.status_code, led.location) == (303, f"/account/confirm?next={path}")
    assert seen(browser.get(led.location)).one("h1").text == "Confirm that it is you"
    form = {"csrf_token": csrf, "next": path}
    refused = browser.post("/account/confirm", data={**form, "password": "not mine"})
    assert refused.status_code == 422
    assert seen(refused).one(".govuk-error-summary a").text == "Password: this is not your password."
    assert browser.post("/account/confirm", data={**form, "password": PASSWORD}).location == path
    assert browser.get(path).status_code == 200


def test_whoever_has_no_password_is_told_to_sign_in_again(gateway: Gateway, browser: FlaskClient, borough: Borough, boss: Someone) -> None:
    enter(browser, borough)
    mine = "UPDATE identity.people SET password_hash = NULL WHERE email = :email"
    change(gateway.database, mine, email=f"ada@{borough.slug}.example")
    page = seen(browser.get("/account/confirm"))
    assert not page.all("#password")
    assert page.one("main form")["action"] == "/sign-out"
    assert "Password" not in [row.text for row in seen(browser.get("/account")).all("main .row strong")]


def test_a_form_that_comes_too_late_changes_nothing_and_says_so(
    gateway: Gateway, browser: FlaskClient, borough: Borough, boss: Someone, second: Someone
) -> None:
    member = me(second, borough)
    page = f"/{borough.slug}/people/{member['id']}"
    form = {"csrf_token": enter(browser, borough), "form_key": str(uuid4()), "version": str(member["version"])}
    long_ago(gateway)
    led = browser.post(f"{page}/end", data=form, headers={"Referer": f"http://localhost{page}"})
    assert led.location == f"/account/confirm?next={page}?done%3Dconfirm_again"
    assert me(second, borough)["left_at"] is None
    browser.post("/account/confirm", data={**form, "password": PASSWORD, "next": page})
    assert "nothing was changed yet" in seen(browser.get(f"{page}?done=confirm_again")).text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"]
)
def test_confirming_never_leads_to_another_site(browser: FlaskClient, borough: Borough, boss: Someone, elsewhere: str) -> None:
    csrf = enter(browser, borough)
    answer = browser.post("/account/confirm", data={"csrf_token": csrf, "password": PASSWORD, "next": elsewhere})
    assert answer.location == "/account"


@pytest.mark.parametrize(
    "path", ["/account/name", "/account/password", "/account/confirm", "/account/sessions/end-others", f"/account/sessions/{uuid4()}/end"]
)
def test_a_form_of_another_site_does_nothing(browser: FlaskClient, borough: Borough, boss: Someone, path: str) -> None:
    csrf = enter(browser, borough)
    answers = {"name": "Evil", "present": PASSWORD, "password": "green kettle morning"}
    foreign = browser.post(path, data={**answers, "csrf_token": csrf}, headers={"Sec-Fetch-Site": "cross-site"})
    older = browser.post(path, data={**answers, "csrf_token": csrf}, headers={"Origin": "https://evil.example"})
    tokenless = browser.post(path, data=answers)
    assert [answer.status_code for answer in (foreign, older, tokenless)] == [403, 403, 403]
    assert me(boss, borough)["name"] == "Ada Minister"


def at_once(gateway: Gateway, borough: Borough, *calls: Callable[[], Any]) -> list[int]:
    """Make calls that all wait for the same rows before any goes on; return the codes of their answers, sorted."""
    held = "SELECT id FROM members WHERE roles ? 'administrator' AND left_at IS NULL FOR UPDATE"
    waits = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    with gateway.database.session(UUID(borough.id)) as holding:
        holding.execute(text(held))
        threads = [eventlet.spawn(call) for call in calls]
        with gateway.database.platform_session() as looking:
            until(lambda: looking.execute(waits).scalar_one() == len(calls))
        holding.commit()
    return sorted(thread.wait().status_code for thread in threads)


def test_two_administrators_who_remove_each_other_at_once_do_not_leave_the_borough_without(
    gateway: Gateway, borough: Borough, boss: Someone, second: Someone
) -> None:
    first_member, second_member = me(boss, borough), me(second, borough)
    ends = (partial(end, boss, borough, second_member), partial(end, second, borough, first_member))
    assert at_once(gateway, borough, *ends) == [200, 403]
    codes = sorted(somebody.get(f"{borough.base}/people").status_code for somebody in (boss, second))
    assert codes == [200, 404]


def test_of_three_administrators_two_who_remove_each_other_do_not_both_go(
    gateway: Gateway, borough: Borough, boss: Someone, second: Someone
) -> None:
    third = borough.join(borough.invite(boss, "Third Boss", ["administrator"]))
    first_member, second_member = me(boss, borough), me(second, borough)
    ends = (partial(end, boss, borough, second_member), partial(end, second, borough, first_member))
    assert at_once(gateway, borough, *ends) == [200, 403]
    listed = third.get(f"{borough.base}/people", role="administrator").json["items"]
    assert len(listed) == 2, "whoever was removed first removes nobody any more"


def test_two_administrators_who_take_each_others_role_at_once_leave_one(
    gateway: Gateway, borough: Borough, boss: Someone, second: Someone
) -> None:
    def demote(somebody: Someone, member: dict[str, Any]) -> Any:
        body = {"version": member["version"], "roles": ["referrer"], "agency_id": None}
        return somebody.post(f"{borough.base}/people/{member['id']}/change", body)

    first_member, second_member = me(boss, borough), me(second, borough)
    demotions = (partial(demote, boss, second_member), partial(demote, second, first_member))
    assert at_once(gateway, borough, *demotions) == [200, 403]


def test_the_last_administrator_can_neither_leave_nor_give_the_role_up(borough: Borough, boss: Someone) -> None:
    member = me(boss, borough)
    assert end(boss, borough, member).status_code == 409
    body = {"version": member["version"], "roles": ["referrer"], "agency_id": None}
    assert boss.post(f"{borough.base}/people/{member['id']}/change", body).status_code == 409
    assert me(boss, borough)["roles"] == ["administrator"]
