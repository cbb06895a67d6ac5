"""A sign-in under way: what must be known again when the browser comes back from the provider.

It lies in a cookie of that browser, sealed: nobody can read or make one, no other browser has it, and it is
spent when it comes back. The server keeps nothing for those who never do.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from flask import Request, Response, json

from gateway.people.models import real_now
from gateway.people.sealing import BrokenSeal, Sealer

LIFE: Final = timedelta(minutes=10)
PURPOSES: Final = ("enter", "join", "link", "confirm")
_ABOUT: Final = b"cookie"
_NAME: Final = "stayplay-sign-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """One sign-in that waits for the provider's answer.

    Attributes:
        edition: of the provider that it began with.
        purpose: to ``enter``, to ``join`` by an invitation, to ``link`` an account, or to ``confirm`` that it is still the same person.
        slug: the borough.
        state, nonce, verifier: what ties the provider's answer to it.
        onward: page of ours to go to afterwards.
        invitation: token of the invitation to accept.
        person: id of the person who links or confirms.
        ends_at: seconds since 1970.
    """

    edition: str
    purpose: str
    slug: str
    state: str
    nonce: str
    verifier: str
    ends_at: int
    onward: str = ""
    invitation: str = ""
    person: str = ""

    @classmethod
    def begun(cls, edition: UUID, purpose: str, *, slug: str, onward: str = "", invitation: str = "", person: str = "") -> "UnderWay":
        """Return a new one, with fresh random parts."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(
            edition=str(edition),
            purpose=purpose,
            slug=slug,
            state=state,
            nonce=nonce,
            verifier=verifier,
            ends_at=int((real_now() + LIFE).timestamp()),
            onward=onward[:1000],
            invitation=invitation,
            person=person,
        )

    @property
    def began_at(self) -> float:
        """When it began, seconds since 1970."""
        return self.ends_at - LIFE.total_seconds()

    @property
    def forget_after(self) -> datetime:
        """When it is worth nothing any more."""
        return datetime.fromtimestamp(self.ends_at, UTC)

    @property
    def spent_as(self) -> bytes:
        """What is remembered of it once it was used."""
        return sha256(f"sign-on {self.state}".encode()).digest()

    def sealed(self, sealer: Sealer) -> str:
        """Return it as the cookie holds it."""
        return urlsafe_b64encode(sealer.seal(json.dumps(asdict(self)), _ABOUT)).decode()

    @classmethod
    def opened(cls, cookie: str, sealer: Sealer) -> "UnderWay | None":
        """Return the one that a cookie holds; None for anything else, or one that is too old."""
        try:
            found = cls(**json.loads(sealer.opened(urlsafe_b64decode(cookie.encode()), _ABOUT)))
        except (BrokenSeal, ValueError, TypeError):
            return None
        return found if real_now() < found.forget_after else None


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over https the prefix lets no other site or path set it."""
    return f"__Host-{_NAME}" if secure else _NAME


def put(response: Response, cookie: str, *, secure: bool) -> None:
    """Give the browser the cookie: it comes along when the provider sends the browser back, and no script reads it."""
    life = int(LIFE.total_seconds())
    response.set_cookie(cookie_name(secure=secure), cookie, max_age=life, httponly=True, samesite="Lax", secure=secure, path="/")


def take_away(response: Response, *, secure: bool) -> None:
    """Make the browser forget it."""
    response.delete_cookie(cookie_name(secure=secure), httponly=True, samesite="Lax", secure=secure, path="/")


def cookie_in(request: Request, *, secure: bool) -> str:
    """Return what the browser sent, or an empty text."""
    return request.cookies.get(cookie_name(secure=secure), "")
