"""Restricted families: who may see one, and breaking the glass."""

from typing import Final

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.contract import Operation
from chassis.schemas import Contract, choice, day, identifier, many, moment, text, version, yes_no
from services.referrals.contract.family import FamilyRequest
from services.referrals.contract.reference import tidy_reference

RESTRICTED_BECAUSE: Final[dict[str, str]] = {
    "staff_member": "They work here, or are family of somebody who does",
    "domestic_abuse": "Domestic abuse",
    "other": "Another reason",
}
"""Why a family is restricted."""

GLASS_HOURS: Final = 4
"""For how long, in hours, somebody who broke the glass may see the family."""
GLASS_REASON_LENGTH: Final = 10
"""The fewest letters that a reason for breaking the glass has."""


def _long_enough(reason: str) -> None:
    if len(reason) < GLASS_REASON_LENGTH:
        raise ValidationError(f"Why do you need it now?: say it in at least {GLASS_REASON_LENGTH} letters.")


class NamedPerson(Contract):
    """A member of the borough who may see a restricted family."""

    person_id = identifier("Person")
    name = text("Name", max_length=200, sensitivity="personal")
    practitioner = yes_no("A practitioner")


class BrokenGlass(Contract):
    """Somebody who was not named and opened the record all the same."""

    person_id = identifier("Person")
    name = text("Name", max_length=200, sensitivity="personal")
    agency_name = text("Agency", required=False, max_length=200)
    reason = text("Why", max_length=1000, sensitivity="safety")
    at = moment("When")
    until = moment("Until")


class RestrictFamilyRequest(FamilyRequest):
    """Restrict a family to named people."""

    reason = choice("Why is this family restricted?", RESTRICTED_BECAUSE, sensitivity="safety")
    words = text(
        "Anything they should know",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="safety",
        hint="Only the people you name read this.",
    )
    people = many(NamedPerson, "Who may see this family", at_least=0, at_most=50)
    without_me = yes_no("Leave me out", required=False, load_default=False, allow_none=False)


class ChangeRestrictionRequest(FamilyRequest):
    """Who else may see a restricted family from now on, and who no longer."""

    version = version()
    add = many(NamedPerson, "Who else may see this family", at_most=50, required=False, load_default=list, allow_none=False)
    remove = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=50, error="Who may no longer see it: name at most 50."),
        metadata={"label": "Who may no longer see it", "hint": "Their person_id, as the restriction tells it."},
    )


class LiftRestrictionRequest(FamilyRequest):
    """Let everybody see the family again whose role allows it."""

    version = version()
    reason = text("Why can everybody see this family again?", max_length=1000, multiline=True, sensitivity="safety")


class BreakGlassRequest(FamilyRequest):
    """Open a restricted family's record without being named."""

    reason = text(
        "Why do you need it now?",
        max_length=1000,
        multiline=True,
        hint="Your borough administrators read this at once.",
        validate=_long_enough,
    )


class Glass(Contract):
    """Until when the caller may see the family whose glass they broke."""

    family_id = identifier("Family")
    until = moment("Until")


class Restriction(Contract):
    """Who may see a family. Of one that is not restricted: ``in_force`` is false and the rest is empty.

    ``may_change``: the caller is named, and may change and lift it; ``may_add``: they may at least name others.
    ``until``: when the caller's sight of it ends, where they broke the glass.
    """

    family_id = identifier("Family")
    in_force = yes_no("Restricted")
    version = fields.Integer(required=True, metadata={"label": "Version"})
    reason = choice("Why", RESTRICTED_BECAUSE, required=False, sensitivity="safety")
    words = text("More", required=False, max_length=1000, sensitivity="safety")
    people = many(NamedPerson, "Who may see it", at_least=0, at_most=50)
    glass = many(BrokenGlass, "Who broke the glass, newest first", at_least=0, at_most=1000)
    restricted_by = text("Restricted by", required=False, max_length=200)
    restricted_at = moment("Restricted", required=False)
    may_change = yes_no("You may change and lift it")
    may_add = yes_no("You may name others")
    until = moment("You may see it until", required=False)


class FindRestrictedRequest(Contract):
    """Somebody's full name with their date of birth, or the exact reference or id of a family or a referral.

    ``reference`` is an id; ``known_as`` what people call a referral by.
    """

    name = text("First and last name", required=False, max_length=250, sensitivity="personal")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    reference = identifier("Reference", required=False)
    known_as = text("Reference of a referral, such as R7K4-9QDM", required=False, max_length=40)

    @validates_schema
    def exact(self, data: dict[str, object], **_: object) -> None:
        """Refuse what is not exact: parts of a name are never to show that somebody is here."""
        if data.get("known_as") and not tidy_reference(str(data["known_as"])):
            raise ValidationError("Reference of a referral: this is none. Check it letter by letter.", "known_as")
        if not data.get("reference") and not data.get("known_as") and not (data.get("name") and data.get("birth_date")):
            raise ValidationError("Give a full name with a date of birth, or a reference.", "name")


class FoundRestricted(Contract):
    """The restricted families that match and that the caller may not see; nothing about them."""

    families = fields.List(fields.UUID(), required=True, metadata={"label": "Families"})


RESTRICT_FAMILY = Operation(
    "referrals", "restrict_family", "families.restrict", RestrictFamilyRequest, Restriction, changes=True, keeps=True
)
CHANGE_RESTRICTION = Operation(
    "referrals", "change_restriction", "families.restrict", ChangeRestrictionRequest, Restriction, changes=True, keeps=True
)
LIFT_RESTRICTION = Operation(
    "referrals", "lift_restriction", "families.restrict", LiftRestrictionRequest, Restriction, changes=True, keeps=True
)
BREAK_GLASS = Operation("referrals", "break_glass", "families.break_glass", BreakGlassRequest, Glass, changes=True, keeps=True)
GET_RESTRICTION = Operation("referrals", "get_restriction", "families.read", FamilyRequest, Restriction)
FIND_RESTRICTED = Operation("referrals", "find_restricted", "families.break_glass", FindRestrictedRequest, FoundRestricted, changes=True)
"""It changes the audit trail alone; as a change it is posted, and no name stands in an address."""

OPERATIONS: tuple[Operation, ...] = (
    RESTRICT_FAMILY,
    CHANGE_RESTRICTION,
    LIFT_RESTRICTION,
    BREAK_GLASS,
    GET_RESTRICTION,
    FIND_RESTRICTED,
)
