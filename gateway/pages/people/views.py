"""The borough's people: who is here, in which role, and inviting more."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, Stale
from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.access.roles import ROLES
from gateway.contract import (
    CHANGE_MEMBER,
    END_MEMBER_SESSION,
    END_MEMBER_SESSIONS,
    END_MEMBERSHIP,
    INVITATION_STATES,
    INVITE,
    LIST_AGENCIES,
    LIST_INVITATIONS,
    LIST_MEMBER_SESSIONS,
    LIST_PEOPLE,
    RESEND_INVITATION,
    SIGN_IN_METHODS,
    WITHDRAW_INVITATION,
    ChangeMemberRequest,
    InviteRequest,
)
from gateway.pages.attempt import attempt, send
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.show import here, onward, page

part = Blueprint("people", __name__)

LABELS = {"agency_id": "Agency"}


@part.get("/<borough>/people")
@needs("people.manage")
def index(borough: str) -> Response:
    """List the members and the open invitations."""
    role = request.args.get("role", "")
    people, invitations = current.gather(
        current.ask(LIST_PEOPLE, limit=50, after=request.args.get("after"), **({"role": role} if role in ROLES else {})),
        current.ask(LIST_INVITATIONS, limit=20, after=request.args.get("older"), waiting=True),
    )
    return page(
        "people/index.html",
        title="People",
        found=people,
        waiting=invitations["items"],
        more_waiting=invitations["next"],
        roles=ROLES,
        role=role,
        shown_roles=[(f"{words}s", here("people.index", role=code), code == role) for code, words in ROLES.items()],
        states=INVITATION_STATES,
    )


@part.route("/<borough>/people/invite", methods=["GET", "POST"])
@asks_again
@needs("people.manage")
def invite(borough: str) -> Response | AnyResponse:
    """Ask whom to invite; show the link to send to them, once."""
    form = form_with(InviteRequest)
    if request.method == "GET":
        return asked("Invite somebody", form.blank())
    filled = form.sent(request.form)
    invitation = attempt(filled, INVITE)
    return asked("Invite somebody", filled) if invitation is None else invited(invitation)


def form_with(schema: Any, *given: str) -> Form:
    """Return a form that asks for an agency of the borough by its name."""
    agencies = current.call(LIST_AGENCIES, limit=100)
    named = {str(agency["id"]): agency["name"] for agency in agencies["items"]}
    return Form(schema, *given, choices={"agency_id": named}, labels=LABELS)


def asked(title: str, filled: Filled, **values: Any) -> Response:
    """Return a page with one form on it."""
    return page(
        "people/form.html",
        title=title,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        **values,
    )


def invited(invitation: dict[str, Any]) -> Response:
    """Return the page that shows the link of an invitation."""
    names = [ROLES[role] for role in invitation["roles"]]
    return page("people/invited.html", title=f"{invitation['name']} is invited", tab="Invited", invitation=invitation, role_names=names)


@part.post("/<borough>/people/invitations/<uuid:invitation_id>/withdraw")
@needs("people.manage")
def withdraw(borough: str, invitation_id: UUID) -> AnyResponse:
    """Take an invitation back."""
    send(WITHDRAW_INVITATION, request.form.get("form_key", ""), invitation_id=invitation_id)
    return onward("people.index", "invitation_withdrawn")


@part.post("/<borough>/people/invitations/<uuid:invitation_id>/resend")
@asks_again
@needs("people.manage")
def resend(borough: str, invitation_id: UUID) -> Response:
    """Send an invitation again, with a new link; show the link."""
    return invited(send(RESEND_INVITATION, request.form.get("form_key", ""), invitation_id=invitation_id))


@part.get("/<borough>/people/<uuid:member_id>/sessions")
@needs("people.manage")
def sessions(borough: str, member_id: UUID) -> Response:
    """Show where a member is signed in."""
    member = _member(member_id)
    found = current.call(LIST_MEMBER_SESSIONS, member_id=member_id)["items"]
    return page(
        "people/sessions.html", title="Where they are signed in", tab="Signed in", member=member, sessions=found, methods=SIGN_IN_METHODS
    )


@part.post("/<borough>/people/<uuid:member_id>/sessions/<uuid:session_id>/end")
@needs("people.manage")
def end_session(borough: str, member_id: UUID, session_id: UUID) -> AnyResponse:
    """Sign a member out in one place."""
    send(END_MEMBER_SESSION, request.form.get("form_key", ""), member_id=member_id, session_id=session_id)
    return onward("people.sessions", "member_session_ended", member_id=member_id)


@part.post("/<borough>/people/<uuid:member_id>/sessions/end")
@needs("people.manage")
def end_sessions(borough: str, member_id: UUID) -> AnyResponse:
    """Sign a member out everywhere."""
    send(END_MEMBER_SESSIONS, request.form.get("form_key", ""), member_id=member_id)
    return onward("people.sessions", "member_sessions_ended", member_id=member_id)


@part.route("/<borough>/people/<uuid:member_id>", methods=["GET", "POST"])
@asks_again
@needs("people.manage")
def change(borough: str, member_id: UUID) -> Response | AnyResponse:
    """Ask for a member's roles and agency as they are to be, and save them."""
    form, member = form_with(ChangeMemberRequest, "member_id"), _member(member_id)
    if request.method == "GET":
        return asked(member["name"], as_is(form, member), tab="Member", member=member, version=member["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if request.form.get("step") != "change":
        if attempt(filled, CHANGE_MEMBER, member_id=member_id, version=version):
            return onward("people.index", "person_changed")
        if isinstance(filled.problem, Stale):
            return both(_member(member_id), filled)
    return asked(member["name"], filled, tab="Member", member=member, version=version)


def _member(member_id: UUID) -> dict[str, Any]:
    """Return one member; raises NotFound."""
    found = current.call(LIST_PEOPLE, member_id=[member_id], limit=1)["items"]
    if not found:
        raise NotFound
    return dict(found[0])


def as_is(form: Form, member: Mapping[str, Any]) -> Filled:
    """Return the form with a member's roles and agency as they are."""
    return form.blank(roles=member["roles"], agency_id=member["agency"]["id"] if member["agency"] else None)


def both(member: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was chosen here."""
    return both_versions(filled, as_is(filled.form, member), version=member["version"], leave=("people.index", {}))


@part.post("/<borough>/people/<uuid:member_id>/end")
@asks_again
@needs("people.manage")
def end(borough: str, member_id: UUID) -> AnyResponse:
    """End a membership."""
    send(END_MEMBERSHIP, request.form.get("form_key", ""), member_id=member_id, version=request.form.get("version", ""))
    return onward("people.index", "person_left")
