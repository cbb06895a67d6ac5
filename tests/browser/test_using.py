"""Using the pages: by keyboard, zoomed to 400%, by thumb, on paper, and when something goes wrong."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.eyes import Eyes, faults_of, keep_picture, overflow
from tests.browser.stage import PASSWORD, PLUM

ZOOMED = ["/borough/", "/borough/referrals/{referral}", "/borough/refer", "/borough/assessments/{assessment}", "/borough/families/{family}"]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName"))


def height(box: Locator) -> float:
    return float(box.evaluate("box => box.getBoundingClientRect().height"))


def test_signing_in_by_keyboard_alone(eyes: Eyes) -> None:
    with eyes.page() as page:
        page.goto(eyes.address("/sign-in"))
        page.keyboard.press("Tab")
        assert focused(page) == "Skip to main content"
        page.keyboard.press("Enter")
        assert focused(page).startswith("Sign in") or page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        page.keyboard.type(eyes.stage.borough.members["camhs"].email)
        page.keyboard.press("Tab")
        page.keyboard.type("wrong password")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Email or password is wrong")
        assert faults_of(page) == []
        keep_picture(page, "sign-in-wrong", 1280)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{eyes.stage.borough.slug}/")
        page.context.clear_cookies()


def test_the_menu_opens_and_closes_by_keyboard(eyes: Eyes) -> None:
    with eyes.page("camhs", 390) as page:
        page.goto(eyes.address("/borough/"))
        page.locator(".menu--phone summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".menu--phone nav")).to_be_visible()
        assert faults_of(page) == []
        keep_picture(page, "menu", 390)
        for comes_next in ("find-in-menu", "Find", "Today"):
            page.keyboard.press("Tab")
            assert focused(page) == comes_next
        page.keyboard.press("Escape")
        expect(page.locator(".menu--phone nav")).to_be_hidden()
        assert focused(page) == "Menu"


def test_the_register_is_marked_by_keyboard(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390) as page:
        page.goto(eyes.address("/borough/sessions/{session}/register"))
        family = page.locator(".attend").nth(2)
        family.locator(".mark--here input").focus()
        page.keyboard.press("Space")
        expect(family.locator(".chip").first).to_be_visible()
        page.keyboard.press("ArrowRight")
        expect(family.locator(".mark--told_us input")).to_be_checked()
        outline = family.locator(".mark--told_us label").evaluate("label => getComputedStyle(label).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Tab")
        assert focused(page) == "Late, or we cancelled"


def test_the_register_counts_along_and_says_what_is_not_saved(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390) as page:
        page.goto(eyes.address("/borough/sessions/{session}/register"))
        page.locator(".attend").nth(0).locator(".mark--here input").check()
        page.locator(".attend").nth(1).locator(".mark--told_us input").check()
        expect(page.locator("[data-count=people]")).to_have_text("3")
        expect(page.locator("[data-count=families]")).to_have_text("1 of 6")
        expect(page.locator("[data-count=missing]")).to_have_text("4")
        expect(page.locator("[data-unsaved]")).to_have_text("2 families are not saved yet.")
        expect(page.locator("[data-close]")).to_have_text("Close register (4 still to mark)")
        page.locator(".attend").nth(0).locator(".chip input").nth(1).uncheck()
        expect(page.locator("[data-count=people]")).to_have_text("2")
        keep_picture(page, "register-marked", 390)
        assert faults_of(page) == []


def test_what_a_thumb_presses_is_large_enough(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390) as page:
        page.goto(eyes.address("/borough/sessions/{session}/register"))
        page.locator(".attend").nth(0).locator(".mark--here input").check()
        labels = [height(box) for box in page.locator(".mark label").all() if box.is_visible()]
        assert min(labels) >= 44
        assert min(labels[:3]) >= 48
        assert min(height(box) for box in page.locator(".chip label").all() if box.is_visible()) >= 44
        assert min(height(box) for box in page.locator(".govuk-button").all() if box.is_visible()) >= 44


@pytest.mark.parametrize("path", ZOOMED)
def test_at_four_hundred_per_cent_nothing_is_cut_off(eyes: Eyes, path: str) -> None:
    with eyes.page("camhs", 320) as page:
        page.goto(eyes.address(path))
        assert overflow(page) <= 0


@pytest.mark.parametrize(("name", "path"), [("register", "/borough/sessions/{session}/register"), ("family", "/borough/families/{family}")])
def test_on_paper_there_is_only_what_was_asked_for(eyes: Eyes, name: str, path: str) -> None:
    with eyes.page("facilitator", 1280) as page:
        page.goto(eyes.address(path))
        page.emulate_media(media="print")
        expect(page.locator(".nav").first).to_be_hidden()
        expect(page.locator(".foot")).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        page.screenshot(path=f"build/screens/{name}-print.png", full_page=True)


def test_two_people_change_the_same_family_and_see_both_versions(eyes: Eyes) -> None:
    with eyes.page("camhs", 1280) as mine, eyes.page("adult", 1280) as theirs:
        for page in (mine, theirs):
            page.goto(eyes.address("/borough/families/{waiting}/record/needs"))
        theirs.fill("#language", "Polish")
        theirs.get_by_role("button", name="Save", exact=True).click()
        expect(theirs.locator(".done")).to_contain_text("Saved.")
        mine.fill("#language", "Ukrainian")
        mine.get_by_role("button", name="Save", exact=True).click()
        expect(mine.locator("h1")).to_have_text("Somebody else changed this first")
        expect(mine.locator(".version--yours")).to_contain_text("Ukrainian")
        expect(mine.locator(".version:not(.version--yours)")).to_contain_text("Polish")
        assert mine.locator(".change").count() == 1
        assert faults_of(mine) == []
        keep_picture(mine, "stale", 1280)
        keep_picture(mine, "stale", 390)
        mine.get_by_role("button", name="Save mine instead").click()
        expect(mine.locator(".done")).to_contain_text("Saved.")


def test_an_ended_session_leads_to_sign_in_and_back(eyes: Eyes) -> None:
    with eyes.page() as page:
        page.goto(eyes.address("/borough/referrals?status=all"))
        expect(page.locator("h1")).to_have_text("Sign in")
        page.fill("#email", eyes.stage.borough.members["camhs"].email)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/referrals?status=all")
        page.context.clear_cookies()


def test_a_form_from_elsewhere_is_refused(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/families/{waiting}/record/needs"))
        page.eval_on_selector("input[name=csrf_token]", "input => { input.value = 'forged' }")
        page.locator("main form").evaluate("form => form.querySelector('input[name=csrf_token]').value = 'forged'")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("h1")).to_have_text("Open the page again")
        keep_picture(page, "foreign-form", 1280)


def test_too_much_is_refused_with_a_page(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/assessments/{to_arrange}/edit"))
        with page.expect_navigation():
            page.locator("#child_side").evaluate(
                """area => {
                    const much = document.createElement("input");
                    Object.assign(much, { type: "hidden", name: "much", value: "x".repeat(1100000) });
                    area.form.append(much);
                    area.form.requestSubmit();
                }"""
            )
        expect(page.locator("h1")).to_have_text("Too much was sent")
        keep_picture(page, "too-large", 1280)


def test_another_boroughs_family_is_not_found_as_an_unknown_one_is(eyes: Eyes) -> None:
    with eyes.page("camhs", empty=True) as page:
        other = page.goto(eyes.address("/borough/families/{family}", empty=True))
        assert other is not None
        assert other.status == 404
        seen = page.locator("main").inner_text()
        page.goto(eyes.address("/borough/families/00000000-0000-7000-8000-000000000000", empty=True))
        assert page.locator("main").inner_text() == seen


@pytest.mark.parametrize(("empty", "accent"), [(False, "#0f5c63"), (True, PLUM)])
def test_the_accent_is_the_boroughs(eyes: Eyes, *, empty: bool, accent: str) -> None:
    with eyes.page("camhs", empty=empty) as page:
        page.goto(eyes.address("/borough/", empty=empty))
        used = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()")
        assert used == accent


def test_nothing_of_the_governments_own_look_is_there(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/"))
        html = page.content().lower()
        assert "crown" not in html
        assert "gov.uk" not in html.replace("govuk", "")
        family = page.evaluate("getComputedStyle(document.querySelector('.govuk-button')).fontFamily")
        assert family.startswith('"Atkinson Hyperlegible Next"')
        assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
