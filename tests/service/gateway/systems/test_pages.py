"""The administrator's pages about systems: without a script, each token shown once, what is sensitive asked again."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.people.systems.tokens import is_whole
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.pages import Seen, seen
from tests.support.systems import Made, made, someone

TOKEN = re.compile(r"stay_[0-9A-Za-z]{49}")


class Browser:
    """A browser without scripts, signed in."""

    def __init__(self, http: FlaskClient, borough: Borough) -> None:
        self.http, self.base = http, f"/{borough.slug}"

    def open(self, path: str, status: int = 200) -> Seen:
        answer = self.http.get(f"{self.base}{path}")
        assert answer.status_code == status, answer.text
        return seen(answer)

    def send(self, path: str, **answers: Any) -> Any:
        """Send the form of a page as it stands there, with these answers."""
        form = next(form for form in self.open(path).all("main form"))
        hidden = {field["name"]: field["value"] for field in form.all("input[type=hidden]")}
        return self.http.post(f"{self.base}{path}", data={**hidden, **answers})


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def browser(gateway: Gateway, borough: Borough, boss: Someone) -> Browser:
    """The administrator's."""
    http = gateway.app.test_client()
    http.set_cookie("stayplay", boss.token)
    return Browser(http, borough)


def test_a_borough_without_systems_is_told_what_they_are_for(browser: Browser) -> None:
    page = browser.open("/systems")
    assert "No system uses the API." in page.words
    assert page.one("a.govuk-button")["href"].endswith("/systems/add")


def test_a_token_is_made_with_boxes_in_plain_words_and_shown_once(browser: Browser, gateway: Gateway, borough: Borough) -> None:
    asked = browser.open("/systems/add")
    assert [label.words for label in asked.all(".govuk-checkboxes__label")] == [
        "Refer families",
        "See how its own referrals stand, as far as each family agreed",
        "See venues, groups and the calendar, with numbers of families and no names",
        "See the borough's name, agencies, looks and policy, and who decided on it",
    ]
    answer = browser.send("/systems/add", name="Website", scopes=["groups.read", "boroughs.read"], days="60")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = seen(answer).one("textarea#token").text.strip()
    assert is_whole(token)
    assert token not in seen(answer).one("title").text
    assert len(TOKEN.findall(answer.text)) == 1, "in one place, to copy it from"
    assert someone(gateway, token).get(f"{borough.base}/system").json["scopes"] == ["boroughs.read", "groups.read"]
    for path in ("/systems", "/audit"):
        assert not TOKEN.search(browser.http.get(f"{browser.base}{path}").text)


def test_the_same_form_sent_twice_makes_one_token(browser: Browser, borough: Borough, boss: Someone) -> None:
    form = browser.open("/systems/add").one("main form")
    hidden = {field["name"]: field["value"] for field in form.all("input[type=hidden]")}
    body = {**hidden, "name": "Website", "scopes": ["groups.read"], "days": "60"}
    tokens = {TOKEN.findall(browser.http.post(f"{browser.base}/systems/add", data=body).text)[0] for _ in range(2)}
    assert len(tokens) == 1
    assert len(boss.get(f"{borough.base}/systems").json["items"]) == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"scopes": ["groups.read"], "days": "60"}, "name"), ({"name": "Website", "days": "60"}, "scopes"),
        ({"name": "Website", "scopes": ["groups.read"], "days": "0"}, "days"),
        ({"name": "Website", "scopes": ["groups.read"], "days": "a while"}, "days"),
        ({"name": "Website", "scopes": ["families.read"], "days": "60"}, "scopes"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_on_top_and_beside_the_question(browser: Browser, answers: dict[str, Any], field: str) -> None:
    answer = browser.send("/systems/add", **answers)
    assert answer.status_code == 422
    page = seen(answer)
    assert [link["href"] for link in page.all(".govuk-error-summary a")] == [f"#{field}"]
    assert len(page.all(f".govuk-error-message#{field}-error, #{field}-error")) == 1
    assert not TOKEN.search(answer.text)


def test_without_a_number_of_days_it_works_a_year(browser: Browser, borough: Borough, boss: Someone) -> None:
    assert browser.send("/systems/add", name="Website", scopes=["groups.read"], days="").status_code == 200
    assert boss.get(f"{borough.base}/systems").json["items"][0]["state"] == "working"


def test_making_one_asks_again_who_it_is_and_taking_one_back_does_not(
    browser: Browser, gateway: Gateway, borough: Borough, boss: Someone
) -> None:
    one = made(borough, boss)
    change(gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")
    for path in ("/systems/add", f"/systems/{one.id}/renew"):
        answer = browser.http.get(f"{browser.base}{path}")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/account/confirm?next=")
    assert browser.send(f"/systems/{one.id}/withdraw").status_code == 303
    assert one.system.get(f"{borough.base}/system").status_code == 401


def test_taking_one_back_is_asked_about_and_then_done(browser: Browser, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss, name="Website")
    asked = browser.open(f"/systems/{one.id}/withdraw")
    assert "Withdraw this token?" in asked.words
    assert "It was never used." in asked.words
    assert one.system.get(f"{borough.base}/system").status_code == 200, "asking alone takes nothing back"
    answer = browser.send(f"/systems/{one.id}/withdraw")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/systems?done=system_withdrawn")
    page = browser.open("/systems?done=system_withdrawn")
    assert "no longer works" in page.words
    assert "Withdrawn" in page.one("section.card--warm").words


def test_the_list_says_what_each_may_do_who_made_it_and_how_it_stands(browser: Browser, borough: Borough, boss: Someone) -> None:
    made(borough, boss, "referrals.refer", name="Health visiting record", days=200)
    ended = made(borough, boss, "groups.read", name="Old website")
    ended.change("expires_at = now() - interval '1 day'")
    page = browser.open("/systems")
    working, past = page.one("section[aria-label=Systems]").words, page.one("section.card--warm").words
    for words in ("Health visiting record", "Refer families", "Made by Ada Minister", "works until", "Never used", "Works"):
        assert words in working
    assert "Old website" in past
    assert "Has ended" in past
    assert "Health visiting record" not in past


def test_a_token_that_was_used_says_when(browser: Browser, borough: Borough, boss: Someone) -> None:
    made(borough, boss).system.get(f"{borough.base}/system")
    assert re.search(r"Last used (today )?\d", browser.open("/systems").words)


def test_a_token_that_ends_within_thirty_days_is_called_for_until_there_is_a_next_one(
    browser: Browser, borough: Borough, boss: Someone
) -> None:
    one = made(borough, boss, name="Website", days=12)
    made(borough, boss, name="Record", days=200)
    notices = browser.open("/systems").all("p.notice")
    assert len(notices) == 1
    assert "Website stops working" in notices[0].words
    assert notices[0].all("a")[0]["href"].endswith(f"/systems/{one.id}/renew")
    answer = browser.send(f"/systems/{one.id}/renew", days="300")
    assert is_whole(seen(answer).one("textarea#token").text.strip())
    assert browser.open("/systems").all("p.notice") == []


def test_one_token_shows_what_can_be_done_with_it(browser: Browser, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss, "groups.read", name="Website")
    page = browser.open(f"/systems/{one.id}")
    assert [link.words for link in page.all(".actions a")] == ["Make a new token", "Withdraw it"]
    assert page.one("section.card--warm li").words.startswith("See venues, groups and the calendar")
    assert page.one(f"a[href*='person_id={one.id}']")["href"].startswith(f"{browser.base}/audit")
    boss.post(f"{borough.base}/systems/{one.id}/withdraw")
    assert browser.open(f"/systems/{one.id}").all(".actions a") == []


def test_a_token_whose_scope_is_published_no_longer_is_shown_without_it(browser: Browser, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss, "groups.read", name="Website")
    one.change("scopes = '[\"registers.read\"]'")
    assert "Website" in browser.open("/systems").words
    assert "Nothing any more" in browser.open(f"/systems/{one.id}").words


@pytest.mark.parametrize("path", ["", "/renew", "/withdraw"])
def test_a_token_that_is_not_there_is_not_found(browser: Browser, southwark: Borough, given: Made, path: str) -> None:
    assert southwark.slug not in browser.base
    for identity in ("01890000-0000-7000-8000-000000000000", given.id):
        browser.open(f"/systems/{identity}{path}", status=404)


def test_nobody_but_an_administrator_opens_these_pages(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    jo = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    http = gateway.app.test_client()
    http.set_cookie("stayplay", jo.token)
    one = made(borough, boss)
    for path in ("", "/add", f"/{one.id}", f"/{one.id}/renew", f"/{one.id}/withdraw"):
        assert http.get(f"/{borough.slug}/systems{path}").status_code == 403


def test_a_form_from_elsewhere_takes_nothing_back(browser: Browser, borough: Borough, boss: Someone) -> None:
    one = made(borough, boss)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.http.post(f"{browser.base}/systems/{one.id}/withdraw", data={"form_key": "12345678"}, headers=foreign).status_code == 403
    assert browser.http.post(f"{browser.base}/systems/{one.id}/withdraw", data={"form_key": "12345678"}).status_code == 403
    assert one.system.get(f"{borough.base}/system").status_code == 200


def test_the_account_of_an_administrator_leads_to_the_systems_of_each_borough(browser: Browser) -> None:
    page = seen(browser.http.get("/account"))
    assert page.one(f"a[href='{browser.base}/systems']").words == "Manage systems of Southwark"


def test_the_account_of_anybody_else_says_nothing_of_systems(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    jo = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    http = gateway.app.test_client()
    http.set_cookie("stayplay", jo.token)
    assert "/systems" not in http.get("/account").text
