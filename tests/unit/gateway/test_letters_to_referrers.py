"""Mails to referrers: short, plain, and without a family's name."""

import pytest

from gateway.contract.plain_words import clinical_words
from gateway.letters import LETTERS, Sender
from gateway.people.mail.letters import Letter
from services.referrals.contract import MAY_BE_TOLD, MESSAGES

SENDER = Sender("Southwark Stay & Play", "https://play.example/southwark", "020 7946 0000", "hello@play.example")
TOLD = [*MAY_BE_TOLD, "not_asked"]
DRAFT = "01a20000-0000-7000-8000-000000000009"


def code(sender: Sender = SENDER) -> Letter:
    return LETTERS["refer_code"]({"words": {"code": "042917", "draft_id": DRAFT}}, sender)


def copy(told: str = "outcome", sender: Sender = SENDER) -> Letter:
    return LETTERS["referrer_copy"]({"reference": "R7K4-9QDM", "words": {"initials": "S. D., F.", "may_be_told": told}}, sender)


def test_there_are_words_for_kinds_of_messages_that_there_are() -> None:
    assert set(LETTERS) <= set(MESSAGES)


@pytest.mark.parametrize("letter", [code(), *map(copy, TOLD)])
def test_a_letter_is_short_and_holds_no_clinical_word(letter: Letter) -> None:
    assert "\n" not in letter.subject
    assert len(letter.subject) <= 70
    assert len(letter.text) < 1000
    assert clinical_words(f"{letter.subject} {letter.text}") == []


def test_the_code_can_be_read_without_opening_the_mail_and_the_link_leads_back() -> None:
    assert code().subject.startswith("042917 is your code")
    assert f"\n\nhttps://play.example/southwark/refer/resume/{DRAFT}\n\n" in code().text
    assert "15 minutes" in code().text


def test_the_copy_has_the_reference_the_initials_and_how_to_reach_the_team() -> None:
    told = copy()
    assert told.subject == "Your referral R7K4-9QDM arrived"
    assert "Family: S. D., F." in told.text
    assert "You can ring 020 7946 0000 or write to hello@play.example." in told.text


def test_a_borough_that_says_nothing_of_itself_leaves_no_gap() -> None:
    told = copy(sender=Sender("Southwark Stay & Play", "https://play.example/southwark"))
    assert "You can" not in told.text
    assert told.text.endswith("Do not wait for us.\n")


def test_the_copy_says_what_the_family_lets_us_tell() -> None:
    said = {told: copy(told).text for told in TOLD}
    assert "each step" in said["status"]
    assert "how it ends" in said["outcome"]
    assert "The family asked us to tell you only that your referral arrived" in said["nothing"]
    assert "Nobody has asked the family yet" in said["not_asked"]
    assert "agreed" not in said["not_asked"]
