"""Signing in, and joining by invitation: what comes before a borough."""

from typing import Final

from marshmallow import fields, validate

from chassis.schemas import (
    Contract,
    email,
    identifier,
    many,
    moment,
    some_of,
    text,
    yes_no,
)
from gateway.access.roles import ROLES

PASSWORD_LENGTH: Final = 12


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
