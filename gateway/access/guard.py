"""Every address says who may use it, and nothing is served that does not.

A view is marked with `needs`, `signed_in_only`, `operator_only` or `open_to_all`; `install` refuses an
application in which one is not, and checks each request before its view is called.
"""

import hmac
from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request

from chassis.errors import NotSignedIn
from gateway.access import current
from gateway.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])

MARK: Final = "stayplay_needs"
EVERYBODY: Final = "*"
SIGNED_IN: Final = "signed in"
OPERATORS: Final = "operator"


def needs(permission: str) -> Callable[[View], View]:
    """Let only members use a view who hold ``permission`` in the borough of the address."""
    return _marked(permission)


def signed_in_only(view: View) -> View:
    """Let whoever is signed in use a view that belongs to no borough."""
    return _marked(SIGNED_IN)(view)


def operator_only(view: View) -> View:
    """Let only operators use a view, who send the operator's token."""
    return _marked(OPERATORS)(view)


def open_to_all(view: View) -> View:
    """Let everybody use a view; it holds nothing of anybody."""
    return _marked(EVERYBODY)(view)


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


def _check() -> None:
    if request.endpoint is None or request.method == "OPTIONS":
        return
    need: str = getattr(current_app.view_functions[request.endpoint], MARK)
    if need == OPERATORS:
        _check_operator()
    elif need == SIGNED_IN:
        current.visitor()
    elif need != EVERYBODY:
        current.require(need)


def _check_operator() -> None:
    given = current.bearer_token().encode()
    if not hmac.compare_digest(given, runtime().settings.operator_token.encode()):
        raise NotSignedIn("Send the operator's token as Authorization: Bearer.")
