"""Signing in and out, invitations, and forgotten passwords: what comes before a borough."""

from flask import Response
from flask_smorest import Blueprint

from gateway import contract
from gateway.access import current, guard
from gateway.api.document import described, place
from gateway.api.reading import arguments, idempotency_key
from gateway.api.views import answer
from gateway.people.sign_in import Session
from gateway.runtime import runtime

blueprint = Blueprint("session", __name__, url_prefix="/api/v1", description="Signing in, and joining by invitation")


_SIGNED_IN: list[dict[str, list[str]]] = [{"session": []}]


def sign_in() -> Response:
    """Begin a session."""
    given = arguments(contract.SignInRequest, {})
    device, code = given.pop("device") or "", given.pop("code")
    session = runtime().sign_in.sign_in(**given, address=current.address(), device=device, user_agent=current.user_agent())
    token, second_factor = runtime().factors.at_sign_in(session.token, code)
    return answer(contract.SignedIn().dump(told(session, second_factor, token)), 201)


def sign_out() -> Response:
    """End the session."""
    runtime().sign_in.sign_out(current.session_token())
    return Response(status=204)


def confirm() -> Response:
    """Note that it is still the same person: what asks again is open for ten minutes."""
    idempotency_key()
    given = arguments(contract.ConfirmRequest, {})
    runtime().account.confirm(current.visitor(), given["password"], address=current.address())
    return Response(status=204)


def see_invitation(token: str) -> Response:
    """Return what the invitation says."""
    return answer(contract.InvitationShown().dump(runtime().joining.shown(token)))


def accept_invitation(token: str) -> Response:
    """Join the borough. An invitation is used up once; a repeat with the same key and password has the same answer."""
    key = idempotency_key()
    given = arguments(contract.AcceptInvitationRequest, {})
    visitor = current.visitor() if current.signed_in() else None
    joined = runtime().joining.accept(token, **given, address=current.address(), key=key, visitor=visitor)
    return answer({"slug": joined.slug})


def ask_reset() -> Response:
    """Send a link to choose another password, if there is an account; the answer does not tell."""
    idempotency_key()
    runtime().resetting.ask(arguments(contract.AskResetRequest, {})["email"], address=current.address())
    return Response(status=204)


def reset_password(token: str) -> Response:
    """Choose another password. Every session ends."""
    idempotency_key()
    runtime().resetting.choose(token, arguments(contract.ResetRequest, {})["password"])
    return Response(status=204)


def told(session: Session, second_factor: str, token: str = "") -> dict[str, object]:
    """Return what is told of a session that has begun: see `gateway.contract.SignedIn`."""
    return {
        "token": token or session.token,
        "expires_at": session.sign_in.ends_at,
        "person_id": session.person.id,
        "person_name": session.person.name,
        "boroughs": runtime().sign_in.boroughs_of(session.person.id),
        "second_factor": second_factor,
        "device": session.device,
    }


place(
    blueprint,
    "POST",
    "/session",
    guard.open_to_all(sign_in),
    described("Sign in", contract.SignedIn, method="POST", status=201, request=contract.SignInRequest, security=[]),
)
place(
    blueprint,
    "DELETE",
    "/session",
    guard.before_second_factor(sign_out),
    described("Sign out", None, method="DELETE", status=204, security=_SIGNED_IN),
)
place(
    blueprint,
    "GET",
    "/invitations/<token>",
    guard.open_to_all(see_invitation),
    described("See what an invitation says", contract.InvitationShown, security=[]),
)
place(
    blueprint,
    "POST",
    "/invitations/<token>",
    guard.open_to_all(accept_invitation),
    described(
        "Accept an invitation",
        contract.InvitationAccepted,
        method="POST",
        request=contract.AcceptInvitationRequest,
        with_key=True,
        security=[{}, *_SIGNED_IN],
    ),
)
place(
    blueprint,
    "POST",
    "/session/confirm",
    guard.signed_in_only(confirm),
    described(
        "Confirm that it is you", None, method="POST", status=204, request=contract.ConfirmRequest, with_key=True, security=_SIGNED_IN
    ),
)
place(
    blueprint,
    "POST",
    "/password-resets",
    guard.open_to_all(ask_reset),
    described("Ask for a new password", None, method="POST", status=204, request=contract.AskResetRequest, with_key=True, security=[]),
)
place(
    blueprint,
    "POST",
    "/password-resets/<token>",
    guard.open_to_all(reset_password),
    described("Choose a new password", None, method="POST", status=204, request=contract.ResetRequest, with_key=True, security=[]),
)
