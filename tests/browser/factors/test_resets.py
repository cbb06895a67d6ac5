"""Somebody who lost everything, and the administrator who opens the way."""

from playwright.sync_api import expect

from tests.browser.eyes import looks_right
from tests.browser.factors.conftest import Device, Town


def test_the_administrator_gives_a_reason_and_the_person_sets_up_anew(town: Town, device: Device, other_device: Device) -> None:
    email = town.invited("Nia Newcomer")
    device.sign_in(town, email)
    device.set_up_app(town)
    page = other_device.page
    other_device.sign_in(town, town.head, where=f"{town.today}people")
    page.get_by_role("link", name="Nia Newcomer").click()
    page.click("text=They lost their phone and every code")
    expect(page.locator("h1")).to_have_text("Let them set up a new second step")
    looks_right(other_device.page, "second-step-reset")
    page.click("text=Remove their second step")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Reason")
    page.fill("#reason", "I met her at the centre and know her.")
    page.click("text=Remove their second step")
    expect(page.locator(".done")).to_contain_text("told by mail")
    device.page.goto(town.today)
    expect(device.page.locator("h1")).to_have_text("Sign in")
    device.sign_in(town, email)
    expect(device.page.locator("h1")).to_have_text("Set up a second step")
