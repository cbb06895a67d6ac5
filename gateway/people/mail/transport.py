"""The ways a mail leaves the house: by SMTP, or into a folder where somebody can look at it."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from gateway.people.models import Mail

PATIENCE_SECONDS: Final = 15.0
SENDER_NAME: Final = "Stay & Play"
_PORTS: Final = {"smtp": 587, "smtps": 465}
_AT_HOME: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Refused(Exception):
    """The other side says that this mail can never be delivered."""


class Transport(Protocol):
    """Takes one mail at a time."""

    def send(self, mail: Mail) -> None:
        """Deliver it.

        Raises:
            Refused: it can never be delivered.
            OSError: not now.
        """


def transport_of(mail_url: str) -> Transport | None:
    """Return what the setting MAIL_URL names; None for an empty one."""
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    return Smtp.of(parts) if parts.scheme in _PORTS else None


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Return a mail as it travels: always under the same Message-ID.

    Raises:
        Refused: the address can't stand in a header, is none, or is written with quotes or a comment: nobody could count what goes to it.
    """
    message = EmailMessage(policy=SMTP)
    try:
        to = Address(addr_spec=mail.recipient)
        message["To"] = to
        message["Subject"] = mail.subject
    except (ValueError, IndexError, MessageError) as wrong:
        raise Refused from wrong
    if to.addr_spec != mail.recipient:
        raise Refused
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


@dataclass(frozen=True)
class Folder:
    """Writes each mail into a file of its own, readable by its owner only: it may hold a link that lets somebody in."""

    folder: Path

    def send(self, mail: Mail) -> None:
        """Write it, whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / f"{mail.id}.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(message_of(mail, "stayplay@localhost").as_bytes())
        fresh.replace(fresh.with_suffix(".eml"))


@dataclass(frozen=True)
class Smtp:
    """Hands each mail to a server; encrypted, except to a server on this very machine.

    Attributes:
        sender: address that mails come from, and where the other side sends what it can't deliver.
        implicit: TLS from the first byte, rather than by STARTTLS.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    implicit: bool = False

    @classmethod
    def of(cls, parts: SplitResult) -> "Smtp":
        """Return the transport that an ``smtp://`` or ``smtps://`` address describes."""
        return cls(
            parts.hostname or "localhost",
            parts.port or _PORTS[parts.scheme],
            parse_qs(parts.query)["from"][0],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            implicit=parts.scheme == "smtps",
        )

    def send(self, mail: Mail) -> None:
        """Hand it over; see `Transport.send`."""
        message = message_of(mail, self.sender)
        with self._connected() as server:
            try:
                server.send_message(message, self.sender, [mail.recipient])
            except smtplib.SMTPRecipientsRefused as refusal:
                if all(code >= 500 for code, _ in refusal.recipients.values()):
                    raise Refused from refusal
                raise
            except smtplib.SMTPDataError as refusal:
                if refusal.smtp_code >= 500:
                    raise Refused from refusal
                raise

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.implicit:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
            if self.host not in _AT_HOME:
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server
