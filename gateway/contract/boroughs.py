"""Boroughs: coming onto the platform, and how they are now."""

from typing import Final

from marshmallow import validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, PageRequest, email, identifier, many, moment, nested, page_of, text, version, yes_no
from gateway.access.roles import OPERATOR
from gateway.contract.agencies import NewAgency
from gateway.contract.branding import NewBranding
from gateway.contract.invitations import Invitation
from gateway.contract.policy import Policy

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
    branding = nested(NewBranding, "Branding", required=False)
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


class Onboarded(Borough):
    """A new borough, and the invitation for its administrator."""

    invitation = nested(Invitation, "Invitation")


ONBOARD = Operation("gateway", "onboard", OPERATOR, OnboardRequest, Onboarded, changes=True)
LIST_BOROUGHS = Operation("gateway", "list_boroughs", OPERATOR, PageRequest, page_of(Borough))
ERASE_BOROUGH = Operation("gateway", "erase_borough", OPERATOR, BoroughRequest, Nothing)
GET_BOROUGH = Operation("gateway", "get_borough", "boroughs.read", Nothing, Borough)
CHANGE_BOROUGH = Operation("gateway", "change_borough", "boroughs.manage", ChangeBoroughRequest, Borough, changes=True)

OPERATIONS: tuple[Operation, ...] = (ONBOARD, LIST_BOROUGHS, ERASE_BOROUGH, GET_BOROUGH, CHANGE_BOROUGH)
