"""The copy of a family that the other services need, and no more: no NHS number, no ethnic group, no GP, nothing clinical."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields

from chassis.schemas import Contract, choice, day, email, identifier, many, nested, some_of, text, yes_no
from services.referrals.contract.address import MarkedAddress
from services.referrals.contract.codes import MAY_NOT, RELATIONSHIPS
from services.referrals.contract.contact import ContactPoint, SafeContact
from services.referrals.contract.family import risk_words
from services.referrals.contract.person import LONGEST_NAME, MOST_CHILDREN, MOST_PARENTS, Relation, called

_NONE: dict[str, Any] = {"required": False, "load_default": list, "allow_none": False}


class PersonFacts(Contract):
    """Somebody of a family, as the others need to know them."""

    id = identifier("Person")
    given_name = text("First name", required=False, max_length=LONGEST_NAME, sensitivity="personal")
    family_name = text("Last name", required=False, max_length=LONGEST_NAME, sensitivity="personal")
    preferred_name = text("What they like to be called", required=False, max_length=LONGEST_NAME, sensitivity="personal")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    access_needs = text("What they need to take part", required=False, max_length=1000, sensitivity="personal")


class ParentFacts(PersonFacts):
    """An adult of a family; of the ways to reach them only those that are safe."""

    relationship = choice("What they are to the child", RELATIONSHIPS)
    relations = many(Relation, "What they are to each child", at_most=MOST_CHILDREN, **_NONE)
    phone = text("Phone", required=False, max_length=254, sensitivity="personal")
    email = email("Email", required=False, sensitivity="personal")
    contact_points = many(ContactPoint, "Safe numbers and addresses", at_most=12, **_NONE)


class ChildFacts(PersonFacts):
    """A child of a family; one without a birth date is expected."""

    expected_date = day("Expected", required=False, sensitivity="personal")


class Barred(Contract):
    """Somebody who may not collect, or not be told: who and what, for whoever is at the door or on the phone. Why stays in the registry."""

    name = text("Name", max_length=200, sensitivity="safety")
    relation = text("Who they are to the family", required=False, max_length=120, sensitivity="safety")
    may_not = some_of("What they may not do", MAY_NOT, sensitivity="safety")


class FamilyFacts(Contract):
    """A family as it is now. The subject is the family, the sequence its version."""

    family_id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    parents = many(ParentFacts, "Parents and carers", at_least=1, at_most=MOST_PARENTS)
    children = many(ChildFacts, "Children", at_least=1, at_most=MOST_CHILDREN)
    language = text("Language they speak at home", max_length=60)
    interpreter = yes_no("Is an interpreter needed?")
    safe_contact = nested(SafeContact, "Before you make contact")
    address = nested(MarkedAddress, "Where they live now", required=False)
    not_allowed = many(Barred, "Who may not collect or be told", at_most=10, **_NONE)
    risks_to_visitors = risk_words()


class Need(Contract):
    """What somebody needs to take part."""

    name = text("Who", max_length=LONGEST_NAME, sensitivity="personal")
    needs = text("What they need", max_length=1000, sensitivity="personal")


class ToKnow(Contract):
    """What whoever phones, visits, collects or receives a family must know before."""

    risks_to_visitors = text("What a visitor should know", required=False, max_length=2000, sensitivity="safety")
    not_allowed = many(Barred, "Who may not collect or be told", at_most=10, **_NONE)
    access_needs = many(Need, "What somebody needs to take part", at_most=MOST_PARENTS + MOST_CHILDREN, **_NONE)
    expected_on = fields.List(fields.Date(), load_default=list, metadata={"label": "Babies expected"})


def what_to_know(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ToKnow` holds of a family, from its `FamilyFacts`, loaded or as they were kept."""
    people = [*facts.get("parents", ()), *facts.get("children", ())]
    return {
        "risks_to_visitors": facts.get("risks_to_visitors"),
        "not_allowed": [dict(one) for one in facts.get("not_allowed") or ()],
        "access_needs": [{"name": called(one), "needs": one["access_needs"]} for one in people if one.get("access_needs")],
        "expected_on": [_day(child["expected_date"]) for child in facts.get("children", ()) if child.get("expected_date")],
    }


def _day(kept: date | str) -> date:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept
