"""How a borough is described before it comes onto the platform: in one piece, or step by step with the same fields."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, validate, validates_schema

from chassis.schemas import Contract, choice, day, many, nested, text, yes_no
from gateway.boroughs.authorities import ENGLISH_CODE
from gateway.boroughs.documents import CURRENT
from gateway.contract.addresses import person_name, work_email
from gateway.contract.agencies import NewAgency
from gateway.contract.branding import NewBranding
from gateway.contract.policy import Policy
from services.sessions.contract import NewVenue

RESERVED_SLUGS: Final = frozenset(
    {
        "account",
        "api",
        "assets",
        "boroughs",
        "forgotten-password",
        "health",
        "help",
        "invitation",
        "invitations",
        "metrics",
        "new-password",
        "operator",
        "session",
        "sign-in",
        "sign-on",
        "sign-out",
        "static",
        "stayplay",
    }
)
"""First parts of addresses that belong to the platform itself."""


class BoroughDetails(Contract):
    """What a borough is called, and where."""

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
        hint="The code of an English authority, for example E09000028",
        validate=validate.Regexp(rf"{ENGLISH_CODE}\Z", error="GSS code: enter the code of an English authority, like E09000028."),
    )
    programme_name = text("Name of the programme, as families read it", max_length=100, hint="For example, Southwark Stay & Play")
    practice = yes_no(
        "Is it for practice, without real families?",
        required=False,
        load_default=False,
        allow_none=False,
        hint="A practice borough can be erased, and what is done in it can be dated. This can't be changed later.",
    )


class AgenciesOfBorough(Contract):
    """The organisations that work in a borough."""

    agencies = many(NewAgency, "Agencies", at_least=1, at_most=50)

    @validates_schema(skip_on_field_errors=False)
    def _name_each_agency_once(self, data: Mapping[str, Any], **_: object) -> None:
        _once(data, "agencies", "Name of the agency: another agency has this name.")


class VenuesOfBorough(Contract):
    """Where its groups meet."""

    venues = many(NewVenue, "Venues", required=False, load_default=list, allow_none=False, at_most=100)

    @validates_schema(skip_on_field_errors=False)
    def _name_each_venue_once(self, data: Mapping[str, Any], **_: object) -> None:
        _once(data, "venues", "Name of the venue: another venue has this name.")


class NewAdministrator(Contract):
    """The person who will run the borough on the platform."""

    name = person_name("Name")
    email = work_email("Email")


class TermsAccepted(Contract):
    """Who accepted the terms of use and the data-processing agreement for the borough, when, and which editions."""

    name = text("Name of the person who accepted", max_length=120)
    role = text("Their role", max_length=120, hint="For example, Head of Early Help")
    accepted_on = day("When did they accept?", not_future=True)
    terms = choice("Terms of use", {CURRENT["terms"]: f"Edition {CURRENT['terms']}"})
    data_processing = choice("Data-processing agreement", {CURRENT["data_processing"]: f"Edition {CURRENT['data_processing']}"})


class OnboardRequest(BoroughDetails, AgenciesOfBorough, VenuesOfBorough):
    """A borough to be taken onto the platform. All of it, or nothing."""

    administrator = nested(NewAdministrator, "Administrator")
    accepted = nested(TermsAccepted, "Terms accepted", required=False)
    branding = nested(NewBranding, "Branding", required=False)
    policy = nested(Policy, "Policy", required=False)

    @validates_schema(skip_on_field_errors=False)
    def _accept_the_terms(self, data: Mapping[str, Any], **_: object) -> None:
        if data.get("practice") is not True and data.get("accepted") is None:
            raise ValidationError(
                {"accepted": ["Terms accepted: say who accepted them for the borough. Only a practice borough can do without."]}
            )


def _once(data: Mapping[str, Any], field: str, message: str) -> None:
    """Refuse an item whose name an earlier one of the list has.

    Raises:
        ValidationError: it names each such item by its place.
    """
    given = data.get(field)
    items = given if isinstance(given, list) else []
    names = [str(item.get("name", "")).casefold() if isinstance(item, dict) else "" for item in items]
    counted: Counter[str] = Counter()
    faults = {}
    for place, name in enumerate(names):
        counted[name] += 1
        if name and counted[name] > 1:
            faults[place] = {"name": [message]}
    if faults:
        raise ValidationError({field: faults})
