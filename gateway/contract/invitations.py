"""Invitations to a borough."""

from collections.abc import Mapping
from typing import Final

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    identifier,
    moment,
    page_of,
    some_of,
    text,
    whole,
    yes_no,
)
from gateway.access.roles import ROLES
from gateway.contract.addresses import person_name, work_email

INVITATION_STATES: Final[Mapping[str, str]] = {
    "open": "Waiting for an answer",
    "accepted": "Accepted",
    "withdrawn": "Taken back",
    "expired": "Too old",
}


class InviteRequest(Contract):
    """Somebody to be invited."""

    name = person_name("Name")
    email = work_email("Email")
    roles = some_of("Roles", ROLES)
    agency_id = identifier("Agency", required=False)


class InvitationRequest(Contract):
    """Which invitation."""

    invitation_id = identifier("Invitation")


class ListInvitationsRequest(PageRequest):
    """Which invitations to list."""

    waiting = yes_no("Only those that nobody has answered or taken back", required=False, load_default=False, allow_none=False)


class Invitation(Contract):
    """An invitation. ``link`` and ``token`` are told only to whoever made it, and only while it is open."""

    id = identifier("Invitation")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    roles = some_of("Roles", ROLES)
    agency_id = identifier("Agency", required=False)
    agency_name = text("Agency", required=False)
    state = choice("State", INVITATION_STATES)
    expires_at = moment("Valid until")
    edition = whole("How often it was sent", ge=1, le=100)
    link = text("Address to send to the person", required=False, max_length=500)
    token = text("Token of that address", required=False)


LIST_INVITATIONS = Operation("gateway", "list_invitations", "people.manage", ListInvitationsRequest, page_of(Invitation))
INVITE = Operation("gateway", "invite", "people.manage", InviteRequest, Invitation, changes=True)
WITHDRAW_INVITATION = Operation("gateway", "withdraw_invitation", "people.manage", InvitationRequest, Invitation, changes=True)
RESEND_INVITATION = Operation("gateway", "resend_invitation", "people.manage", InvitationRequest, Invitation, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_INVITATIONS, INVITE, WITHDRAW_INVITATION, RESEND_INVITATION)
