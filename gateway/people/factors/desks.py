"""The desks of second factors, put together."""

import secrets
from dataclasses import dataclass

from chassis.database import Database
from chassis.errors import NotSignedIn, StayPlayError
from gateway.access.visitor import Visitor
from gateway.people.factors.codes import PURPOSE, CodesDesk
from gateway.people.factors.passkeys import PasskeysDesk
from gateway.people.factors.relying_party import RelyingParty
from gateway.people.factors.repository import Factors
from gateway.people.models import real_now
from gateway.people.repository import Identity
from gateway.people.sealing import Sealer
from gateway.people.sign_in import SignInDesk


@dataclass(frozen=True, slots=True)
class FactorDesks:
    """Where second factors are set up, proved and removed.

    Attributes:
        codes: authenticator apps and recovery codes.
        passkeys: passkeys.
    """

    identity: Identity
    codes: CodesDesk
    passkeys: PasskeysDesk

    @classmethod
    def of(cls, secret: str, public_url: str, database: Database, identity: Identity, sign_in: SignInDesk) -> "FactorDesks":
        """Put them together.

        Args:
            secret: the gateway's private key, from which the key is derived that secrets of apps are sealed with.
            public_url: where people reach the platform; passkeys are bound to its host.
        """
        factors = Factors(database)
        codes = CodesDesk(identity, factors, Sealer(secret, PURPOSE))
        return cls(identity, codes, PasskeysDesk(sign_in, factors, RelyingParty(public_url), codes))

    def at_sign_in(self, token: str, code: str | None = None) -> tuple[str, str]:
        """Return the token of a session that has just begun, and how it stands: see `gateway.contract.SECOND_FACTOR`.

        A code that came along is checked first.

        Raises:
            WrongCode, TooManyAttempts: as `CodesDesk.check`; the session ends.
            NotSignedIn: it has ended already.
        """
        visitor = self.identity.visitor(token, "")
        if visitor is None:
            raise NotSignedIn
        if code:
            return self._proved(visitor, token, code), "proved"
        if visitor.has_factor:
            return token, "prove"
        return token, "set_up" if self.codes.is_needed(visitor) else "none"

    def _proved(self, visitor: Visitor, token: str, code: str) -> str:
        try:
            self.codes.check(visitor, code)
        except StayPlayError:
            self.identity.end_session(token)
            raise
        fresh, now = secrets.token_urlsafe(32), real_now()
        if not self.identity.exchange(visitor.session_id, token, fresh, confirmed_at=now, second_factor_at=now):
            raise NotSignedIn
        return fresh
