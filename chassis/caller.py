"""Who asks: a short signed statement that the gateway makes and every service verifies.

The token binds a call to one borough and to the permissions that the person holds there. It is
signed with the gateway's private key; the services hold only the public one.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self
from uuid import UUID, uuid5

import jwt

from chassis import signing
from chassis.errors import Forbidden, NotSignedIn

ALGORITHM = "EdDSA"
AUDIENCE = "stayplay.rpc"
ISSUER = "gateway"
LEEWAY_SECONDS = 5
CACHED_TOKENS = 4096
_SERVICES = UUID("6f5d3f0a-2f0e-5d3c-9d55-0f6d1f7a9c11")
_STRANGERS = UUID("b5b1d9a2-2c0c-5a5e-8b52-1f6f0a6d7c43")
STRANGER = "Somebody without an account"
"""What the audit trail calls whoever comes to a public page."""
Kind = Literal["member", "system", "public", "service"]
_MARKED: Final[tuple[Kind, ...]] = ("system", "public")
"""The kinds that a token says by a claim of that name; one without such a claim is a member's."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf work is done, and in which borough.

    Attributes:
        borough_id: the only borough that the work may touch.
        person_id, person_name: who; for background work a stable id and name of the service.
        member_id: the person's membership of the borough.
        agency_id, agency_name, agency_kind: the organisation the member belongs to, if any.
        permissions: what the member may do there.
        roles: what the member acts as, for the audit trail; permissions decide, never these.
        address: network address that the request came from, for the audit trail; empty where there is none.
        at: the moment the work is dated at; only ever set in a practice borough.
        expires_at: when the statement stops being valid.
        kind: ``member`` for a person, ``system`` for another system with a token of its own (``person_id`` and
            ``person_name`` are the token's), ``public`` for somebody without an account, ``service`` for timers and
            event handlers.
    """

    borough_id: UUID
    person_id: UUID
    person_name: str
    member_id: UUID
    agency_id: UUID | None = None
    agency_name: str = ""
    agency_kind: str = ""
    permissions: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    address: str = ""
    at: datetime | None = None
    expires_at: datetime = _NEVER
    kind: Kind = "member"

    @classmethod
    def public(cls, borough_id: UUID, permissions: frozenset[str], *, address: str = "", expires_at: datetime) -> Self:
        """Return the caller of whoever comes to a borough without an account.

        They are all one person of that borough, whom nobody can name: a restricted family is hidden from each of them.
        """
        identity = uuid5(_STRANGERS, str(borough_id))
        return cls(
            borough_id=borough_id,
            person_id=identity,
            person_name=STRANGER,
            member_id=identity,
            permissions=permissions,
            address=address,
            expires_at=expires_at,
            kind="public",
        )

    @classmethod
    def service(cls, name: str, borough_id: UUID) -> Self:
        """Return the caller of background work of service ``name`` for one borough.

        It may do everything in its own process and is never signed, so it can't leave it.
        """
        identity = uuid5(_SERVICES, name)
        return cls(borough_id=borough_id, person_id=identity, person_name=f"Stay & Play ({name})", member_id=identity, kind="service")

    @property
    def reads_as(self) -> str:
        """Whom PostgreSQL takes the reader for, when it hides restricted families; a service reads everything."""
        return "service" if self.kind == "service" else str(self.person_id)

    def may(self, permission: str) -> bool:
        """Tell whether the caller holds ``permission``."""
        return self.kind == "service" or permission in self.permissions

    def require(self, permission: str) -> None:
        """Let the caller pass who holds ``permission``.

        Raises:
            Forbidden: the caller does not hold it.
        """
        if not self.may(permission):
            raise Forbidden(permission=permission)


class TokenSigner:
    """Makes caller tokens; only the gateway has its key."""

    def __init__(self, private_key: str) -> None:
        self._key = signing.private_key(private_key)

    def sign(self, caller: Caller) -> str:
        """Return the token that says what ``caller`` says, valid until ``caller.expires_at``.

        Raises:
            ValueError: the caller is a service, or never expires.
        """
        if caller.kind == "service" or caller.expires_at == _NEVER:
            raise ValueError("only the statement of a member or a system, and one that expires, can be signed")
        return jwt.encode(_claims(caller), self._key, algorithm=ALGORITHM)


class TokenVerifier:
    """Reads caller tokens; a verified one is remembered until it expires."""

    def __init__(self, public_key: str, *, remember: int = CACHED_TOKENS) -> None:
        self._key = signing.public_key(public_key)
        self._remember = remember
        self._known: OrderedDict[str, Caller] = OrderedDict()

    def verify(self, token: str | None, *, borough_id: UUID | None = None) -> Caller:
        """Return the caller that ``token`` vouches for.

        Args:
            token: what came with the call; None when nothing did.
            borough_id: the borough that the call is about, where it names one.

        Raises:
            NotSignedIn: absent, malformed, expired, signed by another key or another way, meant
                for something else, or for another borough.
        """
        if not isinstance(token, str) or not token:
            raise NotSignedIn
        caller = self._remembered(token) or self._verified(token)
        if borough_id is not None and caller.borough_id != borough_id:
            raise NotSignedIn
        return caller

    def _remembered(self, token: str) -> Caller | None:
        caller = self._known.get(token)
        if caller is None:
            return None
        if caller.expires_at <= datetime.now(UTC):
            self._known.pop(token, None)
            return None
        self._known.move_to_end(token)
        return caller

    def _verified(self, token: str) -> Caller:
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
            caller = _caller(claims)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            # the cause may quote the token: it stays here
            raise NotSignedIn from None
        self._known[token] = caller
        if len(self._known) > self._remember:
            self._known.popitem(last=False)
        return caller


def _claims(caller: Caller) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": datetime.now(UTC),
        "exp": caller.expires_at,
        "sub": str(caller.person_id),
        "name": caller.person_name,
        "member": str(caller.member_id),
        "borough": str(caller.borough_id),
        "may": " ".join(sorted(caller.permissions)),
        "as": " ".join(caller.roles),
        "from": caller.address,
    }
    if caller.kind in _MARKED:
        claims[caller.kind] = True
    if caller.agency_id is not None:
        claims["agency"] = [str(caller.agency_id), caller.agency_name, caller.agency_kind]
    if caller.at is not None:
        claims["at"] = caller.at.isoformat()
    return claims


def _caller(claims: dict[str, Any]) -> Caller:
    agency_id, agency_name, agency_kind = claims.get("agency") or (None, "", "")
    return Caller(
        borough_id=UUID(claims["borough"]),
        person_id=UUID(claims["sub"]),
        person_name=str(claims["name"]),
        member_id=UUID(claims["member"]),
        agency_id=UUID(agency_id) if agency_id else None,
        agency_name=str(agency_name),
        agency_kind=str(agency_kind),
        permissions=frozenset(claims["may"].split()),
        roles=tuple(str(claims.get("as", "")).split()),
        address=str(claims.get("from", "")),
        kind=_kind(claims),
        at=datetime.fromisoformat(claims["at"]).astimezone(UTC) if claims.get("at") else None,
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _kind(claims: dict[str, Any]) -> Kind:
    return next((kind for kind in _MARKED if claims.get(kind) is True), "member")
