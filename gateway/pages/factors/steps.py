"""What the pages of second factors share: forms, what a browser's script is given and gives back, what comes after."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, jsonify, request, url_for

from chassis.errors import StayPlayError
from gateway.access import current, proving
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled
from gateway.pages.own_address import own_address
from gateway.pages.show import page
from gateway.people.factors.faults import WrongPasskey
from gateway.people.factors.passkeys import Asked
from gateway.runtime import runtime


def asked(template: str, title: str, filled: Filled, **values: Any) -> Response:
    """Return a page with one form on it."""
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    return page(template, title=title, status=status, has_faults=filled.in_error, filled=filled, w=filled.widgets, **values)


def refused(filled: Filled, error: StayPlayError) -> None:
    """Take a refusal into a form, whether it is of a code or of a passkey. Raises the error where no other answer can help."""
    shown_in_form(filled, error)
    filled.forget("code")


def where_to() -> str:
    """Return where the person was going, if that is an address of ours; else the account."""
    return own_address(request.values.get("next", "")) or url_for("pages.account.index")


def known_browser() -> str:
    """Return the number of this browser, where it signed in to the account before; empty for any other."""
    return runtime().sign_in.throttle(current.visitor().email, address=current.address(), device=current.device()).known_browser


def passkeys_are_possible() -> bool:
    """Tell whether browsers make passkeys for this installation's address."""
    return runtime().factors.passkeys.party.is_possible


def to_browser(asked: Asked) -> Response:
    """Return what the page's script gives to the browser's passkey functions."""
    return jsonify(challenge_id=str(asked.challenge_id), options=asked.options)


def from_browser() -> dict[str, Any]:
    """Return what the script put into the form.

    Raises:
        WrongPasskey: nothing, or something else.
    """
    try:
        return {"challenge_id": UUID(request.form["challenge_id"]), "credential": request.form["credential"]}
    except (KeyError, ValueError):
        raise WrongPasskey from None


def codes_shown(codes: list[str]) -> Response:
    """Return the page that shows new recovery codes, this once."""
    as_file = "data:text/plain;charset=utf-8," + quote("Recovery codes for Stay & Play. Each works once.\n\n" + "\n".join(codes) + "\n")
    return page("factors/codes.html", title="Your recovery codes", codes=codes, as_file=as_file, onward=where_to())


def proved(codes: list[str] | None = None) -> Response | None:
    """Note the proof in the session; return the page with recovery codes where some were made."""
    proving.note_proof()
    return codes_shown(codes) if codes else None
