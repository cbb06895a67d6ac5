"""Changing a family's record one part at a time: each part is saved by itself, on the version that it was opened at.

Two people may save two parts at once. A part that somebody else saved since is refused, with both versions (`Stale`).
"""

from typing import Any

from marshmallow import ValidationError, validates_schema

from chassis.contract import Operation
from chassis.schemas import Contract, choice, identifier, many, nested, text, version, yes_no
from services.referrals.contract.address import OneHome
from services.referrals.contract.codes import RELATIONSHIPS
from services.referrals.contract.contact import ContactPoint, SafeContact
from services.referrals.contract.family import Family, FamilyRequest, many_addresses, many_not_allowed, risk_words
from services.referrals.contract.person import (
    MOST_CHILDREN,
    MOST_PARENTS,
    AccessNeeds,
    ChildBirth,
    ChildNames,
    ChildSchool,
    ParentBirth,
    ParentNames,
    PersonAnswers,
    Relation,
)

_NONE: dict[str, Any] = {"required": False, "load_default": list, "allow_none": False}


class _PartRequest(FamilyRequest):
    version = version()


class SaveParentRequest(_PartRequest, ParentNames, PersonAnswers, ParentBirth):
    """An adult as they are to be from now on; without ``person_id`` they are one more. How they are reached is another part."""

    person_id = identifier("Parent", required=False)
    relationship = choice("What they are to the children", RELATIONSHIPS, required=False)
    relations = many(Relation, "What they are to each child", at_most=MOST_CHILDREN, **_NONE)

    @validates_schema
    def is_something_to_a_child(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse an adult who is nothing to anybody."""
        if not data.get("relationship") and not data.get("relations"):
            raise ValidationError("What they are to the children: this is needed.", "relationship")


class SaveChildRequest(_PartRequest, ChildNames, PersonAnswers, ChildSchool, ChildBirth):
    """A child as they are to be from now on; without ``person_id`` they are one more."""

    person_id = identifier("Child", required=False)


class TakeOutRequest(_PartRequest):
    """Somebody no longer belongs to the family; what is kept of them stays until its time is over."""

    person_id = identifier("Person")
    why = text("Why do they no longer belong to this family?", max_length=500, multiline=True, sensitivity="personal")


class PersonContact(Contract):
    """How one adult is reached, and how not."""

    person_id = identifier("Parent")
    contact_points = many(ContactPoint, "Phone numbers and email addresses", at_most=10, **_NONE)


class ChangeContactRequest(_PartRequest):
    """How the family is reached; an adult who is left out stays reached as before."""

    safe_contact = nested(SafeContact, "Before you make contact")
    people = many(PersonContact, "Each adult", at_most=MOST_PARENTS, **_NONE)


class ChangeAddressesRequest(_PartRequest, OneHome):
    """Every address of the family: where they live now, and where they lived."""

    addresses = many_addresses(load_default=list, allow_none=False)


class PersonNeeds(AccessNeeds):
    """What one person needs to take part."""

    person_id = identifier("Person")


class ChangeNeedsRequest(_PartRequest):
    """What the family needs to understand and to take part; a person who is left out needs what they needed."""

    language = text("Language they speak at home", max_length=60, hint="For example, English or Spanish.")
    interpreter = yes_no("Is an interpreter needed?")
    people = many(PersonNeeds, "Each person", at_most=MOST_PARENTS + MOST_CHILDREN, **_NONE)


class ChangeSafetyRequest(_PartRequest):
    """Who may not collect or be told, and what a visitor should know."""

    not_allowed = many_not_allowed(load_default=list, allow_none=False)
    risks_to_visitors = risk_words()


def _part(name: str, request: type[_PartRequest]) -> Operation:
    return Operation("referrals", name, "families.change", request, Family, changes=True)


SAVE_PARENT = _part("save_parent", SaveParentRequest)
SAVE_CHILD = _part("save_child", SaveChildRequest)
TAKE_OUT_PERSON = _part("take_out_person", TakeOutRequest)
CHANGE_CONTACT = _part("change_contact", ChangeContactRequest)
CHANGE_ADDRESSES = _part("change_addresses", ChangeAddressesRequest)
CHANGE_NEEDS = _part("change_needs", ChangeNeedsRequest)
CHANGE_SAFETY = _part("change_safety", ChangeSafetyRequest)

OPERATIONS: tuple[Operation, ...] = (
    SAVE_PARENT,
    SAVE_CHILD,
    TAKE_OUT_PERSON,
    CHANGE_CONTACT,
    CHANGE_ADDRESSES,
    CHANGE_NEEDS,
    CHANGE_SAFETY,
)
