"""A day's work in the pages: what the forms that are used less often do."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.eyes import Eyes, faults_of, keep_picture

SEND_TWICE = """async () => {
    const form = document.querySelector("main form");
    for (const _ of [1, 2]) await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
}"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def done(page: Page, words: str) -> None:
    expect(page.locator(".done")).to_have_text(words)


def fill_day(page: Page, start: str, on: date) -> None:
    for part, number in (("", on.day), ("-month", on.month), ("-year", on.year)):
        page.fill(f"#{start}{part}", str(number))


def test_an_assessment_is_written_after_the_visit_with_its_decision(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/assessments/{visiting}"))
        press(page, "The visit is done")
        done(page, "The visit is marked as done. Both agencies can write and sign.")
        page.get_by_role("button", name="Write the decision").click()
        page.fill("#child_side", "Curious; warm.")
        page.fill("#decision-reason", "Wants to meet others.")
        press(page, "Save as a new version")
        expect(page.locator(".govuk-error-summary a")).to_have_text("Outcome: this is needed.")
        page.get_by_label("Offer a place").check()
        page.locator("#decision-group_id").select_option(index=1)
        press(page, "Save as a new version")
        done(page, "Saved as a new version. It needs both signatures.")
        expect(page.locator("main")).to_contain_text("Offer a place, Peckham stay and play")
        press(page, "Sign version 2")
        done(page, "Signed. It counts when the other agency signs the same version.")


def test_two_people_write_the_same_assessment_and_see_both_versions(eyes: Eyes) -> None:
    with eyes.page("camhs") as mine, eyes.page("adult") as theirs:
        for page in (mine, theirs):
            page.goto(eyes.address("/borough/assessments/{arranged}/edit"))
        theirs.fill("#shared", "Curious.")
        press(theirs, "Save as a new version")
        mine.fill("#shared", "Shy at first.")
        press(mine, "Save as a new version")
        expect(mine.locator("h1")).to_have_text("Somebody else changed this first")
        expect(mine.locator(".notice")).to_contain_text("Paul Lang saved another version")
        expect(mine.locator(".version--yours")).to_contain_text("Shy at first.")
        press(mine, "Edit mine again")
        expect(mine.locator("#shared")).to_have_value("Shy at first.")
        mine.fill("#shared", "Curious, and shy at first.")
        press(mine, "Save as a new version")
        done(mine, "Saved as a new version. It needs both signatures.")
        mine.goto(eyes.address("/borough/assessments/{arranged}/changes"))
        expect(mine.locator("ins")).to_contain_text("Curious, and shy at first.")
        expect(mine.locator("del")).to_contain_text("Curious.")


def test_a_visit_that_did_not_take_place_can_be_arranged_again(eyes: Eyes) -> None:
    with eyes.page("adult") as page:
        page.goto(eyes.address("/borough/assessments/{not_in}"))
        page.locator(".decide summary").first.click()
        page.fill("#missed-reason", "Nobody answered the door.")
        press(page, "The family was not in")
        done(page, "Saved: the family was not in. Outreach hears of it.")
        expect(page.locator("main")).to_contain_text("Nobody answered the door.")
        expect(page.get_by_role("button", name="Arrange the visit").first).to_be_visible()


def test_a_place_is_offered_paused_resumed_and_ended(eyes: Eyes) -> None:
    with eyes.page("facilitator") as page:
        page.goto(eyes.address("/borough/groups"))
        page.get_by_role("button", name="Offer Anna Jansen and Otto a place").click()
        page.locator("#group_id").select_option(index=1)
        press(page, "Offer a place")
        done(page, "The place is offered.")
        page.goto(eyes.address("/borough/families/{quiet}"))
        page.get_by_role("button", name="Pause the place").click()
        page.fill("#reason", "With family abroad.")
        press(page, "Pause the place")
        done(page, "The family is having a break. It keeps its place.")
        page.get_by_role("button", name="End the break").click()
        press(page, "End the break")
        done(page, "The break is over. The family is back on the register.")
        page.get_by_role("button", name="End the place").click()
        press(page, "End the place")
        expect(page.locator(".govuk-error-summary a")).to_have_text("Why the place ends: this is needed.")
        page.fill("#reason", "They moved to Kent.")
        press(page, "End the place")
        done(page, "The place has ended.")
        page.get_by_role("button", name="Back on the waiting list").click()
        press(page, "Back on the waiting list")
        done(page, "The family is on the waiting list again.")


def test_outreach_is_taken_on_and_closed_with_a_reason(eyes: Eyes) -> None:
    with eyes.page("facilitator") as page:
        page.goto(eyes.address("/borough/outreach?reason=before_joining"))
        page.locator("main .row__link").first.click()
        press(page, "Take it on")
        done(page, "This is yours now.")
        page.locator("#close summary").click()
        press(page, "Close the case")
        expect(page.locator(".govuk-error-summary a")).to_have_text("Why are you closing it? This is needed.")
        page.get_by_label("No longer needed").check()
        press(page, "Close the case")
        done(page, "Outreach is closed.")


def test_a_contact_is_kept_on_the_familys_page(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390) as page:
        page.goto(eyes.address("/borough/families/{family}"))
        page.get_by_role("button", name="Log a contact").click()
        page.get_by_label("Text message").check()
        page.get_by_label("They got in touch").check()
        page.get_by_label("Spoke with them").check()
        fill_day(page, "contact-made_at", date.today() + timedelta(days=2))
        page.fill("#contact-made_at-time", "10:00")
        press(page, "Keep the contact")
        expect(page.locator(".govuk-error-summary")).to_contain_text("When: this must be now or in the past.")
        for part in ("", "-month", "-year", "-time"):
            page.fill(f"#contact-made_at{part}", "")
        press(page, "Keep the contact")
        done(page, "The contact is kept.")
        expect(page.locator(".story")).to_contain_text("The family got in touch: text message")


def test_a_family_is_collected(eyes: Eyes) -> None:
    with eyes.page("facilitator", 390) as page:
        page.goto(eyes.address("/borough/families/{collected}/collect"))
        page.fill("#pick_up_at", "9.40")
        page.fill("#driver_name", "Jo Marsh")
        press(page, "Arrange the collection")
        done(page, "The collection is arranged. It shows on the register.")
        page.goto(eyes.address("/borough/collections"))
        if page.get_by_role("button", name="The run is done").count():
            press(page, "The run is done")
            expect(page.locator(".govuk-error-summary")).to_contain_text("Some families have no outcome yet")
            assert faults_of(page) == []
            page.locator(".stop .mark input").first.check()
            press(page, "The run is done")
            done(page, "The run is done. The register shows who was collected.")


def test_a_referral_is_the_same_as_another(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/referrals?status=received"))
        page.get_by_role("link", name="Ines Silva, Lara and Sam").click()
        page.locator("#duplicate summary").click()
        press(page, "Mark as referred before")
        needed = ["The other referral: this is needed.", "How do you know it is the same family? This is needed."]
        expect(page.locator(".govuk-error-summary a")).to_have_text(needed)
        page.locator("#duplicate-of").select_option(index=1)
        page.fill("#duplicate-reason", "The same children at the same address.")
        press(page, "Mark as referred before")
        done(page, "Marked as referred before.")


def test_a_question_to_the_referrer_is_answered(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/referrals/{other_referral}"))
        page.locator("#answer summary").click()
        page.fill("#answer-reason", "Yes, every Tuesday.")
        press(page, "Write down the answer")
        done(page, "The answer is saved. The referral is back in triage.")


def test_roles_are_changed_and_an_invitation_is_taken_back(eyes: Eyes) -> None:
    with eyes.page("administrator") as page:
        page.goto(eyes.address("/borough/people/invite"))
        page.fill("#name", "Alex Reid")
        page.fill("#email", "alex.reid@example.org")
        page.get_by_label("Facilitator").check()
        page.locator("#agency_id").select_option(index=1)
        press(page, "Send the invitation")
        expect(page.locator("#link")).to_have_value(page.locator("#link").input_value())
        assert faults_of(page) == []
        page.goto(eyes.address("/borough/people"))
        page.get_by_role("button", name="Take back the invitation of Alex Reid").click()
        done(page, "The invitation no longer works.")
        page.get_by_role("link", name="Imran Aziz").click()
        expect(page.get_by_label("Practitioner")).to_be_checked()
        keep_picture(page, "member", 1280)
        page.get_by_label("Facilitator").check()
        press(page, "Save")
        done(page, "Saved.")
        expect(page.locator("main")).to_contain_text("Facilitator")


def test_the_same_form_sent_twice_does_its_work_once(eyes: Eyes) -> None:
    with eyes.page("facilitator") as page:
        page.goto(eyes.address("/borough/families/{family}/contact"))
        page.get_by_label("Text message").check()
        page.get_by_label("No answer").check()
        page.evaluate(SEND_TWICE)
        page.goto(eyes.address("/borough/families/{family}"))
        assert page.locator(".story").inner_text().count("Text message: no answer") == 1


def test_signing_out_ends_the_session(eyes: Eyes) -> None:
    with eyes.page("referrer", empty=True) as page:
        page.goto(eyes.address("/borough/", empty=True))
        page.locator(".menu--person summary").click()
        page.locator(".menu--person").get_by_role("button", name="Sign out").click()
        done(page, "You are signed out.")
        page.goto(eyes.address("/borough/referrals", empty=True))
        expect(page.locator("h1")).to_have_text("Sign in")


def test_a_visit_to_come_can_only_be_cancelled(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/assessments/{arranged}"))
        expect(page.get_by_role("button", name="The visit is done")).to_have_count(0)
        page.locator(".decide summary").first.click()
        press(page, "The visit is cancelled")
        done(page, "The visit is cancelled.")
