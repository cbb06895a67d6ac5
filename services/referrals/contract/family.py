"""The family: one or more parents with one or more children, as forms, replies and events carry it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, post_load

from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    day,
    email,
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
from services.referrals.contract.codes import CHANNELS, POSTCODE, RELATIONSHIPS

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,22}[0-9]")
_POSTCODE = re.compile(POSTCODE)


def tidy_postcode(written: str) -> str:
    """Return a postcode in capitals with one blank before the last three: ``se155lx`` is ``SE15 5LX``."""
    squeezed = "".join(written.split()).upper()
    return f"{squeezed[:-3]} {squeezed[-3:]}" if squeezed else ""


def family_name(parents: Sequence[Mapping[str, Any]], children: Sequence[Mapping[str, Any]]) -> str:
    """Return what a family is called on pages: "Sinead Doyle, Finn and Aoife"."""
    first = parents[0]
    names = [f"{first['given_name']} {first['family_name']}", *(child["given_name"] for child in children)]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _real_phone(number: str | None) -> None:
    if number and not _PHONE.fullmatch(number):
        raise ValidationError("Phone: enter a number like 07700 900123.")


def _real_postcode(written: str | None) -> None:
    if written and not _POSTCODE.fullmatch(tidy_postcode(written)):
        raise ValidationError("Postcode: enter a full postcode like SE15 5LX.")


class ParentWords(Contract):
    """An adult of the family, without dates."""

    given_name = text("First name", max_length=120, sensitivity="personal", parent_label="Your first name")
    family_name = text("Last name", max_length=120, sensitivity="personal", parent_label="Your last name")
    relationship = choice("What they are to the child", RELATIONSHIPS, parent_label="What you are to the child")
    phone = text("Phone", required=False, max_length=24, sensitivity="personal", parent_label="Your phone number", validate=_real_phone)
    email = email("Email", required=False, sensitivity="personal", parent_label="Your email address")


class ParentDetails(ParentWords):
    """An adult of the family, as a person enters them."""

    birth_date = day(
        "Date of birth",
        required=False,
        not_future=True,
        hint="If you know it. For example, 16 7 1995.",
        sensitivity="personal",
        parent_label="Your date of birth",
    )


class ParentChange(ParentDetails):
    """An adult of a family that is there already; without ``id`` it is one more."""

    id = identifier("Parent", required=False)


class Parent(ParentWords):
    """An adult of the family, as the registry holds them."""

    id = identifier("Parent")
    birth_date = day("Date of birth", required=False, sensitivity="personal")


class ChildWords(Contract):
    """A child of the family, without dates."""

    given_name = text("First name", max_length=120, sensitivity="personal", parent_label="Your child's first name")
    family_name = text("Last name", max_length=120, sensitivity="personal", parent_label="Your child's last name")


class ChildDetails(ChildWords):
    """A child of the family, as a person enters them."""

    birth_date = day(
        "Date of birth",
        not_future=True,
        hint="For example, 16 7 2024.",
        sensitivity="personal",
        parent_label="Your child's date of birth",
    )


class ChildChange(ChildDetails):
    """A child of a family that is there already; without ``id`` it is one more."""

    id = identifier("Child", required=False)


class Child(ChildWords):
    """A child of the family, as the registry holds them."""

    id = identifier("Child")
    birth_date = day("Date of birth", sensitivity="personal")


class SafeContact(Contract):
    """How to reach the family without harm: it comes before anything else."""

    channels = some_of(
        "Safe ways to reach the family",
        CHANNELS,
        sensitivity="safety",
        hint="Only those the parent chose. We never use any other.",
    )
    times = text(
        "Good times",
        required=False,
        max_length=200,
        hint="For example, weekdays 9:30 to 14:30.",
        sensitivity="safety",
        parent_label="Good times, for example after 1pm",
    )
    avoid = text(
        "What to avoid",
        required=False,
        max_length=500,
        multiline=True,
        sensitivity="safety",
        hint="For example, never leave a voicemail, do not write to the home address.",
    )


class Address(Contract):
    """Where the family lives."""

    line = text("Address", required=False, max_length=300, sensitivity="personal", parent_label="Your address")
    postcode = text(
        "Postcode",
        required=False,
        max_length=10,
        sensitivity="personal",
        parent_label="Your postcode",
        validate=_real_postcode,
    )

    @post_load
    def tidy(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write the postcode the one way it is kept."""
        return {**data, "postcode": tidy_postcode(data.get("postcode") or "") or None}


class FamilyWords(Contract):
    """What a family has beside its people."""

    language = text("Language they speak at home", max_length=60, hint="For example, English or Spanish.")
    interpreter = yes_no("Is an interpreter needed?")
    safe_contact = nested(SafeContact, "Before you make contact")
    address = nested(Address, "Where they live", required=False)


class FamilyDetails(FamilyWords):
    """A family as a referrer or the family itself describes it."""

    parents = many(ParentDetails, "Parents and carers", at_least=1, at_most=6)
    children = many(ChildDetails, "Children who would come", at_least=1, at_most=8)


class FamilyRecord(FamilyWords):
    """A family with what it is called and every person's identifier."""

    name = text("Family", max_length=2000, sensitivity="personal")
    parents = many(Parent, "Parents and carers", at_least=1, at_most=6)
    children = many(Child, "Children", at_least=1, at_most=8)


class Family(FamilyRecord):
    """A family of the registry."""

    id = identifier("Family")
    version = version()
    registered_at = moment("Registered")
    changed_at = moment("Last changed")
    restricted = yes_no("Restricted to named people")


class FamilySummary(Contract):
    """A family in a list."""

    id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    children = many(Child, "Children")
    restricted = yes_no("Restricted to named people")


class FamilyRequest(Contract):
    """Which family."""

    family_id = identifier("Family")


class ChangeFamilyRequest(FamilyWords):
    """A family as it is to be from now on; whoever is left out leaves the record."""

    family_id = identifier("Family")
    version = version()
    parents = many(ParentChange, "Parents and carers", at_least=1, at_most=6)
    children = many(ChildChange, "Children", at_least=1, at_most=8)


class ListFamiliesRequest(PageRequest):
    """Families by name."""

    name = text("Name", required=False, max_length=120, hint="Part of a parent's or a child's name.")


class StoryEntry(Contract):
    """One thing that happened on a family's way; nothing clinical is ever in it."""

    id = identifier("Entry")
    occurred_at = moment("When")
    kind = text("What happened", max_length=80)
    facts = fields.Dict(keys=fields.String(), required=True)


class Story(Contract):
    """What one service knows of a family's way, newest first."""

    entries = many(StoryEntry, "Story", at_most=1000)


PageOfFamilies = page_of(FamilySummary)
