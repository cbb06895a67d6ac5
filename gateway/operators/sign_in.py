"""How an operator comes in to the operators' pages: with the operator's token, for a short while.

The token itself stays out of the browser: it is exchanged for a session, which ends after half an hour without use, at the latest
after four hours, and as soon as the installation has another operator's token.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final

import structlog

from chassis.errors import NotSignedIn, StayPlayError, register
from gateway.operators.models import OperatorSession
from gateway.operators.repository import OperatorSessions
from gateway.people.models import hashed, real_now
from gateway.people.repository import Identity
from gateway.people.throttle import Throttle

log = structlog.get_logger(__name__)

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=4)
SEEN_EVERY: Final = timedelta(minutes=1)


@register
class WrongToken(StayPlayError):
    """It is not the operator's token."""

    code, status, title = "wrong_operator_token", 401, "This is not the operator's token"
    default_message = "Check it and try again. It is the setting OPERATOR_TOKEN of this installation."


class OperatorSignIn:
    """Where operators come in.

    Args:
        identity: counts failed attempts.
        sessions: where sessions are kept.
        operator_token: of this installation.
    """

    def __init__(self, identity: Identity, sessions: OperatorSessions, operator_token: str) -> None:
        self._identity = identity
        self._sessions = sessions
        self._operator_token = operator_token

    def enter(self, given: str, *, address: str) -> str:
        """Begin a session and return its token, which is kept nowhere else.

        Raises:
            WrongToken: it is not the operator's.
            TooManyAttempts: too soon after attempts that failed from the same address.
        """
        throttle = Throttle(self._identity, "", address, purpose="operator")
        throttle.check()
        if not hmac.compare_digest(given.strip().encode(), self._operator_token.encode()):
            throttle.failed()
            log.info("operator_sign_in.failed")
            raise WrongToken
        throttle.succeeded()
        token, now = secrets.token_urlsafe(32), real_now()
        began = OperatorSession(token_hash=hashed(token), begun_with=self._begun_with, ends_at=now + LONGEST, address=address)
        self._sessions.begin(began)
        log.info("operator_sign_in.succeeded", session_id=str(began.id))
        return token

    def require(self, token: str) -> None:
        """Let the holder of a session pass.

        Raises:
            NotSignedIn: there is no such session, or it has ended.
        """
        now = real_now()
        seen_at = self._sessions.seen(hashed(token), self._begun_with, idle_since=now - IDLE, now=now) if token else None
        if seen_at is None:
            raise NotSignedIn("Sign in with the operator's token.")
        if now - seen_at >= SEEN_EVERY:
            self._sessions.note_use(hashed(token), now)

    def leave(self, token: str) -> None:
        """End a session."""
        if token:
            self._sessions.end(hashed(token))

    @property
    def _begun_with(self) -> bytes:
        return hashed(self._operator_token)
