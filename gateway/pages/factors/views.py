"""Proving the second step, and what one can choose for it."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.access import current, proving
from gateway.access.guard import asks_again, before_second_factor, open_to_all, signed_in_only
from gateway.contract import SignInRequest
from gateway.contract.factors import CodeRequest
from gateway.pages.account.sections import SIGNING_IN
from gateway.pages.factors import apps, passkeys, resets
from gateway.pages.factors.sections import rows
from gateway.pages.factors.steps import (
    asked,
    codes_shown,
    from_browser,
    known_browser,
    passkeys_are_possible,
    refused,
    to_browser,
    where_to,
)
from gateway.pages.forms import Filled, Form
from gateway.pages.own_address import own_address
from gateway.pages.show import page
from gateway.pages.sign_in.entering import entered
from gateway.pages.sign_in.views import asked as sign_in_again
from gateway.runtime import runtime

part = Blueprint("factors", __name__)
part.add_url_rule("/account/second-step/app", "set_up_app", apps.set_up)
part.add_url_rule("/account/second-step/app", "confirm_app", apps.confirm, methods=["POST"])
part.add_url_rule("/account/second-step/app/remove", "remove_app", apps.remove, methods=["POST"])
part.add_url_rule("/account/passkeys", "passkeys", passkeys.index)
part.add_url_rule("/account/passkeys", "add_passkey", passkeys.add, methods=["POST"])
part.add_url_rule("/account/passkeys/options", "ask_to_make", passkeys.ask_to_make, methods=["POST"])
part.add_url_rule("/account/passkeys/<uuid:passkey_id>", "rename_passkey", passkeys.rename, methods=["GET", "POST"])
part.add_url_rule("/account/passkeys/<uuid:passkey_id>/remove", "remove_passkey", passkeys.remove, methods=["POST"])
part.add_url_rule("/<borough>/people/<uuid:member_id>/second-step", "reset", resets.reset, methods=["GET", "POST"])
SIGNING_IN.append(rows)


@part.get("/account/second-factor")
@before_second_factor
def prove() -> Response | AnyResponse:
    """Ask for a code or a passkey; lead whoever has neither to set one up."""
    visitor = current.visitor()
    if visitor.second_factor_at is None and not visitor.has_factor:
        return redirect(url_for("pages.factors.choose", next=own_address(request.args.get("next", "")) or None), 303)
    return _prove(Form(CodeRequest).blank())


def _prove(filled: Filled) -> Response:
    return asked(
        "factors/prove.html",
        "Your second step",
        filled,
        onward=own_address(request.values.get("next", "")),
        offers_passkey=_has_passkeys(),
    )


def _has_passkeys() -> bool:
    return passkeys_are_possible() and runtime().factors.passkeys.has_any(current.visitor())


@part.post("/account/second-factor")
@before_second_factor
def prove_by_code() -> Response | AnyResponse:
    """Take a code."""
    filled = Form(CodeRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return _prove(filled)
    try:
        runtime().factors.codes.check(current.visitor(), values["code"], known_browser=known_browser())
    except StayPlayError as error:
        refused(filled, error)
        return _prove(filled)
    proving.note_proof()
    return redirect(where_to(), 303)


@part.post("/account/second-factor/passkey/options")
@before_second_factor
def ask_to_prove() -> Response:
    """Ask for one of the person's passkeys."""
    return to_browser(runtime().factors.passkeys.ask_to_prove(current.visitor()))


@part.post("/account/second-factor/passkey")
@before_second_factor
def prove_by_passkey() -> Response | AnyResponse:
    """Take a passkey's answer."""
    try:
        runtime().factors.passkeys.check(current.visitor(), **from_browser())
    except StayPlayError as error:
        filled = Form(CodeRequest).blank()
        refused(filled, error)
        return _prove(filled)
    proving.note_proof()
    return redirect(where_to(), 303)


@part.get("/account/second-step")
@signed_in_only
def choose() -> Response:
    """Offer the ways there are to set one up."""
    has = runtime().factors.codes.overview(current.visitor())
    return page(
        "factors/choose.html",
        title="Set up a second step",
        has=has,
        onward=own_address(request.args.get("next", "")),
        offers_passkey=passkeys_are_possible(),
    )


@part.get("/account/recovery-codes")
@signed_in_only
def recovery_codes() -> Response:
    """Say how many recovery codes are left, and offer new ones."""
    return page("factors/recovery.html", title="Recovery codes", has=runtime().factors.codes.overview(current.visitor()))


@part.post("/account/recovery-codes")
@asks_again
@signed_in_only
def replace_recovery_codes() -> Response:
    """Make new recovery codes, and show them."""
    return codes_shown(runtime().factors.codes.replace_recovery_codes(current.visitor()))


@part.post("/sign-in/passkey/options")
@open_to_all
def ask_to_sign_in() -> Response:
    """Ask for whatever passkey the browser has."""
    return to_browser(runtime().factors.passkeys.ask_to_sign_in(address=current.address()))


@part.post("/sign-in/passkey")
@open_to_all
def sign_in() -> Response | AnyResponse:
    """Begin a session by a passkey alone."""
    try:
        session = runtime().factors.passkeys.sign_in(
            **from_browser(),
            address=current.address(),
            device=current.device(),
            user_agent=current.user_agent(),
            earlier_token=current.session_token(),
        )
    except StayPlayError as error:
        filled = Form(SignInRequest, "device").blank()
        refused(filled, error)
        return sign_in_again(filled)
    return entered(session, own_address(request.form.get("next", "")) or url_for("pages.sign_in.boroughs"))
