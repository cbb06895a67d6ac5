"""A person's own account: what belongs to no borough."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from gateway import contract
from gateway.access import current, guard, renewing
from gateway.api.document import described, place
from gateway.api.reading import arguments, idempotency_key
from gateway.api.views import answer
from gateway.people.models import real_now
from gateway.runtime import runtime

blueprint = Blueprint("account", __name__, url_prefix="/api/v1/account", description="One's own account: name, password, sessions")

_SIGNED_IN: list[dict[str, list[str]]] = [{"session": []}]


def see_account() -> Response:
    """Return who is signed in."""
    person = runtime().account.person(current.visitor())
    told = {"person_id": person.id, "name": person.name, "email": person.email, "has_password": person.password_hash is not None}
    return answer(contract.Account().dump(told))


def change_name() -> Response:
    """Change the name, in every borough."""
    idempotency_key()
    runtime().account.rename(current.visitor(), arguments(contract.ChangeNameRequest, {})["name"])
    return see_account()


def change_password() -> Response:
    """Change the password. Every other session ends; this one goes on under another token."""
    idempotency_key()
    given = arguments(contract.ChangePasswordRequest, {})
    runtime().account.change_password(current.visitor(), **given, address=current.address())
    return answer(contract.PasswordChanged().dump({"token": renewing.renew(confirmed_at=real_now())}))


def list_sessions() -> Response:
    """Return the sessions that go on."""
    visitor = current.visitor()
    return answer(contract.OwnSessions().dump({"items": runtime().account.sessions(visitor)}))


def end_session(session_id: UUID) -> Response:
    """End one session."""
    runtime().account.end_session(current.visitor().person_id, session_id)
    return Response(status=204)


def end_other_sessions() -> Response:
    """End every session but this one; return those that go on."""
    idempotency_key()
    runtime().account.end_other_sessions(current.visitor())
    return list_sessions()


place(blueprint, "GET", "", guard.signed_in_only(see_account), described("Who is signed in", contract.Account, security=_SIGNED_IN))
place(
    blueprint,
    "POST",
    "/name",
    guard.signed_in_only(change_name),
    described("Change your name", contract.Account, method="POST", request=contract.ChangeNameRequest, with_key=True, security=_SIGNED_IN),
)
place(
    blueprint,
    "POST",
    "/password",
    guard.signed_in_only(change_password),
    described(
        "Change your password",
        contract.PasswordChanged,
        method="POST",
        request=contract.ChangePasswordRequest,
        with_key=True,
        security=_SIGNED_IN,
    ),
)
place(
    blueprint,
    "GET",
    "/sessions",
    guard.signed_in_only(list_sessions),
    described("Where you are signed in", contract.OwnSessions, security=_SIGNED_IN),
)
place(
    blueprint,
    "DELETE",
    "/sessions/<uuid:session_id>",
    guard.signed_in_only(end_session),
    described("End one of your sessions", None, method="DELETE", status=204, security=_SIGNED_IN),
)
place(
    blueprint,
    "POST",
    "/sessions/end-others",
    guard.signed_in_only(end_other_sessions),
    described("End your other sessions", contract.OwnSessions, method="POST", with_key=True, security=_SIGNED_IN),
)
