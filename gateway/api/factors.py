"""Second factors: proving one, and one's own."""

import json
from typing import Any, Final
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from chassis.schemas import Contract, Nothing
from gateway import contract
from gateway.access import current, guard, proving
from gateway.api.document import described, place
from gateway.api.reading import arguments, idempotency_key
from gateway.api.sessions import told
from gateway.api.views import answer
from gateway.contract import factors as own
from gateway.people.factors.passkeys import Asked
from gateway.runtime import runtime

blueprint = Blueprint("factors", __name__, url_prefix="/api/v1", description="Second factors: apps, recovery codes, passkeys")

_SIGNED_IN: Final[list[dict[str, list[str]]]] = [{"session": []}]


def prove() -> Response:
    """Prove the second factor by a code. A code works once, so there is no key: a repeat is refused."""
    runtime().factors.codes.check(current.visitor(), arguments(own.CodeRequest, {})["code"])
    return _proved()


def ask_to_prove() -> Response:
    """Ask for one of the person's passkeys."""
    arguments(Nothing, {})
    return _asked(runtime().factors.passkeys.ask_to_prove(current.visitor()))


def prove_by_passkey() -> Response:
    """Prove the second factor by a passkey."""
    runtime().factors.passkeys.check(current.visitor(), **_answered(own.PasskeyRequest))
    return _proved()


def ask_to_sign_in() -> Response:
    """Ask for whatever passkey the browser has."""
    arguments(Nothing, {})
    return _asked(runtime().factors.passkeys.ask_to_sign_in(address=current.address()))


def sign_in() -> Response:
    """Begin a session by a passkey alone: it is both factors."""
    session = runtime().factors.passkeys.sign_in(
        **_answered(own.PasskeyRequest), address=current.address(), user_agent=current.user_agent()
    )
    return answer(contract.SignedIn().dump(told(session, "proved")), 201)


def see_factors() -> Response:
    """Return what the person has."""
    return answer(own.Factors().dump(runtime().factors.codes.overview(current.visitor())))


def begin_authenticator() -> Response:
    """Begin to set up an app. A repeat begins anew, with another secret."""
    idempotency_key()
    arguments(Nothing, {})
    return answer(own.NewAuthenticator().dump(runtime().factors.codes.begin(current.visitor())._asdict()), 201)


def confirm_authenticator() -> Response:
    """Take the app into use."""
    idempotency_key()
    code = arguments(own.AppCodeRequest, {})["code"]
    return _added(runtime().factors.codes.confirm(current.visitor(), code))


def remove_authenticator() -> Response:
    """Remove the app; nothing happens where there is none."""
    idempotency_key()
    arguments(Nothing, {})
    runtime().factors.codes.remove(current.visitor())
    return Response(status=204)


def replace_recovery_codes() -> Response:
    """Make new recovery codes. A repeat makes others: what is shown once is kept nowhere."""
    idempotency_key()
    arguments(Nothing, {})
    return answer(own.RecoveryCodes().dump({"codes": runtime().factors.codes.replace_recovery_codes(current.visitor())}), 201)


def ask_to_make_passkey() -> Response:
    """Ask the browser to make a passkey."""
    idempotency_key()
    arguments(Nothing, {})
    return _asked(runtime().factors.passkeys.ask_to_make(current.visitor()))


def add_passkey() -> Response:
    """Keep a passkey that was just made."""
    idempotency_key()
    return _added(runtime().factors.passkeys.add(current.visitor(), **_answered(own.NewPasskeyRequest)))


def rename_passkey(passkey_id: UUID) -> Response:
    """Call a passkey something else."""
    idempotency_key()
    runtime().factors.passkeys.rename(current.visitor(), passkey_id, arguments(own.PasskeyName, {})["name"])
    return Response(status=204)


def remove_passkey(passkey_id: UUID) -> Response:
    """Remove a passkey."""
    idempotency_key()
    arguments(Nothing, {})
    runtime().factors.passkeys.remove(current.visitor(), passkey_id)
    return Response(status=204)


def _proved() -> Response:
    return answer(own.SecondFactorProved().dump({"token": proving.note_proof()}))


def _added(recovery_codes: list[str]) -> Response:
    return answer(own.FactorAdded().dump({"token": proving.note_proof(), "recovery_codes": recovery_codes}), 201)


def _asked(asked: Asked) -> Response:
    return answer(own.PasskeyAsked().dump({"challenge_id": asked.challenge_id, "options": asked.options}), 201)


def _answered(schema: type[Contract]) -> dict[str, Any]:
    """Return the arguments with the credential as the text that it is checked as."""
    given = arguments(schema, {})
    return {**given, "credential": json.dumps(given["credential"])}


def _place(path: str, view: Any, summary: str, reply: type[Contract] | None, *, method: str = "POST", **more: Any) -> None:
    """Add a view for somebody who is signed in; ``more`` as `described` has it."""
    description = described(summary, reply, method=method, **{"security": _SIGNED_IN, **more})
    place(blueprint, method, path, view, description)


_place(
    "/session/second-factor",
    guard.before_second_factor(prove),
    "Prove your second factor by a code",
    own.SecondFactorProved,
    request=own.CodeRequest,
)
_place(
    "/session/second-factor/passkey/options",
    guard.before_second_factor(ask_to_prove),
    "Begin to prove it by a passkey",
    own.PasskeyAsked,
    status=201,
)
_place(
    "/session/second-factor/passkey",
    guard.before_second_factor(prove_by_passkey),
    "Prove it by a passkey",
    own.SecondFactorProved,
    request=own.PasskeyRequest,
)
_place(
    "/session/passkey/options",
    guard.open_to_all(ask_to_sign_in),
    "Begin to sign in with a passkey",
    own.PasskeyAsked,
    status=201,
    security=[],
)
_place(
    "/session/passkey",
    guard.open_to_all(sign_in),
    "Sign in with a passkey",
    contract.SignedIn,
    status=201,
    request=own.PasskeyRequest,
    security=[],
)
_place("/account/factors", guard.signed_in_only(see_factors), "Your second factors", own.Factors, method="GET")
_place(
    "/account/factors/authenticator",
    guard.asks_again(guard.signed_in_only(begin_authenticator)),
    "Begin to set up an authenticator app",
    own.NewAuthenticator,
    status=201,
    with_key=True,
)
_place(
    "/account/factors/authenticator/confirm",
    guard.signed_in_only(confirm_authenticator),
    "Take the app into use",
    own.FactorAdded,
    status=201,
    request=own.AppCodeRequest,
    with_key=True,
)
_place(
    "/account/factors/authenticator/remove",
    guard.asks_again(guard.signed_in_only(remove_authenticator)),
    "Remove the app",
    None,
    status=204,
    with_key=True,
)
_place(
    "/account/factors/recovery-codes",
    guard.asks_again(guard.signed_in_only(replace_recovery_codes)),
    "Make new recovery codes",
    own.RecoveryCodes,
    status=201,
    with_key=True,
)
_place(
    "/account/factors/passkeys/options",
    guard.asks_again(guard.signed_in_only(ask_to_make_passkey)),
    "Begin to add a passkey",
    own.PasskeyAsked,
    status=201,
    with_key=True,
)
_place(
    "/account/factors/passkeys",
    guard.signed_in_only(add_passkey),
    "Add a passkey",
    own.FactorAdded,
    status=201,
    request=own.NewPasskeyRequest,
    with_key=True,
)
_place(
    "/account/factors/passkeys/<uuid:passkey_id>/rename",
    guard.signed_in_only(rename_passkey),
    "Rename a passkey",
    None,
    status=204,
    request=own.PasskeyName,
    with_key=True,
)
_place(
    "/account/factors/passkeys/<uuid:passkey_id>/remove",
    guard.asks_again(guard.signed_in_only(remove_passkey)),
    "Remove a passkey",
    None,
    status=204,
    with_key=True,
)
