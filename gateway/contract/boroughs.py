"""Boroughs as they are now: what is told of them, and what operators and administrators do with them."""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    Nothing,
    PageRequest,
    choice,
    day,
    identifier,
    many,
    moment,
    nested,
    page_of,
    some_of,
    text,
    version,
    yes_no,
)
from gateway.access.roles import OPERATOR, ROLES
from gateway.contract.agencies import Agency
from gateway.contract.invitations import Invitation
from gateway.contract.onboarding import OnboardRequest
from gateway.contract.policy import Policy

BOROUGH_STATES: Final[Mapping[str, str]] = {
    "setting_up": "Setting up", "working": "Working", "suspended": "Suspended", "practice": "Practice",
}  # fmt: skip


class Borough(Contract):
    """A borough as kept."""

    id = identifier("Borough")
    slug = text("Name in addresses")
    name = text("Borough")
    gss_code = text("GSS code")
    programme_name = text("Name of the programme")
    practice = yes_no("Is it for practice?")
    policy = nested(Policy, "Policy")
    version = version()
    created_at = moment("Onboarded")
    opened_at = moment("Open for referrals", required=False, hint="Nothing while it is being set up")
    suspended_at = moment("Suspended", required=False)
    suspended_because = text("Why it is suspended", max_length=500, required=False)


class ListBoroughsRequest(PageRequest):
    """Which boroughs to list."""

    q = text("Search", required=False, max_length=100, hint="Part of a name or of a GSS code")
    state = choice("State", BOROUGH_STATES, required=False)


class ChangeBoroughRequest(Contract):
    """The borough's programme name and policy as they are to be from today on."""

    version = version()
    programme_name = text("Name of the programme, as families read it", max_length=100)
    policy = nested(Policy, "Policy")
    reason = text("Why?", max_length=500, required=False, hint="Kept with the version of the policy, where that changes")


class BoroughRequest(Contract):
    """Which borough."""

    borough_id = identifier("Borough")


class SuspendRequest(BoroughRequest):
    """A borough in which nothing is to be changed for now."""

    reason = text("Why is it suspended?", max_length=500, multiline=True, hint="Everybody in the borough can read this.")


class ResumeRequest(BoroughRequest):
    """A borough whose work is to go on."""

    reason = text("Why does its work go on?", max_length=500, multiline=True, hint="Kept in the audit trail.")


class Administrator(Contract):
    """Somebody who runs a borough; ``state`` is that of an invitation, or ``member``."""

    name = text("Name")
    email = text("Email", max_length=254)
    roles = some_of("Roles", ROLES)
    state = text("State")


class AcceptedDocument(Contract):
    """One document that somebody accepted for the borough."""

    document = text("Document")
    edition = text("Edition")
    digest = text("SHA-256 of the text")
    name = text("Accepted by")
    role = text("Their role")
    accepted_on = day("Accepted")


class BoroughInFull(Borough):
    """A borough as operators see it: nothing of any family."""

    agencies = many(Agency, "Agencies", at_most=1000)
    administrators = many(Administrator, "Administrators", at_most=1000)
    accepted = many(AcceptedDocument, "Accepted", at_most=100)
    only_sign_on = yes_no("Is it entered only by single sign-on?")


class Onboarded(Borough):
    """A new borough, and the invitation for its administrator; ``already`` where this very description had made it before."""

    invitation = nested(Invitation, "Invitation")
    already = fields.Boolean(load_default=False, metadata={"label": "Was it here already?"})


ONBOARD = Operation("gateway", "onboard", OPERATOR, OnboardRequest, Onboarded, changes=True)
GET_ONBOARDED = Operation("gateway", "get_onboarded", OPERATOR, Nothing, Onboarded)
LIST_BOROUGHS = Operation("gateway", "list_boroughs", OPERATOR, ListBoroughsRequest, page_of(Borough))
SHOW_BOROUGH = Operation("gateway", "show_borough", OPERATOR, BoroughRequest, BoroughInFull)
SUSPEND_BOROUGH = Operation("gateway", "suspend_borough", OPERATOR, SuspendRequest, Borough, changes=True)
RESUME_BOROUGH = Operation("gateway", "resume_borough", OPERATOR, ResumeRequest, Borough, changes=True)
ERASE_BOROUGH = Operation("gateway", "erase_borough", OPERATOR, BoroughRequest, Nothing)
GET_BOROUGH = Operation("gateway", "get_borough", "boroughs.read", Nothing, Borough)
CHANGE_BOROUGH = Operation("gateway", "change_borough", "boroughs.manage", ChangeBoroughRequest, Borough, changes=True)

OPERATIONS: tuple[Operation, ...] = (
    ONBOARD,
    GET_ONBOARDED,
    LIST_BOROUGHS,
    SHOW_BOROUGH,
    SUSPEND_BOROUGH,
    RESUME_BOROUGH,
    ERASE_BOROUGH,
    GET_BOROUGH,
    CHANGE_BOROUGH,
)
