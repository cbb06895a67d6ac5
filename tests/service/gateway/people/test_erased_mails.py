"""Mails that wait when a record is erased: what goes to somebody who is erased, or is about a family that is, never leaves."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from chassis.database.erasing import Words
from gateway.people.mail import Post
from gateway.people.mail.erasing import erase_mails, erase_mails_to
from tests.support.gateway import Gateway
from tests.support.mailing import change, waiting

SOUTHWARK, LAMBETH = uuid4(), uuid4()
SINEAD = "sinead@example.org"


@pytest.fixture(autouse=True)
def mails(gateway: Gateway) -> Iterator[None]:
    change(gateway.database, "DELETE FROM mails")
    put(gateway, SOUTHWARK, SINEAD, "We have your form. Its reference is R7K4-9QDM.")
    put(gateway, SOUTHWARK, "helen@example.org", "A question about R7K4-9QDM.")
    put(gateway, SOUTHWARK, "colleague@example.org", "Hello Sinead, you are invited.")
    put(gateway, LAMBETH, SINEAD, "We have your form. Its reference is R7K4-9QDM.")
    yield
    change(gateway.database, "DELETE FROM mails")


def put(gateway: Gateway, borough_id: UUID, to: str, words: str) -> None:
    with gateway.database.platform_session() as session:
        Post(session, borough_id).put(to=to, subject="Stay & Play", text=words, kind="test")
        session.commit()


def left(gateway: Gateway) -> set[tuple[UUID, str]]:
    return {(mail.borough_id, mail.recipient) for mail in waiting(gateway.database)}


def test_what_waits_to_go_to_an_erased_person_goes_and_what_greets_another_of_that_name_stays(gateway: Gateway) -> None:
    assert erase_mails_to(gateway.database, SOUTHWARK, Words.of("Sinead", SINEAD)) == 1
    assert left(gateway) == {(SOUTHWARK, "helen@example.org"), (SOUTHWARK, "colleague@example.org"), (LAMBETH, SINEAD)}


def test_what_waits_about_an_erased_family_goes_whoever_it_is_for(gateway: Gateway) -> None:
    assert erase_mails(gateway.database, SOUTHWARK, Words.of("R7K4-9QDM", SINEAD)) == 2
    assert left(gateway) == {(SOUTHWARK, "colleague@example.org"), (LAMBETH, SINEAD)}


def test_a_mail_that_left_is_only_known_to_have_left(gateway: Gateway) -> None:
    change(gateway.database, "UPDATE mails SET state = 'sent'")
    assert erase_mails_to(gateway.database, SOUTHWARK, Words.of(SINEAD)) == 0
