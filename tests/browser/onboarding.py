"""Onboarding a borough in a browser in which no script runs but the one that looks for faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.eyes import Eyes, looks_right
from tests.browser.stage import PASSWORD


@contextmanager
def without_script(eyes: Eyes) -> Iterator[Page]:
    context = eyes.browser.new_context(java_script_enabled=False)
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def go_on(page: Page, name: str = "Save and go on") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def operating(eyes: Eyes, page: Page) -> None:
    """Sign in as an operator."""
    page.goto(eyes.stage.url + "/operator")
    page.fill("#token", eyes.stage.operator.token)
    page.click("main button[type=submit]")
    page.wait_for_url("**/operator")


def onboarded(page: Page, slug: str, look: Callable[[Page, str], None]) -> str:
    """Describe a borough step by step, looking at each page as ``look`` does; return the address of the administrator's invitation."""
    page.get_by_role("button", name="Onboard a borough").click()
    looks_right(page, "operator-onboarding")
    go_on(page, "Begin with a new borough")
    looks_right(page, "operator-authority")
    page.get_by_label("Which local authority is it?").select_option("Southwark")
    go_on(page)
    expect(page.get_by_label("Name in addresses")).to_have_value("southwark")
    page.get_by_label("Name in addresses").fill("Not a name")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("use small letters, digits and single hyphens")
    looks_right(page, "operator-borough-fault")
    page.get_by_label("Name in addresses").fill(slug)
    go_on(page)
    go_on(page, "Add another agency")
    looks_right(page, "operator-agencies")
    go_on(page, "Remove agency 3")
    go_on(page)
    looks_right(page, "operator-venues")
    page.get_by_label("Name of the venue").fill("1st Place Children's Centre")
    go_on(page)
    looks_right(page, "operator-administrator")
    page.get_by_label("Name").fill("Ada Minister")
    page.get_by_label("Email").fill(f"ada@{slug}.example")
    go_on(page)
    looks_right(page, "operator-terms")
    page.get_by_label("Name of the person who accepted").fill("Dawn Hartley")
    page.get_by_label("Their role").fill("Head of Early Help")
    for part, value in (("Day", "12"), ("Month", "1"), ("Year", "2026")):
        page.get_by_label(part).fill(value)
    go_on(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    looks_right(page, "operator-check")
    go_on(page, "Onboard the borough")
    looks_right(page, "operator-onboarded")
    return page.locator("#link").input_value()


def joined(page: Page, link: str) -> None:
    """Answer an invitation as its administrator."""
    page.goto(link)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.locator("main button[type=submit]").click()
