"""Mails leave by a real SMTP server, at least once, whatever happens on the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from gateway.people.mail import Postbox, Sender, transport_of
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import MailServer, change, free_port, mail_server, put, sender, url_of, waiting


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(autouse=True)
def no_mails_yet(gateway: Gateway) -> Iterator[None]:
    change(gateway.database, "DELETE FROM mails")
    yield
    change(gateway.database, "DELETE FROM mails")


def row(gateway: Gateway, mail_id: UUID) -> Any:
    with gateway.database.platform_session() as session:
        return session.execute(text("SELECT * FROM mails WHERE id = :id"), {"id": mail_id}).one()


def test_a_mail_arrives_as_it_was_put_in(gateway: Gateway, server: MailServer) -> None:
    put(gateway.database, "ada@southwark.example", "Café at ten", "Bring the children — all of them.\n")
    assert sender(gateway.database, server.url).send_waiting() == 1
    (mail,) = server.inbox.messages
    assert (mail["To"], mail["Subject"]) == ("ada@southwark.example", "Café at ten")
    assert mail["From"] == "Stay & Play <stayplay@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip() == "Bring the children — all of them."


def test_what_was_sent_is_forgotten_but_that_it_was(gateway: Gateway, server: MailServer) -> None:
    mail_id = put(gateway.database)
    sender(gateway.database, server.url).send_waiting()
    kept = row(gateway, mail_id)
    assert (kept.state, kept.recipient, kept.subject, kept.text) == ("sent", "", "", "")
    assert kept.settled_at is not None


def test_a_mail_is_sent_once(gateway: Gateway, server: MailServer) -> None:
    put(gateway.database)
    assert [sender(gateway.database, server.url).send_waiting() for _ in range(3)] == [1, 0, 0]
    assert len(server.inbox.messages) == 1


def test_two_senders_share_what_waits(gateway: Gateway) -> None:
    for _ in range(30):
        put(gateway.database)
    claims = [Postbox(gateway.database).claim(20, lease=timedelta(minutes=5)) for _ in range(3)]
    assert [len(claim) for claim in claims] == [20, 10, 0]
    assert len({mail.id for claim in claims for mail in claim}) == 30


def test_a_server_that_is_down_gets_its_mails_later(gateway: Gateway) -> None:
    port = free_port()
    mail_id = put(gateway.database)
    with capture_logs() as lines:
        assert sender(gateway.database, url_of(port)).send_waiting() == 0
    assert [line["event"] for line in lines] == ["mail.delayed"]
    assert row(gateway, mail_id).state == "waiting"
    with mail_server(port) as server:
        assert sender(gateway.database, server.url).send_waiting() == 0, "not before its time"
        change(gateway.database, "UPDATE mails SET next_attempt_at = now()")
        assert sender(gateway.database, server.url).send_waiting() == 1
        assert len(server.inbox.messages) == 1


def test_each_attempt_waits_longer_than_the_one_before(gateway: Gateway) -> None:
    mail_id, waits = put(gateway.database), []
    for _ in range(9):
        change(gateway.database, "UPDATE mails SET next_attempt_at = now() - interval '1 second'")
        sender(gateway.database, url_of(free_port())).send_waiting()
        with gateway.database.platform_session() as session:
            waits.append(round(session.execute(text("SELECT extract(epoch FROM next_attempt_at - now()) FROM mails")).scalar_one(), -1))
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == 3600
    assert row(gateway, mail_id).attempts == 9


def test_a_mail_is_given_up_after_a_day_and_forgotten(gateway: Gateway) -> None:
    mail_id = put(gateway.database)
    change(gateway.database, "UPDATE mails SET created_at = now() - interval '25 hours'")
    sender(gateway.database, url_of(free_port())).send_waiting()
    kept = row(gateway, mail_id)
    assert (kept.state, kept.recipient, kept.text) == ("given_up", "", "")


def test_an_address_that_is_refused_is_not_tried_again(gateway: Gateway, server: MailServer) -> None:
    server.inbox.refused.add("gone@southwark.example")
    mail_id = put(gateway.database, "gone@southwark.example")
    sender(gateway.database, server.url).send_waiting()
    assert row(gateway, mail_id).state == "given_up"


@pytest.mark.parametrize(("answer", "state"), [("451 4.3.0 try later", "waiting"), ("554 5.6.0 not this", "given_up")])
def test_a_server_that_says_later_gets_it_later_and_one_that_says_never_does_not(
    gateway: Gateway, server: MailServer, answer: str, state: str
) -> None:
    server.inbox.answer = answer
    mail_id = put(gateway.database)
    sender(gateway.database, server.url).send_waiting()
    assert row(gateway, mail_id).state == state


def test_one_mail_that_can_not_be_sent_holds_up_no_other(gateway: Gateway, server: MailServer) -> None:
    server.inbox.refused.add("gone@southwark.example")
    put(gateway.database, "gone@southwark.example")
    put(gateway.database, "ada@southwark.example")
    assert sender(gateway.database, server.url).send_waiting() == 1


class KilledInBetween(Postbox):
    """A postbox in a process that is killed after a mail was handed over and before that is noted."""

    def settle(self, mail_id: UUID, state: str) -> None:
        raise SystemExit


def test_a_process_killed_midway_sends_twice_under_one_name_and_loses_nothing(gateway: Gateway, server: MailServer) -> None:
    put(gateway.database)
    with pytest.raises(SystemExit):
        Sender(KilledInBetween(gateway.database), transport_of(server.url)).send_waiting()
    assert sender(gateway.database, server.url).send_waiting() == 0, "the dead process holds it for ten minutes"
    change(gateway.database, "UPDATE mails SET next_attempt_at = next_attempt_at - interval '10 minutes'")
    assert sender(gateway.database, server.url).send_waiting() == 1
    assert len(server.inbox.messages) == 2
    assert len({mail["Message-ID"] for mail in server.inbox.messages}) == 1


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: evil@example.org", "Hello\nBcc: evil@example.org", "Hello\r\n\r\nRead this"])
def test_nothing_in_a_subject_becomes_a_header(gateway: Gateway, server: MailServer, subject: str) -> None:
    put(gateway.database, subject=subject)
    sender(gateway.database, server.url).send_waiting()
    (mail,) = server.inbox.messages
    assert mail["Bcc"] is None
    assert mail["Subject"] == " ".join(subject.split())
    assert mail.get_content().split() == ["Good", "morning."]


ODD = ("ada@x.example\r\nBcc: evil@example.org", "ada@x.example, evil@example.org", "not an address", "")
OTHERWISE_WRITTEN = ('"ada"@x.example', "ada(1)@x.example", "(1)ada@x.example")
"""Ways to write one address that look like others: whoever counts what goes to it would count each by itself."""


@pytest.mark.parametrize("address", [*ODD, *OTHERWISE_WRITTEN])
def test_nothing_but_one_address_is_ever_written_to(gateway: Gateway, server: MailServer, address: str) -> None:
    mail_id = put(gateway.database, address)
    sender(gateway.database, server.url).send_waiting()
    assert server.inbox.messages == []
    assert row(gateway, mail_id).state == "given_up"


@pytest.mark.parametrize("address", ["(ada@x.example", "ada@x..example", "<ada@x.example", "]@x.example", "ada@x.(example"])
def test_what_no_mail_program_takes_for_an_address_is_given_up_and_holds_up_no_other(
    gateway: Gateway, server: MailServer, address: str
) -> None:
    mail_id = put(gateway.database, address)
    put(gateway.database, "ada@southwark.example")
    assert sender(gateway.database, server.url).send_waiting() == 1
    assert row(gateway, mail_id).state == "given_up"


def test_a_folder_takes_mails_as_files_that_only_their_owner_reads(gateway: Gateway, tmp_path: Path) -> None:
    put(gateway.database, words="https://example.org/secret")
    assert sender(gateway.database, (tmp_path / "mail").as_uri()).send_waiting() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert "https://example.org/secret" in file.read_text(encoding="utf-8")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_without_a_way_out_mails_wait(gateway: Gateway) -> None:
    mail_id = put(gateway.database)
    assert Sender(Postbox(gateway.database), None).send_waiting() == 0
    assert row(gateway, mail_id).state == "waiting"


def test_no_log_line_names_who_is_written_to(gateway: Gateway, server: MailServer) -> None:
    server.inbox.refused.add("gone@southwark.example")
    with capture_logs() as lines:
        for address in ("ada@southwark.example", "gone@southwark.example"):
            put(gateway.database, address, "Dear Ada", "Secret words")
        sender(gateway.database, server.url).send_waiting()
    assert {line["event"] for line in lines} == {"mail.sent", "mail.given_up"}
    assert not [line for line in lines if "southwark" in str(line) or "Ada" in str(line) or "Secret" in str(line)]


def test_an_invitation_leaves_with_the_work_that_made_it(southwark: Borough, administrator: Someone, gateway: Gateway) -> None:
    made = southwark.invite(administrator, "Ruth Osei", ["facilitator"])
    (mail,) = waiting(gateway.database)
    assert (mail.kind, mail.recipient, str(mail.borough_id)) == ("invitation", made["email"], southwark.id)
    assert made["link"] in mail.text
    assert "Southwark Stay & Play" in mail.subject


def test_an_invitation_that_is_refused_sends_nothing(southwark: Borough, administrator: Someone, gateway: Gateway) -> None:
    body = {"name": "Ruth Osei", "email": "ruth@southwark.example", "roles": ["practitioner"], "agency_id": None}
    assert administrator.post(f"{southwark.base}/invitations", body).status_code == 422
    assert waiting(gateway.database) == []


def test_a_repeated_request_sends_one_mail(southwark: Borough, administrator: Someone, gateway: Gateway) -> None:
    body = {"name": "Ruth Osei", "email": "ruth.o@southwark.example", "roles": ["facilitator"], "agency_id": None}
    answers = [administrator.post(f"{southwark.base}/invitations", body, key="the-very-same-key").json for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(waiting(gateway.database)) == 1


def test_a_boroughs_role_puts_mails_in_and_can_not_look_at_any(gateway: Gateway, southwark: Borough) -> None:
    put(gateway.database)
    with gateway.database.session(UUID(southwark.id)) as session, pytest.raises(Exception, match="permission denied"):
        session.execute(text("SELECT * FROM mails"))
