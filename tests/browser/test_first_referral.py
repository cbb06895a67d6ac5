"""From an operator's first step to the borough's first referral: a real borough, without script, at both widths."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser import referring
from tests.browser.eyes import Eyes, choose, fill_day, looks_right
from tests.browser.onboarding import go_on, joined, onboarded, operating, without_script

LEFT = ("steps left before the first referral", "1 step left before the first referral")


def test_a_new_borough_comes_to_its_first_referral(eyes: Eyes) -> None:
    slug = f"first-{uuid4().hex[:6]}"
    with without_script(eyes) as operator:
        operating(eyes, operator)
        link = here(eyes, onboarded(operator, slug, passing))
    with without_script(eyes) as administrator, without_script(eyes) as referrer:
        joined(administrator, link)
        add_an_agency(administrator, eyes, slug)
        referrer_link = invited(administrator, eyes, slug, "Helen Vance", "Referrer", "Health visiting")
        joined(referrer, referrer_link)
        nothing_is_taken_yet(referrer, eyes, slug)
        set_up(administrator, eyes, slug)
        opened(administrator, eyes, slug)
        refer_the_first_family(referrer, eyes, slug)


def passing(page: Page, name: str) -> None:
    """Look at nothing: these pages are looked at where operators are."""


def here(eyes: Eyes, link: str) -> str:
    """Return an invitation's address on the stage."""
    return eyes.stage.url + link[link.index("/invitation/") :]


def add_an_agency(page: Page, eyes: Eyes, slug: str) -> None:
    page.goto(f"{eyes.stage.url}/{slug}/agencies/add")
    page.get_by_label("Name of the agency").fill("Health visiting")
    page.get_by_label("Referring service").check()
    go_on(page, "Add an agency")


def invited(page: Page, eyes: Eyes, slug: str, name: str, role: str, agency: str) -> str:
    """Invite somebody; return their link."""
    page.goto(f"{eyes.stage.url}/{slug}/people/invite")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(f"{name.split(maxsplit=1)[0].lower()}@{slug}.example")
    page.get_by_label(role, exact=True).check()
    page.get_by_label("Agency").select_option(label=agency)
    go_on(page, "Send the invitation")
    return here(eyes, page.locator("#link").input_value())


def nothing_is_taken_yet(page: Page, eyes: Eyes, slug: str) -> None:
    """The form says so before anybody fills it in, and sending it all the same keeps nothing."""
    page.goto(f"{eyes.stage.url}/{slug}/refer")
    expect(page.get_by_text("takes no referrals yet")).to_be_visible()
    looks_right(page, "refer-not-open")
    go_on(page, "Start a referral")
    expect(page.locator("h1")).to_have_text("This borough does not take referrals yet")


def steps_left(page: Page, eyes: Eyes, slug: str) -> int:
    """Return what the checklist says is left."""
    page.goto(f"{eyes.stage.url}/{slug}/set-up")
    said = page.locator("main .lede").inner_text()
    assert any(words in said for words in LEFT) or said.startswith("Everything is there"), said
    return int(said.split()[0]) if said[0].isdigit() else 0


def set_up(page: Page, eyes: Eyes, slug: str) -> None:
    """Go through the checklist by its own links; each step leaves one less."""
    assert steps_left(page, eyes, slug) == 5
    expect(page.get_by_role("button", name="Open for referrals")).to_have_count(0)
    for name, step in STEPS.items():
        before = steps_left(page, eyes, slug)
        page.locator("main").get_by_role("link", name=re.compile(f"^{name}")).click()
        step(page, eyes, slug)
        assert steps_left(page, eyes, slug) == before - 1, name


def review_the_policy(page: Page, eyes: Eyes, slug: str) -> None:
    go_on(page, "This policy is right")


def check_the_public_page(page: Page, eyes: Eyes, slug: str) -> None:
    go_on(page, "I have checked it: it is right")


def practitioner(name: str, agency: str) -> Callable[[Page, Eyes, str], None]:
    """Return the step in which a practitioner is invited, waited for, and joins."""

    def step(page: Page, eyes: Eyes, slug: str) -> None:
        link = invited(page, eyes, slug, name, "Practitioner", agency)
        page.goto(f"{eyes.stage.url}/{slug}/set-up")
        expect(page.get_by_text("Invited, has not joined yet")).to_be_visible()
        with without_script(eyes) as clinician:
            joined(clinician, link)

    return step


def add_a_group(page: Page, eyes: Eyes, slug: str) -> None:
    today = date.today() + timedelta(days=1)
    page.get_by_label("Name of the group").fill("Camberwell Tuesday")
    page.get_by_label("Venue").select_option(label="1st Place Children's Centre")
    choose(page, "Day of the week", f"{today:%A}")
    page.fill("#starts_at", "10:00")
    page.fill("#ends_at", "11:30")
    fill_day(page, "starts_on", today)
    page.get_by_label("No", exact=True).first.check()
    go_on(page, "Add a group")


STEPS: dict[str, Callable[[Page, Eyes, str], None]] = {
    "Review the policy": review_the_policy,
    "Check the public page": check_the_public_page,
    "A practitioner from CAMHS": practitioner("Ruth Osei", "CAMHS"),
    "A practitioner from the adult mental health team": practitioner("Paul Lang", "Adult mental health team"),
    "A group": add_a_group,
}
"""The venue came with the borough."""


def opened(page: Page, eyes: Eyes, slug: str) -> None:
    page.goto(f"{eyes.stage.url}/{slug}/")
    expect(page.get_by_role("link", name="Open the borough for referrals")).to_be_visible()
    looks_right(page, "today-to-open")
    page.get_by_role("link", name="Open the borough for referrals").click()
    looks_right(page, "set-up-to-open")
    go_on(page, "Open for referrals")
    expect(page.get_by_role("status")).to_contain_text("The borough is open")
    looks_right(page, "set-up-opened")
    page.goto(f"{eyes.stage.url}/{slug}/")
    expect(page.get_by_role("heading", name="Set up this borough")).to_have_count(0)


def refer_the_first_family(page: Page, eyes: Eyes, slug: str) -> None:
    page.goto(f"{eyes.stage.url}/{slug}/refer")
    expect(page.get_by_text("takes no referrals yet")).to_have_count(0)
    referring.begin(page)
    referring.write(page)
    go_on(page, "Send the referral")
    expect(page.get_by_role("heading", name="Thank you. The referral has arrived")).to_be_visible()
    looks_right(page, "first-referral")
