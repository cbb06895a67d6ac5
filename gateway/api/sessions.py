"""Signing in and out, and invitations: what comes before a borough."""

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


def sign_in() -> Response:
    """Begin a session."""
    given = arguments(contract.SignInRequest, {})
    session = runtime().sign_in.sign_in(**given, address=current.address())
    return answer(contract.SignedIn().dump(_told(session)), 201)


def sign_out() -> Response:
    """End the session."""
    runtime().sign_in.sign_out(current.session_token())
    return Response(status=204)


def see_invitation(token: str) -> Response:
    """Return what the invitation says."""
    return answer(contract.InvitationShown().dump(runtime().sign_in.shown(token)))


def accept_invitation(token: str) -> Response:
    """Join the borough. An invitation is used up once, so a repeat with the same key finds it gone."""
    idempotency_key()
    given = arguments(contract.AcceptInvitationRequest, {})
    slug = runtime().sign_in.accept(token, **given, address=current.address())
    return answer({"slug": slug})


def _told(session: Session) -> dict[str, object]:
    return {
        "token": session.token,
        "expires_at": session.sign_in.ends_at,
        "person_id": session.person.id,
        "person_name": session.person.name,
        "boroughs": runtime().sign_in.boroughs_of(session.person.id),
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
    guard.signed_in_only(sign_out),
    described("Sign out", None, method="DELETE", status=204, security=[{"session": []}]),
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
        security=[],
    ),
)
