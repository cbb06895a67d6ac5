"""A family's record, changed a part at a time on a phone that runs no script, and what others then see of it."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.eyes import Eyes, faults_of, fill_day, keep_picture, overflow, press


def test_a_number_that_is_not_safe_is_kept_in_the_record_and_off_the_top(eyes: Eyes) -> None:
    with eyes.page("camhs", 390, script=False) as page:
        page.goto(eyes.address("/borough/families/{quiet}?part=details"))
        page.get_by_role("link", name="Change how to reach them").click()
        press(page, "Add another number or address of Thandi")
        box = page.locator("#people-0-contact_points-1")
        box.get_by_label("Phone number").check()
        box.get_by_label("Number or address").fill("call me")
        box.get_by_label("No", exact=True).check()
        press(page, "Save")
        expect(page.locator(".govuk-error-summary a")).to_have_text(["Phone: enter a number like 07700 900123."])
        assert faults_of(page) == []
        keep_picture(page, "record-contact-mistake", 390)
        page.locator("#people-0-contact_points-1-value").fill("020 7946 0999")
        press(page, "Save")
        expect(page.locator(".done")).to_contain_text("Saved.")
        expect(page.locator("main")).to_contain_text("020 7946 0999 (not safe to use)")
        expect(page.locator(".family-top")).not_to_contain_text("020 7946 0999")


def test_a_family_moves_a_baby_is_expected_and_the_story_tells_it(eyes: Eyes) -> None:
    with eyes.page("camhs", 390, script=False) as page:
        page.goto(eyes.address("/borough/families/{waiting}?part=details"))
        page.get_by_role("link", name="Change addresses, or say that they moved").click()
        press(page, "Add another address")
        page.fill("#addresses-1-line", "2 Long Lane")
        page.fill("#addresses-1-postcode", "se1-4pt")
        for question in ("Is it safe to write here?", "Is it safe to visit here?"):
            page.locator("#addresses-1").get_by_role("group", name=question).get_by_label("Yes", exact=True).check()
        fill_day(page, "addresses-1-from_on", date.today() - timedelta(days=9))
        press(page, "Save")
        expect(page.locator(".govuk-error-summary")).to_contain_text("they live at one address now")
        page.goto(eyes.address("/borough/families/{waiting}/record/addresses"))
        press(page, "Add another address")
        fill_day(page, "addresses-0-until_on", date.today() - timedelta(days=9))
        page.fill("#addresses-1-line", "2 Long Lane")
        page.fill("#addresses-1-postcode", "se1-4pt")
        for question in ("Is it safe to write here?", "Is it safe to visit here?"):
            page.locator("#addresses-1").get_by_role("group", name=question).get_by_label("Yes", exact=True).check()
        fill_day(page, "addresses-1-from_on", date.today() - timedelta(days=9))
        press(page, "Save")
        expect(page.locator("main")).to_contain_text("SE1\u00a04PT")
        page.get_by_role("button", name="Add a child").click()
        fill_day(page, "expected_date", date.today() + timedelta(days=50))
        press(page, "Save")
        expect(page.locator("h1")).to_contain_text("and expected baby")
        expect(page.locator("main")).to_contain_text("Baby")
        page.get_by_role("link", name="Story").click()
        expect(page.locator(".story")).to_contain_text("The family moved")
        page.get_by_text("Show only some of it").click()
        page.get_by_label("The record itself").check()
        press(page, "Show")
        expect(page.locator(".story > li")).to_have_count(1)
        assert overflow(page) <= 0
        keep_picture(page, "family-narrowed-to-the-record", 390)


def test_who_may_not_collect_stands_on_the_register_and_the_reason_does_not(eyes: Eyes) -> None:
    with eyes.page("camhs", 1280) as page:
        page.goto(eyes.address("/borough/families/{collected}/record/safety"))
        page.fill("#not_allowed-0-name", "Dean Marsh")
        page.get_by_label("Collect the child").check()
        page.get_by_role("textbox", name="Why").fill("A court order")
        page.fill("#risks_to_visitors", "A large dog")
        press(page, "Save")
        expect(page.locator(".heed").first).to_contain_text("Dean Marsh may not collect")
    with eyes.page("facilitator", 390) as page:
        for path in ("/borough/sessions/{session}/register", "/borough/collections"):
            page.goto(eyes.address(path))
            expect(page.locator(".heed").first).to_contain_text("Dean Marsh may not collect")
            expect(page.locator("main")).not_to_contain_text("court order")
            assert overflow(page) <= 0
            assert faults_of(page) == []
        expect(page.locator(".heed").first).to_contain_text("A large dog")
