"""Single sign-on by a real provider, in a real browser that runs no script; and how every page of it looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.eyes import Eyes, looks_right
from tests.browser.stage import PASSWORD
from tests.support.providing import SECRET, Provider, client, running_provider

LABEL = "Camden Council account"


@dataclass
class Town:
    """A borough of its own, its provider, and browsers of its people.

    Attributes:
        made: what onboarding answered.
    """

    eyes: Eyes
    provider: Provider
    made: dict[str, Any]
    joined: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.eyes.stage.url

    def address(self, path: str = "") -> str:
        return f"{self.url}/{self.made['slug']}/{path}"

    @contextmanager
    def browser(self, *, script: bool = False) -> Iterator[Page]:
        """A browser in which nobody is signed in, here or at the provider."""
        context = self.eyes.browser.new_context(java_script_enabled=script)
        context.set_default_timeout(10_000)
        yield context.new_page()
        context.close()

    @contextmanager
    def boss(self, *, script: bool = False) -> Iterator[Page]:
        """The administrator's browser, signed in with a password."""
        with self.browser(script=script) as page:
            if not self.joined:
                page.goto(f"{self.url}/invitation/{self.made['invitation']['token']}")
                page.fill("#password", PASSWORD)
                press(page, "Join")
                self.joined.append("boss")
            else:
                page.goto(f"{self.url}/sign-in")
                page.fill("#email", self.made["invitation"]["email"])
                page.fill("#password", PASSWORD)
                press(page, "Sign in")
            page.wait_for_url(f"**/{self.made['slug']}/**")
            yield page

    def at_provider(self, page: Page, account: str, button: str = "Sign in") -> None:
        """Go through the provider's own sign-in."""
        page.wait_for_url(f"{self.provider.issuer}/**")
        page.fill("#account", account)
        page.get_by_role("button", name=button).click()
        page.wait_for_url(f"{self.url}/**")


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    """Follow a link that looks like a button, or one in the text."""
    page.locator("main a", has_text=name).first.click()


@pytest.fixture(scope="module")
def town(eyes: Eyes) -> Iterator[Town]:
    slug = f"camden-{uuid4().hex[:6]}"
    described = {
        "slug": slug, "name": "Camden", "gss_code": "E09000007", "programme_name": "Camden Stay & Play", "practice": True,
        "agencies": [{"name": "CAMHS", "kind": "camhs"}], "administrator": {"name": "Ada Minister", "email": f"ada@{slug}.example"},
    }  # fmt: skip
    with running_provider([client(eyes.stage.url)]) as provider:
        yield Town(eyes, provider, eyes.stage.operator.post("/api/v1/operator/boroughs", described))


def test_the_whole_way_without_script(town: Town) -> None:
    """Set up, linked, come in, joined by invitation, made the only way in, and signed out from the provider's side."""
    with town.boss() as page:
        page.goto(town.address("set-up"))
        follow(page, "Single sign-on")
        page.fill("#label", LABEL)
        page.fill("#issuer", town.provider.issuer)
        page.fill("#client_id", "stayplay")
        page.fill("#client_secret", SECRET)
        page.get_by_role("group", name="second factor count").get_by_label("No").check()
        press(page, "Save")
        expect(page.locator(".done")).to_contain_text("Saved")
        press(page, "Check the provider now")
        expect(page.locator("#check")).to_contain_text("Answers as it must")
        page.get_by_label("On, beside the other ways").check()
        press(page, "Save this choice")
        expect(page.locator(".done")).to_contain_text("It applies from now on")
        page.goto(f"{town.url}/account")
        page.locator("main li", has_text=LABEL).get_by_role("link").click()
        press(page, "Link this account")
        town.at_provider(page, "ada")
        expect(page.locator(".done")).to_contain_text("Your account is linked")
        invited = _invite(town, page, "Ruth Osei")
    with town.browser() as page:
        page.goto(town.address())
        expect(page.locator("main a.govuk-button").first).to_have_text(f"Sign in with your {LABEL}")
        follow(page, f"Sign in with your {LABEL}")
        town.at_provider(page, "ada")
        expect(page).to_have_url(town.address())
        page.goto(town.address("sign-on"))
        expect(page.locator("h1")).to_have_text("Confirm that it is you")
        press(page, f"Sign in again with your {LABEL}")
        town.at_provider(page, "ada")
        page.get_by_label("The only way into this borough").check()
        press(page, "Save this choice")
        expect(page.locator(".done")).to_contain_text("It applies from now on")
    with town.browser() as page:
        page.goto(invited)
        press(page, f"Join with your {LABEL}")
        town.at_provider(page, "ruth")
        expect(page).to_have_url(town.address())
        other = page.context.new_page()
        other.goto(f"{town.provider.issuer}/session/end?client_id=stayplay")
        other.locator("button[name=logout], input[name=logout], button[type=submit]").first.click()
        other.wait_for_timeout(1500)
        page.goto(town.address())
        expect(page).to_have_url(f"{town.url}/sign-in?why=ended&next=/{town.made['slug']}/")
    _open_again(town)


def _invite(town: Town, page: Page, name: str) -> str:
    page.goto(town.address("people/invite"))
    page.fill("#name", name)
    page.fill("#email", f"{name.split(maxsplit=1)[0].lower()}{uuid4().hex[:4]}@camden.example")
    page.get_by_label("Facilitator").check()
    page.locator("main form button[type=submit]").last.click()
    return page.locator("#link").input_value()


def _open_again(town: Town) -> None:
    """As operators do, so that the tests that follow begin with passwords and providers side by side."""
    path = f"/api/v1/operator/boroughs/{town.made['id']}/sign-on/relax"
    town.eyes.stage.operator.post(path, {"reason": "The tests go on"})


def test_somebody_who_cancels_or_is_not_known_is_told_what_to_do(town: Town) -> None:
    with town.browser(script=True) as page:
        page.goto(f"{town.url}/sign-on/{town.made['slug']}")
        town.at_provider(page, "", "Cancel")
        expect(page.locator("h1")).to_have_text("You were not signed in")
        looks_right(page, "sign-on-cancelled")
        follow(page, "Try again")
        town.at_provider(page, "nobody knows me")
        expect(page.locator("h1")).to_have_text("This account is not known here yet")
        looks_right(page, "sign-on-not-linked")
        page.goto(f"{town.url}/sign-on/callback?state=x&code=y")
        expect(page.locator("h1")).to_have_text("Start signing in again")
        looks_right(page, "sign-on-over")


def test_the_pages_before_sign_in_look_right(town: Town) -> None:
    with town.boss() as page:
        invited = _invite(town, page, "Kit Reid")
    with town.browser(script=True) as page:
        for name, address in (
            ("sign-on-choose", f"{town.url}/sign-on"),
            ("sign-in-by-account", f"{town.url}/sign-in?next=/{town.made['slug']}/"),
            ("sign-in-left", f"{town.url}/sign-in?done=signed_out&left={town.made['slug']}"),
            ("invitation-by-account", invited),
        ):
            page.goto(address)
            looks_right(page, name)


def test_the_page_that_goes_on_by_itself_looks_right(town: Town) -> None:
    """Seen without its order to go on, which a browser would carry out before anybody could look."""
    with town.boss(script=True) as page:
        page.goto(f"{town.url}/account/organisation/{town.made['slug']}")
        page.route("**/account/organisation/*/link", _stay)
        press(page, "Link another account")
        expect(page.locator("h1")).to_have_text(f"Go on to your {LABEL}")
        looks_right(page, "sign-on-go")


def _stay(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', 'name="was"'))


def test_the_pages_behind_sign_in_look_right(town: Town) -> None:
    with town.boss(script=True) as page:
        for name, address in (
            ("sign-on-settings", town.address("sign-on")),
            ("sign-on-account", f"{town.url}/account/organisation/{town.made['slug']}"),
            ("account-with-sign-on", f"{town.url}/account"),
        ):
            page.goto(address)
            looks_right(page, name)
        page.goto(town.address("sign-on"))
        page.fill("#issuer", "login.example.org")
        press(page, "Save")
        looks_right(page, "sign-on-settings-fault")
        page.goto(town.address("sign-on"))
        town.provider.spoil(discovery={"jwks_uri": None})
        press(page, "Check the provider now")
        town.provider.spoil()
        looks_right(page, "sign-on-settings-unwell")
        press(page, "Check the provider now")


def test_a_borough_that_takes_nothing_else_says_so(town: Town) -> None:
    with town.boss(script=True) as page, town.browser(script=True) as other:
        page.goto(town.address("sign-on"))
        page.get_by_label("The only way into this borough").check()
        press(page, "Save this choice")
        page.goto(town.address())
        expect(page.locator("h1")).to_have_text("Sign in for this borough")
        looks_right(page, "sign-on-needed")
        other.goto(f"{town.url}/sign-on/{town.made['slug']}")
        town.at_provider(other, "ada")
        other.goto(town.address("sign-on"))
        expect(other.locator("h1")).to_have_text("Confirm that it is you")
        looks_right(other, "confirm-by-account")
        other.goto(f"{town.url}/account/organisation/{town.made['slug']}")
        looks_right(other, "sign-on-account-vouched")
        other.goto(f"{town.url}/operator/sign-in")
        other.fill("[name=token]", town.eyes.stage.operator.token)
        other.locator("main button[type=submit]").click()
        other.goto(f"{town.url}/operator/boroughs/{town.made['id']}")
        looks_right(other, "operator-borough-sign-on")
        follow(other, "let passwords in again")
        looks_right(other, "operator-relax")
        other.fill("#reason", "The provider is gone")
        press(other, "Let passwords in again")
        expect(other.locator(".done")).to_contain_text("with their passwords again")
