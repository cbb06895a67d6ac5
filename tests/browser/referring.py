"""Writing a referral in a browser, a question at a time."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.eyes import choose, fill_day, press
from tests.support.desk import until

MONTHS_OLD = date.today() - timedelta(days=600)
_CODE = re.compile(r"your code is (\d{6})")


def begin(page: Page) -> None:
    """Begin one's own referral, signed in."""
    press(page, "Start a referral")


def write(page: Page, surname: str = "Quaye", *, until_step: str = "", after: str = "") -> None:
    """Answer every question, and come to the last look.

    Args:
        page: on which the first question stands.
        surname: of the family.
        until_step: heading of a question that is left to be answered, if not all of them are.
        after: heading of the last question that was answered already.
    """
    headings = list(ANSWERS)
    for heading in headings[headings.index(after) + 1 if after else 0 :]:
        if heading == until_step:
            return
        expect(page.locator("h1")).to_have_text(OTHERWISE.get(heading, heading) if after else heading)
        ANSWERS[heading](page, surname)
        press(page, "Continue")


def _you(page: Page, _: str) -> None:
    page.get_by_label("Your name").fill("Grace Mensah")
    page.get_by_label("Service or team").fill("Bermondsey health visiting team")
    page.select_option("#referrer-source", "A2")


def _agreement(page: Page, _: str) -> None:
    choose(page, "Does the family know that you are referring them?", "Yes")
    choose(page, "Do they agree to be referred?", "Yes, they agreed")


def _children(page: Page, surname: str) -> None:
    page.fill("#children-0-given_name", "Kofi")
    page.fill("#children-0-family_name", surname)
    fill_day(page, "children-0-birth_date", MONTHS_OLD)


def _parents(page: Page, surname: str) -> None:
    page.fill("#parents-0-given_name", "Ama")
    page.fill("#parents-0-family_name", surname)
    page.select_option("#parents-0-relationship", "MTH")


def _home(page: Page, _: str) -> None:
    page.fill("#address-postcode", "se15 5lx")
    page.get_by_label("They live in the borough").check()


def _contact(page: Page, _: str) -> None:
    page.get_by_label("Text message").check()
    page.fill("#safe_contact-avoid", "Never leave a voicemail.")


def _language(page: Page, _: str) -> None:
    page.fill("#language", "English")
    choose(page, "Is an interpreter needed?", "No")


def _why(page: Page, _: str) -> None:
    page.fill("#why_now", "She asked for company.")


def _concern(page: Page, _: str) -> None:
    page.fill("#concern", "Tired and alone.")
    choose(page, "Does a parent struggle with their mental health?", "Yes")


def _care(page: Page, _: str) -> None:
    choose(page, "With a Community Mental Health Team?", "No")


def _nothing(_page: Page, _: str) -> None:
    """Leave it as it is."""


def _told(page: Page, _: str) -> None:
    page.get_by_label("The outcome only").check()


ANSWERS = {
    "About you": _you,
    "Does the family know?": _agreement,
    "Which children would come?": _children,
    "Who are the parents and carers?": _parents,
    "Where do they live?": _home,
    "How can we reach the family safely?": _contact,
    "Is there anybody who must not know?": _nothing,
    "Which language do they speak at home?": _language,
    "What would help them to take part?": _nothing,
    "Why now?": _why,
    "What worries you?": _concern,
    "Is the parent with a Community Mental Health Team?": _care,
    "Who else works with the family?": _nothing,
    "What should a visitor know to be safe?": _nothing,
    "How soon should somebody see them?": _nothing,
    "What may we share, and with whom?": _nothing,
    "What may we tell you afterwards?": _told,
}
"""By the heading of the page."""


OTHERWISE = {"What may we tell you afterwards?": "What may we tell the referrer?"}
"""Headings as somebody of the team reads them."""


def letters_to(mails: Path, email: str) -> list[str]:
    """Return the mails to an address, the newest last."""
    letters = [mail.read_text(encoding="utf-8") for mail in sorted(mails.glob("*.eml"), key=lambda mail: mail.stat().st_mtime)]
    return [letter for letter in letters if f"To: {email}" in letter]


def letter_to(mails: Path, email: str, subject: str) -> str:
    """Return the mail to an address with a subject, waiting for it."""
    return until(lambda: "".join(letter for letter in letters_to(mails, email) if subject in letter))


def code_in(mails: Path, email: str, but: str = "") -> str:
    """Return the code of the newest mail to an address, waiting for one that is not ``but``."""

    def found() -> str:
        codes = [match[1] for letter in letters_to(mails, email) for match in _CODE.finditer(letter)]
        return codes[-1] if codes and codes[-1] != but else ""

    return until(found)
