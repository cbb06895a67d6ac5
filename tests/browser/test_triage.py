"""Triage in a browser, each outcome as a journey: on a phone, at a desk, without script; with two who decide at once, and a late answer."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chassis import clock
from stayplay.journey import until
from stayplay.journey.family import referral
from tests.browser.eyes import Eyes, faults_of, keep_picture, looks_right, overflow, press
from tests.support.triage_done import link_mailed

SIZES = [(390, True), (1280, True), (1280, False)]
sizes = pytest.mark.parametrize(("width", "script"), SIZES, ids=["phone", "desk", "no-script"])


def referred(eyes: Eyes, parent: str, **changed: Any) -> dict[str, Any]:
    """Refer a family whose referrer may follow each step by mail."""
    borough = eyes.stage.borough
    body = referral("Triaged", clock.today())
    body["parents"][0] |= {"given_name": parent}
    told = {"may_be_told": "status", "email": f"{parent.lower()}@example.org"}
    return borough["referrer"].post(f"{borough.base}/referrals", {**body, "referrer": {**body["referrer"], **told}, **changed})


def opened(eyes: Eyes, page: Page, one: dict[str, Any]) -> None:
    page.goto(eyes.address(f"/borough/referrals/{one['id']}"))


def decided(page: Page, name: str, button: str, **words: str) -> None:
    """Open one decision, answer it, and send it."""
    part = page.locator(f"#{name}")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    for field, value in words.items():
        part.locator(f"[name={field}]").fill(value)
    part.get_by_role("button", name=button, exact=True).click()


@sizes
def test_it_is_taken_looked_at_and_accepted_with_two_for_the_visit(eyes: Eyes, width: int, *, script: bool) -> None:
    one = referred(eyes, f"Ada{width}{script}", risks_to_visitors="A dog that is wary.", borough_link="not_known")
    with eyes.page("camhs", width, script=script) as page:
        opened(eyes, page, one)
        expect(page.locator(".heed")).to_contain_text("A dog that is wary.")
        press(page, "Take it")
        expect(page.locator(".done")).to_contain_text("Saved.")
        page.goto(eyes.address("/borough/referrals?whose=mine"))
        expect(page.locator(".rows")).to_contain_text(one["family_name"])
        keep_picture(page, "triage-board", width)
        assert overflow(page) == 0
        opened(eyes, page, one)
        answer = page.locator("#judge-borough")
        answer.locator("summary").click()
        answer.get_by_label("Met", exact=True).check()
        answer.locator("[name=fact]").fill("He goes to nursery here.")
        answer.get_by_role("button", name="Save the answer").click()
        expect(page.locator("#criteria")).to_contain_text("He goes to nursery here.")
        decided(page, "accept", "Accept for joint assessment")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Why does the group fit?")
        accept = page.locator("#accept")
        for kind in ("camhs", "adult_mental_health"):
            accept.locator(f"#accept-{kind}").select_option(index=1)
        accept.get_by_label("Urgent: the family needs to be seen soon").check()
        decided(page, "accept", "Accept for joint assessment", reason="They want to meet others.")
        expect(page.locator("h1")).to_have_text("Accept for joint assessment?")
        expect(page.locator("main")).to_contain_text("This can't be undone")
        keep_picture(page, "triage-confirm", width)
        assert overflow(page) == 0
        press(page, "Accept for joint assessment")
        expect(page.locator(".done")).to_contain_text("Accepted.")
        expect(page.locator(".lede")).to_contain_text("Urgent")
    assert proposed(eyes, one) == ["adult_mental_health", "camhs"]


def proposed(eyes: Eyes, one: dict[str, Any]) -> list[str]:
    borough = eyes.stage.borough
    family_id, camhs = borough["camhs"].get(f"{borough.base}/referrals/{one['id']}")["family_id"], borough["camhs"]
    (found,) = until("an assessment opens", lambda: camhs.get(f"{borough.base}/assessments", family_id=family_id)["items"])
    return sorted(each["agency_kind"] for each in camhs.get(f"{borough.base}/assessments/{found['id']}")["proposed"])


def somebody(browser: Browser, width: int, *, script: bool) -> BrowserContext:
    """Return a browser without an account."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 900})
    context.set_default_timeout(8000)
    return context


@sizes
def test_a_referrer_answers_by_the_link_and_an_answer_after_the_decision_is_shown(eyes: Eyes, width: int, *, script: bool) -> None:
    one = referred(eyes, f"Bea{width}{script}")
    with eyes.page("camhs", width, script=script) as page:
        opened(eyes, page, one)
        decided(page, "ask", "Ask for more information", reason="Who else lives there?")
        expect(page.locator("#questions")).to_contain_text("Emailed to the referrer")
        token = link_mailed(eyes.stage.mails.as_uri(), one["reference"])
        if width == 1280:
            decided(page, "decline", "Decline", reason="Nobody answered us.")
            expect(page.locator(".govuk-error-summary")).to_contain_text("Why is it declined?")
            page.locator("#decline").get_by_label("They could not be reached").check()
            decided(page, "decline", "Decline", reason="Nobody answered us.")
            expect(page.locator(".done")).to_contain_text("declined")
        with somebody(eyes.browser, width, script=script) as stranger:
            answered(eyes, stranger.new_page(), token, width)
        opened(eyes, page, one)
        expect(page.locator("#questions")).to_contain_text("Her mother does.")
        keep_picture(page, "triage-answered", width)
        assert overflow(page) == 0
        if width == 1280:
            expect(page.locator("#questions")).to_contain_text("Came after the decision")
            press(page, "I have looked at it")
            expect(page.locator("#questions")).to_contain_text("Looked at by")
        else:
            expect(page.locator(".lede")).to_contain_text("To triage")


def answered(eyes: Eyes, page: Page, token: str, width: int) -> None:
    address = eyes.address(f"/borough/answer/{token}")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Who else lives there?")
    assert faults_of(page) == []
    assert overflow(page) == 0
    keep_picture(page, "triage-question", width)
    page.wait_for_timeout(2100)  # a form that comes faster than anybody reads is taken for a machine's
    press(page, "Send the answer")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Your answer: this is needed.")
    page.fill("#answer", "Her mother does.")
    press(page, "Send the answer")
    expect(page.locator("h1")).to_have_text("Thank you. Your answer has arrived")
    assert token not in page.url
    assert faults_of(page) == []
    page.goto(address)
    expect(page.locator("h1")).to_have_text("This was answered")
    page.goto(eyes.address(f"/borough/answer/{token[:-2]}zz"))
    expect(page.locator("main")).to_contain_text("This link opens nothing here")
    page.goto(eyes.address(f"/borough/answer/{token}", empty=True))
    expect(page.locator("main")).to_contain_text("This link opens nothing here")


@sizes
def test_a_referrer_who_signs_in_answers_beside_their_own_referrals(eyes: Eyes, width: int, *, script: bool) -> None:
    one = referred(eyes, f"Gia{width}{script}")
    borough = eyes.stage.borough
    with eyes.page("camhs", width, script=script) as page:
        opened(eyes, page, one)
        decided(page, "ask", "Ask for more information", reason="Who else lives there?")
    with eyes.page("referrer", width, script=script) as page:
        page.goto(eyes.address("/borough/referrals"))
        looks_right(page, "own-question")
        page.get_by_role("link", name=f"Answer what the team asks about {one['reference']}").click()
        expect(page.locator("main")).to_contain_text("Who else lives there?")
        address = page.url
        press(page, "Send the answer")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Your answer: this is needed.")
        looks_right(page, "own-answer")
        page.fill("#answer", "Her mother does.")
        press(page, "Send the answer")
        expect(page.locator(".done")).to_contain_text("Your answer has reached the team.")
        expect(page.get_by_role("link", name=f"Answer what the team asks about {one['reference']}")).to_have_count(0)
        page.goto(address)
        expect(page.locator("h1")).to_have_text("This can't be answered here any more")
        looks_right(page, "own-answered")
    (question,) = borough["camhs"].get(f"{borough.base}/referrals/{one['id']}")["questions"]
    assert question["answer"] == "Her mother does."


@sizes
def test_every_other_outcome_and_back(eyes: Eyes, width: int, *, script: bool) -> None:
    redirected, gone, twice = (referred(eyes, f"{name}{width}{script}") for name in ("Cat", "Dee", "Eve"))
    with eyes.page("adult", width, script=script) as page:
        opened(eyes, page, redirected)
        page.locator("#redirect summary").click()
        page.locator("#redirect").get_by_label("The family", exact=True).check()
        decided(page, "redirect", "Point to another service", to="Start for Life drop-in", reason="They want company.")
        expect(page.locator(".story")).to_contain_text(re.compile(r"Start for Life drop-in.*Told: the family", re.DOTALL))
        decided(page, "close", "Close the referral", reason="The drop-in rang back.")
        expect(page.locator(".done")).to_have_text("The referral is closed.")
        decided(page, "reopen", "Open it again", reason="The drop-in is full.")
        expect(page.locator(".done")).to_contain_text("open again")
        opened(eyes, page, gone)
        decided(page, "withdraw", "The family has withdrawn", reason="She has found another group.")
        expect(page.locator(".lede")).to_contain_text("Withdrawn by the family")
        opened(eyes, page, twice)
        page.locator("#duplicate summary").click()
        page.locator("#duplicate select").select_option(value=str(gone["id"]))
        decided(page, "duplicate", "Mark as referred before", reason="The same address.")
        expect(page.locator(".done")).to_have_text("Marked as referred before.")
        page.goto(eyes.address("/borough/referrals?status=finished"))
        expect(page.locator(".rows")).to_contain_text("Already referred")
        keep_picture(page, "triage-finished", width)
        assert overflow(page) == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_of_two_who_decide_at_once_the_second_sees_both_and_chooses(eyes: Eyes, *, script: bool) -> None:
    one = referred(eyes, f"Fay{script}")
    with eyes.page("camhs", 1280, script=script) as first, eyes.page("adult", 390, script=script) as second:
        opened(eyes, first, one)
        opened(eyes, second, one)
        decided(first, "ask", "Ask for more information", reason="Who else lives there?")
        decided(second, "withdraw", "The family has withdrawn", reason="She rang me.")
        expect(second.locator("h1")).to_have_text("Somebody else was first")
        for said in ("The family has withdrawn", "She rang me.", "Waiting for information", "Who else lives there?"):
            expect(second.locator("main")).to_contain_text(said)
        keep_picture(second, "triage-both", 390)
        assert overflow(second) == 0
        press(second, "Do mine anyway")
        expect(second.locator(".lede")).to_contain_text("Withdrawn by the family")
