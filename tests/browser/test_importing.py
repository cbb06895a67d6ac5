"""A practitioner imports a waiting list: on a desktop, on a phone, and in a browser that runs no script."""

import csv
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from services.referrals.contract import importing
from tests.browser.eyes import Eyes, looks_right, press
from tests.support import waiting_lists as lists

PATIENCE = 20_000


def saved(folder: Path, raw: bytes, name: str = "waiting list.csv") -> Path:
    file = folder / name
    file.write_bytes(raw)
    return file


def families(*spoilt: dict[str, str]) -> list[dict[str, str]]:
    """Return rows of families that nobody else of the stage has."""
    return [_family(int(uuid4().hex[:6], 16), cells) for cells in spoilt]


def _family(number: int, cells: dict[str, str]) -> dict[str, str]:
    return lists.row(number, **{lists.PHONE: f"0207{number % 10_000_000:07}", **cells})


def send(page: Page, file: Path) -> None:
    page.set_input_files("input[type=file]", file)
    press(page, "Check the file")


def rows_to_change(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        press(page, "Download the rows to change")
    text = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, True), (390, False)])
def test_a_waiting_list_is_sent_mended_reviewed_and_referred(eyes: Eyes, tmp_path: Path, width: int, *, script: bool) -> None:
    wrong, fine, twice = families({lists.BORN: "yesterday", "Why now": "-- low, and alone"}, {}, {})
    with eyes.page("camhs", width, script=script) as page:
        page.goto(eyes.address("/borough/referrals"))
        page.click("text=Import a waiting list")
        send(page, saved(tmp_path, lists.sheet(wrong, fine, twice, twice)))
        expect(page.get_by_text("3 rows need you.")).to_be_visible(timeout=PATIENCE)
        looks_right(page, "import-review" if script else "import-review-without-script", width)
        expect(page.get_by_text("enter a real date, for example 16/07/2024")).to_be_visible()
        headings, row = rows_to_change(page)
        assert headings[:2] == list(importing.NOTE_COLUMNS)
        assert row[0] == "2"
        assert row[headings.index("Why now")] == "'-- low, and alone", "what we write is no formula"
        press(page, "Leave out 1 row that needs changing")
        page.get_by_role("button", name="Refer it anyway row 4").click()
        page.get_by_role("button", name="Leave it out row 5").click()
        expect(page.get_by_text("Every row is ready or left out.")).to_be_visible()
        press(page, "Refer 2 families")
        expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=PATIENCE)
        looks_right(page, "import-done", width)
        page.click("text=See what needs triage")
        expect(page.get_by_text(fine[lists.GIVEN]).first).to_be_visible()
        mended = [dict(zip(headings, row, strict=True)) | {lists.BORN: fine[lists.BORN]}]
        page.goto(eyes.address("/borough/referrals/imports"))
        send(page, saved(tmp_path, lists.sheet(*mended), "mended.csv"))
        expect(page.get_by_text("Every row is ready or left out.")).to_be_visible(timeout=PATIENCE)
        press(page, "Delete the file")
        expect(page.get_by_text("deleted, with everything").first).to_be_visible()


def test_what_is_no_waiting_list_says_what_to_do_and_a_list_that_is_too_long_is_not_even_sent(eyes: Eyes, tmp_path: Path) -> None:
    line = ",".join(lists.row(1).values()) + "\n"
    with eyes.page("camhs", 390) as page:
        page.goto(eyes.address("/borough/referrals/imports"))
        send(page, saved(tmp_path, b"PK\x03\x04" + b"x" * 100, "list.csv"))
        expect(page.locator(".govuk-error-summary")).to_contain_text("no CSV file")
        looks_right(page, "import-no-list", 390)
        send(page, saved(tmp_path, line.encode() * 100_000))
        expect(page.locator("#file-too-large")).to_contain_text("Split it into files of at most 2,000 rows")
        assert page.url.endswith("/referrals/imports")


def test_without_script_a_list_that_is_too_long_is_refused_with_what_to_do(eyes: Eyes, tmp_path: Path) -> None:
    line = ",".join(lists.row(1).values()) + "\n"
    with eyes.page("camhs", script=False) as page:
        page.goto(eyes.address("/borough/referrals/imports"))
        send(page, saved(tmp_path, line.encode() * 5_000))
        expect(page.locator("main")).to_contain_text("Split it into files of at most 2,000 rows")


def test_the_template_is_downloaded_and_only_practitioners_see_any_of_it(eyes: Eyes) -> None:
    with eyes.page("camhs") as page:
        page.goto(eyes.address("/borough/referrals/imports"))
        with page.expect_download() as download:
            page.click("text=Download the template")
        text = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
        assert text.strip().split(",")[0]
        headings = next(csv.reader(io.StringIO(text)))
        assert importing.COLUMNS.missing_from([importing.COLUMNS.known(heading) for heading in headings]) == []
    for who in ("facilitator", "referrer", "administrator"):
        with eyes.page(who) as page:
            answer: Any = page.goto(eyes.address("/borough/referrals/imports"))
            assert answer.status == 403
