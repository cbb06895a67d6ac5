"""Seals: signed statements of how the chain of a borough ended at a moment.

Whoever has the database's password can remove the newest entries, or edit one and work out the whole chain anew; what
they can't do without the service's private key is to make the seals that go with it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from chassis.signing import Signer, Verifier


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a borough's chain: its number, and the hash that vouches for it and for all before it."""

    borough_id: UUID
    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """A head, signed by the service at a (real) moment, together with the signature of the seal before it."""

    head: Head
    at: datetime
    signature: str

    @classmethod
    def on(cls, head: Head, service: str, at: datetime, signer: Signer, *, after: str = "") -> Self:
        """Return the seal of ``service`` on ``head``; ``after`` is the signature of the one before, empty for the first."""
        return cls(head, at, signer.sign(_statement(service, head, at, after)))

    def is_genuine(self, service: str, keys: list[Verifier], *, after: str = "") -> bool:
        """Tell whether one of these keys of ``service`` signed it, as the one that follows ``after``; the oldest ones follow nothing."""
        statements = [_statement(service, self.head, self.at, after), _first_statement(service, self.head, self.at)]
        return any(key.verify(statement, self.signature) for key in keys for statement in statements)


def _statement(service: str, head: Head, at: datetime, after: str) -> bytes:
    return "\n".join(("stayplay audit seal 2", *_facts(service, head, at), after)).encode()


def _first_statement(service: str, head: Head, at: datetime) -> bytes:
    """Return what seals said before they named the one before: those stay genuine."""
    return "\n".join(("stayplay audit seal 1", *_facts(service, head, at))).encode()


def _facts(service: str, head: Head, at: datetime) -> tuple[str, ...]:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return service, str(head.borough_id), str(head.number), head.hash.hex(), moment
