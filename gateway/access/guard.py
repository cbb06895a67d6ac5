"""Every address says who may use it, and nothing is served that does not.

A view is marked with `needs`, `whoever_belongs`, `signed_in_only`, `operator_only`, `public_of_borough` or `open_to_all`;
`install` refuses an application in which one is not, and checks each request before its view is called.
"""

import hmac
from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request

from chassis.errors import BoroughSuspended, NotSignedIn
from gateway.access import csrf, current, renewing
from gateway.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])

MARK: Final = "stayplay_needs"
ASKS: Final = "stayplay_asks_again"
READS: Final = "stayplay_only_reads"
EVERYBODY: Final = "*"
SIGNED_IN: Final = "signed in"
HALF_SIGNED_IN: Final = "signed in, second factor not proved yet"
OPERATORS: Final = "operator"
BELONGING: Final = "belonging to the borough"
PUBLIC: Final = "anybody, where the borough is open"


def needs(permission: str) -> Callable[[View], View]:
    """Let only members use a view who hold ``permission`` in the borough of the address."""
    return _marked(permission)


def whoever_belongs(view: View) -> View:
    """Let every member of the borough of the address use a view, and each of its systems: it shows them what they may do themselves."""
    return _marked(BELONGING)(view)


def signed_in_only(view: View) -> View:
    """Let whoever is signed in use a view that belongs to no borough; whoever has a second factor must have proved it."""
    return _marked(SIGNED_IN)(view)


def before_second_factor(view: View) -> View:
    """Let whoever has given a password use a view, also before they have proved a second factor; it shows nothing of theirs."""
    return _marked(HALF_SIGNED_IN)(view)


def operator_only(view: View) -> View:
    """Let only operators use a view, who send the operator's token, or on their pages have a session begun with it."""
    return _marked(OPERATORS)(view)


def open_to_all(view: View) -> View:
    """Let everybody use a view; it holds nothing of anybody."""
    return _marked(EVERYBODY)(view)


def public_of_borough(view: View) -> View:
    """Let everybody use a view of a borough that is open and not suspended: a member as themselves, others without an account.

    What the view asks of a service it asks for them, with no right but to write a referral: `current.let_anybody_in`.
    """
    return _marked(PUBLIC)(view)


def asks_again(view: View) -> View:
    """Let a view be used only by somebody who gave their password or a factor within the last ten minutes.

    Pages lead to the page that asks for it and back; the API answers ``confirmation_needed``, and is asked again after
    ``POST /api/v1/session/confirm``. Goes above the mark that says who may use the view at all.
    """
    setattr(view, ASKS, True)
    return view


def only_reads(view: View) -> View:
    """Let a view be used in a suspended borough though it is posted: it changes nothing, but what is typed may not stand in an address."""
    setattr(view, READS, True)
    return view


def is_only_read(view: Callable[..., Any]) -> bool:
    """Tell whether a view is marked with `only_reads`."""
    return bool(getattr(view, READS, False))


def _marked(need: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, MARK, need)
        return view

    return mark


def needs_by_endpoint(app: Flask) -> dict[str, str | None]:
    """Return what each address needs, by endpoint; None where nobody said."""
    return {name: getattr(view, MARK, None) for name, view in app.view_functions.items()}


def install(app: Flask) -> None:
    """Check every request from now on.

    Raises:
        LookupError: an address does not say who may use it.
    """
    open_to_all(app.view_functions["static"])
    unmarked = sorted(name for name, need in needs_by_endpoint(app).items() if need is None)
    if unmarked:
        raise LookupError(f"nobody said who may use {', '.join(unmarked)}")
    app.before_request(_check)
    renewing.install(app)


def _check() -> None:
    if request.endpoint is None or request.method == "OPTIONS":
        return
    view = current_app.view_functions[request.endpoint]
    need: str = getattr(view, MARK)
    if need in _CHECKS:
        _CHECKS[need]()
    elif need == PUBLIC:
        _check_public(view)
    elif need != EVERYBODY:
        current.require(need)
        _refuse_when_suspended(view)
        _keep_token_fresh()
    if getattr(view, ASKS, False):
        current.require_confirmed()


def _check_public(view: Callable[..., Any]) -> None:
    current.let_anybody_in()
    if not current.without_account():
        _refuse_when_suspended(view)
        _keep_token_fresh()


def _refuse_when_suspended(view: Callable[..., Any]) -> None:
    """Let nothing be changed in a suspended borough, whatever else a form or a client wants of it.

    Raises:
        BoroughSuspended: it is, and this is no read.
    """
    borough = current.borough()
    if borough.suspended_at is not None and request.method not in csrf.SAFE_METHODS and not is_only_read(view):
        raise BoroughSuspended(because=borough.suspended_because)


def _keep_token_fresh() -> None:
    """Give the session another token where the roles have changed since it got this one."""
    if current.system() is None and current.visitor().needs_new_token:
        renewing.renew(at_once=False)


def _check_operator() -> None:
    if current.is_operators_page():
        runtime().operator_sign_in.require(current.session_token())
        return
    given = current.bearer_token().encode()
    if not hmac.compare_digest(given, runtime().settings.operator_token.encode()):
        raise NotSignedIn("Send the operator's token as Authorization: Bearer.")


_CHECKS: Final[dict[str, Callable[[], object]]] = {
    OPERATORS: _check_operator,
    SIGNED_IN: current.require_second_factor,
    HALF_SIGNED_IN: current.visitor,
    BELONGING: current.require_belonging,
}
"""What a mark asks that is no permission in a borough."""
