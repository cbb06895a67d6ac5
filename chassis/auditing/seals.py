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
    """A head, signed by the service at a (real) moment."""

    head: Head
    at: datetime
    signature: str

    @classmethod
    def on(cls, head: Head, service: str, at: datetime, signer: Signer) -> Self:
        """Return the seal of ``service`` on ``head``."""
        return cls(head, at, signer.sign(_statement(service, head, at)))

    def is_genuine(self, service: str, keys: list[Verifier]) -> bool:
        """Tell whether one of these keys of ``service`` signed it."""
        statement = _statement(service, self.head, self.at)
        return any(key.verify(statement, self.signature) for key in keys)


def _statement(service: str, head: Head, at: datetime) -> bytes:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return "\n".join(("stayplay audit seal 1", service, str(head.borough_id), str(head.number), head.hash.hex(), moment)).encode()
