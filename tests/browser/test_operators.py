"""An operator onboards a borough step by step, its administrator works through the checklist: without script, at both widths."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.eyes import Eyes, looks_right
from tests.browser.onboarding import go_on, joined, onboarded, without_script
from tests.browser.stage import PASSWORD


@pytest.fixture
def operator(eyes: Eyes) -> Iterator[Page]:
    """An operator's browser, in which no script runs but the one that looks for faults."""
    with without_script(eyes) as page:
        page.goto(eyes.stage.url + "/operator")
        looks_right(page, "operator-sign-in")
        page.fill("#token", eyes.stage.operator.token)
        page.click("main button[type=submit]")
        page.wait_for_url("**/operator")
        yield page


def test_an_operator_onboards_a_borough_and_its_administrator_sets_it_up_without_script(eyes: Eyes, operator: Page) -> None:
    slug = f"journey-{uuid4().hex[:6]}"
    looks_right(operator, "operator-boroughs")
    link = onboarded(operator, slug, looks_right)
    with without_script(eyes) as administrator:
        joined(administrator, link.replace(link.split("/invitation/")[0], eyes.stage.url))
        administrator.goto(f"{eyes.stage.url}/{slug}/")
        expect(administrator.get_by_role("heading", name="Set up this borough")).to_be_visible()
        looks_right(administrator, "today-to-set-up")
        walk_through_the_checklist(eyes, administrator, slug)
    suspend_and_resume(eyes, operator, slug)


def walk_through_the_checklist(eyes: Eyes, page: Page, slug: str) -> None:
    """Do what can be done at once; each line leads to where it is done, and the list says what is left."""
    page.get_by_role("navigation", name="Main").first.get_by_role("link", name="Set-up").click()
    expect(page.get_by_text("steps left before the first referral")).to_be_visible()
    looks_right(page, "set-up")
    left = int(page.locator(".lede").inner_text().split()[0])
    page.get_by_role("link", name="Review the policy").click()
    looks_right(page, "policy-to-review")
    go_on(page, "This policy is right")
    page.goto(f"{eyes.stage.url}/{slug}/set-up")
    assert int(page.locator(".lede").inner_text().split()[0]) == left - 1
    page.get_by_role("link", name=re.compile("^A group")).click()
    expect(page.get_by_label("Places for families")).to_have_value("8")
    page.goto(f"{eyes.stage.url}/{slug}/policy/change")
    looks_right(page, "policy-change")
    page.get_by_label("Families in a new group").fill("12")
    go_on(page, "Save the policy")
    expect(page.get_by_role("alert")).to_contain_text("Why? This is needed.")
    page.get_by_label("Why?").fill("The hall is larger than we thought")
    go_on(page, "Save the policy")
    expect(page.get_by_role("status")).to_contain_text("The policy is saved.")
    looks_right(page, "policy")
    page.goto(f"{eyes.stage.url}/{slug}/agencies")
    looks_right(page, "agencies")
    page.get_by_role("link", name="Change Adult mental health team").click()
    looks_right(page, "agency")
    page.get_by_label("Name of the agency").fill("Parents' mental health team")
    go_on(page, "Save")
    expect(page.get_by_text("Parents' mental health team").first).to_be_visible()


def suspend_and_resume(eyes: Eyes, page: Page, slug: str) -> None:
    """Suspend it from its page: its people read everything, change nothing, and are told why."""
    page.goto(f"{eyes.stage.url}/operator?q={slug}")
    page.get_by_role("link", name="Southwark").click()
    looks_right(page, "operator-borough")
    page.get_by_label("Why is it suspended?").fill("Accounts were misused")
    go_on(page, "Suspend")
    looks_right(page, "operator-borough-suspended")
    with without_script(eyes) as member:
        member.goto(f"{eyes.stage.url}/sign-in")
        member.fill("#email", f"ada@{slug}.example")
        member.fill("#password", PASSWORD)
        member.click("main button[type=submit]")
        member.goto(f"{eyes.stage.url}/{slug}/agencies/add")
        expect(member.get_by_text("This borough is suspended.")).to_be_visible()
        member.get_by_label("Name of the agency").fill("Home-Start")
        member.get_by_label("Referring service").check()
        go_on(member, "Add an agency")
        expect(member.get_by_role("heading", name="This borough is suspended")).to_be_visible()
        expect(member.get_by_text("Accounts were misused").last).to_be_visible()
        looks_right(member, "suspended")
    page.get_by_label("Why does its work go on?").fill("Cleared up")
    go_on(page, "Resume")
    expect(page.get_by_text("The work of the borough goes on.")).to_be_visible()


def test_what_was_begun_is_gone_on_with_another_day(eyes: Eyes, operator: Page) -> None:
    operator.goto(eyes.stage.url + "/operator/onboarding")
    go_on(operator, "Begin with a new borough")
    operator.get_by_label("Which local authority is it?").select_option("Another authority in England")
    go_on(operator)
    operator.get_by_label("Borough", exact=True).fill("Bristol")
    operator.get_by_label("GSS code").fill("E06000023")
    operator.get_by_label("Name of the programme, as families read it").fill("Bristol Play")
    operator.get_by_label("Name in addresses").fill("bristol")
    go_on(operator)
    operator.goto(eyes.stage.url + "/operator/onboarding")
    looks_right(operator, "operator-unfinished")
    operator.get_by_role("link", name="Bristol").click()
    expect(operator.get_by_role("heading", name="Agencies")).to_be_visible()
    operator.goto(eyes.stage.url + "/operator/documents/terms/1")
    looks_right(operator, "operator-document")
