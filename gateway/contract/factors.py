"""Second factors: what a person has, sets up, proves and removes; and an administrator's way out for who lost everything."""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, identifier, many, moment, nested, text, whole, yes_no

SECOND_FACTOR: Final[Mapping[str, str]] = {
    "proved": "It is proved",
    "prove": "The person has one, and must prove it before anything else",
    "set_up": "A role of theirs needs one, and they have none yet",
    "none": "None is needed",
}
"""How a session stands."""


def code_of_app(
    hint: str = "The six digits that your app shows now, or one of your recovery codes.", *, required: bool = True
) -> fields.String:
    """Describe a code that a person copies from somewhere."""
    return text("Code", required=required, max_length=40, hint=hint, sensitivity="personal")


class CodeRequest(Contract):
    """A code of the authenticator app, or a recovery code."""

    code = code_of_app()


class AppCodeRequest(Contract):
    """The first code of an app that is being set up."""

    code = code_of_app(hint="The six digits that your app shows now.")


class SecondFactorProved(Contract):
    """The session goes on under another token."""

    token = text("Token")


class Authenticator(Contract):
    """The app on a person's phone."""

    confirmed_at = moment("Set up")
    used_at = moment("Last used", required=False)


class Passkey(Contract):
    """A passkey; ``stopped`` says that it may have been copied and is refused."""

    id = identifier("Passkey")
    name = text("Name", max_length=60, sensitivity="personal")
    created_at = moment("Added")
    used_at = moment("Last used", required=False)
    backed_up = yes_no("Is it kept in its maker's cloud too?")
    stopped = yes_no("Is it stopped?")


class Factors(Contract):
    """What a person has; ``needed`` says that a role of theirs needs one."""

    authenticator = nested(Authenticator, "Authenticator app", required=False)
    passkeys = many(Passkey, "Passkeys")
    recovery_codes_left = whole("Recovery codes left", ge=0, le=10)
    few_left = yes_no("Are few recovery codes left?")
    needed = yes_no("Is a second factor needed?")


class NewAuthenticator(Contract):
    """What an app needs; ``address`` is what a QR code for it holds. Shown while it is set up, and never again."""

    secret = text("Secret", sensitivity="personal")
    address = text("Address for the app", max_length=1000, sensitivity="personal")


class FactorAdded(Contract):
    """The session has proved it, and goes on under another token. Recovery codes are shown once; none where the person has some."""

    token = text("Token")
    recovery_codes = fields.List(fields.String(), required=True, metadata={"label": "Recovery codes", "sensitivity": "personal"})


class RecoveryCodes(Contract):
    """New recovery codes, shown once."""

    codes = fields.List(fields.String(), required=True, metadata={"label": "Recovery codes", "sensitivity": "personal"})


class PasskeyAsked(Contract):
    """What to give the browser's passkey functions, and the number to send back with the answer within five minutes."""

    challenge_id = identifier("Challenge")
    options = fields.Dict(required=True, metadata={"label": "Options in the browser's own JSON (WebAuthn Level 3, section 5.1)"})


class PasskeyRequest(Contract):
    """What a browser's passkey function returned."""

    challenge_id = identifier("Challenge")
    credential = fields.Dict(required=True, metadata={"label": "Credential as JSON (WebAuthn Level 3, toJSON)"})


class PasskeyName(Contract):
    """What a person calls a passkey."""

    name = text("Name", max_length=60, hint="So that you know it again. For example, Work laptop.", sensitivity="personal")


class NewPasskeyRequest(PasskeyName, PasskeyRequest):
    """A passkey that was made just now."""


class ResetFactorsRequest(Contract):
    """Who lost every second factor, and why it is believed."""

    member_id = identifier("Member")
    reason = text(
        "Reason", max_length=500, multiline=True, hint="How you made sure that it is really them. For example, you spoke face to face."
    )


class FactorsReset(Contract):
    """The person may set up a second factor anew; every session of theirs has ended."""

    member_id = identifier("Member")
    person_id = identifier("Person")
    reset_at = moment("Reset")


RESET_FACTORS = Operation("gateway", "reset_factors", "people.manage", ResetFactorsRequest, FactorsReset, changes=True)

OPERATIONS: tuple[Operation, ...] = (RESET_FACTORS,)
