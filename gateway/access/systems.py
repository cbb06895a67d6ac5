"""Other systems that ask: found by the token that they send with each request, and slowed down when they guess."""

from hashlib import sha256
from typing import ClassVar

from chassis.errors import StayPlayError, TooManyAttempts, register
from gateway.access.scopes import SCOPES
from gateway.access.visitor import System
from gateway.people.models import real_now
from gateway.people.throttle import FORGOTTEN_AFTER, FREE_FOR_ADDRESS, network, seconds_left
from gateway.runtime import runtime


@register
class ScopeMissing(StayPlayError):
    """The token is good, and does not allow this; ``facts["scope"]`` says what would, where any token can have it."""

    code, status, title = "scope_missing", 403, "This token does not allow it"
    default_message = "No token of a system allows this: a person has to do it."
    WITH_ONE: ClassVar[str] = "Ask the borough's administrator for a token with the scope {}."

    def __init__(self, permission: str) -> None:
        scope = permission if permission in SCOPES else ""
        super().__init__(self.WITH_ONE.format(scope) if scope else "", scope=scope)


def holder(token: str, slug: str, address: str) -> System | None:
    """Return the system that holds ``token`` in the borough ``slug``, asking from a network address; None for a wrong token.

    An address without a borough knows no systems, and tells nothing of their tokens: there nothing is looked up or counted.

    A token that is right is never slowed down, so nobody can keep a system out. Nor does slowing down keep a token from
    being guessed, which 256 random bits do: it tells a client that holds a wrong one to stop asking.

    Raises:
        TooManyAttempts: wrong tokens came too often from there.
    """
    found = runtime().systems.system(token, slug) if slug else None
    if slug and found is None:
        _note_wrong_token(address)
    return found


def _note_wrong_token(address: str) -> None:
    subject = sha256("\0".join(("system", "address", network(address))).encode()).digest()
    identity = runtime().identity
    left = seconds_left(identity.failures([subject]).get(subject), FREE_FOR_ADDRESS)
    if left > 0:
        raise TooManyAttempts(f"Wait {left} {'second' if left == 1 else 'seconds'}, then send a token that is right.", retry_after=left)
    identity.note_failure([subject], forget_before=real_now() - FORGOTTEN_AFTER)
