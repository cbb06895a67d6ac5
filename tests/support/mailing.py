"""A real SMTP server on this machine, and what tests look at and put into the outbox of mails."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from sqlalchemy import text

from chassis.database import Database
from gateway.people.mail import Post, Postbox, Sender, transport_of

SENDER = "stayplay@example.org"


@dataclass
class Inbox:
    """What arrived.

    Attributes:
        messages: every message that was taken, as it came.
        answer: what the server says to the next messages instead of taking them; empty for taking them.
        refused: addresses that it refuses for good.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    answer: str = ""
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Take an address, or refuse it."""
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Take a message, or answer as told."""
        if self.answer:
            return self.answer
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@dataclass(frozen=True)
class MailServer:
    """A server that is up.

    Attributes:
        url: for the setting MAIL_URL.
    """

    inbox: Inbox
    url: str


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url_of(port: int) -> str:
    """Return the setting for a server on this machine."""
    return f"smtp://127.0.0.1:{port}?from={SENDER}"


@contextmanager
def mail_server(port: int | None = None) -> Iterator[MailServer]:
    """Run a server for the length of a ``with`` block."""
    inbox, port = Inbox(), port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield MailServer(inbox, url_of(port))
    finally:
        controller.stop()


def sender(database: Database, url: str) -> Sender:
    """Return what sends the mails that wait, as the gateway's process does."""
    return Sender(Postbox(database), transport_of(url))


def put(database: Database, to: str = "ada@southwark.example", subject: str = "Hello", words: str = "Good morning.") -> UUID:
    """Put one mail in beside sign-in; return its id."""
    with database.platform_session() as session:
        Post(session).put(to=to, subject=subject, text=words, kind="test")
        session.commit()
        return UUID(str(session.execute(text("SELECT id FROM mails ORDER BY created_at DESC, id DESC LIMIT 1")).scalar_one()))


def waiting(database: Database, kind: str = "") -> list[Any]:
    """Return the mails that wait, oldest first."""
    with database.platform_session() as session:
        every = session.execute(text("SELECT * FROM mails WHERE state = 'waiting' ORDER BY created_at, id"))
        return [mail for mail in every if not kind or mail.kind == kind]


def link_to(database: Database, email: str, kind: str) -> str:
    """Return the address in the newest mail of a kind to somebody, without scheme and host."""
    mine = [mail for mail in waiting(database, kind) if mail.recipient == email]
    found = re.search(r"https?://[^/\s]+(/\S+)", mine[-1].text)
    assert found is not None
    return found[1]


def change(database: Database, sql: str, **values: Any) -> None:
    """Change something behind the interface, as the platform's role."""
    with database.platform_session() as session:
        session.execute(text(sql), values)
        session.commit()
