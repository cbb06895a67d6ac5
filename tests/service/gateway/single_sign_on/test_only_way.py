"""A borough that is entered only by single sign-on, and how it does not lock itself out."""

from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from sqlalchemy import text

from tests.support.gateway import PASSWORD
from tests.support.pages import seen
from tests.support.signing_on import LABEL, Council, keys, today


@pytest.fixture
def closed(council: Council) -> Council:
    """A borough in which it is the only way in."""
    return council.only()


def people(council: Council) -> list[dict[str, Any]]:
    with council.gateway.database.platform_session() as session:
        rows = session.execute(
            text("SELECT id, email, roles, version FROM members WHERE borough_id = :id AND left_at IS NULL"), {"id": council.borough.id}
        )
        return [dict(row) for row in rows.mappings()]


def test_a_password_opens_it_no_more_and_the_page_says_what_does(closed: Council) -> None:
    answer = closed.signed_in(closed.borough.answer["invitation"]["email"]).get(f"/{closed.slug}/")
    assert answer.status_code == 403
    assert f"Sign in with your {LABEL}" in answer.text
    assert f"/sign-on/{closed.slug}?next=/{closed.slug}/" in answer.text
    assert not seen(answer).all("nav.menu a"), "no menu of a borough that is not open"


def test_sessions_that_began_with_a_password_end_with_the_password_there(council: Council) -> None:
    known = council.invite()
    council.borough.join(known)
    browser = council.signed_in(known["email"])
    assert today(browser, council) == 200
    council.only()
    assert today(browser, council) == 403


def test_nor_does_one_in_the_api(closed: Council) -> None:
    refused = closed.boss.get(f"{closed.borough.base}/me")
    assert (refused.status_code, refused.json["code"]) == (403, "sign_on_needed")


def test_an_account_opens_it(closed: Council) -> None:
    assert today(closed.let_in("boss"), closed) == 200


def test_another_borough_is_opened_by_the_password_as_before(closed: Council, found_council: Callable[..., Council]) -> None:
    lambeth = found_council(name="Lambeth")
    email = closed.borough.answer["invitation"]["email"]
    body = {"name": "Boss", "email": email, "roles": ["facilitator"], "agency_id": None}
    made = lambeth.boss.post(f"{lambeth.borough.base}/invitations", body).json
    closed.gateway.anyone.post(f"/api/v1/invitations/{made['token']}", {"password": PASSWORD})
    browser = closed.signed_in(email)
    assert today(browser, lambeth) == 200
    assert today(browser, closed) == 403


def test_the_sign_in_page_of_the_borough_shows_its_account_and_tells_nothing_of_anybody(closed: Council) -> None:
    page = seen(closed.browser().get(f"/sign-in?next=/{closed.slug}/groups"))
    assert page.one("main a.govuk-button").words == f"Sign in with your {LABEL}"
    assert page.one("main a.govuk-button")["href"] == f"/sign-on/{closed.slug}?next=/{closed.slug}/groups"
    unknown = seen(closed.browser().get("/sign-in?next=/nowhere/groups"))
    assert [link["href"] for link in unknown.all("main a") if "sign-on" in link["href"]] == ["/sign-on"]
    assert closed.slug in closed.browser().get("/sign-on").text


def test_nobody_joins_it_with_a_password(closed: Council) -> None:
    boss = closed.let_in("boss")
    closed.confirm()
    form = keys(boss, f"/{closed.slug}/people/invite")
    made = boss.post(f"/{closed.slug}/people/invite", data={**form, "name": "Ruth", "email": "ruth@only.example", "roles": "facilitator"})
    token = seen(made).one("#link")["value"].rsplit("/", 1)[1]
    answer = closed.gateway.anyone.post(f"/api/v1/invitations/{token}", {"password": "three quiet words of hers"})
    assert (answer.status_code, answer.json["code"]) == (403, "sign_on_needed")
    page = seen(closed.browser().get(f"/invitation/{token}"))
    assert not page.all("input[type=password]")
    assert page.one("main button").words == f"Join with your {LABEL}"
    assert closed.join({"token": token}, "ruth").status_code == 303
    assert today(closed.let_in("ruth"), closed) == 200


def test_it_is_not_made_the_only_way_before_an_administrator_came_in_by_it(council: Council) -> None:
    council.member("ruth")
    refused = council.use("only")
    assert refused.status_code == 409
    assert "lock yourself out" in refused.json["detail"]
    browser = council.signed_in(council.borough.answer["invitation"]["email"])
    council.link(browser, "boss")
    assert council.use("only").status_code == 409, "linked is not yet come in"
    council.let_in("boss")
    assert council.use("only").status_code == 200


def test_it_is_not_switched_on_before_it_was_checked(bare: Council) -> None:
    bare.set_up()
    for use in ("beside", "only"):
        refused = bare.use(use)
        assert refused.status_code == 409
        assert "Check the provider first" in refused.json["detail"]


def test_whoever_came_in_by_another_provider_does_not_count_for_a_new_one(council: Council) -> None:
    browser = council.signed_in(council.borough.answer["invitation"]["email"])
    council.link(browser, "boss")
    council.let_in("boss")
    council.set_up(client_id="another")
    assert council.settings["administrators_in"] == 0
    assert council.settings["use"] == "off"


def test_another_provider_opens_the_other_ways_again(closed: Council) -> None:
    boss = closed.let_in("boss")
    closed.confirm()
    page = f"/{closed.slug}/sign-on"
    form = keys(boss, page)
    now = {"label": LABEL, "issuer": closed.provider.issuer, "client_id": "a new one", "trusts_factor": "no"}
    assert boss.post(page, data={**form, **now, "client_secret": "new"}).status_code == 303
    assert today(closed.signed_in(closed.borough.answer["invitation"]["email"]), closed) == 200
    assert boss.get(page).status_code == 403


def test_the_last_administrator_who_can_come_in_does_not_lose_that(council: Council) -> None:
    council.borough.join(council.invite("Second Boss", "administrator"))
    council.only()
    email = council.borough.answer["invitation"]["email"]
    browser = council.signed_in(email)
    page = f"/account/organisation/{council.slug}"
    refused = browser.post(f"{page}/unlink", data=keys(browser, page))
    assert refused.status_code == 409
    assert "no other administrator has come in" in refused.text
    boss = council.let_in("boss")
    council.confirm()
    [me] = [one for one in people(council) if one["email"] == email]
    address = f"/{council.slug}/people/{me['id']}"
    ended = boss.post(f"{address}/end", data={**keys(boss, address), "version": me["version"]})
    assert ended.status_code == 409
    demoted = boss.post(address, data={**keys(boss, address), "version": me["version"], "roles": "facilitator"})
    assert demoted.status_code in {409, 422}
    assert today(council.let_in("boss"), council) == 200


def test_of_two_administrators_who_unlink_at_once_one_stays(council: Council) -> None:
    second = council.invite("Second Boss", "administrator")
    council.borough.join(second)
    council.link(council.signed_in(second["email"]), "second")
    council.let_in("second")
    council.only()
    page = f"/account/organisation/{council.slug}"
    browsers = [council.signed_in(email) for email in (second["email"], council.borough.answer["invitation"]["email"])]
    forms = [keys(browser, page) for browser in browsers]
    jobs = [eventlet.spawn(browser.post, f"{page}/unlink", data=form) for browser, form in zip(browsers, forms, strict=True)]
    assert sorted(job.wait().status_code for job in jobs) == [303, 409]


def test_operators_let_passwords_in_again_where_the_provider_is_gone(closed: Council) -> None:
    operator, base = closed.gateway.operator, f"/api/v1/operator/boroughs/{closed.borough.id}"
    assert operator.get(base).json["only_sign_on"] is True
    answer = operator.post(f"{base}/sign-on/relax", {"reason": "The provider was switched off by mistake"})
    assert (answer.status_code, answer.json["use"]) == (200, "beside")
    assert today(closed.signed_in(closed.borough.answer["invitation"]["email"]), closed) == 200
    assert today(closed.let_in("boss"), closed) == 200
    assert operator.post(f"{base}/sign-on/relax", {"reason": "again"}).status_code == 409
    [entry] = closed.trail("relax_sign_on")
    assert "switched off by mistake" in str(entry["facts"])


def test_nobody_else_does(closed: Council) -> None:
    path = f"/api/v1/operator/boroughs/{closed.borough.id}/sign-on/relax"
    assert closed.boss.post(path, {"reason": "please"}).status_code == 401
    assert closed.gateway.anyone.post(path, {"reason": "please"}).status_code == 401


def test_operators_do_it_on_a_page(closed: Council) -> None:
    browser = closed.browser()
    operator_token = closed.gateway.operator.token
    page = seen(browser.get("/operator/sign-in"))
    form = {field["name"]: field["value"] for field in page.all("main form input[type=hidden]") if field.has("value")}
    assert browser.post("/operator/sign-in", data={**form, "token": operator_token}).status_code == 303
    address = f"/operator/boroughs/{closed.borough.id}"
    assert f"{address}/sign-on" in browser.get(address).text
    assert browser.post(f"{address}/sign-on", data=keys(browser, f"{address}/sign-on")).status_code == 422
    done = browser.post(f"{address}/sign-on", data={**keys(browser, f"{address}/sign-on"), "reason": "It is gone"})
    assert done.status_code == 303
    assert "with their passwords again" in browser.get(done.location).text
    assert "nothing to do" in browser.get(f"{address}/sign-on").text
