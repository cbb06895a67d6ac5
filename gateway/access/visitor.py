"""Who is asking, as the database says at this moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.access.roles import permissions_of
from gateway.access.scopes import permissions_of_scopes
from gateway.contract.colours import DEFAULT_ACCENT
from gateway.people.single_sign_on.faults import OwnMeansNeeded


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
        sign_on: edition of its single sign-on, where that is in use.
        only_sign_on: nothing else lets anybody in.
        opened_at: since when families may be referred; None while it is being set up.
        suspended_at, suspended_because: since when and why nothing can be changed in it; None and empty while it works.
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
    sign_on: UUID | None = None
    only_sign_on: bool = False
    suspended_at: datetime | None = None
    suspended_because: str = ""
    opened_at: datetime | None = None


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
        has_factor: whether they have a second factor to prove; not asked where it is proved.
        method: how they came in: password, passkey or sso.
        provider_id: edition of the single sign-on that vouched for them; None where they came in otherwise.
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
    has_factor: bool = False
    method: str = "password"
    needs_new_token: bool = False
    provider_id: UUID | None = None

    def require_own_means(self) -> None:
        """Let a session pass that the person's own password or passkey began.

        What a borough's provider vouches for opens that borough. Were it to change what the person has everywhere, a
        borough could come into another one by its own provider (docs/decisions/0033).

        Raises:
            OwnMeansNeeded: a provider vouches for this one.
        """
        if self.provider_id is not None:
            raise OwnMeansNeeded

    @property
    def came_in_rightly(self) -> bool:
        """Whether the borough of the address takes a session that began as this one did.

        What a borough's provider vouches for counts in that borough alone; where it is the only way in, nothing else does.
        """
        if self.borough is None:
            return True
        if self.provider_id is not None:
            return self.provider_id == self.borough.sign_on
        return not self.borough.only_sign_on

    def has_proved(self, person_id: UUID) -> bool:
        """Tell whether this session is that person's and proved a second factor; the word of a borough's provider does not count."""
        return self.person_id == person_id and self.second_factor_at is not None and self.provider_id is None


@dataclass(frozen=True, slots=True)
class System:
    """Another system that asks, in the one borough whose token it holds.

    Attributes:
        id: its token.
        acts_as: itself, whichever of its tokens this is.
        name: what the administrator called it.
        scopes: what the token allows, as it was made.
    """

    id: UUID
    acts_as: UUID
    name: str
    scopes: tuple[str, ...]
    borough: Borough

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that its scopes allow."""
        return permissions_of_scopes(self.scopes)
