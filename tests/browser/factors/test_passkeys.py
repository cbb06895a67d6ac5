"""Passkeys in a real browser, with Chromium's virtual authenticator: made, used, copied, refused."""

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import looks_right
from tests.browser.factors.conftest import Device, Town
from tests.support.factors import code_now

USE = "form[data-passkey=get] button[type=submit]"
PROBLEM = "[data-passkey-problem]"


@pytest.fixture
def email(town: Town) -> str:
    return town.invited("Ruth Osei")


def with_passkey(town: Town, device: Device, email: str) -> None:
    """Sign in for the first time and add a passkey."""
    device.sign_in(town, email)
    device.add_passkey(town)
    expect(device.page.locator(".recovery-codes code")).to_have_count(10)


def sign_in_by_passkey(town: Town, device: Device) -> None:
    device.page.goto(f"{town.url}/sign-in")
    device.page.click(USE)


def test_adding_one_is_offered_first_and_opens_the_borough(town: Town, device: Device, email: str) -> None:
    device.sign_in(town, email)
    device.page.click("text=Add a passkey")
    expect(device.page.locator("h1")).to_have_text("Passkeys")
    looks_right(device.page, "passkeys-none")
    device.page.fill("#name", "Work laptop")
    device.page.click("form[data-passkey=create] button[type=submit]")
    expect(device.page.locator(".recovery-codes code")).to_have_count(10)
    device.page.click("text=I have them: go on")
    expect(device.page).to_have_url(town.today)
    device.page.goto(f"{town.url}/account/passkeys")
    expect(device.page.locator("main")).to_contain_text("Work laptop")
    looks_right(device.page, "passkeys")


def test_a_passkey_alone_signs_in_without_any_other_step(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.forget()
    device.page.goto(f"{town.url}/sign-in")
    looks_right(device.page, "sign-in-passkey")
    device.page.click(USE)
    expect(device.page).to_have_url(town.today)


def test_it_leads_on_to_where_one_was_going(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.forget()
    device.page.goto(f"{town.today}families?q=osei")
    device.page.click(USE)
    expect(device.page).to_have_url(f"{town.today}families?q=osei")


def test_it_is_the_second_step_after_a_password(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.forget()
    device.sign_in(town, email)
    expect(device.page.locator("h1")).to_have_text("Your second step")
    looks_right(device.page, "second-step-passkey")
    device.page.click(USE)
    expect(device.page).to_have_url(town.today)


def test_the_device_keeps_nothing_personal_but_what_its_owner_reads(town: Town, device: Device, email: str) -> None:
    """The name by which the device knows its owner is random; mail address and name are shown by the device alone."""
    with_passkey(town, device, email)
    (passkey,) = device.passkeys()
    assert passkey["rpId"] == "localhost"
    assert passkey["isResidentCredential"]
    assert len(passkey["userHandle"]) == 44
    assert email.split("@", maxsplit=1)[0] not in passkey["userHandle"]


def test_a_device_that_does_not_know_its_owner_is_refused(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.forget()
    device.refuse_finger()
    sign_in_by_passkey(town, device)
    expect(device.page.locator(PROBLEM)).to_contain_text("Nothing was changed", timeout=15000)
    device.page.goto(town.today)
    expect(device.page.locator("h1")).to_have_text("Sign in")


def test_a_device_without_a_passkey_says_so_kindly(town: Town, device: Device) -> None:
    sign_in_by_passkey(town, device)
    expect(device.page.locator(PROBLEM)).to_contain_text("cancelled, or took too long", timeout=15000)
    looks_right(device.page, "sign-in-passkey-none")


def test_a_copied_passkey_is_found_by_its_counter_and_both_are_stopped(
    town: Town, device: Device, other_device: Device, email: str
) -> None:
    with_passkey(town, device, email)
    (copied,) = device.passkeys()
    other_device.page.goto(f"{town.url}/sign-in")
    other_device.put(copied)
    device.forget()
    sign_in_by_passkey(town, device)
    expect(device.page).to_have_url(town.today)
    sign_in_by_passkey(town, other_device)
    expect(other_device.page.locator(".govuk-error-summary")).to_contain_text("it may have been copied")
    looks_right(other_device.page, "sign-in-passkey-stopped")
    device.forget()
    sign_in_by_passkey(town, device)
    expect(device.page.locator(".govuk-error-summary")).to_contain_text("it may have been copied")


def test_after_it_was_stopped_a_recovery_code_lets_the_owner_in_to_remove_it(
    town: Town, device: Device, other_device: Device, email: str
) -> None:
    with_passkey(town, device, email)
    codes = device.page.locator(".recovery-codes code").all_inner_texts()
    (copied,) = device.passkeys()
    device.forget()
    sign_in_by_passkey(town, device)
    expect(device.page).to_have_url(town.today)
    other_device.page.goto(f"{town.url}/sign-in")
    other_device.put(copied)
    sign_in_by_passkey(town, other_device)
    expect(other_device.page.locator(".govuk-error-summary")).to_be_visible()
    device.forget()
    device.sign_in(town, email)
    device.page.fill("#code", codes[0])
    device.page.click("main form[action$='/account/second-factor'] button[type=submit]")
    expect(device.page).to_have_url(town.today)
    device.page.goto(f"{town.url}/account/passkeys")
    expect(device.page.locator("main")).to_contain_text("Stopped: may be a copy")
    looks_right(device.page, "passkeys-stopped")
    device.page.click("text=Remove")
    expect(device.page.locator(".done")).to_contain_text("The passkey is removed")


def test_from_another_address_of_the_same_machine_it_does_not_work(town: Town, device: Device, email: str) -> None:
    """A page at another address can't use the passkey, and its own answers are refused here."""
    with_passkey(town, device, email)
    device.forget()
    device.page.goto(town.url.replace("localhost", "127.0.0.1") + "/sign-in")
    device.page.click(USE)
    expect(device.page.locator(PROBLEM)).to_contain_text("only at the address")


def test_a_second_passkey_of_the_same_device_is_not_made(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.add_passkey(town, "Work laptop again")
    expect(device.page.locator(PROBLEM)).to_contain_text("has a passkey for you already", timeout=15000)


def test_several_devices_each_have_one_and_one_can_be_removed(town: Town, device: Device, other_device: Device, email: str) -> None:
    device.sign_in(town, email)
    secret = device.set_up_app(town)
    device.add_passkey(town, "Work laptop")
    expect(device.page.locator("h1")).to_have_text("Your account")
    other_device.sign_in(town, email)
    other_device.page.fill("#code", code_now(secret, steps=1))
    other_device.page.click("main form[action$='/account/second-factor'] button[type=submit]")
    expect(other_device.page).to_have_url(town.today)
    other_device.add_passkey(town, "Phone")
    expect(other_device.page.locator("h1")).to_have_text("Your account")
    other_device.page.goto(f"{town.url}/account/passkeys")
    expect(other_device.page.locator("main .row strong")).to_have_text(["Work laptop", "Phone"])
    other_device.page.click("main .row >> nth=0 >> text=Remove")
    expect(other_device.page.locator("main .row strong")).to_have_text(["Phone"])
    device.forget()
    sign_in_by_passkey(town, device)
    expect(device.page.locator(".govuk-error-summary")).to_contain_text("The passkey did not work")


def test_it_is_given_another_name(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.page.goto(f"{town.url}/account/passkeys")
    device.page.click("main .row >> text=Rename")
    expect(device.page.locator("h1")).to_have_text("Rename a passkey")
    looks_right(device.page, "passkey-rename")
    device.page.fill("#name", "Green laptop")
    device.page.click("text=Save")
    expect(device.page.locator("main .row strong")).to_have_text(["Green laptop"])


def test_after_signing_out_going_back_shows_nothing_of_anybody(town: Town, device: Device, email: str) -> None:
    """On a machine that people share: no browser keeps a page, so the step back is asked for anew, by nobody."""
    with_passkey(town, device, email)
    device.page.goto(f"{town.url}/account")
    expect(device.page.locator("main")).to_contain_text(email)
    device.page.click(".menu--person summary")
    device.page.click("text=Sign out >> visible=true")
    expect(device.page.locator("h1")).to_have_text("Sign in")
    device.page.go_back()
    expect(device.page.locator("h1")).to_have_text("Sign in")
    assert email not in device.page.content()


def test_without_a_name_it_is_asked_for(town: Town, device: Device, email: str) -> None:
    device.sign_in(town, email)
    device.add_passkey(town, "")
    expect(device.page.locator(".govuk-error-summary")).to_contain_text("Name")
    looks_right(device.page, "passkeys-no-name")


def test_using_one_is_an_answer_to_being_asked_again(town: Town, device: Device, email: str) -> None:
    with_passkey(town, device, email)
    device.page.goto(f"{town.url}/account/confirm?next=/account/password")
    device.page.click("text=Use your second step instead")
    device.page.click(USE)
    expect(device.page).to_have_url(f"{town.url}/account/password")
