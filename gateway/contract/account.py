"""A person's own account: name, password, sessions, and proving again who they are."""

from collections.abc import Mapping
from typing import Final

from chassis.schemas import Contract, choice, email, identifier, many, moment, text, yes_no
from gateway.contract.addresses import person_name
from gateway.contract.sign_in import new_password, present_password

SIGN_IN_METHODS: Final[Mapping[str, str]] = {"password": "Password", "passkey": "Passkey", "sso": "Single sign-on"}


class MemberSession(Contract):
    """A session of somebody who is signed in, as an administrator sees it."""

    id = identifier("Session")
    method = choice("Signed in with", SIGN_IN_METHODS)
    browser = text("Browser")
    second_factor = yes_no("Was a second factor proved in it?")
    began_at = moment("Began")
    seen_at = moment("Last used")
    ends_at = moment("Ends at the latest")


class OwnSession(MemberSession):
    """A session as its owner sees it."""

    address = text("Network address that it began from", sensitivity="personal")
    present = yes_no("Is it the one that asks?")


class OwnSessions(Contract):
    """A person's sessions, the one used last first."""

    items = many(OwnSession, "Sessions")


class Account(Contract):
    """Who is signed in."""

    person_id = identifier("Person")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    has_password = yes_no("Is there a password?")


class ChangeNameRequest(Contract):
    """A person's name from now on."""

    name = person_name("Your name")


class ChangePasswordRequest(Contract):
    """A password that is to take the place of another."""

    present = present_password("Present password")
    password = new_password("New password")


class PasswordChanged(Contract):
    """The session goes on under another token; every other one has ended."""

    token = text("Token")


class ConfirmRequest(Contract):
    """Proof that it is still the same person."""

    password = present_password()


class AskResetRequest(Contract):
    """Who forgot their password."""

    email = email("Email", sensitivity="personal")


class ResetRequest(Contract):
    """The password from now on."""

    password = new_password("New password")
