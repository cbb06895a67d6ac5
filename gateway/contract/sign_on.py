"""Single sign-on of a borough: how it is set up."""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, choice, moment, text, whole, whole_characters, yes_no
from gateway.access.roles import OPERATOR
from gateway.contract.boroughs import BoroughRequest

USES: Final[Mapping[str, str]] = {
    "off": "Off: people sign in with email and password, or a passkey",
    "beside": "On, beside the other ways to sign in",
    "only": "The only way into this borough",
}


class SignOn(Contract):
    """A borough's single sign-on. Its client secret is never told.

    ``redirect_uri`` and ``back_channel_uri`` are what the provider must be given. Version 0 stands for one that was never set up.
    """

    version = whole("Version", ge=0, le=2**31 - 1)
    label = text("What people call the account", required=False)
    issuer = text("Issuer", required=False, max_length=300)
    client_id = text("Client ID", required=False, max_length=300)
    has_secret = yes_no("Is there a client secret?")
    acr_values = text("What to ask for", required=False, max_length=300)
    trusts_factor = yes_no("Does its second factor count?")
    factor_values = text("Words that say so", required=False, max_length=300)
    use = choice("Use", USES)
    checked_at = moment("Answered as it must", required=False)
    fault = text("What was wrong at the last check", required=False, max_length=1000)
    redirect_uri = text("Redirect URI")
    back_channel_uri = text("Back-channel logout URI")
    linked = whole("Members with a linked account", ge=0, le=2**31 - 1)
    administrators_in = whole("Administrators who have signed in by it", ge=0, le=2**31 - 1)


class SetSignOnRequest(Contract):
    """The provider, as its own people registered us there."""

    version = whole("Version", ge=0, le=2**31 - 1)
    label = text(
        "What do people call this account?", max_length=60, hint="For example, Southwark Council account. It stands on the button."
    )
    issuer = text(
        "Issuer",
        max_length=300,
        hint="An address, exactly as the provider writes it. For Entra ID, https://login.microsoftonline.com/TENANT/v2.0",
        validate=validate.Regexp(r"https?://[^\s?#@]+\Z", error="Issuer: enter an address like https://login.example.org."),
    )
    client_id = text("Client ID", max_length=300, hint="Entra ID calls it the application ID.")
    client_secret = fields.String(
        load_default="",
        validate=[validate.Length(max=1000, error="Client secret: use 1000 characters or fewer."), whole_characters],
        metadata={
            "label": "Client secret",
            "widget": "password",
            "hint": "Never shown again. Leave it empty to keep the one that is here; another issuer or client needs its own.",
            "sensitivity": "internal",
        },
    )
    acr_values = text(
        "What to ask the provider for (acr_values)",
        required=False,
        max_length=300,
        load_default="",
        hint="Often empty. For NHS CIS2, AAL2_OR_AAL3_ANY.",
    )
    trusts_factor = yes_no(
        "Does the provider's second factor count here?",
        hint="If yes, people are not asked for another code when the provider says that it asked for one.",
    )
    factor_values = text(
        "Words by which the provider says so (acr or amr)",
        required=False,
        max_length=300,
        load_default="mfa",
        hint="With blanks between. Often mfa. For NHS CIS2, AAL2_OR_AAL3_ANY AAL2_ANY AAL3_ANY.",
    )


class SwitchSignOnRequest(Contract):
    """How single sign-on is to be used from now on."""

    version = whole("Version", ge=0, le=2**31 - 1)
    use = choice("How is it used?", USES)


class SignOnChecked(Contract):
    """What a check of the provider found: nothing where all was well."""

    issuer = text("Issuer", max_length=300)
    fault = text("What was wrong", required=False, max_length=1000, load_default="")


class RelaxSignOnRequest(BoroughRequest):
    """A borough whose people can't sign in any more, because its provider is gone."""

    reason = text("Why are passwords let in again?", max_length=500, multiline=True, hint="Kept in the audit trail.")


GET_SIGN_ON = Operation("gateway", "get_sign_on", "sign_on.manage", Nothing, SignOn)
SET_SIGN_ON = Operation("gateway", "set_sign_on", "sign_on.manage", SetSignOnRequest, SignOn, changes=True)
SWITCH_SIGN_ON = Operation("gateway", "switch_sign_on", "sign_on.manage", SwitchSignOnRequest, SignOn, changes=True)
NOTE_SIGN_ON_CHECK = Operation("gateway", "note_sign_on_check", "sign_on.manage", SignOnChecked, SignOn, changes=True)
RELAX_SIGN_ON = Operation("gateway", "relax_sign_on", OPERATOR, RelaxSignOnRequest, SignOn, changes=True)

OPERATIONS: tuple[Operation, ...] = (GET_SIGN_ON, SET_SIGN_ON, SWITCH_SIGN_ON, NOTE_SIGN_ON_CHECK, RELAX_SIGN_ON)
