"""One's passkeys: listed, added, removed."""

from uuid import UUID

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import current
from gateway.access.guard import asks_again, signed_in_only
from gateway.contract.factors import PasskeyName
from gateway.pages.factors.steps import asked, from_browser, passkeys_are_possible, proved, refused, to_browser, where_to
from gateway.pages.forms import Filled, Form
from gateway.pages.own_address import own_address
from gateway.pages.show import onward
from gateway.people.browsers import in_words
from gateway.runtime import runtime


@signed_in_only
def index() -> Response:
    """List the passkeys, and offer to add one."""
    return _asked(Form(PasskeyName).blank(name=in_words(current.user_agent())))


def _asked(filled: Filled) -> Response:
    return asked(
        "factors/passkeys.html",
        "Passkeys",
        filled,
        has=runtime().factors.codes.overview(current.visitor()),
        onward=own_address(request.values.get("next", "")),
        offers_passkey=passkeys_are_possible(),
    )


@asks_again
@signed_in_only
def ask_to_make() -> Response:
    """Ask the browser to make a passkey."""
    return to_browser(runtime().factors.passkeys.ask_to_make(current.visitor()))


@signed_in_only
def add() -> Response | AnyResponse:
    """Keep a passkey that the browser has just made."""
    filled = Form(PasskeyName).sent(request.form)
    values = filled.checked()
    if values is None:
        return _asked(filled)
    try:
        codes = runtime().factors.passkeys.add(current.visitor(), **from_browser(), name=values["name"])
    except StayPlayError as error:
        refused(filled, error)
        return _asked(filled)
    return proved(codes) or redirect(where_to(), 303)


@signed_in_only
def rename(passkey_id: UUID) -> Response | AnyResponse:
    """Ask what a passkey is to be called."""
    passkeys = runtime().factors.codes.overview(current.visitor())["passkeys"]
    present = next((passkey for passkey in passkeys if passkey["id"] == passkey_id), None)
    if present is None:
        raise NotFound
    form = Form(PasskeyName)
    filled = form.blank(name=present["name"]) if request.method == "GET" else form.sent(request.form)
    values = filled.checked() if request.method == "POST" else None
    if values is None:
        return asked("factors/passkey.html", "Rename a passkey", filled)
    runtime().factors.passkeys.rename(current.visitor(), passkey_id, values["name"])
    return onward("factors.passkeys", "passkey_renamed")


@asks_again
@signed_in_only
def remove(passkey_id: UUID) -> AnyResponse:
    """Remove a passkey."""
    runtime().factors.passkeys.remove(current.visitor(), passkey_id)
    return onward("factors.passkeys", "passkey_removed")
