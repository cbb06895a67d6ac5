"""Records: somebody asks what is held and gets it, somebody is erased; with and without script, on a phone and on a desk."""

import io
import json
import re
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from stayplay.journey import until
from tests.browser.eyes import Eyes, looks_right, press
from tests.browser.stage import Guest

PHONE = 390
NAME = "محمد"


@pytest.fixture(scope="module")
def group(eyes: Eyes) -> dict[str, Any]:
    borough = eyes.stage.borough
    found: dict[str, Any] = borough["facilitator"].get(f"{borough.base}/groups")["items"][0]
    return found


def guest(eyes: Eyes, group: dict[str, Any], parent: str, surname: str, child: str) -> Guest:
    family = Guest(eyes.stage.borough, group, parent, surname, child).visited()
    eyes.stage.borough.dated(None)
    path = f"{eyes.stage.borough.base}/families/{family.family_id}/records"
    records = eyes.stage.borough["records"]
    until("the clocks run", lambda: len(records.get(path)["people"]) >= 2 or None)
    return family


def answer(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        field = page.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value='{value}']").check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def asked(page: Page, eyes: Eyes, family: Guest, kind: str) -> None:
    page.goto(eyes.address(f"/borough/families/{family.family_id}/records"))
    page.get_by_role("link", name="Record a request", exact=True).or_(page.get_by_role("button", name="Record a request")).first.click()
    answer(page, kind=kind, asked_by="She herself", asked_as="self", identity_checked="known", words="What do you have about me?")
    if kind == "access":
        page.select_option("select[name=person_id]", label=f"{NAME} Sesay")


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (1280, True)])
def test_somebody_asks_what_is_held_and_is_given_what_was_looked_through(
    eyes: Eyes,
    group: dict[str, Any],
    width: int,
    script: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    family = guest(eyes, group, NAME, "Sesay", "Kadiatu")
    with eyes.page("records", width, script=script) as page:
        asked(page, eyes, family, "access")
        looks_right(page, f"records-ask-{width}")
        press(page, "Save the request")
        expect(page.locator(".done")).to_contain_text("recorded")
        looks_right(page, f"records-request-{width}")
        press(page, "Gather everything we hold")
        expect(page.locator(".done")).to_contain_text("gathered")
        looks_right(page, f"records-pack-{width}")
        expect(page.locator("main")).to_contain_text("Every record must be looked at first")
        page.locator(".rows a").first.click()
        looks_right(page, f"records-review-{width}")
        refused_without_reason(page)
        while "/pack/" in page.url:
            press(page, "I have read these: save")
        expect(page.locator("main")).not_to_contain_text("Every record must be looked at first")
        given(page, width)
        files(page, eyes)


def refused_without_reason(page: Page) -> None:
    """Leave something out without saying why: it is refused at the field, and what was typed is there."""
    page.locator("textarea").first.fill("Sesay")
    page.locator("select").first.select_option("")
    press(page, "I have read these: save")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Why is something left out? Choose a reason.")
    expect(page.locator("textarea").first).to_have_value("Sesay")
    page.locator("textarea").first.fill("")


def given(page: Page, width: int) -> None:
    page.get_by_role("button", name="Record a second look").click()
    looks_right(page, f"records-second-look-{width}")
    page.get_by_role("link", name="The pack").click()
    page.get_by_role("button", name="Give it out").click()
    looks_right(page, f"records-give-{width}")
    answer(page, given_as="hand")
    press(page, "Give it out")
    expect(page.locator(".done")).to_contain_text("given out")
    looks_right(page, f"records-given-{width}")


def files(page: Page, eyes: Eyes) -> None:
    """The files hold who asked, and nobody whose name was taken away; they are named after nobody."""
    found: dict[str, bytes] = {}
    for ending in ("pdf", "json"):
        link = page.locator(f"a[href$='what-is-held.{ending}']").get_attribute("href")
        answered = page.request.get(f"{eyes.stage.url}{link}")
        assert answered.headers["content-disposition"] == f'attachment; filename="what-is-held.{ending}"'
        found[ending] = answered.body()
    reader = PdfReader(io.BytesIO(found["pdf"]))
    text = "\n".join(one.extract_text() for one in reader.pages)
    pack = json.loads(found["json"])
    assert NAME in text
    assert NAME in found["json"].decode()
    for hidden in ("Kadiatu",):
        assert hidden not in text
        assert hidden not in found["json"].decode()
    assert "[removed]" in text
    assert [item["number"] for item in pack["items"]] == list(range(1, len(pack["items"]) + 1))
    assert any(not item["given"] and item["lines"] == [] for item in pack["items"])
    expect(page.locator("main")).to_contain_text(sha256(found["json"]).hexdigest()[:16])
    assert f"Page 1 of {len(reader.pages)}" in text


def look(page: Page, name: str, *, seen: bool) -> None:
    """Look at a page once: the next way through it does not do so again."""
    if not seen:
        looks_right(page, name)


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (1280, True)])
def test_a_family_is_erased_and_the_page_is_the_certificate(eyes: Eyes, group: dict[str, Any], width: int, *, script: bool) -> None:
    family = guest(eyes, group, "Zuleika", "Quorndon", "Xanthe")
    with eyes.page("records", width, script=script) as page:
        page.goto(eyes.address(f"/borough/families/{family.family_id}/records"))
        look(page, "records-family", seen=script)
        page.get_by_role("button", name="Erase").click()
        look(page, "records-erase", seen=script)
        answer(page, because="asked", confirm="yes")
        press(page, "Erase for good")
        expect(page.locator(".govuk-error-summary")).to_contain_text("type ERASE")
        answer(page, confirm="erase")
        press(page, "Erase for good")
        expect(page.locator("h1")).to_have_text("Certificate of erasure", timeout=20_000)
        expect(page.locator(".rows .pill--good")).to_have_count(5)
        look(page, "records-erasure", seen=script)
        for path, name in (("/borough/records/erasures", "records-erasures"), ("/borough/records", "records")):
            page.goto(eyes.address(path))
            expect(page.locator("main")).not_to_contain_text("Quorndon")
            look(page, name, seen=script)
    with eyes.page("camhs") as page:
        answered = page.goto(eyes.address(f"/borough/families/{family.family_id}"))
        assert answered is not None
        assert answered.status == 404


def test_a_record_is_held_and_not_used_and_what_is_due_is_decided(eyes: Eyes, group: dict[str, Any]) -> None:
    family = guest(eyes, group, "Abena", "Quansah", "Efua")
    base = f"/borough/families/{family.family_id}"
    with eyes.page("records") as page:
        for what, because, button in (
            ("hold", "claim", "Put a legal hold on this record"),
            ("limit", "contested", "Keep this record, but do not use it"),
        ):
            page.goto(eyes.address(f"{base}/records/{what}"))
            answer(page, because=because, reason="Her solicitor wrote.")
            looks_right(page, f"records-{what}")
            press(page, button)
        expect(page.locator(".title-line")).to_contain_text("Legal hold")
        expect(page.get_by_role("button", name="Erase")).to_have_count(0)
        page.get_by_role("link", name=re.compile("Lift it")).first.click()
        looks_right(page, "records-lift")
    with eyes.page("camhs") as page:
        page.goto(eyes.address(base))
        expect(page.locator("main")).to_contain_text("This record may not be used for now")


def test_the_forms_of_a_request_and_what_is_due(eyes: Eyes, group: dict[str, Any]) -> None:
    family = guest(eyes, group, "Ines", "Lopes", "Rafa")
    borough = eyes.stage.borough
    body = {"kind": "rectification", "asked_by": "Ines", "asked_as": "self", "identity_checked": "known", "received_on": "2026-01-05"}
    request = borough["records"].post(f"{borough.base}/families/{family.family_id}/records/requests", body)
    (person, *_) = borough["records"].get(f"{borough.base}/families/{family.family_id}/records")["people"]
    with eyes.page("records") as page:
        page.goto(eyes.address("/borough/records"))
        expect(page.locator("main")).to_contain_text("Overdue")
        pages = {
            "extend": f"requests/{request['id']}/extend", "close": f"requests/{request['id']}/close", "due": "due",
            "keep": f"people/{person['person_id']}/keep",
        }  # fmt: skip
        for name, path in pages.items():
            page.goto(eyes.address(f"/borough/records/{path}"))
            looks_right(page, f"records-{name}")
        page.goto(eyes.address(f"/borough/records/{pages['close']}"))
        answer(page, outcome="done", reason="Corrected.")
        press(page, "Close the request")
        expect(page.locator(".govuk-error-summary")).to_contain_text("was told of the correction")
        answer(page, told="The health visitor.")
        press(page, "Close the request")
        expect(page.locator("main")).to_contain_text("The health visitor.")
