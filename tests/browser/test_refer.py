"""A professional refers a family: without an account by phone and without script, signed in, and by somebody of the team."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import referring
from tests.browser.eyes import Eyes, choose, faults_of, fill_day, keep_picture, overflow, press

REFERENCE = re.compile(r"^[2-9BCDFGHJKMPQRTVWX]{4}-[2-9BCDFGHJKMPQRTVWX]{4}$")


def somebody(eyes: Eyes, width: int, *, script: bool = True) -> BrowserContext:
    """Return a browser that nobody has used before."""
    context = eyes.browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 900})
    context.set_default_timeout(8000)
    return context


def begun(eyes: Eyes, page: Page, email: str) -> None:
    """Begin without an account, with the code that came by mail."""
    page.goto(eyes.address("/borough/refer"))
    page.get_by_label("Your work email address").fill(email)
    page.wait_for_timeout(2100)  # a form that comes faster than anybody reads is taken for a machine's
    press(page, "Send me a code")
    expect(page.locator("h1")).to_have_text("Check your email")
    page.get_by_label("Code").fill(referring.code_in(eyes.stage.mails, email))
    press(page, "Continue")


@pytest.mark.parametrize(("width", "script"), [(390, True), (1280, False)])
def test_somebody_without_an_account_refers_a_family(eyes: Eyes, width: int, *, script: bool) -> None:
    email = f"grace{width}@healthvisiting.example"
    with somebody(eyes, width, script=script) as context:
        page = context.new_page()
        begun(eyes, page, email)
        referring.write(page)
        expect(page.locator("h1")).to_have_text("Check your answers")
        keep_picture(page, "refer-check-public", width)
        assert overflow(page) == 0
        page.get_by_role("link", name=re.compile(r"Change.*Why now")).click()
        page.fill("#why_now", "Her sister moved away.")
        press(page, "Continue")
        expect(page.locator("main")).to_contain_text("Her sister moved away.")
        press(page, "Send the referral")
        expect(page.locator("h1")).to_have_text("Thank you. The referral has arrived")
        reference = page.locator(".arrived__reference").inner_text()
        assert REFERENCE.match(reference)
        expect(page.locator("main")).to_contain_text(email)
        page.get_by_role("button", name="See or print what you sent").click()
        expect(page.locator("h1")).to_have_text(f"Referral {reference}")
        page.go_back()
        page.go_back()
        page.reload()
        expect(page.locator("h1")).to_have_text("Thank you. The referral has arrived")
    arrived(eyes, reference, email)


def arrived(eyes: Eyes, reference: str, email: str) -> None:
    """The team reads it, with what the family agreed to; the copy by mail names nobody."""
    eyes.stage.borough.dated(None)
    clinician, base = eyes.stage.borough["camhs"], eyes.stage.borough.base
    found = clinician.get(f"{base}/referrals", sort="newest", limit=5)["items"]
    (one,) = [referral for referral in found if referral["reference"] == reference]
    read = clinician.get(f"{base}/referrals/{one['id']}")
    assert (read["why_now"], read["referrer"]["email"]) == ("Her sister moved away.", email)
    assert (read["agreement"]["family_knows"], read["agreement"]["agrees"], read["agreement"]["may_be_told"]) == (True, "yes", "outcome")
    copy = referring.letter_to(eyes.stage.mails, email, f"Your referral {reference} arrived")
    assert "A. Q., K." in copy
    assert "Quaye" not in copy


def test_one_comes_back_by_link_in_another_browser_and_only_with_the_code(eyes: Eyes) -> None:
    email = "helen@healthvisiting.example"
    with somebody(eyes, 390) as context:
        page = context.new_page()
        begun(eyes, page, email)
        referring.write(page, surname="Mireku", until_step="Where do they live?")
        press(page, "Save and come back later")
        page.get_by_role("button", name="Go on now").click()
        expect(page.locator("h1")).to_have_text("Where do they live?")
        page.fill("#address-postcode", "SE1 7EH")
        page.get_by_label("They live in the borough").check()
        press(page, "Save and come back later")
        link = page.locator(".reference-link").inner_text()
        keep_picture(page, "refer-kept", 390)
        assert faults_of(page) == []
    with somebody(eyes, 390) as elsewhere:
        page = elsewhere.new_page()
        page.goto(link)
        expect(page.locator("h1")).to_have_text("Go on with your referral")
        assert "Mireku" not in page.content()
        page.goto(link.replace("/resume/", "/") + "/parents")
        expect(page.locator("h1")).to_have_text("Not found")
        page.goto(link)
        page.get_by_label("Your email address").fill("somebody.else@example.org")
        press(page, "Send me a code")
        expect(page.locator("h1")).to_have_text("Check your email")
        assert referring.letters_to(eyes.stage.mails, "somebody.else@example.org") == []
        page.goto(link)
        before = referring.code_in(eyes.stage.mails, email)
        page.get_by_label("Your email address").fill(email)
        press(page, "Send me a code")
        page.get_by_label("Code").fill(referring.code_in(eyes.stage.mails, email, but=before))
        press(page, "Continue")
        expect(page.locator("h1")).to_have_text("How can we reach the family safely?")
        page.get_by_role("link", name="Back").click()
        expect(page.locator("#address-postcode")).to_have_value("SE1 7EH")


def test_somebody_of_the_team_writes_down_what_came_by_phone(eyes: Eyes) -> None:
    with eyes.page("camhs", 1280, script=False) as page:
        page.goto(eyes.address("/borough/refer"))
        press(page, "Enter one taken by phone or letter")
        expect(page.locator("h1")).to_have_text("How did this referral arrive?")
        page.get_by_label("By phone").check()
        fill_day(page, "received_on", referring.MONTHS_OLD.replace(year=referring.MONTHS_OLD.year + 1))
        press(page, "Continue")
        expect(page.locator("h1")).to_have_text("Who referred?")
        page.get_by_label("Their name").fill("Ola Bello")
        page.get_by_label("Service or team").fill("Lambeth Walk GP practice")
        page.select_option("#referrer-source", "A1")
        press(page, "Continue")
        choose(page, "Does the family know that they were referred?", "Yes")
        choose(page, "Do they agree to be referred?", "Nobody has asked them yet")
        press(page, "Continue")
        referring.write(page, surname="Phoned", after="Does the family know?")
        press(page, "Send the referral")
        expect(page.locator("main")).to_contain_text("Nobody meets the family before they agree.")
        page.goto(eyes.address("/borough/referrals?status=all&sort=newest"))
        expect(page.locator("main")).to_contain_text("Ama Phoned and Kofi")
