"""The forms that matter most, in a browser that runs no script."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import referring
from tests.browser.eyes import Eyes, choose, fill_day, keep_picture, press


def summary(page: Page) -> list[str]:
    return page.locator(".govuk-error-summary a").all_inner_texts()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_mistake_is_named_and_leads_to_its_question(eyes: Eyes, width: int) -> None:
    with eyes.page("referrer", width, script=False) as page:
        page.goto(eyes.address("/borough/refer"))
        referring.begin(page)
        referring.write(page, until_step="Which children would come?")
        fill_day(page, "children-0-birth_date", date.today() + timedelta(days=3))
        press(page, "Continue")
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        told = summary(page)
        assert "Date of birth: this must be today or in the past." in told
        for link in page.locator(".govuk-error-summary a").all():
            target = link.get_attribute("href") or ""
            assert page.locator(f"[id='{target[1:]}']").count() == 1, target
        expect(page).to_have_title(re.compile(r"^Error: "))
        keep_picture(page, "refer-mistakes", width)


def test_another_child_is_added_and_taken_away_again(eyes: Eyes) -> None:
    with eyes.page("referrer", 390, script=False) as page:
        page.goto(eyes.address("/borough/refer"))
        referring.begin(page)
        referring.write(page, until_step="Which children would come?")
        page.fill("#children-0-given_name", "Kofi")
        press(page, "Add another child")
        page.fill("#children-1-given_name", "Efua")
        press(page, "Add another child")
        expect(page.locator("#children-1-given_name")).to_have_value("Efua")
        press(page, "Remove child 1")
        expect(page.locator("#children-0-given_name")).to_have_value("Efua")
        expect(page.locator("#children-2-given_name")).to_have_count(0)
        expect(page.locator(".govuk-error-summary")).to_have_count(0)


def test_a_register_is_marked_refused_and_closed(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390, script=False) as page:
        page.goto(eyes.address("/borough/sessions/{session}/register"))
        families = page.locator(".attend").all()
        families[0].locator(".mark--here input").check()
        expect(families[0].locator(".chip").first).to_be_visible()
        families[1].locator(".mark--told_us input").check()
        press(page, "Save")
        expect(page.locator(".done")).to_have_text("Saved.")
        expect(page.locator("[data-count=families]")).to_have_text("1 of 6")
        page.locator("[data-close]").click()
        expect(page.locator(".govuk-error-summary__title")).to_have_text("Some families have no mark yet")
        missing = [
            "Restricted family" if name == "Nadia Haddad and Noor" else name for name in summary(page)
        ]  # who opened that record sees it
        assert sorted(missing) == ["Fatima Ibrahim and Yusuf", "Restricted family", "Sinead Doyle and Finn", "Thandi Mbeki and Lindi"]
        keep_picture(page, "register-incomplete", 390)
        for family in page.locator(".attend--missing").all():
            family.locator(".mark--did_not_come input").check()
        page.locator("[data-close]").click()
        expect(page.locator(".done")).to_have_text("The register is closed.")
        expect(page.locator("main")).to_contain_text("Closed today")


def test_a_decision_asks_its_reason(eyes: Eyes) -> None:
    with eyes.page("camhs", 390, script=False) as page:
        page.goto(eyes.address("/borough/referrals/{referral}"))
        page.locator("#decline summary").click()
        press(page, "Decline")
        assert summary(page) == ["Why is it declined? This is needed.", "Why is the group not right for this family? This is needed."]
        expect(page.locator("#decline-reason")).to_be_visible()
        keep_picture(page, "referral-reason", 390)
        page.locator("#accept summary").click()
        for kind in ("camhs", "adult_mental_health"):
            page.locator(f"#accept-{kind}").select_option(index=1)
        page.fill("#accept-reason", "They want to meet others.")
        press(page, "Accept for joint assessment")
        press(page, "Accept for joint assessment")
        expect(page.locator(".done")).to_contain_text("Accepted.")


def test_an_unsafe_way_of_contact_is_refused_kindly(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390, script=False) as page:
        page.goto(eyes.address("/borough/outreach/{case}"))
        page.get_by_label("Phone (not safe for this family)").check()
        page.get_by_label("No answer").check()
        press(page, "Keep the contact")
        expect(page.locator(".govuk-error-summary")).to_contain_text("This is not a safe way to reach the family")
        page.get_by_label("Text message").check()
        press(page, "Keep the contact")
        expect(page.locator(".done")).to_have_text("The contact is kept.")


def test_disagreeing_opens_by_a_link_and_is_kept(eyes: Eyes) -> None:
    with eyes.page("adult", 1280, script=False) as page:
        page.goto(eyes.address("/borough/assessments/{assessment}"))
        page.get_by_role("button", name="I disagree").click()
        press(page, "Keep my disagreement")
        assert summary(page) == ["What do you disagree with? This is needed."]
        page.fill("#disagree-reason", "Mateo was asleep.")
        press(page, "Keep my disagreement")
        expect(page.locator("#signatures")).to_contain_text("Mateo was asleep.")
        keep_picture(page, "assessment-disagreed", 1280)


def test_the_second_signature_agrees_the_assessment(eyes: Eyes) -> None:
    with eyes.page("adult", 390, script=False) as page:
        page.goto(eyes.address("/borough/assessments/{assessment}"))
        press(page, "Sign version 4")
        expect(page.locator(".done")).to_have_text("Signed by both agencies. The assessment is agreed.")
        expect(page.locator("#signatures")).to_contain_text("Paul Lang, 2")


def test_a_visit_needs_one_person_of_each_agency(eyes: Eyes) -> None:
    with eyes.page("camhs", 390, script=False) as page:
        page.goto(eyes.address("/borough/assessments/{to_arrange}/visit"))
        fill_day(page, "starts_at", date.today() + timedelta(days=2))
        page.fill("#starts_at-time", "14.30")
        press(page, "Arrange the visit")
        assert summary(page) == ["Who goes from the adult mental health team? Choose one."]  # whoever arranges it is chosen already
        page.select_option("#adult_mental_health", label="Paul Lang, Adult mental health team")
        press(page, "Arrange the visit")
        expect(page.locator(".done")).to_have_text("The visit is arranged.")
        expect(page.locator("main")).to_contain_text("14:30")


def test_a_place_is_started_after_it_was_confirmed(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390, script=False) as page:
        page.goto(eyes.address("/borough/families/{offered}/place/start"))
        fill_day(page, "starts_on", date.today() + timedelta(days=7))
        press(page, "Start the place")
        expect(page.locator(".done")).to_contain_text("The place has started.")


def test_a_group_is_added(eyes: Eyes) -> None:
    with eyes.page("administrator", 390, empty=True, script=False) as page:
        page.goto(eyes.address("/borough/venues/add", empty=True))
        page.fill("#name", "Ladywell Fields")
        press(page, "Add a venue")
        page.goto(eyes.address("/borough/groups/add", empty=True))
        page.fill("#name", "Ladywell Friday")
        page.select_option("#venue_id", label="Ladywell Fields")
        choose(page, "Day of the week", "Friday")
        page.fill("#starts_at", "9.45")
        page.fill("#ends_at", "25:99")
        fill_day(page, "starts_on", date.today())
        page.fill("#capacity", "ten")
        press(page, "Add a group")
        assert summary(page) == ["Ends at: enter a time like 10:00.", "Places for families: enter a whole number."]
        page.fill("#ends_at", "11:15")
        page.fill("#capacity", "10")
        press(page, "Add a group")
        expect(page.locator("h1")).to_have_text("Ladywell Friday")


def test_somebody_is_invited_and_joins(eyes: Eyes) -> None:
    with eyes.page("administrator", 390, script=False) as page:
        page.goto(eyes.address("/borough/people/invite"))
        page.fill("#name", "Nadia Reid")
        page.fill("#email", "nadia.reid@example.org")
        page.get_by_label("Facilitator").check()
        page.select_option("#agency_id", label="First Place Children's Centre")
        press(page, "Send the invitation")
        link = page.locator("#link").input_value()
        keep_picture(page, "invited", 390)
    with eyes.page("", 390, script=False) as page:
        page.goto(link)
        expect(page.locator("h1")).to_have_text("Join Southwark Stay & Play")
        keep_picture(page, "invitation", 390)
        page.fill("#password", "short")
        press(page, "Join")
        assert summary(page) == ["Password: use 8 to 200 characters."]
        page.fill("#password", "green kettle morning")
        press(page, "Join")
        expect(page.locator(".nav, .menu--phone").first).to_be_attached()
        expect(page.locator("h1")).to_contain_text(str(date.today().day))
        page.context.clear_cookies()
