"""Two records of one family made one, and two again, in a real browser: at a desk, on a phone, and where no script runs."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.eyes import Eyes, looks_right, press

WAYS = [pytest.param(1280, True, id="desktop"), pytest.param(390, True, id="phone"), pytest.param(390, False, id="no script")]


def say(page: Page, verdict: str, note: str = "") -> None:
    """Say what one thinks of the first family on the list."""
    form = page.locator(".criterion details:has(form)").first
    form.locator("summary").click()
    form.get_by_label(verdict, exact=True).check()
    form.get_by_role("textbox").fill(note)
    form.get_by_role("button", name="Save").click()


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_family_that_is_on_record_twice_becomes_one_and_two_again(eyes: Eyes, *, width: int, script: bool) -> None:
    with eyes.page("camhs", width, script=script) as page:
        page.goto(eyes.address("/borough/families/{twice}"))
        page.get_by_role("link", name="On record twice?").click()
        expect(page.locator("main")).to_contain_text("Fatimah Rahmen and Hana")
        expect(page.locator("main")).to_contain_text("Last name sounds the same")
        looks_right(page, "duplicates-found", width)
        page.goto(eyes.address("/borough/families/{twice}/merge/{twice_too}"))
        page.get_by_label("Bengali").check()
        press(page, "See what will happen")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Say why they are the same family.")
        looks_right(page, "merge-fault", width)
        expect(page.get_by_label("Bengali")).to_be_checked()
        page.fill("#reason", "The mother told us so")
        press(page, "See what will happen")
        expect(page.locator("main")).to_contain_text("Fatimah Rahmen is Fatima Rahman")
        expect(page.locator("main")).to_contain_text("You can undo this for 30 days")
        expect(page.locator("main")).to_contain_text("Bengali")
        looks_right(page, "merge-confirm", width)
        press(page, "Merge the records")
        expect(page.locator(".done")).to_contain_text("They are one record now")
        looks_right(page, "merged", width)
        page.goto(eyes.address("/borough/families/{twice_too}"))
        expect(page).to_have_url(re.compile(rf"/families/{eyes.stage.ids['twice']}\?"))
        expect(page.locator(".done")).to_contain_text("This family was on record twice")
        page.get_by_role("link", name="Records merged into this one").click()
        undo = page.locator("details", has_text="Undo it").first
        undo.locator("summary").click()
        undo.get_by_role("button", name="Undo the merge").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("This is needed")
        page.locator("details[open]").get_by_role("textbox").fill("They are cousins after all")
        page.locator("details[open]").get_by_role("button", name="Undo the merge").click()
        expect(page.locator(".done")).to_contain_text("They are two records again")
        page.goto(eyes.address("/borough/families/{twice_too}"))
        expect(page.locator("h1")).to_contain_text("Fatimah Rahmen and Hana")


def test_who_is_not_sure_says_so_on_the_page_of_the_referral(eyes: Eyes) -> None:
    with eyes.page("camhs", 390, script=False) as page:
        page.goto(eyes.address("/borough/referrals/{twice_referral}"))
        expect(page.locator("#matches")).to_contain_text("Fatima Rahman and Hana")
        say(page, "Not sure", "The birthdays are the same, the spelling is not")
        expect(page.locator(".done")).to_contain_text("It stays on the list")
        expect(page.locator("main")).to_contain_text("Ruth Osei said")
        page.goto(eyes.address("/borough/duplicates?state=not_sure"))
        expect(page.locator(".criterion")).to_have_count(1)
        looks_right(page, "duplicates-not-sure", 390)


def test_a_record_that_somebody_changed_meanwhile_is_looked_at_again(eyes: Eyes) -> None:
    with eyes.page("camhs", script=False) as page:
        page.goto(eyes.address("/borough/families/{twice}/merge/{twice_too}"))
        page.fill("#reason", "The mother told us so")
        press(page, "See what will happen")
        base, camhs = eyes.stage.borough.base, eyes.stage.borough["camhs"]
        family = camhs.get(f"{base}/families/{eyes.stage.ids['twice_too']}")
        camhs.post(f"{base}/families/{family['id']}/safety", {"version": family["version"], "risks_to_visitors": "A large dog"})
        press(page, "Merge the records")
        expect(page.locator(".govuk-error-summary")).to_contain_text("One of the two was changed")
        looks_right(page, "merge-stale", 1280)
