"""Who is asking, as the database says at this moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.access.roles import permissions_of
from gateway.contract.colours import DEFAULT_ACCENT


@dataclass(frozen=True, slots=True)
class Borough:
    """The borough that the address names.

    Attributes:
        id, slug: its identifiers.
        name: the council's borough, for example Southwark.
        programme_name: what families know the groups as.
        practice: it is for training: no real families, and work may be dated.
        policy: its settings by name, complete (defaults filled in).
        version: counted up at each change.
        accent: colour of its pages.
        logo: hash that names its logo in addresses; empty where it has none.
    """

    id: UUID
    slug: str
    name: str
    programme_name: str
    practice: bool
    policy: dict[str, Any]
    version: int
    accent: str = DEFAULT_ACCENT
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """The visitor's membership of that borough; ``agency_*`` are empty for one without an agency."""

    id: UUID
    version: int
    roles: tuple[str, ...]
    agency_id: UUID | None = None
    agency_name: str = ""
    agency_kind: str = ""

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that the roles allow in an agency of this kind."""
        return permissions_of(self.roles, self.agency_kind)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person, and what they are in the borough of the address.

    Attributes:
        session_id: which of their sessions this is.
        person_id, person_name, email: who it is.
        confirmed_at: when they last gave their password or a factor in this session.
        second_factor_at: when they proved a second factor in this session; None where they did not.
        method: how they came in: password, passkey or sso.
        needs_new_token: their roles have changed since the session got its token, so it must get another.
        borough: None where the address names none, an unknown one, or one that the person is no member of: nothing
            tells these apart.
        member: their membership of it.
    """

    session_id: UUID
    person_id: UUID
    person_name: str
    email: str
    borough: Borough | None = None
    member: Member | None = field(default=None)
    confirmed_at: datetime | None = None
    second_factor_at: datetime | None = None
    method: str = "password"
    needs_new_token: bool = False
