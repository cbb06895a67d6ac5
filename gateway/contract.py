"""What the gateway itself answers: boroughs, agencies, people, invitations, sign-in.

These are operations like those of the services, but they are carried out in the gateway's own process.
"""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    Nothing,
    PageRequest,
    choice,
    email,
    identifier,
    many,
    moment,
    nested,
    page_of,
    some_of,
    text,
    version,
    whole,
    yes_no,
)
from gateway.access.roles import OPERATOR, ROLES
from services.assessments.contract import AGENCY_KINDS

INVITATION_STATES: Final[Mapping[str, str]] = {
    "open": "Waiting for an answer",
    "accepted": "Accepted",
    "withdrawn": "Taken back",
    "expired": "Too old",
}
PASSWORD_LENGTH: Final = 12
RESERVED_SLUGS: Final = frozenset(
    {
        "api",
        "assets",
        "boroughs",
        "health",
        "help",
        "invitation",
        "invitations",
        "metrics",
        "operator",
        "session",
        "sign-in",
        "sign-out",
        "static",
        "stayplay",
    }
)
"""First parts of addresses that belong to the platform itself."""


class Policy(Contract):
    """What a borough decides for itself; each has a default."""

    child_max_age_months = whole("Oldest child, in months", ge=6, le=216, required=False, load_default=60, allow_none=False)
    missed_before_outreach = whole(
        "Sessions missed in a row before outreach begins", ge=1, le=20, required=False, load_default=2, allow_none=False
    )
    missed_before_escalation = whole(
        "Sessions missed in a row before it becomes urgent", ge=1, le=40, required=False, load_default=4, allow_none=False
    )
    accent = text(
        "Colour of the borough's pages",
        required=False,
        max_length=7,
        hint="For example, #0f5c63. White words must be readable on it.",
        validate=validate.Regexp(r"#[0-9a-fA-F]{6}\Z", error="Colour: enter it like #0f5c63."),
        load_default="#0f5c63",
        allow_none=False,
    )


class NewAgency(Contract):
    """An organisation that works in the borough."""

    name = text("Name of the agency", max_length=120)
    kind = choice("Kind of agency", AGENCY_KINDS)


class Agency(NewAgency):
    """An agency as kept."""

    id = identifier("Agency")


class NewAdministrator(Contract):
    """The person who will run the borough on the platform."""

    name = text("Name", max_length=120, sensitivity="personal")
    email = email("Email", sensitivity="personal")


class OnboardRequest(Contract):
    """A borough to be taken onto the platform."""

    slug = text(
        "Name in addresses",
        max_length=40,
        hint="Small letters, digits and hyphens, for example southwark",
        validate=validate.And(
            validate.Regexp(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", error="Name in addresses: use small letters, digits and single hyphens."),
            validate.NoneOf(sorted(RESERVED_SLUGS), error="Name in addresses: choose another, this one is the platform's own."),
        ),
    )
    name = text("Borough", max_length=100, hint="For example, Southwark")
    gss_code = text(
        "GSS code",
        max_length=9,
        hint="For example, E09000028",
        validate=validate.Regexp(r"[EWSN][0-9]{8}\Z", error="GSS code: enter a code like E09000028."),
    )
    programme_name = text("Name of the programme, as families read it", max_length=100, hint="For example, Southwark Stay & Play")
    practice = yes_no(
        "Is it for practice, without real families?",
        required=False,
        load_default=False,
        allow_none=False,
        hint="A practice borough can be erased, and what is done in it can be dated. This can't be changed later.",
    )
    agencies = many(NewAgency, "Agencies", at_least=1, at_most=50)
    administrator = nested(NewAdministrator, "Administrator")
    policy = nested(Policy, "Policy", required=False)


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


class ChangeBoroughRequest(Contract):
    """The borough's programme name and policy as they are to be from now on."""

    version = version()
    programme_name = text("Name of the programme, as families read it", max_length=100)
    policy = nested(Policy, "Policy")


class BoroughRequest(Contract):
    """Which borough."""

    borough_id = identifier("Borough")


class InviteRequest(Contract):
    """Somebody to be invited."""

    name = text("Name", max_length=120, sensitivity="personal")
    email = email("Email", sensitivity="personal")
    roles = some_of("Roles", ROLES)
    agency_id = identifier("Agency", required=False)


class InvitationRequest(Contract):
    """Which invitation."""

    invitation_id = identifier("Invitation")


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
    link = text("Address to send to the person", required=False, max_length=500)
    token = text("Token of that address", required=False)


class Onboarded(Borough):
    """A new borough, and the invitation for its administrator."""

    invitation = nested(Invitation, "Invitation")


class ListPeopleRequest(PageRequest):
    """Whom to list."""

    role = choice("Role", ROLES, required=False)
    agency_kind = choice("Kind of agency", AGENCY_KINDS, required=False)
    member_id = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=100, error="Members: name at most 100."),
        metadata={"label": "Members", "hint": "Only these, where any is named."},
    )


class MemberRequest(Contract):
    """Which member."""

    member_id = identifier("Member")


class Member(Contract):
    """A person's membership of the borough."""

    id = identifier("Member")
    version = version()
    person_id = identifier("Person")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    roles = some_of("Roles", ROLES)
    agency = nested(Agency, "Agency", required=False)
    joined_at = moment("Joined")
    left_at = moment("Left", required=False)


class ChangeMemberRequest(MemberRequest):
    """A member's roles and agency as they are to be from now on."""

    version = version()
    roles = some_of("Roles", ROLES)
    agency_id = identifier("Agency", required=False)


class EndMembershipRequest(MemberRequest):
    """A membership that ends now."""

    version = version()


class SignInRequest(Contract):
    """Who signs in."""

    email = email("Email", sensitivity="personal")
    password = fields.String(
        required=True,
        validate=validate.Length(1, 200, error="Password: this is needed."),
        metadata={"label": "Password", "widget": "password", "sensitivity": "personal"},
        error_messages={"required": "Password: this is needed."},
    )


class Membership(Contract):
    """One of the boroughs that a person belongs to."""

    slug = text("Name in addresses")
    name = text("Borough")
    programme_name = text("Name of the programme")
    practice = yes_no("Is it for practice?")
    roles = some_of("Roles", ROLES)


class SignedIn(Contract):
    """A session: send ``token`` as ``Authorization: Bearer``."""

    token = text("Token")
    expires_at = moment("Ends at the latest")
    person_id = identifier("Person")
    person_name = text("Name", sensitivity="personal")
    boroughs = many(Membership, "Boroughs")


class InvitationShown(Contract):
    """What somebody sees who opens an invitation."""

    borough_name = text("Borough")
    programme_name = text("Name of the programme")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    roles = some_of("Roles", ROLES)
    has_account = yes_no("Has the person signed in here before?")
    expires_at = moment("Valid until")


class AcceptInvitationRequest(Contract):
    """The answer to an invitation: a new password, or the one that the person has here already."""

    name = text("Your name", required=False, max_length=120, sensitivity="personal")
    password = fields.String(
        required=True,
        validate=validate.Length(PASSWORD_LENGTH, 200, error=f"Password: use {PASSWORD_LENGTH} to 200 characters. Three words are good."),
        metadata={"label": "Password", "widget": "password", "hint": f"At least {PASSWORD_LENGTH} characters. Three words are good."},
        error_messages={"required": "Password: this is needed."},
    )


class InvitationAccepted(Contract):
    """The borough that was joined; sign in to go there."""

    slug = text("Name in addresses")


def _operation(name: str, permission: str, request: type[Contract], reply: type, *, changes: bool = False) -> Operation:
    return Operation("gateway", name, permission, request, reply, changes=changes)


ONBOARD = _operation("onboard", OPERATOR, OnboardRequest, Onboarded, changes=True)
LIST_BOROUGHS = _operation("list_boroughs", OPERATOR, PageRequest, page_of(Borough))
ERASE_BOROUGH = _operation("erase_borough", OPERATOR, BoroughRequest, Nothing)
GET_BOROUGH = _operation("get_borough", "boroughs.read", Nothing, Borough)
CHANGE_BOROUGH = _operation("change_borough", "boroughs.manage", ChangeBoroughRequest, Borough, changes=True)
LIST_AGENCIES = _operation("list_agencies", "boroughs.read", PageRequest, page_of(Agency))
ADD_AGENCY = _operation("add_agency", "boroughs.manage", NewAgency, Agency, changes=True)
ME = _operation("me", "boroughs.read", Nothing, Member)
LIST_PEOPLE = _operation("list_people", "people.read", ListPeopleRequest, page_of(Member))
CHANGE_MEMBER = _operation("change_member", "people.manage", ChangeMemberRequest, Member, changes=True)
END_MEMBERSHIP = _operation("end_membership", "people.manage", EndMembershipRequest, Member, changes=True)
LIST_INVITATIONS = _operation("list_invitations", "people.manage", PageRequest, page_of(Invitation))
INVITE = _operation("invite", "people.manage", InviteRequest, Invitation, changes=True)
WITHDRAW_INVITATION = _operation("withdraw_invitation", "people.manage", InvitationRequest, Invitation, changes=True)

OPERATIONS: tuple[Operation, ...] = (
    ONBOARD,
    LIST_BOROUGHS,
    ERASE_BOROUGH,
    GET_BOROUGH,
    CHANGE_BOROUGH,
    LIST_AGENCIES,
    ADD_AGENCY,
    ME,
    LIST_PEOPLE,
    CHANGE_MEMBER,
    END_MEMBERSHIP,
    LIST_INVITATIONS,
    INVITE,
    WITHDRAW_INVITATION,
)
