"""The hash of an entry, worked out here as PostgreSQL worked it out when the entry was added: see `chassis.database.evolving.audit`.

On purpose not by PostgreSQL itself: who can rewrite the trail there can rewrite its functions too.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

COLUMNS = (
    "number, borough_id::text, id::text, at, recorded_at, person_id::text, person_name, agency, roles, address, operation, kind, "
    "family_id::text, subject_id::text, facts::text, correlation_id, details_digest, hash, salt, reason, changes::text"
)
"""What of an entry is read to prove it, in this order."""


class Entry(NamedTuple):
    """An entry of the audit trail as it lies in the database."""

    number: int
    borough_id: str
    id: str
    at: datetime
    recorded_at: datetime
    person_id: str
    person_name: str
    agency: str
    roles: str
    address: str
    operation: str
    kind: str
    family_id: str | None
    subject_id: str | None
    facts: str
    correlation_id: str
    details_digest: bytes | None
    hash: bytes
    salt: bytes | None
    reason: str | None
    changes: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Entry":
        """Return the entry that PostgreSQL gave as ``row``."""
        return cls._make(bytes(value) if isinstance(value, memoryview) else value for value in row)

    def hash_after(self, before: bytes) -> bytes:
        """Return the hash that the entry must have after one with the hash ``before``; empty for the first."""
        told = [
            str(self.number),
            self.borough_id,
            self.id,
            _moment(self.at),
            _moment(self.recorded_at),
            *self[5:16],
            self.details_digest.hex() if self.details_digest is not None else None,
        ]
        return sha256(before + _text(told)).digest()

    @property
    def is_erased(self) -> bool:
        """Whether its reason and changes were lawfully erased: the digest stays and vouches for nothing any more."""
        return self.details_digest is not None and self.salt is None and self.reason is None and self.changes is None

    @property
    def details_hold(self) -> bool:
        """Whether reason and changes are those that were written down."""
        if self.is_erased:
            return True
        if self.reason is None and self.changes is None:
            return self.details_digest is None
        return self.details_digest == sha256((self.salt or b"") + _text([self.reason, self.changes])).digest()


def _text(values: list[str | None]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
