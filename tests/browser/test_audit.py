"""The audit trail in use: searched, narrowed down by links, taken out in a file, given to a family."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Download, Page, expect

from gateway.contract.plain_words import clinical_words
from tests.browser.eyes import Eyes, faults_of, keep_picture


def rows_of(download: Download) -> list[list[str]]:
    text = Path(download.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def first_words(page: Page) -> str:
    return page.locator(".rows > li strong").first.inner_text()


def test_an_administrator_narrows_the_trail_down_without_script(eyes: Eyes) -> None:
    with eyes.page("administrator", script=False) as page:
        page.goto(eyes.address("/borough/audit"))
        page.check("input[name=kind][value=change]")
        page.select_option("select[name=operation]", "sessions.close_register")
        page.click("text=Show entries")
        assert set(page.locator(".rows > li > div > strong").all_inner_texts()) == {"Closed a register"}
        assert page.locator("input[name=kind][value=change]").first.is_checked()
        expect(page.locator("select[name=operation]")).to_have_value("sessions.close_register")


def test_a_day_that_is_none_is_said_at_its_field(eyes: Eyes) -> None:
    with eyes.page("administrator", script=False) as page:
        page.goto(eyes.address("/borough/audit"))
        page.fill("#since", "31")
        page.fill("#since-month", "2")
        page.fill("#since-year", "2026")
        page.click("text=Show entries")
        expect(page.locator(".govuk-error-summary")).to_contain_text("enter a real date")
        assert page.locator("#since").input_value() == "31"


def test_what_somebody_types_never_stands_in_an_address(eyes: Eyes) -> None:
    with eyes.page("administrator") as page:
        page.goto(eyes.address("/borough/audit"))
        page.fill("#reason", "Doyle")
        page.click("text=Show entries")
        expect(page.locator("#reason")).to_have_value("Doyle")
        assert "Doyle" not in page.url


def test_links_lead_to_everything_by_one_person_and_about_one_family(eyes: Eyes) -> None:
    with eyes.page("administrator") as page:
        page.goto(eyes.address("/borough/audit?kind=change&family_id={family}"))
        page.click(".rows > li a:has-text('Jo Marsh') >> nth=0")
        expect(page.locator("main")).to_contain_text("One person only")
        assert set(page.locator(".row__more a[href*=person_id]").all_inner_texts()) == {"Jo Marsh"}
        page.click("text=Show everything")
        expect(page.locator("main")).not_to_contain_text("One person only")


def test_the_next_page_follows_and_leads_back(eyes: Eyes) -> None:
    with eyes.page("administrator", script=False) as page:
        page.goto(eyes.address("/borough/audit?kind=change"))
        begin = page.locator(".rows").inner_text()
        page.click("text=Next page")
        assert page.locator(".rows").inner_text() != begin
        page.click("text=Back to the start")
        assert page.locator(".rows").inner_text() == begin


def test_an_administrator_sees_which_fields_changed_and_no_value(eyes: Eyes) -> None:
    with eyes.page("administrator") as page:
        page.goto(eyes.address("/borough/audit?operation=referrals.refer&family_id={family}"))
        page.click(".rows details summary")
        expect(page.locator(".rows details").first).to_contain_text("changed")
        assert "Doyle" not in page.locator("main").inner_text()
        assert faults_of(page) == []


def test_a_practitioner_sees_what_was_changed_into_what(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/families/{family}/readers?kind=change"))
        entry = page.locator(".rows > li", has_text="Marked a register").first
        entry.locator("summary").click()
        assert "changed" not in entry.locator("dd").first.inner_text()
        assert faults_of(page) == []
        keep_picture(page, "readers-open", 1280)


def test_entries_are_taken_out_in_a_file_and_that_is_noted(eyes: Eyes) -> None:
    with eyes.page("administrator") as page:
        page.goto(eyes.address("/borough/audit?kind=change"))
        with page.expect_download() as waiting:
            page.click("text=Take these entries out in a file")
        headings, *rows = rows_of(waiting.value)
        assert waiting.value.suggested_filename.startswith("audit-")
        assert headings[:3] == ["When (London)", "Who", "Agency"]
        assert {row[6] for row in rows} == {"change"}
        assert not any("Doyle" in cell for row in rows for cell in row)
        page.goto(eyes.address("/borough/audit"))
        page.goto(eyes.address("/borough/audit?operation=gateway.note_audit_export"))
        assert first_words(page) == "Took entries of the audit trail out in a file"


def test_a_family_is_given_the_list_of_who_looked_in_plain_words(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/families/{family}"))
        page.click("text=Who looked at this record")
        page.click("text=Show the list to print")
        words = page.locator("main").inner_text()
        assert "Ruth Osei" in words
        assert "Jo Marsh" in words
        assert clinical_words(page.content()) == []
        assert "Doyle" not in page.title()
        page.go_back()
        with page.expect_download() as waiting:
            page.click("text=Take it out in a file")
        headings, *rows = rows_of(waiting.value)
        assert headings == ["Day", "From", "To", "Who", "Organisation", "What they did"]
        assert {row[5] for row in rows} == {"Looked at your record", "Changed your record"}
        assert clinical_words(str(rows)) == []
        page.reload()
        assert "Took out the list of who read a family's record" in page.locator(".rows").inner_text()


def test_the_list_fits_on_paper_without_the_way_back(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/families/{family}/readers/list"))
        page.emulate_media(media="print")
        expect(page.locator(".back")).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()


def test_nobody_else_comes_near_it(eyes: Eyes) -> None:
    for who, path in (
        ("facilitator", "/borough/audit"),
        ("camhs", "/borough/audit"),
        ("facilitator", "/borough/families/{family}/readers"),
        ("administrator", "/borough/families/{family}/readers"),
        ("administrator", "/borough/families/{family}/readers/list"),
    ):
        with eyes.page(who) as page:
            answer = page.goto(eyes.address(path))
            assert answer is not None
            assert answer.status == 403, (who, path)
