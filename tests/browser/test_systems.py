"""An administrator gives a system a token, copies it, makes the next one and takes one back: with a script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.eyes import Eyes, looks_right
from tests.browser.stage import PASSWORD


@pytest.fixture
def page(eyes: Eyes) -> Iterator[Page]:
    with eyes.page("administrator", empty=True) as page:
        page.goto(eyes.address("/borough/set-up", empty=True))
        yield page


def confirmed(page: Page) -> None:
    """Give the password again, where signing in is longer ago than counts."""
    if "/account/confirm" in page.url:
        page.fill("input[type=password]", PASSWORD)
        page.click("main button[type=submit]")


def added(page: Page, name: str, days: str = "90") -> str:
    """Add a system from the set-up page on; return its token."""
    page.click("main a:has-text('Systems')")
    page.click("text=Add a system")
    confirmed(page)
    page.get_by_label("Which system is it?").fill(name)
    page.get_by_label("See venues, groups and the calendar").check()
    page.get_by_label("For how many days?").fill(days)
    page.click("text=Make the token")
    return page.get_by_label("Token", exact=True).input_value().strip()


def test_a_token_is_made_shown_and_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.bring_to_front()
    token = added(page, "Council website")
    assert token.startswith("stay_")
    page.click("text=For whoever sets it up")
    looks_right(page, "system-token")
    page.click("button:has-text('Copy the token')")
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").strip() == token
    assert token not in page.title()
    assert token not in page.url


def test_the_token_is_gone_when_the_page_is_left(page: Page) -> None:
    token = added(page, "Reading corner")
    page.click("text=I have it")
    expect(page.locator("h1")).to_have_text("Systems")
    assert token not in page.content()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser kept nothing of it
        page.go_back()


def test_what_is_missing_is_said_on_top_and_led_to(page: Page) -> None:
    page.click("main a:has-text('Systems')")
    page.click("text=Add a system")
    confirmed(page)
    page.click("text=Make the token")
    looks_right(page, "system-faults")
    page.click(".govuk-error-summary a:has-text('What may it do?')")
    assert page.evaluate("document.activeElement.name") == "scopes"
    page.keyboard.press("Space")
    assert page.locator("input[name=scopes]").first.is_checked()


def test_the_next_token_quietens_the_reminder_and_the_one_before_can_be_taken_back(page: Page) -> None:
    first = added(page, "Library catalogue", days="9")
    page.click("text=I have it")
    reminder = page.locator(".notice", has_text="Library catalogue")
    expect(reminder).to_have_count(1)
    reminder.locator("a").click()
    confirmed(page)
    page.get_by_label("For how many days?").fill("300")
    page.click("text=Make the token")
    assert page.get_by_label("Token", exact=True).input_value().strip() not in {first, ""}
    page.click("text=I have it")
    expect(page.locator(".notice", has_text="Library catalogue")).to_have_count(0)
    page.locator("li", has_text="Library catalogue").filter(has_text="Ends soon").locator("a").click()
    page.click("text=Withdraw it")
    expect(page.locator("h1")).to_have_text("Withdraw this token?")
    page.click("button:has-text('Withdraw it')")
    expect(page.locator("section.card--warm")).to_contain_text("Library catalogue")


def test_everything_works_without_a_script(eyes: Eyes) -> None:
    with eyes.page("administrator", empty=True, script=False) as page:
        page.goto(eyes.address("/borough/systems/add", empty=True))
        confirmed(page)
        page.get_by_label("Which system is it?").fill("Plain website")
        page.get_by_label("See venues, groups and the calendar").check()
        page.click("text=Make the token")
        assert page.get_by_label("Token", exact=True).input_value().strip().startswith("stay_")
        assert not page.locator("[data-copy]").is_visible()
        page.click("text=I have it")
        page.locator("li", has_text="Plain website").locator("a").click()
        page.click("text=Withdraw it")
        page.click("button:has-text('Withdraw it')")
        expect(page.locator("section.card--warm")).to_contain_text("Plain website")
