"""The request in hand: who asks, in which borough, what they may do, and calls made for them.

Pages and API use this module and nothing below it. Everything is looked up once a request, when first asked
for: the borough is the one named by ``borough`` in the address.

    from gateway.access import current

    current.require("referrals.read")
    referral, story = current.gather(current.ask(GET_REFERRAL, referral_id=id), current.ask(FAMILY_STORY, family_id=f))
    current.call(ACCEPT, idempotency_key=form_key, referral_id=id, version=1, reason="")
"""

from typing import Any

from flask import g

from chassis.contract import Operation
from chassis.errors import Forbidden, NotFound, NotSignedIn, StayPlayError
from gateway.access.calls import Question
from gateway.access.visitor import Borough, Member, Visitor
from gateway.runtime import runtime


def signed_in() -> bool:
    """Tell whether the request comes from a signed-in person (of whatever borough)."""
    return _visitor_or_none() is not None


def visitor() -> Visitor:
    """Return the signed-in person.

    Raises:
        NotSignedIn: nobody is signed in, or the session has ended.
    """
    found = _visitor_or_none()
    if found is None:
        raise NotSignedIn
    return found


def borough() -> Borough:
    """Return the borough of the address.

    Raises:
        NotSignedIn: nobody is signed in.
        NotFound: no such borough, or the person is no member of it.
    """
    found = visitor().borough
    if found is None:
        raise NotFound
    return found


def member() -> Member:
    """Return the person's membership of the borough of the address.

    Raises:
        NotSignedIn, NotFound: as `borough`.
    """
    found = visitor().member
    if found is None:
        raise NotFound
    return found


def may(permission: str) -> bool:
    """Tell whether the person may do this in the borough of the address; False for a stranger."""
    found = _visitor_or_none()
    return found is not None and found.member is not None and permission in found.member.permissions


def require(permission: str) -> None:
    """Let the person pass who holds ``permission`` in the borough of the address.

    Raises:
        NotSignedIn, NotFound: as `borough`.
        Forbidden: a member without it.
    """
    if permission not in member().permissions:
        raise Forbidden(permission=permission)


def ask(operation: Operation, **values: Any) -> Question:
    """Return a call for `gather` to make."""
    return Question(operation, values)


def call(operation: Operation, *, idempotency_key: str | None = None, **values: Any) -> dict[str, Any]:
    """Make one call for the person and return the reply with typed values (UUID, date, datetime, Decimal).

    Args:
        operation: of a service's contract or the gateway's own.
        idempotency_key: needed where the operation changes something; a form carries its own.
        values: the arguments, typed.

    Raises:
        StayPlayError: NotSignedIn, NotFound, Forbidden, Invalid, Unavailable, TimedOut or what the operation raises.
    """
    return runtime().calls.call(visitor_in_borough(), Question(operation, values), idempotency_key)


def call_json(operation: Operation, *, idempotency_key: str | None = None, **values: Any) -> Any:
    """Make one call as `call` does and return the reply as it came, ready to be written as JSON."""
    return runtime().calls.call_json(visitor_in_borough(), Question(operation, values), idempotency_key)


def gather(*questions: Question) -> list[dict[str, Any]]:
    """Make several calls at once and return the replies in the order of the questions.

    Raises:
        StayPlayError: the first error in the order of the questions.
    """
    replies = gather_what_answers(*questions)
    for reply in replies:
        if isinstance(reply, StayPlayError):
            raise reply
    return [reply for reply in replies if not isinstance(reply, StayPlayError)]


def gather_what_answers(*questions: Question) -> list[dict[str, Any] | StayPlayError]:
    """Make several calls at once; where one fails its error stands in the place of the reply."""
    return runtime().calls.gather(visitor_in_borough(), questions)
