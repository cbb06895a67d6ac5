"""The request in hand: who asks, in which borough, what they may do, and calls made for them.

Pages and API use this module and nothing below it. Everything is looked up once a request, when first asked
for: the borough is the one named by ``borough`` in the address.

    from gateway.access import current

    current.require("referrals.read")
    referral, story = current.gather(current.ask(GET_REFERRAL, referral_id=id), current.ask(FAMILY_STORY, family_id=f))
    current.call(ACCEPT, idempotency_key=form_key, referral_id=id, version=1, reason="")
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from flask import g, request

from chassis.contract import Operation
from chassis.errors import BoroughSuspended, Forbidden, Invalid, NotFound, NotOpen, NotSignedIn, StayPlayError, register
from gateway.access import cookies
from gateway.access.calls import Question
from gateway.access.second_factor import lacks_one
from gateway.access.systems import ScopeMissing, holder
from gateway.access.tokens import Asker
from gateway.access.visitor import Borough, Member, System, Visitor
from gateway.people.factors.faults import SecondFactorNeeded
from gateway.people.models import real_now
from gateway.people.single_sign_on.faults import SignOnNeeded
from gateway.people.systems.tokens import is_system_token
from gateway.runtime import runtime

ACTING_HEADER: Final = "Stay-Play-At"
ACTING_YEARS: Final = range(2000, 2101)
DRAFTING: Final = "referrals.draft"
CONFIRMED_FOR: Final = timedelta(minutes=10)


@register
class ConfirmationNeeded(StayPlayError):
    """What is asked needs the person to show again that it is them."""

    code, status, title = "confirmation_needed", 403, "Confirm that it is you"
    default_message = "Enter your password again, then do this once more. Nothing was changed."


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


def system() -> System | None:
    """Return the system that asks with a token of its own; None where it is a person, or nobody."""
    found = _who_asks()
    return found if isinstance(found, System) else None


def borough() -> Borough:
    """Return the borough of the address.

    Raises:
        NotSignedIn: nobody is signed in.
        NotFound: no such borough, or the person is no member of it.
    """
    asks = _who_asks()
    if asks is None:
        raise NotSignedIn
    if asks.borough is None:
        raise NotFound
    return asks.borough


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
    """Tell whether the person or system may do this in the borough of the address; False for a stranger."""
    asks = _who_asks()
    holds = asks.member if isinstance(asks, Visitor) else asks
    return holds is not None and permission in holds.permissions


def require(permission: str) -> None:
    """Let whoever asks pass who holds ``permission`` in the borough of the address.

    Raises:
        NotSignedIn, NotFound, SignOnNeeded, SecondFactorNeeded: as `require_belonging`.
        Forbidden: a member without it.
        ScopeMissing: a system without it.
    """
    require_belonging()
    if not may(permission):
        raise ScopeMissing(permission) if system() else Forbidden(permission=permission)


def require_belonging() -> None:
    """Let members of the borough of the address pass, and its systems.

    Raises:
        NotSignedIn, NotFound: as `borough`.
        SignOnNeeded: the borough takes no session that began as this one did.
        SecondFactorNeeded: the session has not proved a second factor that it must.
    """
    if system() is None:
        member()
        require_right_way_in()
        require_second_factor()


def require_right_way_in() -> None:
    """Let a session pass that the borough of the address takes.

    Raises:
        NotSignedIn: nobody is signed in.
        SignOnNeeded: another borough's provider vouches for it, or this borough takes only what its own provider vouches for.
    """
    if not visitor().came_in_rightly:
        raise SignOnNeeded


def ask(operation: Operation, /, **values: Any) -> Question:
    """Return a call for `gather` to make."""
    return Question(operation, values)


def call(operation: Operation, /, *, idempotency_key: str | None = None, **values: Any) -> dict[str, Any]:
    """Make one call for the person and return the reply with typed values (UUID, date, datetime, Decimal).

    Args:
        operation: of a service's contract or the gateway's own.
        idempotency_key: needed where the operation changes something; a form carries its own.
        values: the arguments, typed.

    Raises:
        StayPlayError: NotSignedIn, NotFound, Forbidden, Invalid, Unavailable, TimedOut or what the operation raises.
    """
    return runtime().calls.call(asker(), Question(operation, values), idempotency_key)


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
    return runtime().calls.gather(asker(), questions)


def let_anybody_in() -> None:
    """Let whoever comes to a public page act: a member as themselves, everybody else as somebody without an account.

    Raises:
        NotFound: no such borough.
        NotOpen: it is still being set up.
        BoroughSuspended: it is suspended, which is all that strangers are told.
        SignOnNeeded, SecondFactorNeeded: a member came without what the borough asks of them.
        NotSignedIn, ScopeMissing: a token came with a call of the API that is wrong, or does not allow it.
    """
    if (is_api() and bearer_token()) or may(DRAFTING):
        require(DRAFTING)
        return
    found = runtime().identity.borough_named(str((request.view_args or {}).get("borough", "")))
    if found is None:
        raise NotFound
    if found.opened_at is None:
        raise NotOpen("It is still being set up. Nothing was saved.")
    if found.suspended_at is not None:
        raise BoroughSuspended("It takes no referrals for now. Nothing was saved.")
    g.public_borough = found


def without_account() -> bool:
    """Tell whether the request is from somebody without an account, on a page that is for them too."""
    return "public_borough" in g


def any_borough() -> Borough:
    """Return the borough of the address, for a member and for somebody without an account; raises as `borough`."""
    return cast("Borough", g.public_borough) if without_account() else borough()


def asker() -> Asker:
    """Return on whose behalf calls are made: the person, the system, or somebody without an account, in the borough of the address.

    Raises:
        NotSignedIn, NotFound: as `borough`.
        Invalid: the request is dated, and this is no practice borough.
    """
    if without_account():
        return runtime().tokens.asker_of_anybody(any_borough(), address=address())
    asks = system()
    if asks is not None:
        return runtime().tokens.asker_of_system(asks, acting_at(), address=address())
    return runtime().tokens.asker(visitor(), borough(), member(), acting_at(), address=address())


def acting_at() -> datetime | None:
    """Return the moment that the request is to be dated at; only the API of a practice borough takes one.

    Raises:
        Invalid: it is not a moment with an offset, or this is no practice borough.
    """
    written = request.headers.get(ACTING_HEADER)
    if written is None or not is_api():
        return None
    if not borough().practice:
        raise Invalid("Only a practice borough can be dated.", faults={ACTING_HEADER: ["This is not a practice borough."]})
    try:
        moment = datetime.fromisoformat(written)
        if moment.utcoffset() is not None and moment.year in ACTING_YEARS:
            return moment.astimezone(UTC)
    except ValueError:
        pass
    raise Invalid(faults={ACTING_HEADER: ["Send a moment with its offset, for example 2026-11-24T10:00:00+00:00."]})


def is_api() -> bool:
    """Tell whether the request is to the JSON API, where a token comes in a header; elsewhere it comes in a cookie."""
    return request.path.startswith("/api/")


def is_operators_page() -> bool:
    """Tell whether the request is to a page of operators, who are nobody's member: their session is another one."""
    return request.path == "/operator" or request.path.startswith("/operator/")


def bearer_token() -> str:
    """Return the token in the request's Authorization header, or an empty text."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip(" \t") if kind.lower() == "bearer" else ""


def session_token() -> str:
    """Return the sign-in token that came with the request, or the one that took its place; it may have ended, or be empty."""
    if "session_token" in g:
        return str(g.session_token)
    if is_operators_page():
        return cookies.operator_token_in(request, secure=runtime().settings.is_secure)
    return bearer_token() if is_api() else cookies.token_in(request, secure=runtime().settings.is_secure)


def address() -> str:
    """Return the network address that the request comes from."""
    return request.remote_addr or ""


def device() -> str:
    """Return what the browser shows of earlier sign-ins: see `gateway.people.browsers`."""
    return cookies.device_in(request, secure=runtime().settings.is_secure)


def user_agent() -> str:
    """Return what the browser calls itself."""
    return request.headers.get("User-Agent", "")


def require_second_factor() -> None:
    """Let a person pass who has proved a second factor in this session, or needs none here.

    Raises:
        NotSignedIn: nobody is signed in.
        SecondFactorNeeded: they have one and have not proved it, or a role of theirs in the borough of the address needs one.
    """
    found = visitor()
    if lacks_one(found):
        raise SecondFactorNeeded(has_factor=found.has_factor)


def require_confirmed() -> None:
    """Let a person pass who gave their password or a factor within the last ten minutes.

    Raises:
        NotSignedIn: nobody is signed in.
        ConfirmationNeeded: it is longer ago.
    """
    confirmed_at = visitor().confirmed_at
    if confirmed_at is None or real_now() - confirmed_at >= CONFIRMED_FOR:
        raise ConfirmationNeeded


def _visitor_or_none() -> Visitor | None:
    found = _who_asks()
    return found if isinstance(found, Visitor) else None


def _who_asks() -> Visitor | System | None:
    if "who_asks" not in g:
        token = "" if is_operators_page() else session_token()
        slug = str((request.view_args or {}).get("borough", ""))
        g.who_asks = _found(token, slug) if token else None
    found: Visitor | System | None = g.who_asks
    return found


def _found(token: str, slug: str) -> Visitor | System | None:
    """Return who holds a token: on pages always a person."""
    if is_api() and is_system_token(token):
        return holder(token, slug, address())
    return runtime().identity.visitor(token, slug)
