"""Families are found from every page, by whatever is known of them, with or without script, and no name stands in an address."""

from playwright.sync_api import Page, expect

from tests.browser.eyes import Eyes, looks_right, press


def find(page: Page, eyes: Eyes, typed: str) -> None:
    page.fill("main #query", typed)
    press(page, "Find")
    assert page.url == eyes.address("/borough/families"), "what was typed is in no address"


def test_a_family_is_found_by_what_is_known_of_it_and_the_page_says_why(eyes: Eyes) -> None:
    with eyes.page("camhs", script=False) as page:
        page.goto(eyes.address("/borough/families"))
        find(page, eyes, "doyl")
        expect(page.locator(".row__name").first).to_have_text("Sinead Doyle and Finn")
        expect(page.locator(".why").first).to_contain_text("a name begins with \u201cdoyl\u201d")
        find(page, eyes, "shinade doyle")
        expect(page.locator(".why").first).to_contain_text("another form of \u201cshinade\u201d")
        find(page, eyes, "silva")
        expect(page.locator(".row").filter(has_text="Ines Silva")).to_contain_text("To triage")
        looks_right(page, "families-found")
        page.locator(".row").filter(has_text="Ines Silva").get_by_role("link").click()
        expect(page.locator("h1")).to_contain_text("Ines Silva")
        assert "/referrals/" in page.url


def test_who_finds_nobody_is_told_what_was_looked_for_and_what_else_to_try(eyes: Eyes) -> None:
    with eyes.page("facilitator", script=False) as page:
        page.goto(eyes.address("/borough/families"))
        find(page, eyes, "zzz 31/2/2024")
        expect(page.locator("main")).to_contain_text("No family matches what you typed")
        expect(page.locator("main")).to_contain_text("There is no such day")
        expect(page.locator(".tips li")).not_to_have_count(0)
        looks_right(page, "families-not-found")
        find(page, eyes, "")
        expect(page.locator(".row__name")).not_to_have_count(0)
        find(page, eyes, "silva")
        expect(page.locator("main")).not_to_contain_text("Ines Silva")


def test_the_box_is_in_the_menu_of_every_page_and_works_by_keyboard(eyes: Eyes) -> None:
    with eyes.page("facilitator") as page:
        page.goto(eyes.address("/borough/groups"))
        page.locator(".menu--find summary").press("Enter")
        expect(page.locator("#find-above")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".menu--find summary")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.type("castillo")
        page.keyboard.press("Enter")
        expect(page.locator(".row__name").first).to_have_text("Luz Castillo and Mateo")
        assert page.url == eyes.address("/borough/families")
    with eyes.page("facilitator", 390, script=False) as page:
        page.goto(eyes.address("/borough/groups"))
        page.locator(".menu--phone summary").click()
        page.fill("#find-in-menu", "castillo")
        page.locator(".menu--phone").get_by_role("button", name="Find").click()
        expect(page.locator(".row__name").first).to_have_text("Luz Castillo and Mateo")


def test_who_reads_no_families_has_no_box(eyes: Eyes) -> None:
    with eyes.page("referrer", script=False) as page:
        page.goto(eyes.address("/borough/referrals"))
        expect(page.locator("input[type=search]")).to_have_count(0)


def test_what_can_not_be_printed_is_refused_at_the_box(eyes: Eyes) -> None:
    with eyes.page("camhs", script=False) as page:
        page.goto(eyes.address("/borough/families"))
        page.fill("main #query", "do\u0007yle")
        press(page, "Find")
        assert page.locator(".govuk-error-summary a").all_inner_texts() == ["Remove the characters that can't be printed."]
