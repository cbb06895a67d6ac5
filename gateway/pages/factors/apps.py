"""Setting up an authenticator app, and removing it."""

from flask import Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import InvalidTransition, StayPlayError
from gateway.access import current
from gateway.access.guard import asks_again, signed_in_only
from gateway.contract.factors import AppCodeRequest
from gateway.pages.factors.steps import asked, known_browser, proved, refused, where_to
from gateway.pages.forms import Filled, Form
from gateway.pages.own_address import own_address
from gateway.pages.show import onward
from gateway.people.factors.codes import Secret
from gateway.people.factors.totp import qr_code, spaced
from gateway.runtime import runtime


@asks_again
@signed_in_only
def set_up() -> Response:
    """Show the secret of a new app, as QR code and as text, and ask for its first code. Opened again, it is the same secret."""
    return _asked(Form(AppCodeRequest).blank())


def _asked(filled: Filled) -> Response:
    secret = _secret()
    drawn = Markup(qr_code(secret.address))  # noqa: S704 - segno's own drawing: squares, and nothing that anybody wrote
    return asked(
        "factors/app.html",
        "Set up an authenticator app",
        filled,
        qr=drawn,
        secret=spaced(secret.secret),
        has=runtime().factors.codes.overview(current.visitor()),
        onward=own_address(request.values.get("next", "")),
    )


def _secret() -> Secret:
    codes, visitor = runtime().factors.codes, current.visitor()
    try:
        return codes.being_set_up(visitor)
    except InvalidTransition:
        return codes.begin(visitor)


@signed_in_only
def confirm() -> Response | AnyResponse:
    """Take the app into use, if it shows the right code."""
    filled = Form(AppCodeRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return _asked(filled)
    try:
        codes = runtime().factors.codes.confirm(current.visitor(), values["code"], known_browser=known_browser())
    except StayPlayError as error:
        refused(filled, error)
        return _asked(filled)
    return proved(codes) or redirect(where_to(), 303)


@asks_again
@signed_in_only
def remove() -> AnyResponse:
    """Remove the app."""
    runtime().factors.codes.remove(current.visitor())
    return onward("account.index", "app_removed")
