"""Mails say what to do in plain words, with the programme's name, and hold no secret but the link."""

import pytest

from gateway.contract.plain_words import clinical_words
from gateway.people.factors import letters as of_factors
from gateway.people.mail import letters

INVITATION = letters.invitation(
    name="Ada Minister", borough="Southwark", programme="Southwark Stay & Play", link="https://play.example/invitation/abc"
)
SAID_OF_FACTORS = [value for value in vars(of_factors).values() if isinstance(value, letters.Letter)]
EVERY = [
    INVITATION,
    letters.reset("https://play.example/new-password/abc"),
    letters.password_changed(),
    *SAID_OF_FACTORS,
    of_factors.reset_of("Ada Minister"),
]


def test_there_is_a_letter_for_each_change_of_a_second_step() -> None:
    assert len(SAID_OF_FACTORS) == 8


@pytest.mark.parametrize("letter", EVERY)
def test_a_letter_is_short_and_plain(letter: letters.Letter) -> None:
    assert "\n" not in letter.subject
    assert len(letter.subject) <= 70
    assert len(letter.text) < 600
    assert letter.text.endswith("\n")


@pytest.mark.parametrize("letter", EVERY)
def test_a_letter_holds_no_clinical_word(letter: letters.Letter) -> None:
    assert clinical_words(f"{letter.subject} {letter.text}") == []


def test_an_invitation_says_from_whom_and_for_how_long() -> None:
    assert "Southwark Stay & Play" in INVITATION.subject
    assert "Hello Ada Minister," in INVITATION.text
    assert "within 7 days" in INVITATION.text


@pytest.mark.parametrize("letter", EVERY[:2])
def test_the_link_stands_on_a_line_of_its_own(letter: letters.Letter) -> None:
    assert [line for line in letter.text.splitlines() if "https://" in line] == [
        line for line in letter.text.splitlines() if line[:4] == "http"
    ]


@pytest.mark.parametrize("letter", EVERY[2:])
def test_a_notice_holds_no_link_that_somebody_could_imitate(letter: letters.Letter) -> None:
    assert "http" not in letter.text
