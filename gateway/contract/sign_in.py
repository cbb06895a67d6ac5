"""Signing in, and joining by invitation: what comes before a borough."""

from typing import Final

from marshmallow import fields, validate

from chassis.schemas import (
    Contract,
    choice,
    email,
    identifier,
    many,
    moment,
    some_of,
    text,
    whole_characters,
    yes_no,
)
from gateway.access.roles import ROLES
from gateway.contract.addresses import person_name
from gateway.contract.factors import SECOND_FACTOR, code_of_app

PASSWORD_LEAST: Final = 8
PASSWORD_RECOMMENDED: Final = 15
PASSWORD_MOST: Final = 200
PASSWORD_HINT: Final = f"At least {PASSWORD_LEAST} characters; {PASSWORD_RECOMMENDED} or more are better. Three or four words are good."


def present_password(label: str = "Password") -> fields.String:
    """Describe the password that somebody has."""
    return fields.String(
        required=True,
        validate=[validate.Length(1, PASSWORD_MOST, error=f"{label}: this is needed."), whole_characters],
        metadata={"label": label, "widget": "password", "sensitivity": "personal"},
        error_messages={"required": f"{label}: this is needed."},
    )


def new_password(label: str = "Password", hint: str = PASSWORD_HINT) -> fields.String:
    """Describe a password that somebody chooses; whether it is easily guessed is judged where it is kept."""
    length = validate.Length(PASSWORD_LEAST, PASSWORD_MOST, error=f"{label}: use {PASSWORD_LEAST} to {PASSWORD_MOST} characters.")
    return fields.String(
        required=True,
        validate=[length, whole_characters],
        metadata={"label": label, "widget": "password", "hint": hint, "sensitivity": "personal"},
        error_messages={"required": f"{label}: this is needed."},
    )


def device() -> fields.String:
    """Describe what shows that a browser or client signed in to an account before."""
    return text("What signing in here before was answered with as device", required=False, max_length=400)


class SignInRequest(Contract):
    """Who signs in. A client that sends the ``device`` of its last sign-in is not slowed down by others' failed attempts."""

    email = email("Email", sensitivity="personal")
    password = present_password()
    code = code_of_app(required=False)
    device = device()


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
    second_factor = choice("Second factor", SECOND_FACTOR)
    device = text("Send it with the next sign-in from here", max_length=400)


class InvitationShown(Contract):
    """What somebody sees who opens an invitation."""

    borough_name = text("Borough")
    programme_name = text("Name of the programme")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    roles = some_of("Roles", ROLES)
    expires_at = moment("Valid until")


class AcceptInvitationRequest(Contract):
    """The answer to an invitation: a new password, or the one that the person has here already."""

    name = person_name("Your name", required=False)
    password = new_password(hint=f"Signed in here before? Enter the password you have. Else choose one. {PASSWORD_HINT}")


class InvitationAccepted(Contract):
    """The borough that was joined; sign in to go there."""

    slug = text("Name in addresses")
