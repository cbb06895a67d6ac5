"""Coming in by the pages: signing in and out, choosing a borough, joining, and the people of a borough."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone
from tests.support.pages import Seen, seen


@pytest.fixture
def browser(gateway: Gateway) -> FlaskClient:
    return gateway.app.test_client()


@pytest.fixture(scope="module")
def invitation(southwark: Borough, administrator: Someone) -> dict[str, Any]:
    made = southwark.invite(administrator, "Ruth Osei", ["practitioner"], "camhs")
    southwark.join(made)
    return made


@pytest.fixture
def signed_in(browser: FlaskClient, southwark: Borough, administrator: Someone) -> FlaskClient:
    """The administrator's browser."""
    assert enter(browser, f"ada@{southwark.slug}.example").status_code == 303
    return browser


def enter(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.post("/sign-in", data={"email": email, "password": password, **more})


def form_of(page: Seen, **answers: object) -> dict[str, object]:
    """Return what a browser sends of the page's own form."""
    form = page.all("main form")[0]
    kept = {field["name"]: field["value"] for field in form.all("input[type=hidden]") if field.has("value")}
    return {**kept, **answers}


def test_nobody_is_led_to_sign_in(browser: FlaskClient) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_page_that_needs_signing_in_comes_back_to_itself(browser: FlaskClient, southwark: Borough) -> None:
    answer = browser.get(f"/{southwark.slug}/groups?after=x")
    assert answer.location == f"/sign-in?next=/{southwark.slug}/groups?after%3Dx"
    page = seen(browser.get(answer.location))
    assert page.one("[name=next]")["value"] == f"/{southwark.slug}/groups?after=x"


def test_signing_in_goes_on_to_where_one_wanted_to_be(browser: FlaskClient, southwark: Borough, invitation: dict[str, Any]) -> None:
    answer = enter(browser, invitation["email"], next=f"/{southwark.slug}/groups")
    assert answer.location == f"/{southwark.slug}/groups"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil", "/a\\b"]
)
def test_signing_in_never_leads_to_another_site(browser: FlaskClient, invitation: dict[str, Any], elsewhere: str) -> None:
    assert enter(browser, invitation["email"], next=elsewhere).location == "/boroughs"
    page = seen(browser.get("/sign-in", query_string={"next": elsewhere}))
    assert not page.all("[name=next]")


def test_the_cookie_can_not_be_read_by_scripts_or_sent_by_other_sites(browser: FlaskClient, invitation: dict[str, Any]) -> None:
    cookie = enter(browser, invitation["email"]).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_a_wrong_password_says_what_to_do_and_does_not_repeat_it(browser: FlaskClient, invitation: dict[str, Any]) -> None:
    answer = enter(browser, invitation["email"], "not the password")
    page = seen(answer)
    assert answer.status_code == 401
    assert page.one(".govuk-error-summary__title").words == "Email or password is wrong"
    assert page.one("#email")["value"] == invitation["email"]
    assert "not the password" not in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_empty_answers_are_named(browser: FlaskClient) -> None:
    page = seen(enter(browser, "", ""))
    assert [link.text for link in page.all(".govuk-error-summary a")] == ["Email: this is needed.", "Password: this is needed."]


def test_guessing_is_told_to_wait(browser: FlaskClient) -> None:
    email = f"{uuid4().hex}@example.org"
    answers = [enter(browser, email, "wrong one") for _ in range(12)]
    assert answers[-1].status_code == 429
    assert seen(answers[-1]).one(".govuk-error-summary__title").words == "Too many attempts"


def test_a_form_of_another_site_does_not_sign_in(browser: FlaskClient, invitation: dict[str, Any]) -> None:
    answer = browser.post("/sign-in", data={"email": invitation["email"], "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert seen(answer).one("h1").text == "Open the page again"


def test_the_only_borough_of_a_person_opens_by_itself(browser: FlaskClient, southwark: Borough, invitation: dict[str, Any]) -> None:
    enter(browser, invitation["email"])
    assert browser.get("/boroughs").location == f"/{southwark.slug}/"
    page = seen(browser.get("/boroughs?stay=1"))
    assert [link.text for link in page.all("main .row__link")] == ["Southwark"]
    assert "Practitioner" in page.text
    assert "Practice" in page.text


def test_whoever_belongs_to_two_boroughs_chooses(
    browser: FlaskClient, lambeth: Borough, neighbour: Someone, invitation: dict[str, Any]
) -> None:
    agencies = {one["kind"]: one["id"] for one in neighbour.get(f"{lambeth.base}/agencies").json["items"]}
    body = {"name": "Ruth Osei", "email": invitation["email"], "roles": ["practitioner"], "agency_id": agencies["camhs"]}
    second = neighbour.post(f"{lambeth.base}/invitations", body).json
    joined = browser.post(f"/invitation/{second['token']}", data={"password": PASSWORD})
    assert joined.location == f"/{lambeth.slug}/"
    chosen = seen(browser.get("/boroughs"))
    assert [link.text for link in chosen.all("main .row__link")] == ["Lambeth", "Southwark"]


def test_signing_out_takes_the_cookie_away(signed_in: FlaskClient, southwark: Borough) -> None:
    token = seen(signed_in.get(f"/{southwark.slug}/people")).one(".menu--person [name=csrf_token]")["value"]
    answer = signed_in.post("/sign-out", data={"csrf_token": token})
    assert answer.location == "/sign-in?done=signed_out"
    assert "You are signed out." in seen(signed_in.get(answer.location)).text
    assert signed_in.get(f"/{southwark.slug}/people").status_code == 303


def test_signing_out_by_a_link_or_from_another_site_is_not_possible(signed_in: FlaskClient, southwark: Borough) -> None:
    signed_in.get("/sign-out")
    assert signed_in.post("/sign-out").status_code == 403
    assert signed_in.get(f"/{southwark.slug}/people").status_code == 200


def test_joining_asks_for_a_password_that_is_long_enough(browser: FlaskClient, southwark: Borough, administrator: Someone) -> None:
    made = southwark.invite(administrator, "Nadia Reid", ["facilitator"], "childrens_centre")
    page = seen(browser.get(f"/invitation/{made['token']}"))
    assert page.one("h1").text == "Join Southwark Stay & Play"
    assert page.one("#name")["value"] == "Nadia Reid"
    assert page.one("#password")["autocomplete"] == "new-password"
    refused = seen(browser.post(f"/invitation/{made['token']}", data={"name": "Nadia Reid", "password": "short"}))
    assert refused.one(".govuk-error-summary a").text == "Password: use 8 to 200 characters."
    joined = browser.post(f"/invitation/{made['token']}", data={"name": "Nadia Reid", "password": "green kettle morning"})
    assert joined.location == f"/{southwark.slug}/"
    assert seen(browser.get("/boroughs?stay=1")).one(".menu--person summary").text == "Nadia R."


def test_an_invitation_is_used_once(browser: FlaskClient, invitation: dict[str, Any]) -> None:
    answer = browser.get(f"/invitation/{invitation['token']}")
    assert answer.status_code == 404
    assert "This invitation was used, taken back, sent again with another link, or is too old." in seen(answer).text


def test_an_unknown_borough_and_one_of_others_look_the_same(signed_in: FlaskClient, lambeth: Borough) -> None:
    other, unknown = signed_in.get(f"/{lambeth.slug}/people"), signed_in.get("/nowhere/people")
    assert other.status_code == unknown.status_code == 404
    assert seen(other).one("main").words == seen(unknown).one("main").words


def test_an_administrator_invites_and_sees_the_link_once(signed_in: FlaskClient, southwark: Borough) -> None:
    address = f"/{southwark.slug}/people/invite"
    page = seen(signed_in.get(address))
    agency = next(option for option in page.all("#agency_id option") if option.text == "CAMHS")["value"]
    email = f"kit.{uuid4().hex[:6]}@example.org"
    form = form_of(page, name="Kit Reid", email=email, roles=["practitioner"], agency_id=agency)
    made = seen(signed_in.post(address, data=form))
    assert made.one("h1").text == "Kit Reid is invited"
    assert made.one("#link")["value"].rpartition("/")[0].endswith("/invitation")
    listed = seen(signed_in.get(f"/{southwark.slug}/people"))
    assert "Kit Reid" in listed.text
    assert "/invitation/" not in listed.text


def test_what_is_wrong_with_an_invitation_is_named(signed_in: FlaskClient, southwark: Borough) -> None:
    address = f"/{southwark.slug}/people/invite"
    refused = signed_in.post(address, data=form_of(seen(signed_in.get(address)), name="", email="nobody"))
    assert refused.status_code == 422
    assert [link.text for link in seen(refused).all(".govuk-error-summary a")] == [
        "Name: this is needed.",
        "Email: enter an address like name@example.org.",
        "Roles: choose at least one.",
    ]


def test_a_practitioner_needs_an_agency(signed_in: FlaskClient, southwark: Borough) -> None:
    address = f"/{southwark.slug}/people/invite"
    form = form_of(seen(signed_in.get(address)), name="Kit Reid", email="kit@example.org", roles=["practitioner"])
    refused = seen(signed_in.post(address, data=form))
    assert refused.all(".govuk-error-summary a")[0]["href"] == "#agency_id"


def test_roles_are_changed_from_the_list(signed_in: FlaskClient, southwark: Borough, administrator: Someone) -> None:
    southwark.join(southwark.invite(administrator, "Imran Aziz", ["practitioner"], "camhs"))
    row = next(row for row in seen(signed_in.get(f"/{southwark.slug}/people")).all("main .row") if "Imran Aziz" in row.text)
    address = row.one("a")["href"]
    page = seen(signed_in.get(address))
    assert [box["value"] for box in page.all("[name=roles][checked]")] == ["practitioner"]
    form = form_of(page, roles=["practitioner", "administrator"], agency_id=page.one("#agency_id option[selected]")["value"])
    assert signed_in.post(address.partition("?")[0], data=form).location.endswith("/people?done=person_changed")
    stale = signed_in.post(address.partition("?")[0], data={**form, "form_key": str(uuid4()), "roles": ["practitioner"]})
    assert stale.status_code == 409
    assert seen(stale).one("h1").words == "Somebody else changed this first"
    assert len(seen(stale).all(".version")) == 2


def test_the_last_administrator_can_not_leave(signed_in: FlaskClient, gateway: Gateway) -> None:
    borough = gateway.onboard(name="Camden")
    borough.administrator()
    alone = gateway.app.test_client()
    enter(alone, f"ada@{borough.slug}.example")
    row = seen(alone.get(f"/{borough.slug}/people")).one("main .row a")["href"]
    page = seen(alone.get(row))
    forms = page.all("main form")
    kept = {field["name"]: field["value"] for field in forms[-1].all("input[type=hidden]")}
    refused = alone.post(forms[-1]["action"], data=kept)
    assert refused.status_code == 409
    assert "only administrator" in seen(refused).text


def test_whoever_may_not_manage_people_is_told_so(browser: FlaskClient, southwark: Borough, invitation: dict[str, Any]) -> None:
    enter(browser, invitation["email"])
    answer = browser.get(f"/{southwark.slug}/people")
    assert answer.status_code == 403
    assert seen(answer).one("h1").text == "You can't do this"


def test_pages_are_kept_by_nobody(signed_in: FlaskClient, southwark: Borough) -> None:
    assert signed_in.get(f"/{southwark.slug}/people").headers["Cache-Control"] == "no-store"


def test_the_accent_of_a_borough_is_in_its_pages_and_nowhere_else(gateway: Gateway) -> None:
    borough = gateway.onboard(name="Lewisham", branding={"accent": "#7a1f5c"})
    borough.administrator()
    browser = gateway.app.test_client()
    enter(browser, f"ada@{borough.slug}.example")
    answer = browser.get(f"/{borough.slug}/people")
    style = seen(answer).one("style")
    assert style.text == ":root{--accent:#7a1f5c}"
    assert f"'nonce-{style['nonce']}'" in answer.headers["Content-Security-Policy"]
    assert not seen(browser.get("/sign-in")).all("style")
