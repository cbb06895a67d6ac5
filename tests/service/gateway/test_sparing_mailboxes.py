"""Nobody's mailbox is filled by what anybody can have sent to it: neither all at once nor by and by."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.contract import ReceivedEvent
from chassis.database import open_work
from gateway.letters import write_letter
from gateway.letters.writing import MOST_TO_ONE
from gateway.people.mail.sparing import seconds_to_spare
from gateway.people.repository import Identity
from gateway.repository import Work
from tests.support.gateway import Borough, Gateway
from tests.support.mailing import change

DAYS = {"first_contact": "2026-11-30", "first_visit": "2026-12-21"}


@pytest.fixture
def identity(gateway: Gateway) -> Identity:
    return Identity(gateway.database)


def address() -> str:
    return f"{uuid4().hex[:12]}@example.org"


def spared(identity: Identity, email: str, purpose: str = "code") -> bool:
    return bool(seconds_to_spare(identity, purpose, email, 5))


def test_of_many_that_are_asked_for_at_once_as_many_go_as_may(identity: Identity) -> None:
    email = address()
    with ThreadPoolExecutor(16) as together:
        answers = list(together.map(lambda _: spared(identity, email), range(40)))
    assert answers.count(False) == 5


def test_whoever_asks_on_and_on_does_not_make_it_longer_and_an_hour_later_it_begins_anew(gateway: Gateway, identity: Identity) -> None:
    email = address()
    assert [spared(identity, email) for _ in range(7)] == [False] * 5 + [True] * 2
    assert not spared(identity, address())
    assert not spared(identity, email, "another purpose")
    assert 3590 < seconds_to_spare(identity, "code", email.upper(), 5) <= 3600
    change(gateway.database, "UPDATE identity.attempts SET failed_at = failed_at - interval '61 minutes'")
    assert [spared(identity, email) for _ in range(6)] == [False] * 5 + [True]


def mails_to(gateway: Gateway, email: str) -> int:
    with gateway.database.platform_session() as session:
        return int(session.scalar(text("SELECT count(*) FROM mails WHERE recipient = :email"), {"email": email}) or 0)


def wanted(gateway: Gateway, borough: Borough, kind: str, email: str) -> None:
    """Let the gateway hear that a message is wanted."""
    words = {"initials": "S. D.", "may_be_told": "outcome", **DAYS}
    facts: dict[str, object] = {"kind": kind, "to": email, "language": None, "reference": "R7K4-9QDM", "token": None, "words": words}
    borough_id, now = UUID(borough.id), datetime.now(UTC)
    event = ReceivedEvent(uuid4(), "referrals.message.wanted", uuid4(), 1, borough_id, now, "test", facts)
    with open_work(Work, gateway.database, Caller.service("gateway", borough_id)) as work:
        write_letter(work, gateway.database, event, "https://stayplay.example")


def test_where_a_parent_is_asked_for_an_address_nobody_fills_somebody_elses_mailbox_with_it(
    gateway: Gateway, southwark: Borough, lambeth: Borough
) -> None:
    email = address()
    for borough in (southwark, lambeth) * 4:
        wanted(gateway, borough, "join_received", email)
    assert mails_to(gateway, email) == MOST_TO_ONE["join_received"] < 8


def test_a_referrer_who_showed_that_an_address_is_theirs_hears_of_every_referral(gateway: Gateway, southwark: Borough) -> None:
    email = address()
    for _ in range(8):
        wanted(gateway, southwark, "referrer_copy", email)
    assert mails_to(gateway, email) == 8
