"""An authenticator app in a browser: set up, used, looked at; with script and without."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.eyes import looks_right
from tests.browser.factors.conftest import PASSWORD, Device, Town
from tests.support.factors import code_now


def test_from_the_first_sign_in_to_the_borough_and_every_page_looks_right(town: Town, device: Device) -> None:
    email = town.invited("Ruth Osei")
    device.sign_in(town, email)
    expect(device.page.locator("h1")).to_have_text("Set up a second step")
    looks_right(device.page, "second-step-choose")
    device.page.click("text=Set up an app")
    expect(device.page.locator(".qr-code svg")).to_be_visible()
    looks_right(device.page, "second-step-app")
    secret = device.page.inner_text(".secret code").replace(" ", "")
    device.page.fill("#code", "000000")
    device.page.click("text=Set it up")
    expect(device.page.locator(".govuk-error-summary")).to_contain_text("Code: this is not right")
    assert device.page.inner_text(".secret code").replace(" ", "") == secret
    looks_right(device.page, "second-step-app-wrong")
    device.page.fill("#code", code_now(secret))
    device.page.click("text=Set it up")
    expect(device.page.locator(".recovery-codes code")).to_have_count(10)
    looks_right(device.page, "second-step-codes")
    device.page.click("text=I have them: go on")
    expect(device.page).to_have_url(town.today)


def test_the_next_sign_in_asks_for_a_code_and_leads_on_to_where_one_was_going(town: Town, device: Device) -> None:
    email = town.invited("Ruth Osei")
    device.sign_in(town, email)
    secret = device.set_up_app(town)
    device.forget()
    device.sign_in(town, email, where=f"{town.today}families?q=osei")
    expect(device.page.locator("h1")).to_have_text("Your second step")
    looks_right(device.page, "second-step-prove")
    device.page.click("text=I have none of these any more")
    looks_right(device.page, "second-step-lost")
    device.page.fill("#code", code_now(secret, steps=1))
    device.page.click("main form[action$='/account/second-factor'] button[type=submit]")
    expect(device.page).to_have_url(f"{town.today}families?q=osei")


def test_the_file_of_recovery_codes_holds_them_all_and_its_name_tells_nothing(town: Town, device: Device) -> None:
    device.sign_in(town, town.invited("Ruth Osei"))
    device.set_up_app(town)
    codes = device.page.locator(".recovery-codes code").all_inner_texts()
    with device.page.expect_download() as waiting:
        device.page.click("text=Keep them as a file")
    assert waiting.value.suggested_filename == "stay-and-play-recovery-codes.txt"
    kept = waiting.value.path().read_text()
    assert [line for line in kept.splitlines() if re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", line)] == codes


def test_recovery_codes_are_copied_and_printed_without_what_is_only_for_the_screen(town: Town, device: Device) -> None:
    device.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    device.sign_in(town, town.invited("Ruth Osei"))
    device.set_up_app(town)
    codes = device.page.locator(".recovery-codes code").all_inner_texts()
    device.page.click("text=Copy them")
    expect(device.page.locator("[data-copy]")).to_have_text("Copied")
    assert str(device.page.evaluate("navigator.clipboard.readText()")).split() == codes
    device.page.emulate_media(media="print")
    expect(device.page.locator("main")).to_contain_text("For Stay & Play. Each lets you in once")
    expect(device.page.get_by_text("shown only this once")).to_be_hidden()
    expect(device.page.locator("main .govuk-button:visible")).to_have_count(0)


def test_the_account_shows_what_there_is_and_how_many_codes_are_left(town: Town, device: Device) -> None:
    device.sign_in(town, town.invited("Ruth Osei"))
    device.set_up_app(town)
    device.page.goto(f"{town.url}/account")
    main = device.page.locator("main")
    expect(main).to_contain_text("10 codes left")
    expect(main).to_contain_text("None yet")
    looks_right(device.page, "account-second-step")
    device.page.click("text=Make new ones")
    expect(device.page.locator("h1")).to_have_text("Recovery codes")
    looks_right(device.page, "recovery-codes")
    device.page.click("text=Make new codes")
    expect(device.page.locator(".recovery-codes code")).to_have_count(10)


def test_the_last_one_cannot_be_removed(town: Town, device: Device) -> None:
    device.sign_in(town, town.invited("Ruth Osei"))
    device.set_up_app(town)
    device.page.goto(f"{town.url}/account/second-step/app")
    device.page.click("text=Remove the app you have now")
    device.page.click("role=button[name='Remove the app']")
    expect(device.page.locator("main")).to_contain_text("Add another first")
    looks_right(device.page, "second-step-last")


@pytest.mark.parametrize("step", ["code", "recovery code"])
def test_it_all_works_without_script(town: Town, chromium: Browser, step: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(8000)
    page = context.new_page()
    email = town.invited("Ruth Osei")

    def sign_in() -> None:
        page.goto(town.today)
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.click("main form[action$='/sign-in'] button[type=submit]")

    sign_in()
    assert not page.is_visible("text=Sign in with a passkey")
    page.click("text=Set up an app")
    secret = page.inner_text(".secret code").replace(" ", "")
    page.fill("#code", code_now(secret))
    page.click("text=Set it up")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    page.click("text=I have them: go on")
    context.clear_cookies()
    sign_in()
    page.fill("#code", code_now(secret, steps=1) if step == "code" else codes[0].lower().replace("-", " "))
    page.click("main form[action$='/account/second-factor'] button[type=submit]")
    expect(page).to_have_url(town.today)
    context.close()


def test_the_secret_is_in_no_address_that_the_browser_asks_for(town: Town, device: Device) -> None:
    asked: list[str] = []
    device.page.on("request", lambda request: asked.append(unquote(request.url)))
    device.sign_in(town, town.invited("Ruth Osei"))
    secret = device.set_up_app(town)
    codes = device.page.locator(".recovery-codes code").all_inner_texts()
    held = [address for address in asked if secret in address or any(code in address for code in codes)]
    assert held == []
    assert all("code" not in parse_qs(urlsplit(address).query) for address in asked)
